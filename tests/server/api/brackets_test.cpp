// Brackets over the routes, on real stores: reasons, owners, asking, setting, lifting, and what each may see.
#include <doctest/doctest.h>

#include "document/canonical.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string path = "/api/groups/wgig/reports/final/sections/" + section;

  Fixture() { say(section, "# Forum function\n\nThe group [should] meet [soon].\n"); }
  void say(const std::string& id, const std::string& canonical) {
    write(id, document::read_canonical(canonical).value());
  }

  json shown() { return report("final")["sections"][0]; }
  std::string as(Role role) { return session("wgig", role); }
  json seen(Role role) { return call("GET", path + "/brackets", as(role)).parsed()["brackets"]; }
  Answer post(Role role, const std::string& rest, json body) {
    return send("POST", path + "/brackets" + rest, as(role), std::move(body));
  }
  std::string mark(const std::string& words) {
    for (const auto& one : seen(Role::chair))
      if (one["words"] == words && one["mark"].is_string()) return one["mark"];
    return "";
  }
  Answer reason(Role role, const std::string& words, const std::string& why) {
    return post(role, "", {{"mark", mark(words)}, {"reason", why}});
  }
  Answer lift(Role role, json marks = json::array()) {
    return post(role, "/lift", {{"text_id", shown()["text_id"]}, {"marks", std::move(marks)}});
  }
  json named(const std::string& words) { return json::array({{{"mark", mark(words)}}}); }
  std::string canonical() { return call("GET", path, chair()).parsed()["canonical"]; }
};

}  // namespace

