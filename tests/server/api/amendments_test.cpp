// Proposals over the routes: what each role is answered, the shape of the answers, and that nobody is named.
#include <doctest/doctest.h>

#include "document/body.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string path = "/api/groups/wgig/reports/final/sections/" + section;

  std::string as(Role role) { return session("wgig", role); }
  Answer propose(Role role, const std::string& words, json more = json::object()) {
    if (!words.empty()) more["words"] = words;
    return send("POST", path + "/proposals", as(role), more);
  }
  Answer move(Role role, int number, const std::string& what, json more = json::object()) {
    more["move"] = what;
    return send("POST", "/api/groups/wgig/proposals/" + std::to_string(number), as(role), more);
  }
  Answer preview(Role role, const std::string& numbers) {
    return call("GET", path + "/adoptions?numbers=" + numbers, as(role));
  }
  Answer adopt(Role role, const json& numbers, const json& text_id) {
    return send("POST", path + "/adoptions", as(role), {{"numbers", numbers}, {"text_id", text_id}});
  }
  json seen(Role role) { return call("GET", path + "/proposals", as(role)).parsed()["proposals"]; }
};

}  // namespace

TEST_SUITE("api/amendments") {
  TEST_CASE_FIXTURE(Fixture, "a proposal is read by all with its redline, and nobody's name") {
    const auto made =
        propose(Role::member, "It reports to all.", {{"strength", "must"}, {"signed_by", "Delegation A"}});
    REQUIRE_MESSAGE(made.status == 201, made.body);
    CHECK(made.parsed()["mine"] == true);
    CHECK(made.parsed()["document"] == "proposal/wgig/1");
    for (const auto role : consensus::kRoles) {
      const auto one = seen(role)[0];
      CHECK(one["mine"] == (role == Role::member));
      CHECK(one["kind"] == "amendment");
      CHECK(one["state"] == "open");
      CHECK(one["strength"] == "must");
      CHECK(one["signed_by"] == "Delegation A");
      CHECK(one["uncontested"] == true);
      CHECK(one["redline"]["words_inserted"] == 4);
      CHECK(one.dump().find("wgig member") == std::string::npos);
      CHECK_FALSE(one.contains("author"));
    }
    const auto marks = report("final")["sections"][0]["proposals"];
    CHECK(marks[0]["kind"] == "amendment");
    CHECK(marks[0]["state"] == "open");
    for (const auto& event : events) CHECK(event.dump().find("reports to all") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "adopting takes the preview's text_id, and only the chair's") {
    REQUIRE(propose(Role::member, "It reports to all.").status == 201);
    CHECK(preview(Role::member, "1").status == 403);
    CHECK(preview(Role::chair, "2").status == 404);
    CHECK(preview(Role::chair, "").status == 400);
    CHECK(preview(Role::chair, "x").status == 404);
    const auto shown = preview(Role::chair, "uncontested").parsed();
    CHECK(shown["numbers"] == json::array({1}));
    CHECK(shown["redline"]["words_inserted"] == 4);
    CHECK(adopt(Role::member, {1}, shown["text_id"]).status == 403);
    CHECK(adopt(Role::chair, {1}, std::string(64, '0')).status == 409);
    CHECK(adopt(Role::chair, "1", shown["text_id"]).status == 400);
    const auto adopted = adopt(Role::chair, {1}, shown["text_id"]);
    REQUIRE_MESSAGE(adopted.status == 201, adopted.body);
    CHECK(adopted.parsed()["section"]["text_id"] == shown["text_id"]);
    CHECK(call("GET", path, as(Role::member)).parsed()["canonical"] == shown["canonical"]);
    CHECK(adopt(Role::chair, {1}, shown["text_id"]).status == 409);
    CHECK(seen(Role::member)[0]["state"] == "adopted");
  }

  TEST_CASE_FIXTURE(Fixture, "refusals say what to do in twelve words or fewer, and moves belong to roles") {
    REQUIRE(propose(Role::member, "It reports to all.").status == 201);
    CHECK(move(Role::secretariat, 1, "refuse").status == 403);
    CHECK(move(Role::secretariat, 1, "withdraw").status == 403);
    CHECK(move(Role::chair, 1, "hand_in").status == 404);
    CHECK(move(Role::chair, 9, "refuse").status == 404);
    CHECK(move(Role::chair, 1, "vanish").status == 400);
    CHECK(move(Role::chair, 1, "describe", {{"strength", "must"}}).status == 403);
    CHECK(move(Role::member, 1, "describe", {{"strength", "loud"}}).status == 400);
    CHECK(move(Role::member, 1, "describe", {{"strength", "could"}}).parsed()["strength"] == "could");
    CHECK(move(Role::chair, 1, "set_aside").parsed()["state"] == "set_aside");
    CHECK(move(Role::chair, 1, "take_up").parsed()["state"] == "open");
    CHECK(move(Role::chair, 1, "refuse").parsed()["state"] == "refused");
    CHECK(move(Role::chair, 1, "take_up").status == 409);
    CHECK(propose(Role::observer, "x").status == 403);
    CHECK(propose(Role::administrator, "x").status == 403);
    CHECK(propose(Role::member, "x", {{"on", 1}}).status == 409);
    CHECK(propose(Role::member, "x", {{"on", 8}}).status == 404);
  }

  TEST_CASE_FIXTURE(Fixture, "the same key proposes and adopts once") {
    const json body = {{"key", "12345678"}};
    const auto first = propose(Role::member, "It reports to all.", body);
    CHECK(propose(Role::member, "It reports to all.", body).parsed()["number"] == first.parsed()["number"]);
    CHECK(seen(Role::chair).size() == 1);
    const auto shown = preview(Role::chair, "1").parsed();
    json adoption = {{"key", "87654321"}, {"numbers", {1}}, {"text_id", shown["text_id"]}};
    CHECK(send("POST", path + "/adoptions", as(Role::chair), adoption).status == 201);
    const auto again = send("POST", path + "/adoptions", as(Role::chair), adoption);
    CHECK(again.status == 201);
    CHECK(again.parsed()["numbers"] == json::array({1}));
  }

  TEST_CASE_FIXTURE(Fixture, "what a member could live with becomes a proposal in one step") {
    const auto text_id = report("final")["sections"][0]["text_id"];
    REQUIRE(send("POST", path + "/positions", as(Role::member),
                 {{"kind", "objection"}, {"words", "No."}, {"text_id", text_id}, {"could_live_with", "It may meet."}})
                .status == 201);
    CHECK(send("POST", path + "/positions/1/propose", as(Role::chair), json::object()).status == 404);
    const auto made = send("POST", path + "/positions/1/propose", as(Role::member), json::object());
    REQUIRE_MESSAGE(made.status == 201, made.body);
    CHECK(made.parsed()["canonical"].get<std::string>().find("\n\nIt may meet.\n") != std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "agree names the open proposals, and sets them aside when the chair says so") {
    REQUIRE(propose(Role::member, "It reports to all.").status == 201);
    const auto now = report("final")["sections"][0];
    json decision = {{"kind", "agree"}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}};
    const auto refused = send("POST", path + "/decisions", as(Role::chair), decision);
    CHECK(refused.status == 409);
    CHECK(refused.body.find("set aside the open proposals first: 1") != std::string::npos);
    decision["sets_aside"] = true;
    CHECK(send("POST", path + "/decisions", as(Role::chair), decision).status == 201);
    CHECK(seen(Role::member)[0]["state"] == "set_aside");
  }
}

}  // namespace bossey::tests
