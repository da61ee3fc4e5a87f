// Who was at which meeting: kept over a restart, until it is forgotten, and in files of before.
#include <doctest/doctest.h>

#include "accounts/accounts_store.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::accounts {

namespace {

constexpr std::int64_t kNow_s = 1'119'055'260;  // 18 June 2005 00:41
const GroupId kGroup{"wgig"};

struct Fixture {
  tests::ScratchFolder folder;
  std::filesystem::path file = folder.path() / "accounts.sqlite";
  std::unique_ptr<AccountsStore> store = AccountsStore::open(file).value();
  PersonId one = store->add_person(kGroup, "One", Role::member, "", kNow_s).value();
  PersonId two = store->add_person(kGroup, "Two", Role::member, "", kNow_s).value();

  void reopen() {
    store.reset();
    store = AccountsStore::open(file).value();
  }
  std::size_t present(std::uint64_t meeting) { return store->roll()->present_at(kGroup, meeting).size(); }
};

}  // namespace

TEST_SUITE("accounts/attendance") {
  TEST_CASE_FIXTURE(Fixture, "people come, come again, go, and are there after a restart") {
    CHECK(store->set_present(kGroup, 1, one, true, kNow_s).has_value());
    CHECK(store->set_present(kGroup, 1, one, true, kNow_s).has_value());
    CHECK(store->set_present(kGroup, 1, two, true, kNow_s).has_value());
    CHECK(store->set_present(kGroup, 2, two, true, kNow_s).has_value());
    CHECK(store->set_present(kGroup, 2, two, false, kNow_s).has_value());
    CHECK(store->set_present(kGroup, 1, PersonId{99}, true, kNow_s).error().code == Errc::not_found);
    reopen();
    CHECK(present(1) == 2);
    CHECK(present(2) == 0);
    CHECK(store->remove_person(kGroup, one).has_value());
    CHECK(present(1) == 1);
    reopen();
    CHECK(present(1) == 1);
  }

  TEST_CASE_FIXTURE(Fixture, "what was recorded until a time is forgotten, of this group alone") {
    const GroupId other{"other"};
    CHECK(store->join_group(other, one, Role::member, "").has_value());
    CHECK(store->set_present(kGroup, 1, one, true, kNow_s).has_value());
    CHECK(store->set_present(other, 1, one, true, kNow_s).has_value());
    CHECK(store->set_present(kGroup, 2, two, true, kNow_s + 100).has_value());
    CHECK(store->forget_attendance(kGroup, kNow_s).value() == 1);
    CHECK(present(1) == 0);
    CHECK(present(2) == 1);
    CHECK(store->roll()->present_at(other, 1).size() == 1);
    reopen();
    CHECK(present(1) == 0);
    CHECK(present(2) == 1);
  }

  TEST_CASE_FIXTURE(Fixture, "a file of the version before is taken up") {
    store.reset();
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &raw) == SQLITE_OK);
    {
      const sqlite::Database database(raw);
      REQUIRE(sqlite::execute(raw, "DROP TABLE attendance; PRAGMA user_version=1", "test").has_value());
    }
    store = AccountsStore::open(file).value();
    CHECK(store->roll()->members_of(kGroup).size() == 2);
    CHECK(store->set_present(kGroup, 1, one, true, kNow_s).has_value());
  }
}

}  // namespace bossey::accounts
