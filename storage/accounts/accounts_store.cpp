#include "accounts/accounts_store.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "accounts/transaction.hpp"

namespace bossey::accounts {

namespace {

constexpr std::int64_t kApplicationId = 0x426f7370;  // "Bosp": tells our file from any other SQLite file
constexpr std::int64_t kSchemaVersion = 2;
constexpr std::string_view kAttempt = "reading the accounts";
constexpr std::size_t kName_bytes_max = 200;
constexpr std::int64_t kKeysKept_s = 7LL * 24 * 3600;

constexpr const char* kSchema = R"sql(
  CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, made_s INTEGER NOT NULL) STRICT;
  CREATE TABLE memberships (
    group_slug TEXT NOT NULL, person INTEGER NOT NULL REFERENCES people(id), role TEXT NOT NULL,
    category TEXT NOT NULL, PRIMARY KEY (group_slug, person)) STRICT, WITHOUT ROWID;
  CREATE TABLE links (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES people(id), hash BLOB NOT NULL UNIQUE,
    made_s INTEGER NOT NULL, expires_s INTEGER, used_s INTEGER) STRICT;
  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES people(id), hash BLOB NOT NULL UNIQUE,
    made_s INTEGER NOT NULL, expires_s INTEGER NOT NULL) STRICT;
  CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES people(id), group_slug TEXT NOT NULL,
    may_write INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE, made_s INTEGER NOT NULL, expires_s INTEGER NOT NULL) STRICT;
  CREATE TABLE commands (
    asker INTEGER NOT NULL, key TEXT NOT NULL, answer INTEGER NOT NULL, made_s INTEGER NOT NULL,
    PRIMARY KEY (asker, key)) STRICT, WITHOUT ROWID;
)sql";

/// Version 2 adds who was at which meeting.
constexpr const char* kAttendance = R"sql(
  CREATE TABLE attendance (
    group_slug TEXT NOT NULL, meeting INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES people(id),
    made_s INTEGER NOT NULL, PRIMARY KEY (group_slug, meeting, person)) STRICT, WITHOUT ROWID;
)sql";

/// One line of text that can be shown anywhere: bounded, no control characters, not only spaces.
Result<void> check_words(std::string_view words, std::string_view what, bool may_be_empty) {
  const bool blank = std::all_of(words.begin(), words.end(), [](char c) { return c == ' '; });
  if (blank && !(may_be_empty && words.empty())) return fail(Errc::bad_input, std::string(what) + " is empty");
  if (words.size() > kName_bytes_max) return fail(Errc::bad_input, std::string(what) + " is longer than 200 bytes");
  const bool control = std::any_of(words.begin(), words.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
  if (control) return fail(Errc::bad_input, std::string(what) + " has control characters or line ends");
  return {};
}

/// Creates the tables in a new file; refuses foreign and newer ones.
Result<void> check_schema(sqlite3* database) {
  BOSSEY_TRY(const auto application, sqlite::ask_number(database, "PRAGMA application_id", kAttempt));
  BOSSEY_TRY(const auto version, sqlite::ask_number(database, "PRAGMA user_version", kAttempt));
  BOSSEY_TRY(const auto tables, sqlite::ask_number(database, "SELECT count(*) FROM sqlite_schema", kAttempt));
  if (application == 0 && version == 0 && tables == 0) {
    const std::string sql = std::string("BEGIN IMMEDIATE;") + kSchema + kAttendance +
                            "PRAGMA application_id=" + std::to_string(kApplicationId) +
                            ";PRAGMA user_version=" + std::to_string(kSchemaVersion) + ";COMMIT";
    return sqlite::execute(database, sql.c_str(), "making the tables of the accounts");
  }
  if (application != kApplicationId) {
    return fail(Errc::corrupt, "accounts.sqlite is a database of another program; move it away");
  }
  if (version == 1) {
    const std::string sql = std::string("BEGIN IMMEDIATE;") + kAttendance +
                            "PRAGMA user_version=" + std::to_string(kSchemaVersion) + ";COMMIT";
    return sqlite::execute(database, sql.c_str(), "adding a table to the accounts");
  }
  if (version != kSchemaVersion) {
    return fail(Errc::corrupt, "accounts.sqlite was written by a newer version; use that version of bossey");
  }
  return {};
}

Result<Sha256> digest_of(BytesView octets) {
  Sha256 digest;
  if (octets.size() != digest.octets.size()) return fail(Errc::corrupt, "accounts: a stored hash is cut");
  std::memcpy(digest.octets.data(), octets.data(), octets.size());
  return digest;
}

Error no_such_person() {
  return {Errc::not_found, "no such person in this group"};
}

Error last_administrator() {
  return {Errc::conflict, "This is the last administrator. Make somebody else administrator first."};
}

}  // namespace

