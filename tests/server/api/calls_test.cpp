// Calls for consensus over the routes: who sees what, and what is refused with which words.
#include <doctest/doctest.h>

#include "consensus/moment.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string calls = "/api/groups/wgig/calls";

  std::string as(Role role) { return session("wgig", role); }
  json shown() { return report("final")["sections"][0]; }
  std::string in(std::int64_t seconds) { return consensus::iso_utc(scheduler.unix_ms() / 1000 + seconds); }
  json question() {
    return {{"question", "Can the group live with this?"},
            {"report", "final"},
            {"sections", json::array({{{"section", section}, {"text_id", shown()["text_id"]}}})},
            {"deadline", in(24 * 3600)},
            {"zone", "Europe/Zurich"}};
  }
  json open() {
    const auto opened = send("POST", calls, as(Role::chair), question());
    REQUIRE_MESSAGE(opened.status == 201, opened.body);
    return opened.parsed();
  }
  Answer answer(Role role, json body) { return send("POST", calls + "/1/answers", as(role), std::move(body)); }
  Answer move(Role role, json body) { return send("POST", calls + "/1/moves", as(role), std::move(body)); }
  json seen(Role role) { return call("GET", calls + "/1", as(role)).parsed(); }
};

}  // namespace

TEST_SUITE("api/calls") {
  TEST_CASE_FIXTURE(Fixture, "a call shows its words, its deadline and counts; names and words only to the chair") {
    const auto opened = open();
    CHECK(opened["state"] == "open");
    CHECK(opened["roll"] == 1);
    CHECK(opened["never_reached"][0]["name"] == "wgig member");
    CHECK(events.back() == json{{"type", "call"}, {"report", "final"}, {"call", 1}, {"state", "open"}});
    const auto mine = seen(Role::member);
    CHECK(mine["mine"]["column"] == "not yet reached");
    CHECK(mine["can"] == json::array({"respond"}));
    CHECK(mine["sections"][0]["canonical"] == "# Forum function\n\nThe group should meet.\n");
    CHECK(mine["sections"][0]["html"].get<std::string>().find("The group should meet.") != std::string::npos);
    CHECK(send("POST", calls + "/1/marks", as(Role::member), {{"opened", true}}).status == 204);
    CHECK(seen(Role::member)["mine"]["column"] == "opened");
    const auto words = "It names one country.";
    REQUIRE(answer(Role::member, {{"kind", "objection"}, {"words", words}}).status == 201);
    for (const auto role : {Role::secretariat, Role::observer, Role::administrator}) {
      const auto others = seen(role);
      CHECK(others["state"] == "broken");
      CHECK(others["columns"] == json::array({{{"column", "objection"}, {"count", 1}}}));
      CHECK(others.dump().find("country") == std::string::npos);
      CHECK(others.dump().find("wgig member") == std::string::npos);
    }
    const auto chair = seen(Role::chair);
    CHECK(chair["answers"][0]["words"] == words);
    CHECK(chair["answers"][0]["name"] == "wgig member");
    for (const auto& event : events) CHECK(event.dump().find("country") == std::string::npos);
    const auto list = call("GET", calls, as(Role::observer)).parsed();
    CHECK_FALSE(list["calls"][0]["sections"][0].contains("canonical"));
    const auto position =
        call("GET", "/api/groups/wgig/reports/final/sections/" + section + "/positions", as(Role::member));
    CHECK(position.parsed()["positions"][0]["words"] == words);
  }

  TEST_CASE_FIXTURE(Fixture, "delivery is recorded by the secretariat, and by nobody for somebody else") {
    open();
    const auto whom = person("wgig", Role::member).value;
    CHECK(send("POST", calls + "/1/marks", as(Role::member), {{"person", whom}}).status == 403);
    CHECK(send("POST", calls + "/1/marks", as(Role::secretariat), {{"person", whom}}).status == 204);
    CHECK(seen(Role::chair)["never_reached"].empty());
    CHECK(seen(Role::chair)["columns"][0]["column"] == "reached");
    CHECK(send("POST", calls + "/1/marks", as(Role::chair), json::object()).status == 204);
    CHECK(seen(Role::chair)["columns"].size() == 1);
  }

  TEST_CASE_FIXTURE(Fixture, "what cannot be asked, answered or moved is refused with what to do") {
    for (const auto& [field, value, status] : std::vector<std::tuple<std::string, json, unsigned>>{
             {"question", "", 400},
             {"deadline", in(3600), 400},
             {"deadline", "tomorrow", 400},
             {"rule", "majority", 400},
             {"sections", json::array(), 400},
             {"sections", json::array({{{"section", section}}}), 400},
             {"sections", json::array({{{"section", section}, {"text_id", std::string(64, '0')}}}), 409},
             {"report", "none", 404}}) {
      auto body = question();
      body[field] = value;
      INFO(field);
      CHECK(send("POST", calls, as(Role::chair), body).status == status);
    }
    CHECK(send("POST", calls, as(Role::member), question()).status == 403);
    open();
    CHECK(answer(Role::member, {{"kind", "maybe"}}).status == 400);
    CHECK(answer(Role::member, {{"kind", "ad_ref"}}).status == 400);
    CHECK(answer(Role::member, {{"kind", "reservation"}}).status == 400);
    CHECK(answer(Role::chair, {{"kind", "no_objection"}}).status == 404);
    CHECK(answer(Role::observer, {{"kind", "no_objection"}}).status == 403);
    CHECK(move(Role::chair, {{"move", "confirm"}}).status == 409);
    CHECK(move(Role::chair, {{"move", "adopt"}}).status == 400);
    CHECK(move(Role::member, {{"move", "end"}}).status == 403);
    CHECK(move(Role::chair, {{"move", "extend"}, {"deadline", in(3600)}}).status == 400);
    CHECK(call("GET", calls + "/2", as(Role::member)).status == 404);
    CHECK(call("GET", calls + "/1x", as(Role::member)).status == 404);
    REQUIRE(move(Role::chair, {{"move", "end"}}).status == 200);
    CHECK(answer(Role::member, {{"kind", "no_objection"}}).parsed()["error"]["message"] == "This call is over.");
  }
}

}  // namespace bossey::tests
