// The gate of the live channel: recognises whoever connects and says what they may do with a document. Asked by
// server/room, made by server/app. It decides per document and person, never inside a document.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "accounts/accounts.hpp"
#include "auth/attempt_limit.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "consensus/role.hpp"
#include "room/access.hpp"

namespace bossey::auth {

/// What the gate must know of documents, answered by server/group.
struct Documents {
  /// The group that holds the section of `section/<id>` or the proposal; nothing for any other document.
  std::function<std::optional<GroupId>(const DocumentId&)> group_of;
  std::function<Result<room::DocumentFacts>(const DocumentId&)> facts;
  /// What the group allows somebody with these roles now (teams, meetings); without it the roles alone count.
  std::function<room::Access(const GroupId&, const DocumentId&, PersonId, consensus::RoleSet)> access = {};
  /// Whether somebody whose role writes writes this one, too. Empty: always.
  std::function<bool(PersonId, const DocumentId&)> may_write = {};
};

/// Wrong API tokens of one address: so many at once, then one in so long. A page that is signed out does not count.
inline constexpr std::uint32_t kWrongTokenBurst = 100;
inline constexpr std::int64_t kWrongTokenRefill_ms = 1'000;

class Gate final : public room::AccessGate {
 public:
  /// `accounts` outlives this. `now_s` gives seconds since 1970, UTC.
  Gate(const accounts::Accounts& accounts, Documents documents, std::function<std::int64_t()> now_s);

  /// The token "session", or none, stands for the session cookie; any other must be an API token. Also unavailable: too
  /// many wrong tokens came from this address.
  void authenticate(room::Credentials credentials, std::function<void(Result<room::Identity>)> done) override;

  /// Looks the session or token up again: one that has ended since gives none.
  [[nodiscard]] room::Access access(const room::Identity& identity, const DocumentId& document) override;

  [[nodiscard]] Result<room::DocumentFacts> facts(const DocumentId& document) override;

 private:
  [[nodiscard]] std::optional<GroupId> group_of(const DocumentId& document) const;

  AttemptLimit wrong_tokens_{kWrongTokenBurst, kWrongTokenRefill_ms};  ///< An address.
  const accounts::Accounts& accounts_;
  Documents documents_;
  std::function<std::int64_t()> now_s_;
};

}  // namespace bossey::auth