AccountsStore::AccountsStore(sqlite::Database database, Limits limits)
    : database_(std::move(database)), limits_(limits), roll_(std::make_shared<Roll>()) {}

Result<std::unique_ptr<AccountsStore>> AccountsStore::open(const std::filesystem::path& file, Limits limits) {
  BOSSEY_TRY(auto database, sqlite::open_database(file, true));
  // Names and hashes of secrets: for the owner's eyes only. WAL files take the mode of the main file.
  std::error_code ignored;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  BOSSEY_TRY_VOID(sqlite::execute(database.get(),
                                  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                                  "PRAGMA secure_delete=ON;",
                                  "opening " + file.string()));
  BOSSEY_TRY_VOID(check_schema(database.get()));
  std::unique_ptr<AccountsStore> store(new AccountsStore(std::move(database), limits));
  BOSSEY_TRY_VOID(store->load());
  return store;
}

Result<void> AccountsStore::load() {
  auto roll = std::make_shared<Roll>();
  BOSSEY_TRY_VOID(load_people(*roll));
  BOSSEY_TRY_VOID(load_secrets(*roll));
  BOSSEY_TRY_VOID(load_attendance(*roll));
  roll_ = std::move(roll);
  return {};
}

Result<void> AccountsStore::load_people(Roll& roll) {
  BOSSEY_TRY(auto people, sqlite::Statement::prepare(database_.get(), "SELECT id, name FROM people"));
  for (;;) {
    BOSSEY_TRY(const bool row, people.step(kAttempt));
    if (!row) break;
    const PersonId id{static_cast<std::uint64_t>(people.number(0))};
    roll.people_.emplace(id, Person{id, people.text(1)});
  }
  BOSSEY_TRY(auto members,
             sqlite::Statement::prepare(database_.get(), "SELECT group_slug, person, role, category FROM memberships"));
  for (;;) {
    BOSSEY_TRY(const bool row, members.step(kAttempt));
    if (!row) break;
    const auto role = consensus::role_from(members.text(2));
    if (!role) return fail(Errc::corrupt, "accounts: unknown role '" + members.text(2) + "'");
    const GroupId group{members.text(0)};
    const PersonId person{static_cast<std::uint64_t>(members.number(1))};
    roll.memberships_.emplace(std::pair(group, person), Membership{group, person, *role, members.text(3)});
  }
  return {};
}

Result<void> AccountsStore::load_secrets(Roll& roll) {
  const auto id = [](const sqlite::Statement& row, int column) {
    return static_cast<std::uint64_t>(row.number(column));
  };
  BOSSEY_TRY(auto links, sqlite::Statement::prepare(database_.get(),
                                                    "SELECT id, person, hash, made_s, expires_s, used_s FROM links"));
  for (;;) {
    BOSSEY_TRY(const bool row, links.step(kAttempt));
    if (!row) break;
    BOSSEY_TRY(const auto hash, digest_of(links.octets(2)));
    roll.links_.emplace(hash.octets, SignInLink{LinkId{id(links, 0)}, PersonId{id(links, 1)}, hash, links.number(3),
                                                links.optional_number(4), links.optional_number(5)});
  }
  BOSSEY_TRY(auto sessions,
             sqlite::Statement::prepare(database_.get(), "SELECT id, person, hash, made_s, expires_s FROM sessions"));
  for (;;) {
    BOSSEY_TRY(const bool row, sessions.step(kAttempt));
    if (!row) break;
    BOSSEY_TRY(const auto hash, digest_of(sessions.octets(2)));
    roll.sessions_.emplace(hash.octets, Session{SessionId{id(sessions, 0)}, PersonId{id(sessions, 1)}, hash,
                                                sessions.number(3), sessions.number(4)});
  }
  BOSSEY_TRY(auto tokens,
             sqlite::Statement::prepare(
                 database_.get(), "SELECT id, person, group_slug, may_write, hash, made_s, expires_s FROM tokens"));
  for (;;) {
    BOSSEY_TRY(const bool row, tokens.step(kAttempt));
    if (!row) break;
    BOSSEY_TRY(const auto hash, digest_of(tokens.octets(4)));
    roll.tokens_.emplace(hash.octets, ApiToken{TokenId{id(tokens, 0)}, PersonId{id(tokens, 1)}, GroupId{tokens.text(2)},
                                               tokens.number(3) != 0, hash, tokens.number(5), tokens.number(6)});
  }
  return {};
}

