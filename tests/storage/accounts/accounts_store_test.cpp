#include "accounts/accounts_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "accounts/secret.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::accounts {

namespace {

constexpr std::int64_t kNow_s = 1'119'055'260;  // 18 June 2005 00:41
const GroupId kGroup{"wgig"};

struct Fixture {
  tests::ScratchFolder folder;
  std::filesystem::path file = folder.path() / "accounts.sqlite";
  std::unique_ptr<AccountsStore> store = open();

  std::unique_ptr<AccountsStore> open(Limits limits = {}) { return AccountsStore::open(file, limits).value(); }
  void reopen() {
    store.reset();
    store = open();
  }
  PersonId add(const std::string& name, Role role) { return store->add_person(kGroup, name, role, "", kNow_s).value(); }
};

template <class T>
Errc code_of(const Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_SUITE("accounts/store") {
  TEST_CASE_FIXTURE(Fixture, "people, roles, links, sessions and tokens are there after a restart") {
    const auto chair = store->add_person(kGroup, "Chair", Role::chair, "Government", kNow_s).value();
    const auto link = store->make_link(kGroup, chair, kNow_s).value();
    const auto session = store->sign_in(link.secret, std::nullopt, kNow_s + 5).value();
    const auto token = store->make_token(kGroup, chair, true, kNow_s).value();
    reopen();
    const auto roll = store->roll();
    CHECK(roll->person(chair)->name == "Chair");
    CHECK(roll->membership(kGroup, chair)->role == Role::chair);
    CHECK(roll->membership(kGroup, chair)->category == "Government");
    REQUIRE(roll->links_of(chair).size() == 1);
    CHECK(roll->links_of(chair)[0].used_s == kNow_s + 5);
    CHECK(roll->session(hash_of_secret(session.secret), kNow_s + 6)->person == chair);
    const auto* stored = roll->token(hash_of_secret(token.secret), kNow_s + 6);
    REQUIRE(stored != nullptr);
    CHECK(stored->write);
    CHECK(stored->group == kGroup);
  }

  TEST_CASE_FIXTURE(Fixture, "no secret is ever in the file, and the file is for its owner only") {
    const auto chair = add("Chair", Role::chair);
    const auto link = store->make_link(kGroup, chair, kNow_s).value();
    const auto session = store->sign_in(link.secret, std::nullopt, kNow_s).value();
    const auto token = store->make_token(kGroup, chair, true, kNow_s).value();
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const auto bytes = content(entry.path());
      CHECK(bytes.find(link.secret) == std::string::npos);
      CHECK(bytes.find(session.secret) == std::string::npos);
      CHECK(bytes.find(token.secret) == std::string::npos);
      const auto group_or_others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
      CHECK((std::filesystem::status(entry.path()).permissions() & group_or_others) == std::filesystem::perms::none);
    }
    CHECK(link.secret.size() == 43);
    CHECK(link.secret != session.secret);
  }

  TEST_CASE_FIXTURE(Fixture, "a link works again until it is revoked") {
    const auto member = add("Member", Role::member);
    const auto link = store->make_link(kGroup, member, kNow_s).value();
    CHECK(store->sign_in(link.secret, std::nullopt, kNow_s).has_value());
    CHECK(store->sign_in(link.secret, std::nullopt, kNow_s + 60).has_value());
    CHECK(store->revoke_link(kGroup, member, link.id).has_value());
    CHECK(code_of(store->sign_in(link.secret, std::nullopt, kNow_s + 61)) == Errc::signed_out);
    CHECK(code_of(store->revoke_link(kGroup, member, link.id)) == Errc::not_found);
    CHECK(store->roll()->sessions_of(member, kNow_s + 61).size() == 2);
  }

  TEST_CASE_FIXTURE(Fixture, "a link and a session end with their time") {
    const auto member = add("Member", Role::member);
    const auto link = store->make_link(kGroup, member, kNow_s, 100).value();
    const auto session = store->sign_in(link.secret, std::nullopt, kNow_s + 99).value();
    CHECK(code_of(store->sign_in(link.secret, std::nullopt, kNow_s + 100)) == Errc::signed_out);
    const auto hash = hash_of_secret(session.secret);
    CHECK(store->roll()->session(hash, session.expires_s - 1) != nullptr);
    CHECK(store->roll()->session(hash, session.expires_s) == nullptr);
  }

  TEST_CASE_FIXTURE(Fixture, "signing in again ends the session that came along") {
    const auto member = add("Member", Role::member);
    const auto link = store->make_link(kGroup, member, kNow_s).value();
    const auto first = hash_of_secret(store->sign_in(link.secret, std::nullopt, kNow_s).value().secret);
    const auto second = hash_of_secret(store->sign_in(link.secret, first, kNow_s).value().secret);
    CHECK(store->roll()->session(first, kNow_s) == nullptr);
    CHECK(store->roll()->session(second, kNow_s) != nullptr);
    CHECK(store->end_session(second).has_value());
    CHECK(store->roll()->session(second, kNow_s) == nullptr);
    CHECK(store->end_session(second).has_value());
  }

  TEST_CASE_FIXTURE(Fixture, "the last administrator keeps the role and the place") {
    const auto first = add("First", Role::administrator);
    CHECK(code_of(store->remove_person(kGroup, first)) == Errc::conflict);
    CHECK(code_of(store->change_person(kGroup, first, {.role = Role::chair})) == Errc::conflict);
    CHECK(store->change_person(kGroup, first, {.name = "Renamed", .role = Role::administrator}).has_value());
    const auto second = add("Second", Role::administrator);
    CHECK(store->change_person(kGroup, first, {.role = Role::chair}).has_value());
    CHECK(code_of(store->remove_person(kGroup, second)) == Errc::conflict);
    CHECK(store->roll()->person(first)->name == "Renamed");
  }

  TEST_CASE_FIXTURE(Fixture, "an administrator of another group does not count") {
    const auto first = add("First", Role::administrator);
    CHECK(store->add_person(GroupId{"wgig-2"}, "Other", Role::administrator, "", kNow_s).has_value());
    CHECK(code_of(store->remove_person(kGroup, first)) == Errc::conflict);
  }

  TEST_CASE_FIXTURE(Fixture, "who leaves the last group leaves nothing behind, and the number is not given again") {
    const auto member = add("Member", Role::member);
    const auto link = store->make_link(kGroup, member, kNow_s).value();
    const auto session = store->sign_in(link.secret, std::nullopt, kNow_s).value();
    CHECK(store->remove_person(kGroup, member).has_value());
    CHECK(store->roll()->person(member) == nullptr);
    CHECK(store->roll()->session(hash_of_secret(session.secret), kNow_s) == nullptr);
    CHECK(code_of(store->sign_in(link.secret, std::nullopt, kNow_s)) == Errc::signed_out);
    reopen();
    CHECK(store->roll()->person(member) == nullptr);
    CHECK(add("Next", Role::member) != member);
  }

  TEST_CASE_FIXTURE(Fixture, "who leaves one of two groups stays in the other, signed out") {
    const auto member = add("Member", Role::member);
    const GroupId other{"other"};
    CHECK(store->join_group(other, member, Role::observer, "").has_value());
    CHECK(code_of(store->join_group(other, member, Role::chair, "")) == Errc::conflict);
    const auto link = store->make_link(kGroup, member, kNow_s).value();
    CHECK(store->sign_in(link.secret, std::nullopt, kNow_s).has_value());
    CHECK(store->remove_person(kGroup, member).has_value());
    CHECK(store->roll()->membership(kGroup, member) == nullptr);
    CHECK(store->roll()->membership(other, member)->role == Role::observer);
    CHECK(store->roll()->sessions_of(member, kNow_s).empty());
    CHECK(store->sign_in(link.secret, std::nullopt, kNow_s).has_value());
  }

  TEST_CASE_FIXTURE(Fixture, "people of one group cannot be touched from another") {
    const auto member = add("Member", Role::member);
    const GroupId other{"other"};
    CHECK(code_of(store->remove_person(other, member)) == Errc::not_found);
    CHECK(code_of(store->change_person(other, member, {.role = Role::chair})) == Errc::not_found);
    CHECK(code_of(store->make_link(other, member, kNow_s)) == Errc::not_found);
    CHECK(code_of(store->end_sessions(other, member)) == Errc::not_found);
    CHECK(code_of(store->make_token(other, member, false, kNow_s)) == Errc::not_found);
  }

  TEST_CASE_FIXTURE(Fixture, "names that cannot be shown are refused and nothing is stored") {
    for (const std::string& name :
         {std::string(), std::string("   "), std::string("a\nb"), std::string("a\0b", 3), std::string(201, 'x')}) {
      CHECK(code_of(store->add_person(kGroup, name, Role::member, "", kNow_s)) == Errc::bad_input);
    }
    CHECK(store->roll()->members_of(kGroup).empty());
    CHECK(store->add_person(kGroup, "عضو 成员", Role::member, "", kNow_s).has_value());
  }

  TEST_CASE_FIXTURE(Fixture, "the same key of the same person adds one person, also after a restart") {
    const auto admin = add("Admin", Role::administrator);
    const auto member = add("Member", Role::member);
    const CommandKey key{admin, "0123456789"};
    const auto first = store->add_person(kGroup, "New", Role::member, "", kNow_s, key).value();
    reopen();
    CHECK(store->add_person(kGroup, "New", Role::member, "", kNow_s + 9, key) == first);
    CHECK(store->roll()->members_of(kGroup).size() == 3);
    CHECK(store->add_person(kGroup, "New", Role::member, "", kNow_s, CommandKey{member, key.key}) != first);
    CHECK(store->add_person(kGroup, "New", Role::member, "", kNow_s, CommandKey{admin, "another-key"}) != first);
  }

  TEST_CASE_FIXTURE(Fixture, "links, sessions and people have bounds") {
    store.reset();
    store = open({.people_per_group = 2, .links_per_person = 2, .sessions_per_person = 2});
    const auto member = add("Member", Role::member);
    add("Another", Role::member);
    CHECK(code_of(store->add_person(kGroup, "Third", Role::member, "", kNow_s)) == Errc::too_large);
    const auto link = store->make_link(kGroup, member, kNow_s).value();
    CHECK(store->make_link(kGroup, member, kNow_s, 10).has_value());
    CHECK(code_of(store->make_link(kGroup, member, kNow_s)) == Errc::too_large);
    CHECK(store->make_link(kGroup, member, kNow_s + 10).has_value());  // the short one has expired
    const auto oldest = store->sign_in(link.secret, std::nullopt, kNow_s).value();
    CHECK(store->sign_in(link.secret, std::nullopt, kNow_s).has_value());
    CHECK(store->sign_in(link.secret, std::nullopt, kNow_s).has_value());
    CHECK(store->roll()->sessions_of(member, kNow_s).size() == 2);
    CHECK(store->roll()->session(hash_of_secret(oldest.secret), kNow_s) == nullptr);
  }

  TEST_CASE_FIXTURE(Fixture, "a roll that was taken earlier does not change") {
    const auto before = store->roll();
    add("Member", Role::member);
    CHECK(before->members_of(kGroup).empty());
    CHECK(store->roll()->members_of(kGroup).size() == 1);
  }

  TEST_CASE("a foreign or newer file is refused and left as it was") {
    tests::ScratchFolder folder;
    const auto file = folder.path() / "accounts.sqlite";
    std::ofstream(file)
        << "these are somebody's notes, more than a hundred characters of them, and no database at all; "
           "they must stay here as they are";
    const auto before = content(file);
    CHECK(code_of(AccountsStore::open(file)) == Errc::corrupt);
    CHECK(content(file) == before);

    sqlite3* raw = nullptr;
    const auto other = folder.path() / "other.sqlite";
    REQUIRE(sqlite3_open(other.c_str(), &raw) == SQLITE_OK);
    sqlite::Database database(raw);
    CHECK(sqlite::execute(raw, "CREATE TABLE recipes (name TEXT)", "test").has_value());
    CHECK(code_of(AccountsStore::open(other)) == Errc::corrupt);
    CHECK(AccountsStore::open(folder.path() / "third.sqlite").has_value());
    const auto third = folder.path() / "third.sqlite";
    REQUIRE(sqlite3_open(third.c_str(), &raw) == SQLITE_OK);
    sqlite::Database newer(raw);
    CHECK(sqlite::execute(raw, "PRAGMA user_version=99", "test").has_value());
    CHECK(code_of(AccountsStore::open(third)) == Errc::corrupt);
  }

  TEST_CASE("a folder that is not there is an error with the file's name") {
    const auto opened = AccountsStore::open("/nonexistent/accounts.sqlite");
    CHECK(code_of(opened) == Errc::io);
    CHECK(opened.error().detail.find("/nonexistent/accounts.sqlite") != std::string::npos);
  }
}

}  // namespace bossey::accounts
