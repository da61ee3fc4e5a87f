// The private store of people and what they carry (accounts.sqlite), never in git. Blocking and for one thread: its
// own store thread (accounts.hpp), or a command line that works alone. Each change is on disk before it returns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "accounts/roll.hpp"
#include "base/error.hpp"
#include "sqlite/database.hpp"

namespace bossey::accounts {

/// Bounds, so that no route and no script can fill the store.
struct Limits {
  std::size_t people_per_group = 5'000;
  std::size_t links_per_person = 20;
  std::size_t sessions_per_person = 50;  ///< One more ends the oldest.
  std::size_t tokens_per_person = 20;
  std::int64_t link_lifetime_s = 90LL * 24 * 3600;
  std::int64_t session_lifetime_s = 30LL * 24 * 3600;
  std::int64_t token_lifetime_s = 365LL * 24 * 3600;
};

struct PersonChange {
  std::optional<std::string> name = std::nullopt;
  std::optional<Role> role = std::nullopt;
  std::optional<std::string> category = std::nullopt;
};

/// Who asked for something with which idempotency key: asked again, the first answer is given again.
struct CommandKey {
  PersonId asker;
  std::string key;
};

/// A new secret with what it belongs to. The secret is shown once and stored nowhere.
struct NewLink {
  LinkId id;
  std::string secret;
};
struct NewToken {
  TokenId id;
  std::string secret;
};
struct NewSession {
  PersonId person;
  std::string secret;
  std::int64_t expires_s = 0;
};

/// All calls: `now_s` is seconds since 1970, UTC. Errors beside those named: unavailable, corrupt, io from the file.
/// A person who is not in the group named is not_found.
class AccountsStore {
 public:
  /// Opens or creates the file (mode 0600). corrupt: it is not an accounts file, or of a newer version.
  [[nodiscard]] static Result<std::unique_ptr<AccountsStore>> open(const std::filesystem::path& file,
                                                                   Limits limits = {});

  /// Everything, as of the last change.
  [[nodiscard]] std::shared_ptr<const Roll> roll() const { return roll_; }

  /// bad_input: empty or too long a name, control characters. too_large: the group is full. Keys are kept for a week.
  [[nodiscard]] Result<PersonId> add_person(const GroupId& group, const std::string& name, Role role,
                                            const std::string& category, std::int64_t now_s,
                                            const std::optional<CommandKey>& key = std::nullopt);
  /// conflict: the last administrator would lose the role.
  [[nodiscard]] Result<void> change_person(const GroupId& group, PersonId person, const PersonChange& change);
  /// Takes the person out of the group; out of the last one, everything about the person is deleted.
  /// Sessions and tokens end. conflict: the last administrator.
  [[nodiscard]] Result<void> remove_person(const GroupId& group, PersonId person);
  /// Puts a person of one group into another as well. conflict: is there already.
  [[nodiscard]] Result<void> join_group(const GroupId& group, PersonId person, Role role, const std::string& category);

  [[nodiscard]] Result<NewLink> make_link(const GroupId& group, PersonId person, std::int64_t now_s,
                                          std::optional<std::int64_t> lifetime_s = std::nullopt);
  [[nodiscard]] Result<void> revoke_link(const GroupId& group, PersonId person, LinkId link);
  /// All links of the person; how many there were.
  [[nodiscard]] Result<std::size_t> revoke_links(const GroupId& group, PersonId person);

  /// A session for whom the link belongs to; the session that came along (rotation) ends.
  /// signed_out: the link is unknown, revoked or has expired.
  [[nodiscard]] Result<NewSession> sign_in(std::string_view link_secret, const std::optional<Sha256>& old_session,
                                           std::int64_t now_s);
  /// Ends one session; one that is not there is no error.
  [[nodiscard]] Result<void> end_session(const Sha256& session);
  [[nodiscard]] Result<void> end_sessions(const GroupId& group, PersonId person);

  /// Comes to a meeting, or goes again. Names are kept until forget_attendance.
  [[nodiscard]] Result<void> set_present(const GroupId& group, std::uint64_t meeting, PersonId person, bool here,
                                         std::int64_t now_s);
  /// Deletes who was at the meetings of a group, as far as it was recorded until then. How many rows went.
  [[nodiscard]] Result<std::size_t> forget_attendance(const GroupId& group, std::int64_t until_s);

  [[nodiscard]] Result<NewToken> make_token(const GroupId& group, PersonId person, bool write, std::int64_t now_s,
                                            std::optional<std::int64_t> lifetime_s = std::nullopt);
  [[nodiscard]] Result<void> revoke_token(const GroupId& group, PersonId person, TokenId token);

 private:
  enum class Secrets : std::uint8_t { links, sessions, tokens };

  AccountsStore(sqlite::Database database, Limits limits);
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> load_people(Roll& roll);
  [[nodiscard]] Result<void> load_secrets(Roll& roll);
  [[nodiscard]] Result<void> load_attendance(Roll& roll);

  [[nodiscard]] Result<void> require_member(const GroupId& group, PersonId person) const;
  [[nodiscard]] Result<void> run(sqlite::Statement statement);
  [[nodiscard]] Result<std::optional<PersonId>> answer_of(const CommandKey& key);
  /// Runs `change` (on a copy of the roll) within one transaction and takes the copy when it is on disk.
  template <class Change>
  [[nodiscard]] auto transact(Change change) -> decltype(change(std::declval<Roll&>()));

  /// Parts of a change: within transact() only.
  [[nodiscard]] Result<void> insert_membership(Roll& next, const Membership& membership);
  [[nodiscard]] Result<void> keep_answer(const CommandKey& key, PersonId answer, std::int64_t now_s);
  [[nodiscard]] Result<void> insert_session(Roll& next, const Session& session);
  [[nodiscard]] Result<void> delete_secret(Roll& next, Secrets kind, const Sha256& hash);
  /// All of one kind that a person carries; of tokens, those of one group when `group` is set.
  [[nodiscard]] Result<void> delete_secrets_of(Roll& next, PersonId person, Secrets kind,
                                               const std::optional<GroupId>& group = std::nullopt);
  /// Sessions and tokens whose time is over.
  [[nodiscard]] Result<void> delete_expired(Roll& next, std::int64_t now_s);

  sqlite::Database database_;
  Limits limits_;
  std::shared_ptr<const Roll> roll_;
};

}  // namespace bossey::accounts