TEST_SUITE("api/brackets") {
  TEST_CASE_FIXTURE(Fixture, "a mark without a reason is counted, and a reason of a member makes them its owner") {
    CHECK(shown()["brackets"] == 2);
    CHECK(shown()["reasons_missing"] == 2);
    CHECK(report("final")["brackets"] == 2);
    CHECK(reason(Role::member, "should", " ").status == 400);
    const auto given = reason(Role::member, "should", "It binds us.");
    REQUIRE_MESSAGE(given.status == 201, given.body);
    CHECK(shown()["reasons_missing"] == 1);
    CHECK(given.parsed()["brackets"][0]["mine"] == true);
    CHECK(given.parsed()["brackets"][1]["reason"].is_null());
    CHECK(seen(Role::chair)[0]["owner"] == "wgig member");
    for (const auto role : {Role::secretariat, Role::observer, Role::administrator}) {
      const auto others = seen(role);
      CHECK(others[0]["reason"] == "It binds us.");
      CHECK(others[0]["mine"] == false);
      CHECK(others.dump().find("wgig member") == std::string::npos);
    }
    for (const auto& event : events) CHECK(event.dump().find("wgig member") == std::string::npos);
    CHECK(reason(Role::observer, "should", "Me, too.").status == 403);
  }

  TEST_CASE_FIXTURE(Fixture, "the typist lifts with the consent of the owner or of the chair, the chair alone") {
    REQUIRE(reason(Role::member, "should", "It binds us.").status == 201);
    const auto refused = lift(Role::secretariat, named("should"));
    CHECK(refused.status == 403);
    CHECK(refused.body.find("Ask who wanted the brackets") != std::string::npos);
    CHECK(post(Role::secretariat, "/1", {{"move", "consent"}}).status == 403);
    REQUIRE(post(Role::member, "/1", {{"move", "consent"}}).status == 200);
    const auto lifted = lift(Role::secretariat, named("should"));
    REQUIRE_MESSAGE(lifted.status == 200, lifted.body);
    CHECK(canonical() == "# Forum function\n\nThe group should meet [soon].\n");
    CHECK(lift(Role::secretariat).status == 403);  // nobody consented to the other
    CHECK(lift(Role::chair).status == 200);
    CHECK(shown()["brackets"] == 0);
  }

  TEST_CASE_FIXTURE(Fixture, "all are lifted or none, and what is in the way is named") {
    REQUIRE(reason(Role::member, "should", "It binds us.").status == 201);
    REQUIRE(post(Role::member, "/1", {{"move", "consent"}}).status == 200);
    const auto refused = lift(Role::secretariat);
    CHECK(refused.status == 403);
    CHECK(refused.body.find("[soon]") != std::string::npos);
    CHECK(refused.body.find("[should]") == std::string::npos);
    CHECK(shown()["brackets"] == 2);
  }

  TEST_CASE_FIXTURE(Fixture, "lifting is held against the text as shown, and refused on closed text") {
    CHECK(post(Role::chair, "/lift", {{"text_id", std::string(64, '0')}}).status == 409);
    CHECK(post(Role::chair, "/lift", json::object()).status == 400);
    CHECK(lift(Role::chair, json::array({{{"mark", "none"}}})).status == 409);
    CHECK(shown()["brackets"] == 2);
    REQUIRE(send("POST", path + "/decisions", chair(), {{"kind", "withdraw"}, {"reason", "no drafter"}}).status == 201);
    CHECK(lift(Role::chair).status == 409);
  }

  TEST_CASE_FIXTURE(Fixture, "a member asks for brackets and the typist sets them around these words") {
    CHECK(post(Role::member, "", {{"words", "group"}, {"reason", ""}}).status == 400);
    CHECK(post(Role::member, "", {{"words", "forum"}, {"reason", "Which?"}}).status == 409);
    CHECK(post(Role::observer, "", {{"words", "group"}, {"reason", "Which?"}}).status == 403);
    const auto asked = post(Role::member, "", {{"words", "group"}, {"reason", "Which?"}});
    REQUIRE_MESSAGE(asked.status == 201, asked.body);
    CHECK(shown()["brackets"] == 2);
    CHECK(asked.parsed()["brackets"][2]["state"] == "asked");
    CHECK(post(Role::member, "/1", {{"move", "set"}}).status == 403);
    const auto set = post(Role::secretariat, "/1", {{"move", "set"}});
    REQUIRE_MESSAGE(set.status == 200, set.body);
    CHECK(canonical() == "# Forum function\n\nThe [group] [should] meet [soon].\n");
    CHECK(seen(Role::member)[0]["mine"] == true);
    CHECK(seen(Role::member)[0]["reason"] == "Which?");
    CHECK(post(Role::secretariat, "/1", {{"move", "set"}}).status == 409);
    CHECK(post(Role::member, "/1", {{"move", "withdraw"}}).status == 409);
  }

  TEST_CASE_FIXTURE(Fixture, "the typist sets at once for a member, and who is typist is the chair's to say") {
    const auto member = person("wgig", Role::member).value;
    CHECK(post(Role::secretariat, "", {{"words", "meet"}, {"reason", "Where?"}}).status == 403);
    CHECK(post(Role::secretariat, "", {{"words", "meet"}, {"reason", "Where?"}, {"for", 99999}}).status == 400);
    const auto set = post(Role::secretariat, "", {{"words", "meet"}, {"reason", "Where?"}, {"for", member}});
    REQUIRE_MESSAGE(set.status == 201, set.body);
    CHECK(canonical() == "# Forum function\n\nThe group [should] [meet] [soon].\n");
    CHECK(seen(Role::member)[1]["mine"] == true);
    CHECK(send("POST", "/api/groups/wgig/typist", as(Role::member), {{"person", member}}).status == 403);
    REQUIRE(send("POST", "/api/groups/wgig/typist", chair(), {{"person", member}}).status == 204);
    CHECK(post(Role::secretariat, "", {{"words", "group"}, {"reason", "Which?"}, {"for", member}}).status == 403);
    CHECK(post(Role::member, "", {{"words", "group"}, {"reason", "Which?"}}).status == 201);
    CHECK(shown()["brackets"] == 4);
    REQUIRE(send("POST", "/api/groups/wgig/typist", chair(), {{"person", nullptr}}).status == 204);
    CHECK(post(Role::member, "", {{"words", "The"}, {"reason", "Which?"}}).status == 201);
    CHECK(shown()["brackets"] == 4);  // asked for again, not set
  }

  TEST_CASE_FIXTURE(Fixture, "an owner who may write lifts their own, and is told of brackets that went by typing") {
    REQUIRE(reason(Role::member, "soon", "Too early.").status == 201);
    REQUIRE(reason(Role::member, "should", "It binds us.").status == 201);
    CHECK(lift(Role::member, named("should")).status == 200);
    say(section, "# Forum function\n\nThe group should meet soon.\n");
    const auto gone = seen(Role::member);
    REQUIRE(gone.size() == 1);
    CHECK(gone[0]["there"] == false);
    CHECK(gone[0]["words"] == "soon");
    CHECK(seen(Role::observer).empty());
    CHECK(post(Role::member, "/1", {{"move", "withdraw"}}).status == 200);
    CHECK(seen(Role::member).empty());
  }

  TEST_CASE_FIXTURE(Fixture, "Agree names the brackets, and the same key lifts once") {
    const auto now = shown();
    const auto refused = send("POST", path + "/decisions", chair(),
                              {{"kind", "agree"}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}});
    CHECK(refused.status == 409);
    CHECK(refused.body.find("[should], [soon]") != std::string::npos);
    const json body = {{"key", "lift-all-once"}, {"text_id", now["text_id"]}};
    CHECK(post(Role::chair, "/lift", body).status == 200);
    CHECK(post(Role::chair, "/lift", body).status == 200);
    CHECK(report("final")["brackets"] == 0);
  }

  TEST_CASE_FIXTURE(Fixture, "chapters and reports count the brackets of what they hold") {
    const auto ids = import("parts", "# Parts\n\n## One\n\na b\n\n### Deep\n\nc d\n\n## Two\n\ne\n");
    say(ids[0], "# One\n\n[a] b\n");
    say(ids[1], "# Deep\n\n[c] [d]\n");
    say(ids[2], "# Two\n\n[e]\n");
    const auto whole = report("parts");
    CHECK(whole["brackets"] == 4);
    CHECK(whole["sections"][0]["brackets_within"] == 3);
    CHECK(whole["sections"][1]["brackets_within"] == 2);
    CHECK(whole["sections"][2]["brackets_within"] == 1);
    const auto listed = call("GET", "/api/groups/wgig/reports/parts/brackets", as(Role::observer)).parsed();
    CHECK(listed["sections"].size() == 3);
    CHECK(call("GET", "/api/groups/wgig/reports/parts/sections/" + ids[0], chair()).parsed()["brackets_within"] == 3);
  }
}

}  // namespace bossey::tests