Result<void> AccountsStore::run(sqlite::Statement statement) {
  return statement.run("saving the accounts");
}

Result<void> AccountsStore::require_member(const GroupId& group, PersonId person) const {
  if (roll_->membership(group, person) == nullptr) return tl::unexpected(no_such_person());
  return {};
}

Result<PersonId> AccountsStore::add_person(const GroupId& group, const std::string& name, Role role,
                                           const std::string& category, std::int64_t now_s,
                                           const std::optional<CommandKey>& key) {
  BOSSEY_TRY_VOID(check_words(name, "The name", false));
  BOSSEY_TRY_VOID(check_words(category, "The category", true));
  if (key) {
    BOSSEY_TRY(const auto first, answer_of(*key));
    if (first) return *first;
  }
  if (roll_->members_of(group).size() >= limits_.people_per_group) {
    return fail(Errc::too_large, "The group is full; remove people who have left.");
  }
  return transact([&](Roll& next) -> Result<PersonId> {
    BOSSEY_TRY(auto person,
               sqlite::Statement::prepare(database_.get(), "INSERT INTO people (name, made_s) VALUES (?, ?)"));
    person.bind(name).bind(now_s);
    BOSSEY_TRY_VOID(run(std::move(person)));
    const PersonId id{static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_.get()))};
    next.people_.emplace(id, Person{id, name});
    BOSSEY_TRY_VOID(insert_membership(next, Membership{group, id, role, category}));
    if (key) BOSSEY_TRY_VOID(keep_answer(*key, id, now_s));
    return id;
  });
}

Result<std::optional<PersonId>> AccountsStore::answer_of(const CommandKey& key) {
  BOSSEY_TRY(auto found,
             sqlite::Statement::prepare(database_.get(), "SELECT answer FROM commands WHERE asker = ? AND key = ?"));
  found.bind(static_cast<std::int64_t>(key.asker.value)).bind(key.key);
  BOSSEY_TRY(const bool row, found.step(kAttempt));
  if (!row) return std::nullopt;
  return PersonId{static_cast<std::uint64_t>(found.number(0))};
}

Result<void> AccountsStore::keep_answer(const CommandKey& key, PersonId answer, std::int64_t now_s) {
  BOSSEY_TRY(auto old, sqlite::Statement::prepare(database_.get(), "DELETE FROM commands WHERE made_s < ?"));
  old.bind(now_s - kKeysKept_s);
  BOSSEY_TRY_VOID(run(std::move(old)));
  BOSSEY_TRY(auto insert,
             sqlite::Statement::prepare(database_.get(),
                                        "INSERT INTO commands (asker, key, answer, made_s) VALUES (?, ?, ?, ?)"));
  insert.bind(static_cast<std::int64_t>(key.asker.value))
      .bind(key.key)
      .bind(static_cast<std::int64_t>(answer.value))
      .bind(now_s);
  return run(std::move(insert));
}

