// Meetings over the routes: names in decisions, attendance by count, quorum, and who is let in.
#include <doctest/doctest.h>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string group = "/api/groups/wgig";
  std::string path = group + "/reports/final/sections/" + section;

  std::string as(Role role) { return session("wgig", role); }
  Answer open(const std::string& kind, json more = json::object()) {
    more["kind"] = kind;
    return send("POST", group + "/meetings", as(Role::secretariat), more);
  }
  Answer change(int number, const json& fields) {
    return send("PATCH", group + "/meetings/" + std::to_string(number), as(Role::secretariat), fields);
  }
  Answer here(const std::string& cookie, int number, bool here = true) {
    return send("POST", group + "/meetings/" + std::to_string(number) + "/here", cookie, {{"here", here}});
  }
  Answer agree(json more = json::object()) {
    const auto now = report("final")["sections"][0];
    more["kind"] = "agree";
    more["text_id"] = now["text_id"];
    more["content_hash"] = now["content_hash"];
    return send("POST", path + "/decisions", chair(), more);
  }
  /// A further member of a category, signed in.
  std::string member(const std::string& name, const std::string& category) {
    const auto now_s = scheduler.unix_ms() / 1000;
    const auto id = World::change([&](accounts::AccountsStore& store) {
                      return store.add_person(GroupId{"wgig"}, name, Role::member, category, now_s);
                    }).value();
    const auto link = new_link("wgig", id);
    return World::change([&](accounts::AccountsStore& store) { return store.sign_in(link, std::nullopt, now_s); })
        .value()
        .secret;
  }
};

}  // namespace

TEST_SUITE("api/meetings") {
  TEST_CASE_FIXTURE(Fixture, "a decision names the meeting that is open and how many said they are here") {
    const auto opened = open("plenary", {{"name", "ninth meeting"}});
    REQUIRE_MESSAGE(opened.status == 201, opened.body);
    CHECK(opened.parsed()["number"] == 1);
    CHECK(events.back() == json{{"type", "meeting"}});
    CHECK(open("closed").status == 409);
    for (int i = 0; i < 5; ++i) CHECK(here(member("G" + std::to_string(i), "government"), 1).status == 200);
    CHECK(here(member("Wangari", "civil society"), 1).status == 200);
    CHECK(here(as(Role::member), 1).status == 200);
    CHECK(here(as(Role::member), 1, false).parsed()["here"] == false);
    CHECK(here(as(Role::secretariat), 1).status == 403);
    CHECK(here(as(Role::observer), 1).status == 403);
    const auto seen = call("GET", group, as(Role::member)).parsed()["meeting"];
    CHECK(seen["present"]["count"] == 6);
    CHECK(seen["present"]["roll"] == 8);
    // One of civil society would be named by its category, and the other category by what is left.
    CHECK(seen["present"]["by_category"] == json::object());
    const auto agreed = agree({{"session", "something else"}, {"present", 1}});
    REQUIRE_MESSAGE(agreed.status == 201, agreed.body);
    const auto sentence = agreed.parsed()["sentence"].get<std::string>();
    CHECK(sentence.find("ninth meeting") != std::string::npos);
    CHECK(sentence.find("6 of 8 present") != std::string::npos);
    CHECK(call("GET", group + "/meetings", as(Role::member)).body.find("Wangari") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "the secretariat's hand count comes before the pages', and ends with the meeting") {
    REQUIRE(open("plenary").status == 201);
    REQUIRE(here(as(Role::member), 1).status == 200);
    CHECK(change(1, {{"counted", 3}}).status == 400);
    REQUIRE(change(1, {{"counted", {{"", 2}}}}).parsed()["by_hand"] == true);
    CHECK(agree().parsed()["sentence"].get<std::string>().find("2 of 2 present") != std::string::npos);
    CHECK(change(1, {{"counted", json::object()}}).parsed()["present"]["count"] == 1);
    const auto ended = change(1, {{"end", true}});
    REQUIRE(ended.status == 200);
    CHECK(ended.parsed()["ended"].is_string());
    CHECK(ended.parsed()["present"]["count"] == 1);
    CHECK(change(1, {{"end", true}}).status == 409);
    CHECK(here(as(Role::member), 1).status == 409);
    CHECK(call("GET", group, as(Role::member)).parsed()["meeting"].is_null());
    CHECK(open("group").parsed()["number"] == 2);
  }

  TEST_CASE_FIXTURE(Fixture, "below the quorum nothing is agreed, and the chair reads what to do") {
    REQUIRE(send("PATCH", group + "/rules", chair(), {{"quorum", 2}}).status == 200);
    const auto uncounted = agree();
    CHECK(uncounted.status == 409);
    CHECK(uncounted.body.find("Count who is present") != std::string::npos);
    REQUIRE(open("plenary").status == 201);
    REQUIRE(here(as(Role::member), 1).status == 200);
    CHECK(agree().status == 409);
    REQUIRE(here(chair(), 1).status == 200);
    REQUIRE(send("PATCH", group + "/rules", chair(), {{"quorum_by_category", {{"government", 1}}}}).status == 200);
    const auto missing = agree();
    CHECK(missing.status == 409);
    CHECK(missing.body.find("government") != std::string::npos);
    REQUIRE(here(member("G", "government"), 1).status == 200);
    CHECK(agree().status == 201);
  }

  TEST_CASE_FIXTURE(Fixture,
                    "during a closed meeting the group shows nothing to plain observers, and again afterwards") {
    REQUIRE(open("closed").status == 201);
    const auto observer = as(Role::observer);
    const auto outside = call("GET", group, observer);
    REQUIRE(outside.status == 200);
    CHECK(outside.parsed()["closed_meeting"] == true);
    CHECK(outside.parsed()["reports"].empty());
    CHECK(outside.parsed()["meeting"].is_null());
    for (const auto* read : {"/reports/final", "/decisions", "/meetings", "/teams", "/reviews"})
      CHECK(call("GET", group + read, observer).status == 404);
    CHECK(call("GET", path, observer).status == 404);
    CHECK(call("GET", "/g/wgig/r/final/print", observer).status == 404);
    CHECK(call("GET", "/g/wgig/decisions.md", observer).status == 404);
    for (const auto role : {Role::member, Role::speaking_observer, Role::secretariat})
      CHECK(call("GET", path, as(role)).status == 200);
    REQUIRE(change(1, {{"end", true}}).status == 200);
    CHECK(call("GET", path, observer).status == 200);
  }

  TEST_CASE_FIXTURE(Fixture, "the same key opens one meeting") {
    const json body = {{"kind", "plenary"}, {"key", "12345678"}};
    CHECK(send("POST", group + "/meetings", as(Role::secretariat), body).status == 201);
    CHECK(send("POST", group + "/meetings", as(Role::secretariat), body).parsed()["number"] == 1);
    CHECK(open("plenum").status == 400);
    CHECK(change(9, {{"end", true}}).status == 404);
  }
}

}  // namespace bossey::tests
