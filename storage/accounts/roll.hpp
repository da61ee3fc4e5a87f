// Who there is and what they carry, as one immutable value: people, their place in groups, links, sessions, tokens.
// Made by the store after each change; read without waiting on the network thread. Holds no secret, only hashes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/role.hpp"

namespace bossey::accounts {

using LinkId = NamedNumber<struct LinkTag>;
using SessionId = NamedNumber<struct SessionTag>;
using TokenId = NamedNumber<struct TokenTag>;

/// Stored by its name.
using consensus::Role;

struct Person {
  PersonId id;
  std::string name;  ///< UTF-8, 1 to 200 octets, no control characters.
};

struct Membership {
  GroupId group;
  PersonId person;
  Role role = Role::observer;
  std::string category;  ///< Stakeholder category, may be empty.
};

/// A personal way in. It works again and again until it expires or is revoked.
struct SignInLink {
  LinkId id;
  PersonId person;
  Sha256 hash;
  std::int64_t made_s = 0;  ///< Seconds since 1970, UTC, like every time here.
  std::optional<std::int64_t> expires_s;
  std::optional<std::int64_t> used_s;  ///< When it last signed somebody in.
};

struct Session {
  SessionId id;
  PersonId person;
  Sha256 hash;
  std::int64_t made_s = 0;
  std::int64_t expires_s = 0;
};

/// For programs: acts as the person, in one group, and only reads unless `write`.
struct ApiToken {
  TokenId id;
  PersonId person;
  GroupId group;
  bool write = false;
  Sha256 hash;
  std::int64_t made_s = 0;
  std::int64_t expires_s = 0;
};

class Roll {
 public:
  [[nodiscard]] const Person* person(PersonId id) const;
  [[nodiscard]] const Membership* membership(const GroupId& group, PersonId person) const;
  [[nodiscard]] std::vector<Membership> memberships_of(PersonId person) const;
  /// In order of their ids.
  [[nodiscard]] std::vector<Membership> members_of(const GroupId& group) const;
  /// In order of their ids. The caller looks at the times.
  [[nodiscard]] std::vector<SignInLink> links_of(PersonId person) const;
  [[nodiscard]] std::vector<ApiToken> tokens_of(PersonId person) const;
  /// Sessions that have not expired at `now_s`.
  [[nodiscard]] std::vector<Session> sessions_of(PersonId person, std::int64_t now_s) const;

  /// What a secret opens, or null: unknown, revoked, ended or expired at `now_s`.
  [[nodiscard]] const SignInLink* link(const Sha256& hash, std::int64_t now_s) const;
  [[nodiscard]] const Session* session(const Sha256& hash, std::int64_t now_s) const;
  [[nodiscard]] const ApiToken* token(const Sha256& hash, std::int64_t now_s) const;

  /// Who said "I am here" at a meeting, until their names are deleted. Only counts of them leave the server.
  [[nodiscard]] const std::set<PersonId>& present_at(const GroupId& group, std::uint64_t meeting) const;

  /// True when this person is the group's only administrator.
  [[nodiscard]] bool is_last_administrator(const GroupId& group, PersonId person) const;

 private:
  friend class AccountsStore;
  using Octets = decltype(Sha256::octets);

  std::map<PersonId, Person> people_;
  std::map<std::pair<GroupId, PersonId>, Membership> memberships_;
  std::map<Octets, SignInLink> links_;
  std::map<Octets, Session> sessions_;
  std::map<Octets, ApiToken> tokens_;
  std::map<std::pair<GroupId, std::uint64_t>, std::set<PersonId>> attendance_;
};

}  // namespace bossey::accounts
