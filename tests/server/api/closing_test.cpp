// The closing of a report over the routes: what each role may do, what is printed, and what nobody is told.
#include <doctest/doctest.h>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section =
      import("final", "# Final Report\n\n## Forum function\n\nThe group should meet. It meets twice.\n").front();
  std::string report_path = "/api/groups/wgig/reports/final";

  std::string as(Role role) { return session("wgig", role); }
  json shown() { return report("final")["sections"][0]; }
  Answer post(Role role, const std::string& path, const json& body) {
    return send("POST", report_path + path, as(role), body);
  }
  void agree() {
    const auto now = shown();
    REQUIRE(post(Role::chair, "/sections/" + section + "/decisions",
                 {{"kind", "agree"}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}})
                .status == 201);
  }
  void close() {
    agree();
    REQUIRE(post(Role::chair, "/phases", {{"to", "plenary"}}).status == 201);
    const auto closed = post(Role::chair, "/phases", {{"to", "editorial_window"}});
    REQUIRE_MESSAGE(closed.status == 201, closed.body);
  }
  json words(const std::string& find, const std::string& replace) {
    return {{"section", section}, {"text_id", shown()["text_id"]}, {"find", find}, {"replace", replace}};
  }
  Answer file(Role role, json body, const std::string& kind = "editorial") {
    body["class"] = kind;
    return post(role, "/corrections", body);
  }
  json closing(Role role) { return call("GET", report_path + "/closing", as(role)).parsed(); }
};

}  // namespace

