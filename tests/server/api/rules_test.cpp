// The group's rules over the routes: who changes them, what they change, and what they never open.
#include <doctest/doctest.h>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  json rules(Role role = Role::member) { return call("GET", "/api/groups/wgig/rules", session("wgig", role)).parsed(); }
  Answer set(const json& fields, Role role = Role::chair) {
    return send("PATCH", "/api/groups/wgig/rules", session("wgig", role), fields);
  }
};

}  // namespace

TEST_SUITE("api/rules") {
  TEST_CASE_FIXTURE(Fixture, "a new group has the usual rules") {
    const auto usual = rules();
    CHECK(usual["unanimous"] == "none_objects");
    CHECK(usual["silence_by_itself"] == false);
    CHECK(usual["co_leads_agree_ad_ref"] == true);
    CHECK(usual["proposals_signed"] == false);
    CHECK(usual["typist_alone_in_plenary"] == false);
    CHECK(usual["quorum"] == 0);
    CHECK(usual["secretariat_sees_positions"] == false);
    CHECK(usual["attributed"] == false);
    CHECK(usual["kept_days"] == 30);
  }

  TEST_CASE_FIXTURE(Fixture, "the chair changes one rule, the others stay, everybody hears of it") {
    const json body = {{"quorum", 12}, {"key", "12345678"}};
    const auto changed = set(body);
    REQUIRE_MESSAGE(changed.status == 200, changed.body);
    CHECK(changed.parsed()["quorum"] == 12);
    CHECK(events.back() == json{{"type", "rules"}});
    CHECK(set({{"kept_days", 7}}).parsed()["quorum"] == 12);
    CHECK(set(body).parsed()["kept_days"] == 7);
    CHECK(rules() == rules(Role::administrator));
    CHECK(call("GET", "/api/groups/wgig", session("wgig", Role::member)).parsed()["privacy"] ==
          "Who can see this: members. Kept until: transmittal + 7 days. Attributed: no.");
  }

  TEST_CASE_FIXTURE(Fixture, "what is no rule is refused in words") {
    CHECK(set({{"unanimous", "most"}}).status == 400);
    CHECK(set({{"quorum", -1}}).status == 400);
    CHECK(set({{"quorum", "ten"}}).status == 400);
    CHECK(set({{"kept_days", 100'000}}).status == 400);
    CHECK(set({{"silence_by_itself", 1}}).status == 400);
    CHECK(set({{"quorum_by_category", {{"", 3}}}}).status == 400);
    CHECK(set({{"quorum_by_category", {{"government", 1.5}}}}).status == 400);
    CHECK(set({{"quorum", 3}, {"key", ""}}).status == 400);
    CHECK(set({{"quorum", 3}}, Role::secretariat).status == 403);
    CHECK(rules()["quorum"] == 0);
  }

  TEST_CASE_FIXTURE(Fixture, "attributed mode is chosen before the first report or never") {
    SUBCASE("before") {
      CHECK(set({{"attributed", true}}).status == 200);
    }
    SUBCASE("after") {
      import("final", "# Final Report\n\n## Opening\n\nWords.\n");
      const auto refused = set({{"attributed", true}});
      CHECK(refused.status == 409);
      CHECK(rules()["attributed"] == false);
    }
  }

  TEST_CASE_FIXTURE(Fixture, "a position taken before the secretariat could see it stays closed to it") {
    const auto section = import("final", "# Final Report\n\n## Opening\n\nWords.\n").front();
    const auto path = "/api/groups/wgig/reports/final/sections/" + section + "/positions";
    const auto take = [&](const std::string& words) {
      const auto text_id = report("final")["sections"][0]["text_id"];
      return send("POST", path, session("wgig", Role::member),
                  {{"kind", "reservation"}, {"words", words}, {"text_id", text_id}})
          .status;
    };
    REQUIRE(take("earlier") == 201);
    REQUIRE(set({{"secretariat_sees_positions", true}}).status == 200);
    scheduler.advance(std::chrono::seconds(2));
    REQUIRE(take("later") == 201);
    const auto seen = call("GET", path, session("wgig", Role::secretariat)).parsed()["positions"];
    REQUIRE(seen.size() == 1);
    CHECK(seen[0]["words"] == "later");
  }
}

}  // namespace bossey::tests
