// Review rounds over the routes, and what they let a working paper say.
#include <doctest/doctest.h>

#include "document/body.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string group = "/api/groups/wgig";
  std::string path = group + "/reports/final/sections/" + section;

  std::string as(Role role) { return session("wgig", role); }
  json shown() { return report("final")["sections"][0]; }
  Answer round(json more = json::object()) {
    if (!more.contains("deadline")) more["deadline"] = "2005-06-19T00:41:00Z";
    if (!more.contains("sections"))
      more["sections"] = json::array({{{"section", section}, {"text_id", shown()["text_id"]}}});
    return send("POST", group + "/reports/final/reviews", as(Role::secretariat), more);
  }
  Answer open(Role role) { return send("POST", group + "/reviews/1/opened", as(role), json::object()); }
  Answer end() { return send("POST", group + "/reviews/1/end", as(Role::secretariat), json::object()); }
  json seen(Role role) { return call("GET", group + "/reviews?report=final", as(role)).parsed()["reviews"][0]; }
  Answer working_paper(bool outside = false) {
    const auto now = shown();
    return send("POST", path + "/decisions", as(Role::secretariat),
                {{"kind", "working_paper"},
                 {"reviewed", outside},
                 {"text_id", now["text_id"]},
                 {"content_hash", now["content_hash"]}});
  }
  void write_words(const std::string& words) {
    document::Section text;
    text.title = "Forum function";
    text.body = {document::paragraph(words)};
    write(section, text);
  }
  std::string disclaimer() { return shown()["disclaimer"].get<std::string>(); }
};

constexpr const char* kReviewed = "It has been subject to review by all WGIG members";

}  // namespace

TEST_SUITE("api/reviews") {
  TEST_CASE_FIXTURE(Fixture, "a round goes to the whole roll and counts who has opened it, naming nobody") {
    const auto sent = round();
    REQUIRE_MESSAGE(sent.status == 201, sent.body);
    CHECK(sent.parsed()["roll"] == 2);
    CHECK(open(Role::secretariat).status == 404);
    CHECK(open(Role::observer).status == 403);
    REQUIRE(open(Role::member).status == 204);
    REQUIRE(open(Role::member).status == 204);
    CHECK(seen(Role::observer)["opened"] == 1);
    CHECK(seen(Role::member)["opened_by_me"] == true);
    CHECK(seen(Role::chair)["opened_by_me"] == false);
    CHECK(seen(Role::chair).dump().find("wgig member") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "a working paper takes its fact from the ended round of this text") {
    CHECK(working_paper().status == 409);
    REQUIRE(round().status == 201);
    CHECK(working_paper().status == 409);
    const auto early = end();
    CHECK(early.status == 409);
    CHECK(early.body.find("deadline") != std::string::npos);
    scheduler.advance(std::chrono::hours(24));
    CHECK(disclaimer().find(kReviewed) == std::string::npos);
    REQUIRE(end().status == 200);
    CHECK(end().status == 409);
    CHECK(disclaimer().find(kReviewed) != std::string::npos);
    const auto made = working_paper();
    REQUIRE_MESSAGE(made.status == 201, made.body);
    CHECK(disclaimer().find(kReviewed) != std::string::npos);
    write_words("The group may meet.");
    CHECK(disclaimer().find("An earlier version was subject to review by all WGIG members") != std::string::npos);
    CHECK(working_paper().status == 409);
  }

  TEST_CASE_FIXTURE(Fixture, "a round ends before its deadline when everybody on the roll has opened it") {
    REQUIRE(round().status == 201);
    REQUIRE(open(Role::member).status == 204);
    REQUIRE(open(Role::chair).status == 204);
    CHECK(end().status == 200);
    CHECK(seen(Role::member)["ended"].is_string());
  }

  TEST_CASE_FIXTURE(Fixture, "a round held by other means is recorded as such, with its working paper") {
    REQUIRE(working_paper(true).status == 201);
    CHECK(seen(Role::member)["outside"] == true);
    CHECK(seen(Role::member)["roll"] == 0);
    REQUIRE(send("POST", path + "/decisions", as(Role::secretariat), {{"kind", "undo"}}).status == 201);
    CHECK(disclaimer().find(kReviewed) == std::string::npos);
    CHECK(working_paper().status == 409);
  }

  TEST_CASE_FIXTURE(Fixture, "a round is about the words shown, with a deadline to come") {
    CHECK(round({{"deadline", "2005-06-17T00:00:00Z"}}).status == 400);
    CHECK(round({{"deadline", "2015-06-17T00:00:00Z"}}).status == 400);
    CHECK(round({{"deadline", "tomorrow"}}).status == 400);
    CHECK(round({{"sections", json::array()}}).status == 400);
    CHECK(round({{"sections", json::array({{{"section", section}, {"text_id", std::string(64, '0')}}})}}).status ==
          409);
    CHECK(round({{"sections", json::array({{{"section", "none"}, {"text_id", shown()["text_id"]}}})}}).status == 404);
  }
}

}  // namespace bossey::tests
