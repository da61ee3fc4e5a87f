#include "auth/who.hpp"

#include "accounts/secret.hpp"

namespace bossey::auth {

namespace {

std::optional<Who> known(const accounts::Roll& roll, PersonId person, const Sha256& grant,
                         std::optional<TokenScope> token) {
  const auto* found = roll.person(person);
  if (found == nullptr) return std::nullopt;
  return Who{person, found->name, grant, std::move(token)};
}

}  // namespace

std::optional<Who> who_by_session(const accounts::Roll& roll, std::string_view secret, std::int64_t now_s) {
  const auto hash = accounts::hash_of_secret(secret);
  const auto* session = roll.session(hash, now_s);
  return session == nullptr ? std::nullopt : known(roll, session->person, hash, std::nullopt);
}

std::optional<Who> who_by_token(const accounts::Roll& roll, std::string_view secret, std::int64_t now_s) {
  const auto hash = accounts::hash_of_secret(secret);
  const auto* token = roll.token(hash, now_s);
  return token == nullptr ? std::nullopt : known(roll, token->person, hash, TokenScope{token->group, token->write});
}

std::optional<Who> who_by_grant(const accounts::Roll& roll, const Sha256& grant, std::int64_t now_s) {
  if (const auto* session = roll.session(grant, now_s)) return known(roll, session->person, grant, std::nullopt);
  if (const auto* token = roll.token(grant, now_s)) {
    return known(roll, token->person, grant, TokenScope{token->group, token->write});
  }
  return std::nullopt;
}

consensus::RoleSet roles_in(const accounts::Roll& roll, const Who& who, const GroupId& group) {
  using consensus::Role;
  if (who.token && who.token->group != group) return {};
  const auto* membership = roll.membership(group, who.person);
  if (membership == nullptr) return {};
  if (!who.token) return membership->role;
  const bool writes = who.token->write && consensus::may(membership->role, consensus::Action::write_text);
  return writes ? Role::member : Role::observer;
}

}  // namespace bossey::auth
