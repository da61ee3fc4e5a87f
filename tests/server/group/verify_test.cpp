#include <doctest/doctest.h>

#include "house.hpp"
#include "revisions/verification.hpp"
#include "storage/revisions/verify_script.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::DecisionKind;

TEST_SUITE("group/verify") {
  TEST_CASE("the record of a group that agreed, reopened, undid, merged and withdrew holds, both ways of looking") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two", "Three", "Four"});
    Typist typist(house, ids[0], kMember);
    typist.type(" and a half");
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    REQUIRE(house.decide(ids[0], DecisionKind::reopen, "a wrong number"));
    typist.type(" more");
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    REQUIRE(house.decide(ids[1], DecisionKind::agree));
    REQUIRE(house.decide(ids[1], DecisionKind::undo));
    REQUIRE(house.decide(ids[1], DecisionKind::bracket));
    REQUIRE(house.outline(group::MergeSection{ids[2], ids[1]}));
    REQUIRE(house.decide(ids[3], DecisionKind::withdraw, "no drafter"));
    house.commit_all();
    const auto verified = revisions::verify_repository(house.repository());
    REQUIRE(verified);
    for (const std::string& finding : verified->findings) MESSAGE(finding);
    CHECK(verified->findings.empty());
    CHECK(verified->decisions == 8);
    const auto script = tests::run_verify_script(house.repository());
    INFO(script.output);
    CHECK(script.code == 0);
  }
}
