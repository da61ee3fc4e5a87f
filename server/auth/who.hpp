// Who asks: a person recognised by a session cookie or an API token, and the roles they then have in a group. Pure
// functions over the roll; used by the gate of the socket and by every HTTP route.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/roll.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/role.hpp"

namespace bossey::auth {

inline constexpr std::string_view kSessionCookie = "bossey_session";

/// What an API token is good for: one group, and no more than a member may do there.
struct TokenScope {
  GroupId group;
  bool write = false;

  friend bool operator==(const TokenScope&, const TokenScope&) = default;
};

struct Who {
  PersonId person;
  std::string name;
  Sha256 grant;                     ///< Hash of the session or token that was shown.
  std::optional<TokenScope> token;  ///< Nothing for a session.

  friend bool operator==(const Who&, const Who&) = default;
};

/// The person behind a secret; nothing when it is unknown, ended or expired. `now_s`: seconds since 1970, UTC.
[[nodiscard]] std::optional<Who> who_by_session(const accounts::Roll& roll, std::string_view secret,
                                                std::int64_t now_s);
[[nodiscard]] std::optional<Who> who_by_token(const accounts::Roll& roll, std::string_view secret, std::int64_t now_s);
/// Whoever was recognised before, if that session or token still stands.
[[nodiscard]] std::optional<Who> who_by_grant(const accounts::Roll& roll, const Sha256& grant, std::int64_t now_s);

/// Empty for a group the person is not in. With a token: an observer's, or with `write` a member's for whoever writes.
/// A token never decides, shapes the outline or administers.
[[nodiscard]] consensus::RoleSet roles_in(const accounts::Roll& roll, const Who& who, const GroupId& group);

}  // namespace bossey::auth
