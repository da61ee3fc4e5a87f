// The register of decisions: search, pairs, the words as agreed, and the export.
#include <doctest/doctest.h>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::vector<std::string> sections = import(
      "final", "# Final Report\n\n## Forum *function*\n\nThe group should meet.\n\n## ÉTATS membres\n\nWords.\n");
  std::string group = "/api/groups/wgig";

  std::string path(std::size_t index) { return group + "/reports/final/sections/" + sections.at(index); }
  void decide(std::size_t index, const std::string& kind, json more = json::object()) {
    const auto now = report("final")["sections"][index];
    more["kind"] = kind;
    more["text_id"] = now["text_id"];
    more["content_hash"] = now["content_hash"];
    const auto made = send("POST", path(index) + "/decisions", chair(), more);
    REQUIRE_MESSAGE(made.status == 201, made.body);
  }
  std::vector<int> found(const std::string& query) {
    std::vector<int> numbers;
    const auto answer = call("GET", group + "/decisions?" + query, session("wgig", Role::observer));
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    const auto list = answer.parsed()["decisions"];
    for (const auto& one : list) numbers.push_back(one["number"]);
    return numbers;
  }
  json one(int number) {
    return call("GET", group + "/decisions/" + std::to_string(number), session("wgig", Role::member)).parsed();
  }
  /// 1 agree, 2 reopen, 3 bracket (the second section, a day later, in a meeting), 4 undo of it.
  void some() {
    decide(0, "agree");
    decide(0, "reopen", {{"reason", "A word was missing."}});
    scheduler.advance(std::chrono::hours(24));
    REQUIRE(send("POST", group + "/meetings", chair(), {{"kind", "plenary"}, {"name", "Ninth meeting"}}).status == 201);
    decide(1, "bracket");
    REQUIRE(send("POST", path(1) + "/decisions", chair(), {{"kind", "undo"}}).status == 201);
  }
};

}  // namespace

TEST_SUITE("api/register") {
  TEST_CASE_FIXTURE(Fixture, "decisions are found by words, section, kind, meeting and day") {
    some();
    CHECK(found("") == std::vector{4, 3, 2, 1});
    CHECK(found("q=FORUM").size() == 2);
    CHECK(found("q=missing") == std::vector{2});
    CHECK(found("q=forum%20missing").empty());  // percent signs are the transport's to undo
    CHECK(found("q=\xC3\xA9tats").size() == 2);
    CHECK(found("kind=agree") == std::vector{1});
    CHECK(found("meeting=ninth") == std::vector{4, 3});
    CHECK(found("section=" + sections[0]) == std::vector{2, 1});
    CHECK(found("from=2005-06-19") == std::vector{4, 3});
    CHECK(found("until=2005-06-18") == std::vector{2, 1});
    CHECK(found("until=2005-06-17").empty());
    CHECK(call("GET", group + "/decisions?kind=vote", chair()).status == 400);
    CHECK(call("GET", group + "/decisions?from=yesterday", chair()).status == 400);
    CHECK(call("GET", group + "/decisions?q=" + std::string(300, 'a'), chair()).status == 400);
  }

  TEST_CASE_FIXTURE(Fixture, "an undone or reopened decision shows its pair, and each its words as they were") {
    some();
    CHECK(one(1)["reopened_by"] == 2);
    CHECK(one(2)["refers_to"] == 1);
    CHECK(one(3)["undone_by"] == 4);
    CHECK(one(4)["refers_to"] == 3);
    CHECK(one(1)["texts"][0]["canonical"].get<std::string>().find("The group should meet.") != std::string::npos);
    CHECK(one(1)["texts"][0]["text_id"] == one(1)["text_id"]);
    CHECK(call("GET", group + "/decisions/5", chair()).status == 404);
    CHECK(call("GET", group + "/decisions/1x", chair()).status == 404);
  }

  TEST_CASE_FIXTURE(Fixture, "the register leaves as Markdown, one sentence each, the search kept") {
    some();
    const auto all = call("GET", "/g/wgig/decisions.md", chair());
    REQUIRE(all.status == 200);
    CHECK(all.headers.at("Content-Type") == "text/markdown; charset=utf-8");
    CHECK(all.body.find("- No. 3, 19 June 2005 00:41 UTC, Ninth meeting") != std::string::npos);
    CHECK(all.body.find("Undone by No. 4.") != std::string::npos);
    CHECK(all.body.find("Reason: A word was missing.") != std::string::npos);
    CHECK(call("GET", "/g/wgig/decisions.md?kind=agree", chair()).body.find("No. 3") == std::string::npos);
  }
}

}  // namespace bossey::tests
