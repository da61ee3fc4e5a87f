// What one step of the network thread costs in a report of 1,300 sections: everybody's typing waits for it.
#include <doctest/doctest.h>

#include "house.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::DecisionKind;

namespace {

constexpr std::size_t kSections = 1'300;
/// Of an optimised build; one for debugging, with checks, is some ten times slower.
#ifdef NDEBUG
constexpr double kStepMax_ms = 20;
#else
constexpr double kStepMax_ms = 400;
#endif

struct LongReport {
  House house;
  std::vector<SectionId> ids = [this] {
    std::vector<std::string> titles;
    for (std::size_t i = 0; i < kSections; ++i) titles.push_back("Section " + std::to_string(i));
    auto made = house.make_report("final", titles);
    house.commit_all();
    house.scheduler.longest_step_ms = 0;
    return made;
  }();

  void check_steps(const std::string& what) {
    house.scheduler.advance(std::chrono::seconds(4));
    house.commit_all();
    MESSAGE(what << ": longest step " << house.scheduler.longest_step_ms << " ms");
    CHECK(house.scheduler.longest_step_ms < kStepMax_ms);
    house.scheduler.longest_step_ms = 0;
  }
};

}  // namespace

TEST_SUITE("group/long report") {
  TEST_CASE_FIXTURE(LongReport,
                    "no step of a decision, a revision or a move grows into a pause of everybody's typing") {
    REQUIRE(house.decide(ids[700], DecisionKind::agree));
    check_steps("decision");
    {
      Typist typist(house, ids[3], kMember);
      typist.type(" and more");
      check_steps("revision");
    }
    REQUIRE(house.outline(group::MoveSection{ids[9], std::nullopt, ids[1'200]}));
    check_steps("move");
    REQUIRE(house.outline(group::AddSection{"New", std::nullopt, ids[5], document::SectionKind::section}));
    check_steps("add");
    REQUIRE(house.decide(ids[700], DecisionKind::reopen, "look again"));
    check_steps("reopen");
  }
}
