#include "auth/gate.hpp"

#include <doctest/doctest.h>

#include <future>
#include <map>

#include "auth/who.hpp"
#include "consensus/role.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::auth {

namespace {

using consensus::Role;
using room::Access;

constexpr std::int64_t kNow_s = 1'119'055'260;
const GroupId kGroup{"wgig"};
const DocumentId kSection{"section/abcdefghijkl"};
const DocumentId kEvents{"group/wgig"};

/// Accounts whose answers run on the store's thread: the test waits for each, so nothing runs at the same time.
struct Fixture {
  tests::ScratchFolder folder;
  accounts::Accounts accounts{accounts::AccountsStore::open(folder.path() / "accounts.sqlite").value(),
                              worker::run_in_place()};
  std::int64_t now_s = kNow_s;
  Gate gate{
      accounts,
      Documents{[](const DocumentId& document) { return document == kSection ? std::optional(kGroup) : std::nullopt; },
                [](const DocumentId& document) -> Result<room::DocumentFacts> {
                  if (document != kSection) return fail(Errc::not_found, "no such section");
                  return room::DocumentFacts{};
                }},
      [this] { return now_s; }};

  template <class Change>
  auto change(Change change) {
    std::promise<decltype(change(std::declval<accounts::AccountsStore&>()))> promise;
    accounts.submit(std::move(change), [&promise](auto result) { promise.set_value(std::move(result)); });
    return promise.get_future().get().value();
  }
  PersonId add(Role role, const GroupId& group = kGroup) {
    return change([&](auto& store) { return store.add_person(group, "Somebody", role, "", kNow_s); });
  }
  std::string session(PersonId person, const GroupId& group = kGroup) {
    const auto link = change([&](auto& store) { return store.make_link(group, person, kNow_s); });
    return change([&](auto& store) { return store.sign_in(link.secret, std::nullopt, kNow_s); }).secret;
  }
  std::string token(PersonId person, bool write) {
    return change([&](auto& store) { return store.make_token(kGroup, person, write, kNow_s); }).secret;
  }
  Result<room::Identity> authenticate(const std::string& token, const std::string& cookie) {
    Result<room::Identity> identity = fail(Errc::io, "no answer");
    gate.authenticate({token, cookie, "127.0.0.1"},
                      [&](Result<room::Identity> result) { identity = std::move(result); });
    return identity;
  }
};

}  // namespace

TEST_SUITE("auth/gate") {
  TEST_CASE_FIXTURE(Fixture, "each role has exactly its access to a text and to the events of its group") {
    const std::map<Role, Access> expected = {
        {Role::chair, Access::write},   {Role::secretariat, Access::write},  {Role::member, Access::write},
        {Role::observer, Access::read}, {Role::administrator, Access::read}, {Role::speaking_observer, Access::read}};
    for (const auto role : consensus::kRoles) {
      CAPTURE(consensus::name_of(role));
      const auto identity = authenticate("session", session(add(role))).value();
      CHECK(gate.access(identity, kSection) == expected.at(role));
      CHECK(gate.access(identity, kEvents) == Access::read);
      CHECK(gate.access(identity, DocumentId{"group/other"}) == Access::none);
      CHECK(gate.access(identity, DocumentId{"section/unknownunkno"}) == Access::none);
      CHECK(gate.access(identity, DocumentId{"proposal/1"}) == Access::none);
      CHECK(gate.access(identity, DocumentId{""}) == Access::none);
    }
  }

  TEST_CASE_FIXTURE(Fixture, "somebody of another group sees nothing of this one") {
    const GroupId other{"other"};
    const auto identity = authenticate("", session(add(Role::chair, other), other)).value();
    CHECK(gate.access(identity, kSection) == Access::none);
    CHECK(gate.access(identity, kEvents) == Access::none);
    CHECK(gate.access(identity, DocumentId{"group/other"}) == Access::read);
  }

  TEST_CASE_FIXTURE(Fixture, "a token writes only when it was made for writing") {
    const auto chair = add(Role::chair);
    CHECK(gate.access(authenticate(token(chair, true), "").value(), kSection) == Access::write);
    CHECK(gate.access(authenticate(token(chair, false), "").value(), kSection) == Access::read);
  }

  TEST_CASE_FIXTURE(Fixture, "unknown secrets are refused with advice") {
    add(Role::chair);
    for (const auto& [token, cookie] : std::map<std::string, std::string>{
             {"session", ""}, {"", "wrong"}, {"wrong", ""}, {std::string(100'000, 'x'), ""}}) {
      const auto identity = authenticate(token, cookie);
      REQUIRE_FALSE(identity.has_value());
      CHECK(identity.error().code == Errc::signed_out);
      CHECK_FALSE(identity.error().detail.empty());
    }
  }

  TEST_CASE_FIXTURE(Fixture, "a connection loses its access with its session, its role or its time") {
    const auto member = add(Role::member);
    const auto first = authenticate("session", session(member)).value();
    const auto second = authenticate("session", session(member)).value();
    const auto by_token = authenticate(token(member, true), "").value();
    change([&](auto& store) -> Result<int> {
      BOSSEY_TRY_VOID(store.end_session(*first.grant));
      return 0;
    });
    CHECK(gate.access(first, kSection) == Access::none);
    CHECK(gate.access(second, kSection) == Access::write);
    change([&](auto& store) -> Result<int> {
      BOSSEY_TRY_VOID(store.change_person(kGroup, member, {.role = Role::observer}));
      return 0;
    });
    CHECK(gate.access(second, kSection) == Access::read);
    CHECK(gate.access(by_token, kSection) == Access::read);
    now_s += 400LL * 24 * 3600;
    CHECK(gate.access(second, kSection) == Access::none);
    CHECK(gate.access(by_token, kSection) == Access::none);
  }

  TEST_CASE_FIXTURE(Fixture, "an identity that the gate did not make opens nothing") {
    const auto chair = add(Role::chair);
    CHECK(gate.access(room::Identity{chair, "Somebody", "", std::nullopt}, kSection) == Access::none);
    CHECK(gate.access(room::Identity{}, kSection) == Access::none);
    auto stolen = authenticate("session", session(add(Role::observer))).value();
    stolen.person = chair;
    CHECK(gate.access(stolen, kSection) == Access::none);
  }
}

}  // namespace bossey::auth
