#include "auth/gate.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "auth/who.hpp"
#include "consensus/role.hpp"

namespace bossey::auth {

namespace {

constexpr std::string_view kEvents = "group/";

/// Dark enough to be read as a label on white; a person keeps theirs from day to day.
constexpr std::array<std::string_view, 10> kColours = {"#9a3412", "#1d4ed8", "#15803d", "#7e22ce", "#0e7490",
                                                       "#be123c", "#4d7c0f", "#6d28d9", "#92400e", "#334155"};

std::string colour_of(PersonId person) {
  return std::string(kColours.at(person.value % kColours.size()));
}

}  // namespace

Gate::Gate(const accounts::Accounts& accounts, Documents documents, std::function<std::int64_t()> now_s)
    : accounts_(accounts), documents_(std::move(documents)), now_s_(std::move(now_s)) {}

void Gate::authenticate(room::Credentials credentials, std::function<void(Result<room::Identity>)> done) {
  const auto roll = accounts_.roll();
  const bool by_cookie = credentials.token.empty() || credentials.token == "session";
  const auto who = by_cookie ? who_by_session(*roll, credentials.session_cookie, now_s_())
                             : who_by_token(*roll, credentials.token, now_s_());
  if (!who && !by_cookie && !wrong_tokens_.take(credentials.remote_address, now_s_() * 1'000)) {
    done(fail(Errc::unavailable, "Too many wrong tokens from this address. Wait a minute."));
    return;
  }
  if (!who) {
    done(fail(Errc::signed_out, by_cookie ? "You are signed out. Open your sign-in link again."
                                          : "This token is unknown or has expired. Ask for a new one."));
    return;
  }
  done(room::Identity{who->person, who->name, colour_of(who->person), who->grant});
}

std::optional<GroupId> Gate::group_of(const DocumentId& document) const {
  const std::string_view name = document.value;
  if (name.starts_with(kEvents)) return GroupId{std::string(name.substr(kEvents.size()))};
  return documents_.group_of(document);
}

room::Access Gate::access(const room::Identity& identity, const DocumentId& document) {
  if (!identity.grant) return room::Access::none;
  const auto roll = accounts_.roll();
  const auto who = who_by_grant(*roll, *identity.grant, now_s_());
  if (!who || who->person != identity.person) return room::Access::none;
  const auto group = group_of(document);
  if (!group) return room::Access::none;
  const auto roles = roles_in(*roll, *who, *group);
  if (!consensus::may(roles, consensus::Action::read)) return room::Access::none;
  if (documents_.access) {
    const room::Access access = documents_.access(*group, document, who->person, roles);
    const bool theirs = !documents_.may_write || documents_.may_write(who->person, document);
    return access == room::Access::write && !theirs ? room::Access::read : access;
  }
  const bool text = !document.value.starts_with(kEvents);
  if (!text || !consensus::may(roles, consensus::Action::write_text)) return room::Access::read;
  const bool written_by_them = !documents_.may_write || documents_.may_write(who->person, document);
  return written_by_them ? room::Access::write : room::Access::read;
}

Result<room::DocumentFacts> Gate::facts(const DocumentId& document) {
  return documents_.facts(document);
}

}  // namespace bossey::auth
