#include "auth/who.hpp"

#include <doctest/doctest.h>

#include "accounts/accounts_store.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::auth {

namespace {

using consensus::Role;

constexpr std::int64_t kNow_s = 1'119'055'260;
const GroupId kGroup{"wgig"};
const GroupId kOther{"other"};

struct Fixture {
  tests::ScratchFolder folder;
  std::unique_ptr<accounts::AccountsStore> store =
      accounts::AccountsStore::open(folder.path() / "accounts.sqlite").value();

  PersonId add(Role role) { return store->add_person(kGroup, "Somebody", role, "", kNow_s).value(); }
  std::string session(PersonId person) {
    const auto link = store->make_link(kGroup, person, kNow_s).value();
    return store->sign_in(link.secret, std::nullopt, kNow_s).value().secret;
  }
};

}  // namespace

TEST_SUITE("auth/who") {
  TEST_CASE_FIXTURE(Fixture, "a session says who asks, until it ends") {
    const auto chair = add(Role::chair);
    const auto secret = session(chair);
    const auto who = who_by_session(*store->roll(), secret, kNow_s);
    REQUIRE(who.has_value());
    CHECK(who->person == chair);
    CHECK(who->name == "Somebody");
    CHECK_FALSE(who->token.has_value());
    CHECK(who_by_grant(*store->roll(), who->grant, kNow_s) == who);
    CHECK(store->end_session(who->grant).has_value());
    CHECK_FALSE(who_by_session(*store->roll(), secret, kNow_s).has_value());
    CHECK_FALSE(who_by_grant(*store->roll(), who->grant, kNow_s).has_value());
  }

  TEST_CASE_FIXTURE(Fixture, "a session is no token, a token no session, a link neither") {
    const auto member = add(Role::member);
    const auto link = store->make_link(kGroup, member, kNow_s).value().secret;
    const auto token = store->make_token(kGroup, member, true, kNow_s).value().secret;
    const auto cookie = session(member);
    const auto roll = store->roll();
    CHECK(who_by_session(*roll, cookie, kNow_s).has_value());
    CHECK(who_by_token(*roll, token, kNow_s).has_value());
    for (const auto& secret : {link, token, std::string()}) {
      CHECK_FALSE(who_by_session(*roll, secret, kNow_s).has_value());
    }
    for (const auto& secret : {link, cookie, std::string()}) {
      CHECK_FALSE(who_by_token(*roll, secret, kNow_s).has_value());
    }
  }

  TEST_CASE_FIXTURE(Fixture, "roles end at the border of the group") {
    const auto secret = session(add(Role::chair));
    const auto seen = who_by_session(*store->roll(), secret, kNow_s).value();
    CHECK(roles_in(*store->roll(), seen, kGroup) == consensus::RoleSet(Role::chair));
    CHECK(roles_in(*store->roll(), seen, kOther).empty());
  }

  TEST_CASE_FIXTURE(Fixture, "a token never gives more than a member's hand, and only in its own group") {
    struct Row {
      Role role;
      bool write;
      Role acts_as;
    };
    for (const auto& row : {Row{Role::chair, true, Role::member}, Row{Role::chair, false, Role::observer},
                            Row{Role::secretariat, true, Role::member}, Row{Role::member, true, Role::member},
                            Row{Role::member, false, Role::observer}, Row{Role::observer, true, Role::observer},
                            Row{Role::administrator, true, Role::observer}}) {
      const auto person = add(row.role);
      CHECK(store->join_group(kOther, person, row.role, "").has_value());
      const auto secret = store->make_token(kGroup, person, row.write, kNow_s).value().secret;
      const auto who = who_by_token(*store->roll(), secret, kNow_s).value();
      CAPTURE(consensus::name_of(row.role));
      CHECK(roles_in(*store->roll(), who, kGroup) == consensus::RoleSet(row.acts_as));
      CHECK(roles_in(*store->roll(), who, kOther).empty());
    }
  }
}

}  // namespace bossey::auth