Result<void> AccountsStore::insert_membership(Roll& next, const Membership& membership) {
  BOSSEY_TRY(auto insert,
             sqlite::Statement::prepare(
                 database_.get(), "INSERT INTO memberships (group_slug, person, role, category) VALUES (?, ?, ?, ?)"));
  insert.bind(membership.group.value)
      .bind(static_cast<std::int64_t>(membership.person.value))
      .bind(consensus::name_of(membership.role))
      .bind(membership.category);
  BOSSEY_TRY_VOID(run(std::move(insert)));
  next.memberships_.emplace(std::pair(membership.group, membership.person), membership);
  return {};
}

Result<void> AccountsStore::join_group(const GroupId& group, PersonId person, Role role, const std::string& category) {
  BOSSEY_TRY_VOID(check_words(category, "The category", true));
  if (roll_->person(person) == nullptr) return fail(Errc::not_found, "no such person");
  if (roll_->membership(group, person) != nullptr) return fail(Errc::conflict, "This person is in the group already.");
  return transact([&](Roll& next) { return insert_membership(next, Membership{group, person, role, category}); });
}

Result<void> AccountsStore::change_person(const GroupId& group, PersonId person, const PersonChange& change) {
  BOSSEY_TRY_VOID(require_member(group, person));
  if (change.name) BOSSEY_TRY_VOID(check_words(*change.name, "The name", false));
  if (change.category) BOSSEY_TRY_VOID(check_words(*change.category, "The category", true));
  if (change.role && *change.role != Role::administrator && roll_->is_last_administrator(group, person)) {
    return tl::unexpected(last_administrator());
  }
  return transact([&](Roll& next) -> Result<void> {
    auto& membership = next.memberships_.at({group, person});
    membership.role = change.role.value_or(membership.role);
    membership.category = change.category.value_or(membership.category);
    BOSSEY_TRY(auto update, sqlite::Statement::prepare(
                                database_.get(),
                                "UPDATE memberships SET role = ?, category = ? WHERE group_slug = ? AND person = ?"));
    update.bind(consensus::name_of(membership.role))
        .bind(membership.category)
        .bind(group.value)
        .bind(static_cast<std::int64_t>(person.value));
    BOSSEY_TRY_VOID(run(std::move(update)));
    if (!change.name) return {};
    next.people_.at(person).name = *change.name;
    BOSSEY_TRY(auto rename, sqlite::Statement::prepare(database_.get(), "UPDATE people SET name = ? WHERE id = ?"));
    rename.bind(*change.name).bind(static_cast<std::int64_t>(person.value));
    return run(std::move(rename));
  });
}

Result<void> AccountsStore::remove_person(const GroupId& group, PersonId person) {
  BOSSEY_TRY_VOID(require_member(group, person));
  if (roll_->is_last_administrator(group, person)) return tl::unexpected(last_administrator());
  return transact([&](Roll& next) -> Result<void> {
    const auto id = static_cast<std::int64_t>(person.value);
    BOSSEY_TRY(auto leave, sqlite::Statement::prepare(database_.get(),
                                                      "DELETE FROM memberships WHERE group_slug = ? AND person = ?"));
    leave.bind(group.value).bind(id);
    BOSSEY_TRY_VOID(run(std::move(leave)));
    next.memberships_.erase({group, person});
    BOSSEY_TRY(auto absent, sqlite::Statement::prepare(database_.get(),
                                                       "DELETE FROM attendance WHERE group_slug = ? AND person = ?"));
    absent.bind(group.value).bind(id);
    BOSSEY_TRY_VOID(run(std::move(absent)));
    for (auto& [meeting, people] : next.attendance_)
      if (meeting.first == group) people.erase(person);
    if (!next.memberships_of(person).empty()) {
      // Still in another group: the links there go on; what is open now ends, so that every page asks anew.
      BOSSEY_TRY_VOID(delete_secrets_of(next, person, Secrets::sessions));
      return delete_secrets_of(next, person, Secrets::tokens, group);
    }
    for (const auto secrets : {Secrets::sessions, Secrets::links, Secrets::tokens}) {
      BOSSEY_TRY_VOID(delete_secrets_of(next, person, secrets));
    }
    next.people_.erase(person);
    BOSSEY_TRY(auto forget, sqlite::Statement::prepare(database_.get(), "DELETE FROM people WHERE id = ?"));
    forget.bind(id);
    return run(std::move(forget));
  });
}

}  // namespace bossey::accounts
