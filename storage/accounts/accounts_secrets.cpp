// The part of the accounts store that makes, uses and ends links, sessions and tokens.
#include <algorithm>
#include <string>
#include <utility>

#include "accounts/secret.hpp"
#include "accounts/transaction.hpp"

namespace bossey::accounts {

namespace {

std::int64_t column(std::uint64_t id) {
  return static_cast<std::int64_t>(id);
}

std::int64_t new_row(sqlite3* database) {
  return sqlite3_last_insert_rowid(database);
}

}  // namespace

Result<NewLink> AccountsStore::make_link(const GroupId& group, PersonId person, std::int64_t now_s,
                                         std::optional<std::int64_t> lifetime_s) {
  BOSSEY_TRY_VOID(require_member(group, person));
  return transact([&](Roll& next) -> Result<NewLink> {
    for (const auto& old : next.links_of(person)) {
      if (old.expires_s && *old.expires_s <= now_s) BOSSEY_TRY_VOID(delete_secret(next, Secrets::links, old.hash));
    }
    if (next.links_of(person).size() >= limits_.links_per_person) {
      return fail(Errc::too_large, "This person has too many sign-in links. Revoke one first.");
    }
    NewLink made{LinkId{}, new_secret()};
    SignInLink link{
        LinkId{},    person, hash_of_secret(made.secret), now_s, now_s + lifetime_s.value_or(limits_.link_lifetime_s),
        std::nullopt};
    BOSSEY_TRY(auto insert,
               sqlite::Statement::prepare(database_.get(),
                                          "INSERT INTO links (person, hash, made_s, expires_s) VALUES (?, ?, ?, ?)"));
    insert.bind(column(person.value)).bind(BytesView(link.hash.octets)).bind(now_s).bind(link.expires_s);
    BOSSEY_TRY_VOID(run(std::move(insert)));
    link.id.value = static_cast<std::uint64_t>(new_row(database_.get()));
    made.id = link.id;
    next.links_.emplace(link.hash.octets, link);
    return made;
  });
}

Result<void> AccountsStore::revoke_link(const GroupId& group, PersonId person, LinkId link) {
  BOSSEY_TRY_VOID(require_member(group, person));
  for (const auto& known : roll_->links_of(person)) {
    if (known.id != link) continue;
    return transact([&](Roll& next) { return delete_secret(next, Secrets::links, known.hash); });
  }
  return fail(Errc::not_found, "no such link");
}

Result<std::size_t> AccountsStore::revoke_links(const GroupId& group, PersonId person) {
  BOSSEY_TRY_VOID(require_member(group, person));
  return transact([&](Roll& next) -> Result<std::size_t> {
    const auto count = next.links_of(person).size();
    BOSSEY_TRY_VOID(delete_secrets_of(next, person, Secrets::links));
    return count;
  });
}

Result<NewSession> AccountsStore::sign_in(std::string_view link_secret, const std::optional<Sha256>& old_session,
                                          std::int64_t now_s) {
  const auto link_hash = hash_of_secret(link_secret);
  const auto* link = roll_->link(link_hash, now_s);
  if (link == nullptr) {
    return fail(Errc::signed_out, "This link does not work any more. Ask whoever sent it for a new one.");
  }
  const auto person = link->person;
  return transact([&](Roll& next) -> Result<NewSession> {
    BOSSEY_TRY_VOID(delete_expired(next, now_s));
    if (old_session) BOSSEY_TRY_VOID(delete_secret(next, Secrets::sessions, *old_session));
    const auto open = next.sessions_of(person, now_s);
    if (open.size() >= limits_.sessions_per_person) {
      BOSSEY_TRY_VOID(delete_secret(next, Secrets::sessions, open.front().hash));
    }
    next.links_.at(link_hash.octets).used_s = now_s;
    BOSSEY_TRY(auto used, sqlite::Statement::prepare(database_.get(), "UPDATE links SET used_s = ? WHERE hash = ?"));
    used.bind(now_s).bind(BytesView(link_hash.octets));
    BOSSEY_TRY_VOID(run(std::move(used)));
    NewSession made{person, new_secret(), now_s + limits_.session_lifetime_s};
    BOSSEY_TRY_VOID(insert_session(next, {SessionId{}, person, hash_of_secret(made.secret), now_s, made.expires_s}));
    return made;
  });
}

Result<void> AccountsStore::insert_session(Roll& next, const Session& session) {
  BOSSEY_TRY(auto insert,
             sqlite::Statement::prepare(database_.get(),
                                        "INSERT INTO sessions (person, hash, made_s, expires_s) VALUES (?, ?, ?, ?)"));
  insert.bind(column(session.person.value))
      .bind(BytesView(session.hash.octets))
      .bind(session.made_s)
      .bind(session.expires_s);
  BOSSEY_TRY_VOID(run(std::move(insert)));
  auto& kept = next.sessions_[session.hash.octets];
  kept = session;
  kept.id.value = static_cast<std::uint64_t>(new_row(database_.get()));
  return {};
}

Result<void> AccountsStore::end_session(const Sha256& session) {
  return transact([&](Roll& next) { return delete_secret(next, Secrets::sessions, session); });
}

Result<void> AccountsStore::end_sessions(const GroupId& group, PersonId person) {
  BOSSEY_TRY_VOID(require_member(group, person));
  return transact([&](Roll& next) { return delete_secrets_of(next, person, Secrets::sessions); });
}

Result<NewToken> AccountsStore::make_token(const GroupId& group, PersonId person, bool write, std::int64_t now_s,
                                           std::optional<std::int64_t> lifetime_s) {
  BOSSEY_TRY_VOID(require_member(group, person));
  return transact([&](Roll& next) -> Result<NewToken> {
    BOSSEY_TRY_VOID(delete_expired(next, now_s));
    if (next.tokens_of(person).size() >= limits_.tokens_per_person) {
      return fail(Errc::too_large, "This person has too many API tokens. Revoke one first.");
    }
    NewToken made{TokenId{}, new_secret()};
    ApiToken token{TokenId{},
                   person,
                   group,
                   write,
                   hash_of_secret(made.secret),
                   now_s,
                   now_s + lifetime_s.value_or(limits_.token_lifetime_s)};
    BOSSEY_TRY(auto insert,
               sqlite::Statement::prepare(database_.get(),
                                          "INSERT INTO tokens (person, group_slug, may_write, hash, made_s, "
                                          "expires_s) VALUES (?, ?, ?, ?, ?, ?)"));
    insert.bind(column(person.value))
        .bind(group.value)
        .bind(static_cast<std::int64_t>(write))
        .bind(BytesView(token.hash.octets))
        .bind(token.made_s)
        .bind(token.expires_s);
    BOSSEY_TRY_VOID(run(std::move(insert)));
    token.id.value = static_cast<std::uint64_t>(new_row(database_.get()));
    made.id = token.id;
    next.tokens_.emplace(token.hash.octets, std::move(token));
    return made;
  });
}

Result<void> AccountsStore::revoke_token(const GroupId& group, PersonId person, TokenId token) {
  BOSSEY_TRY_VOID(require_member(group, person));
  for (const auto& known : roll_->tokens_of(person)) {
    if (known.id != token || known.group != group) continue;
    return transact([&](Roll& next) { return delete_secret(next, Secrets::tokens, known.hash); });
  }
  return fail(Errc::not_found, "no such token");
}

Result<void> AccountsStore::delete_secret(Roll& next, Secrets kind, const Sha256& hash) {
  std::string_view sql;
  switch (kind) {
    case Secrets::links:
      next.links_.erase(hash.octets);
      sql = "DELETE FROM links WHERE hash = ?";
      break;
    case Secrets::sessions:
      next.sessions_.erase(hash.octets);
      sql = "DELETE FROM sessions WHERE hash = ?";
      break;
    case Secrets::tokens:
      next.tokens_.erase(hash.octets);
      sql = "DELETE FROM tokens WHERE hash = ?";
      break;
  }
  BOSSEY_TRY(auto statement, sqlite::Statement::prepare(database_.get(), sql));
  statement.bind(BytesView(hash.octets));
  return run(std::move(statement));
}

Result<void> AccountsStore::delete_secrets_of(Roll& next, PersonId person, Secrets kind,
                                              const std::optional<GroupId>& group) {
  std::vector<Sha256> hashes;
  switch (kind) {
    case Secrets::links:
      for (const auto& link : next.links_of(person)) hashes.push_back(link.hash);
      break;
    case Secrets::sessions:
      for (const auto& [hash, session] : next.sessions_) {
        if (session.person == person) hashes.push_back(session.hash);
      }
      break;
    case Secrets::tokens:
      for (const auto& token : next.tokens_of(person)) {
        if (!group || token.group == *group) hashes.push_back(token.hash);
      }
      break;
  }
  for (const auto& hash : hashes) BOSSEY_TRY_VOID(delete_secret(next, kind, hash));
  return {};
}

Result<void> AccountsStore::delete_expired(Roll& next, std::int64_t now_s) {
  std::vector<Sha256> sessions;
  for (const auto& [hash, session] : next.sessions_) {
    if (session.expires_s <= now_s) sessions.push_back(session.hash);
  }
  for (const auto& hash : sessions) BOSSEY_TRY_VOID(delete_secret(next, Secrets::sessions, hash));
  std::vector<Sha256> tokens;
  for (const auto& [hash, token] : next.tokens_) {
    if (token.expires_s <= now_s) tokens.push_back(token.hash);
  }
  for (const auto& hash : tokens) BOSSEY_TRY_VOID(delete_secret(next, Secrets::tokens, hash));
  return {};
}

}  // namespace bossey::accounts