TEST_SUITE("api/closing") {
  TEST_CASE_FIXTURE(Fixture, "the chair closes; the refusal names the section, and leaving it open is a decision") {
    REQUIRE(post(Role::chair, "/phases", {{"to", "plenary"}}).status == 201);
    const auto refused = post(Role::chair, "/phases", {{"to", "editorial_window"}});
    CHECK(refused.status == 409);
    CHECK(refused.body.find("1 Forum function") != std::string::npos);
    CHECK(closing(Role::observer)["in_the_way"][0]["section"] == section);
    CHECK(post(Role::chair, "/left-open", {{"sections", json::array()}}).status == 400);
    const auto left = post(Role::chair, "/left-open", {{"sections", json::array({{{"section", section}}})}});
    REQUIRE_MESSAGE(left.status == 201, left.body);
    CHECK(left.parsed()["sentence"].get<std::string>().find("left open") != std::string::npos);
    CHECK(shown()["left_open"] == true);
    CHECK(post(Role::chair, "/phases", {{"to", "editorial_window"}, {"ends", "2005-06-18T00:41:10Z"}}).status == 400);
    CHECK(post(Role::chair, "/phases", {{"to", "editorial_window"}, {"ends", "tomorrow"}}).status == 400);
    const auto closed =
        post(Role::chair, "/phases", {{"to", "editorial_window"}, {"ends", "2005-06-20T12:00:00Z"}, {"quiet_s", 3600}});
    REQUIRE_MESSAGE(closed.status == 201, closed.body);
    CHECK(closed.parsed()["closing"]["window"]["ends"] == "2005-06-20T12:00:00Z");
    CHECK(report("final")["phase_name"] == "editorial_window");
    CHECK(report("final")["window"]["release"] == "F-1");
    CHECK(shown()["status"]["closed"] == true);
  }

  TEST_CASE_FIXTURE(Fixture,
                    "a version prints the same for ever, with its checksum and a disclaimer where one is due") {
    close();
    const std::string print = "/g/wgig/r/final/releases/F-1/print";
    const auto before = call("GET", print, as(Role::observer));
    REQUIRE_MESSAGE(before.status == 200, before.body);
    const std::string checksum = closing(Role::member)["releases"][0]["checksum"];
    CHECK(before.body.find("Version F-1") != std::string::npos);
    CHECK(before.body.find(checksum) != std::string::npos);
    CHECK(file(Role::member, words("should", "shall")).status == 409);
    REQUIRE(file(Role::member, words("The group", "This group")).status == 201);
    scheduler.advance(std::chrono::hours(25));
    const auto applied = post(Role::secretariat, "/corrections/1", {{"move", "apply"}});
    REQUIRE_MESSAGE(applied.status == 200, applied.body);
    CHECK(call("GET", print, as(Role::observer)).body == before.body);
    const auto next = call("GET", "/g/wgig/r/final/releases/F-1.1/report.md", as(Role::observer));
    CHECK(next.status == 200);
    CHECK(next.body.find("This group should meet.") != std::string::npos);
    CHECK(next.headers.at("Content-Disposition").find("final-F-1.1.md") != std::string::npos);
    CHECK(call("GET", "/g/wgig/r/final/releases/F-9/print", as(Role::chair)).status == 404);
    const auto releases = call("GET", report_path + "/releases", as(Role::member)).parsed()["releases"];
    REQUIRE(releases.size() == 2);
    const std::string from = releases[0]["revision"], to = releases[1]["revision"];
    const auto redline = call("GET", report_path + "/redline?from=" + from + "&to=" + to, as(Role::member));
    CHECK(redline.status == 200);
    CHECK(redline.body.find("This") != std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "who filed a correction is told to nobody, and each moves what is theirs") {
    close();
    for (const auto role : {Role::secretariat, Role::observer, Role::administrator})
      CHECK(file(role, words("The group", "This group")).status == 403);
    REQUIRE(file(Role::member, words("The group", "This group")).status == 201);
    CHECK(closing(Role::member)["corrections"][0]["mine"] == true);
    for (const auto role : {Role::chair, Role::secretariat, Role::observer}) {
      const auto seen = closing(role);
      CHECK(seen["corrections"][0]["mine"] == false);
      CHECK(seen.dump().find("wgig member") == std::string::npos);
      CHECK(seen.dump().find("author") == std::string::npos);
    }
    CHECK(closing(Role::observer)["corrections"][0]["may"].empty());
    CHECK(closing(Role::member)["corrections"][0]["may"] == json::array({"flag", "withdraw"}));
    CHECK(post(Role::secretariat, "/corrections/1", {{"move", "flag"}}).status == 403);
    CHECK(post(Role::member, "/corrections/1", {{"move", "apply"}}).status == 403);
    CHECK(post(Role::secretariat, "/corrections/1", {{"move", "apply"}}).status == 409);
    CHECK(post(Role::chair, "/corrections/2", {{"move", "flag"}}).status == 404);
    CHECK(post(Role::chair, "/corrections/1", {{"move", "vanish"}}).status == 400);
    REQUIRE(post(Role::chair, "/corrections/1", {{"move", "flag"}}).status == 200);
    CHECK(closing(Role::member)["corrections"][0]["class"] == "substantive");
    for (const auto& event : events) CHECK(event.dump().find("This group") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "the check names what may be substance before anything is filed") {
    CHECK(post(Role::member, "/corrections/check", words("should", "shall")).status == 409);
    close();
    const auto found = post(Role::member, "/corrections/check", words("should", "shall"));
    REQUIRE_MESSAGE(found.status == 200, found.body);
    CHECK(found.parsed()["class"] == "substantive");
    CHECK(found.parsed()["risks"][0]["after"] == "shall");
    CHECK(post(Role::member, "/corrections/check", words("meet", "sit")).status == 409);
    CHECK(post(Role::member, "/corrections/check", words("nowhere", "sit")).status == 404);
    CHECK(post(Role::member, "/corrections/check", words("The group", "The group")).status == 400);
    CHECK(closing(Role::member)["corrections"].empty());
  }

  TEST_CASE_FIXTURE(Fixture, "what unanimous consent means is the group's rule, and the window keeps it") {
    REQUIRE(send("PATCH", "/api/groups/wgig/rules", as(Role::chair), {{"unanimous", "every_member_yes"}}).status ==
            200);
    CHECK(call("GET", "/api/groups/wgig", as(Role::member)).parsed()["unanimous"] == "every_member_yes");
    close();
    CHECK(closing(Role::member)["window"]["unanimous"] == "every_member_yes");
  }

  TEST_CASE_FIXTURE(Fixture, "the label stands on the section that it names, and goes again") {
    REQUIRE(post(Role::chair, "/labels", {{"on", true}, {"section", section}}).status == 201);
    CHECK(shown()["not_discussed"] == true);
    CHECK(post(Role::chair, "/labels", {{"on", true}, {"section", "none"}}).status == 404);
    REQUIRE(post(Role::chair, "/labels", {{"on", false}, {"section", section}}).status == 201);
    CHECK(shown()["not_discussed"] == false);
  }
}

}  // namespace bossey::tests
