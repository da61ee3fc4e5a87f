// Deciding, and seeing what changed since: over the routes, on real stores.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "document/body.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string path = "/api/groups/wgig/reports/final/sections/" + section;

  json shown() { return report("final")["sections"][0]; }
  Answer decide(json body) {
    if (!body.contains("asked_aloud")) body["asked_aloud"] = true;
    return send("POST", path + "/decisions", chair(), std::move(body));
  }
  Answer agree() {
    const auto now = shown();
    return decide(
        {{"kind", "agree"}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}, {"present", 2}});
  }
  void write_words(const std::string& words) {
    document::Section text;
    text.title = "Forum function";
    text.body = {document::paragraph(words)};
    write(section, text);
  }
  std::string newest_revision() {
    commit();
    return call("GET", "/api/groups/wgig/reports/final/revisions", chair()).parsed()["revisions"][0]["id"];
  }
};

}  // namespace

TEST_SUITE("api/decisions") {
  TEST_CASE_FIXTURE(Fixture, "where the group asks \"Any objection?\", Agree without asking is refused") {
    const auto now = shown();
    json body = {
        {"kind", "agree"}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}, {"asked_aloud", false}};
    const auto refused = decide(body);
    CHECK(refused.status == 409);
    CHECK(refused.body.find("Ask \\\"Any objection?\\\" first") != std::string::npos);
    REQUIRE(send("PATCH", "/api/groups/wgig", chair(), {{"objection_pause_s", 0}}).status == 204);
    CHECK(decide(body).status == 201);
  }

  TEST_CASE_FIXTURE(Fixture, "agreeing closes the section, names who was present, and is recorded once for a key") {
    const auto now = shown();
    const json body = {{"kind", "agree"},
                       {"text_id", now["text_id"]},
                       {"content_hash", now["content_hash"]},
                       {"present", 1},
                       {"key", "12345678"}};
    const auto decided = decide(body);
    REQUIRE_MESSAGE(decided.status == 201, decided.body);
    CHECK(decided.parsed()["number"] == 1);
    CHECK(decided.parsed()["section"]["status"]["name"] == "Agreed");
    CHECK(decided.parsed()["section"]["status"]["closed"] == true);
    CHECK(decided.parsed()["section"]["disclaimer"].is_null());
    CHECK(decided.parsed()["sentence"].get<std::string>().find("1 of 2 present") != std::string::npos);
    CHECK(decide(body).parsed()["number"] == 1);
    const auto list = call("GET", "/api/groups/wgig/decisions?report=final&section=" + section, chair()).parsed();
    REQUIRE(list["decisions"].size() == 1);
    CHECK(list["decisions"][0]["text_id"] == now["text_id"]);
    CHECK(call("GET", "/api/groups/wgig/decisions?report=none", chair()).parsed()["decisions"].empty());
  }

  TEST_CASE_FIXTURE(Fixture, "a text that moved by one letter is not agreed, and the answer shows what is there now") {
    const auto before = shown();
    write_words("The group shall meet.");
    const auto refused =
        decide({{"kind", "agree"}, {"text_id", before["text_id"]}, {"content_hash", before["content_hash"]}});
    CHECK(refused.status == 409);
    CHECK(refused.parsed()["current"]["text_id"] == shown()["text_id"]);
    CHECK(shown()["status"]["name"] == "Draft");
    CHECK(call("GET", "/api/groups/wgig/decisions", chair()).parsed()["decisions"].empty());
  }

  TEST_CASE_FIXTURE(Fixture, "reopening needs words; then a change shows what changed since, and can be taken back") {
    REQUIRE(agree().status == 201);
    CHECK(decide({{"kind", "reopen"}}).status == 400);
    CHECK(decide({{"kind", "reopen"}, {"reason", "New facts"}}).status == 201);
    write_words("The group shall meet twice.");
    const auto changed = shown();
    CHECK(changed["status"]["fresh"] == false);
    CHECK(changed["status"]["settled"] == false);
    CHECK(changed["status"]["changed_words"] == 2);
    CHECK_FALSE(changed["disclaimer"].is_null());
    commit();
    const auto agreed = call("GET", path + "/agreed", session("wgig", Role::observer)).parsed();
    CHECK(agreed["canonical"] == "# Forum function\n\nThe group should meet.\n");
    CHECK(agreed["redline"]["to"] == "live");
    CHECK(agreed["redline"]["words_inserted"].get<int>() >= 2);
    const auto restored =
        send("POST", path + "/restore", session("wgig", Role::secretariat), {{"revision", agreed["revision"]}});
    REQUIRE_MESSAGE(restored.status == 200, restored.body);
    CHECK(shown()["status"]["fresh"] == true);
    CHECK(shown()["text_id"] == agreed["text_id"]);
  }

  TEST_CASE_FIXTURE(Fixture, "more people than members and chairs are never recorded as present") {
    const auto now = shown();
    const auto refused = decide(
        {{"kind", "agree"}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}, {"present", 4000}});
    CHECK(refused.status == 400);
    CHECK(refused.parsed()["error"]["message"] == "Only 2 people are on the roll.");
    CHECK(shown()["status"]["name"] == "Draft");
  }

  TEST_CASE_FIXTURE(Fixture, "every rendering of a text that is not agreed begins by saying so") {
    const auto first = newest_revision();
    write_words("The group shall meet.");
    const auto marked = [](const json& html) {
      return html.get<std::string>().starts_with("<p class=\"disclaimer\">");
    };
    const auto draft = call("GET", path + "/redline?from=" + first + "&to=live", chair()).parsed();
    CHECK(draft["disclaimer"].get<std::string>().find("not agreed") != std::string::npos);
    CHECK(marked(draft["html"]));
    CHECK(marked(draft["side_by_side_html"]));
    CHECK(marked(call("GET", path, chair()).parsed()["html"]));
    REQUIRE(agree().status == 201);
    CHECK_FALSE(marked(call("GET", path, chair()).parsed()["html"]));
    CHECK(marked(call("GET", path + "/redline?from=" + first + "&to=live", chair()).parsed()["html"]));
    const auto second = newest_revision();
    const auto same = call("GET", path + "/redline?from=" + second + "&to=live", chair()).parsed();
    CHECK(same["disclaimer"].is_null());
    CHECK_FALSE(marked(same["html"]));
    CHECK(call("GET", path + "/agreed", chair()).parsed()["redline"]["disclaimer"].is_null());
    REQUIRE(decide({{"kind", "reopen"}, {"reason", "New facts"}}).status == 201);
    write_words("The group may meet.");
    CHECK_FALSE(call("GET", path + "/agreed", chair()).parsed()["redline"]["disclaimer"].is_null());
  }

  TEST_CASE_FIXTURE(Fixture, "the new half of a split keeps the past of the section that held its words") {
    document::Section text;
    text.title = "Forum function";
    text.body = {document::paragraph("The group shall meet."), document::paragraph("It reports each year.")};
    write(section, text);
    const auto first = newest_revision();
    scheduler.advance(std::chrono::seconds(2));
    REQUIRE(agree().status == 201);
    REQUIRE(decide({{"kind", "reopen"}, {"reason", "Split it"}}).status == 201);
    scheduler.advance(std::chrono::seconds(2));
    const auto split = send("POST", "/api/groups/wgig/reports/final/outline", chair(),
                            {{"version", report("final")["version"]},
                             {"command", "split"},
                             {"section", section},
                             {"at_block", 1},
                             {"title", "Reports"}});
    REQUIRE_MESSAGE(split.status == 200, split.body);
    const std::string half = split.parsed()["section"];
    scheduler.advance(std::chrono::seconds(2));
    write_words("The group may meet.");
    commit();
    const auto of_half =
        call("GET", "/api/groups/wgig/reports/final/revisions?section=" + half, chair()).parsed()["revisions"];
    REQUIRE_FALSE(of_half.empty());
    bool has_first = false, has_decision = false;
    for (const auto& revision : of_half) {
      has_first = has_first || revision["id"] == first;
      has_decision = has_decision || revision["decision"] == 1;
    }
    CHECK(has_first);
    CHECK(has_decision);
    // What the first half lived through since is not its past.
    CHECK(of_half[0]["title"].get<std::string>().starts_with("Split section"));
    const auto redline =
        call("GET", "/api/groups/wgig/reports/final/sections/" + half + "/redline?from=" + first + "&to=live", chair())
            .parsed();
    CHECK(redline["words_deleted"].get<int>() >= 4);
    const auto& blocks = redline["blocks"];
    CHECK(std::any_of(blocks.begin(), blocks.end(), [](const json& block) { return block["change"] == "same"; }));
  }

  TEST_CASE_FIXTURE(Fixture,
                    "a decision in the second of a split is in the past of the new half, one after it is not") {
    document::Section text;
    text.title = "Forum function";
    text.body = {document::paragraph("The group shall meet."), document::paragraph("It reports each year.")};
    write(section, text);
    commit();
    REQUIRE(agree().status == 201);
    REQUIRE(decide({{"kind", "reopen"}, {"reason", "Split it"}}).status == 201);
    const auto split = send("POST", "/api/groups/wgig/reports/final/outline", chair(),
                            {{"version", report("final")["version"]},
                             {"command", "split"},
                             {"section", section},
                             {"at_block", 1},
                             {"title", "Reports"}});
    REQUIRE_MESSAGE(split.status == 200, split.body);
    REQUIRE(decide({{"kind", "bracket"}}).status == 201);
    commit();
    const std::string half = split.parsed()["section"];
    const auto answer = call("GET", "/api/groups/wgig/reports/final/revisions?section=" + half, chair()).parsed();
    std::string numbers;
    for (const auto& revision : answer["revisions"])
      if (!revision["decision"].is_null()) numbers += revision["decision"].dump() + ' ';
    CHECK(numbers == "2 1 ");
  }

  TEST_CASE_FIXTURE(Fixture, "a key that comes again with another kind of decision or command is refused") {
    const json bracket = {{"kind", "bracket"}, {"key", "12345678"}};
    REQUIRE(decide(bracket).status == 201);
    CHECK(decide(bracket).status == 201);
    const auto other = decide({{"kind", "withdraw"}, {"reason", "merged"}, {"key", "12345678"}});
    CHECK(other.status == 400);
    CHECK(other.body.find("another command") != std::string::npos);
    CHECK(shown()["status"]["name"] == "In brackets");
    const auto outline = [&](json body) {
      body["version"] = report("final")["version"];
      body["section"] = section;
      body["key"] = "outline-key";
      return send("POST", "/api/groups/wgig/reports/final/outline", chair(), std::move(body)).status;
    };
    CHECK(outline({{"command", "rename"}, {"title", "Forum"}}) == 200);
    CHECK(outline({{"command", "move"}, {"parent", nullptr}, {"after", nullptr}}) == 400);
  }

  TEST_CASE_FIXTURE(Fixture, "decisions that make no sense are refused") {
    CHECK(decide({{"kind", "vote"}}).status == 400);
    CHECK(decide({{"kind", "undo"}}).status == 404);
    CHECK(decide({{"kind", "agree"}, {"text_id", "abc"}}).status == 400);
    CHECK(decide({{"kind", "withdraw"}, {"reason", "tired"}}).status >= 400);
    CHECK(decide({{"kind", "reopen"}, {"reason", "why not"}}).status == 409);
    CHECK(decide({{"kind", "adref"}}).status == 400);
    CHECK(shown()["status"]["name"] == "Draft");
  }

  TEST_CASE_FIXTURE(Fixture, "any two revisions of a section or report give a word-level redline") {
    const auto first = newest_revision();
    write_words("The group shall meet.");
    const auto second = newest_revision();
    REQUIRE(first != second);
    const auto redline = call("GET", path + "/redline?from=" + first + "&to=" + second, chair()).parsed();
    CHECK(redline["from"] == first);
    CHECK(redline["words_inserted"] == 1);
    CHECK(redline["words_deleted"] == 1);
    json changed = json::array();
    for (const auto& run : redline["blocks"][0]["runs"]) {
      if (run["op"] != "same") changed.push_back(run["op"].get<std::string>() + " " + run["text"].get<std::string>());
    }
    CHECK(changed == json({"delete should", "insert shall"}));
    CHECK(redline["html"].get<std::string>().find("<ins>") != std::string::npos);
    CHECK_FALSE(redline["side_by_side_html"].get<std::string>().empty());
    write_words("The group may meet.");
    const auto live = call("GET", path + "/redline?from=" + second + "&to=live", chair()).parsed();
    CHECK(live["words_deleted"] == 1);
    const auto whole =
        call("GET", "/api/groups/wgig/reports/final/redline?from=" + first + "&to=live", chair()).parsed();
    REQUIRE(whole.is_array());
    CHECK(whole[0]["section"] == section);
    const auto of_section =
        call("GET", "/api/groups/wgig/reports/final/revisions?section=" + section, chair()).parsed()["revisions"];
    CHECK(of_section.size() == 2);
    CHECK(of_section[0]["section"] == section);
    const auto earlier =
        call("GET", "/api/groups/wgig/reports/final/revisions?section=" + section + "&before=" + second, chair())
            .parsed()["revisions"];
    REQUIRE(earlier.size() == 1);
    CHECK(earlier[0]["id"] == first);
  }

  TEST_CASE_FIXTURE(Fixture, "revisions that are none are refused, not searched for") {
    const auto revision = newest_revision();
    CHECK(call("GET", path + "/redline?from=" + std::string(40, 'a') + "&to=live", chair()).status == 404);
    CHECK(call("GET", path + "/redline?from=HEAD~1&to=live", chair()).status >= 400);
    CHECK(call("GET", path + "/redline?from=" + revision, chair()).status == 400);
    CHECK(call("GET", path + "/redline?to=live", chair()).status == 400);
    const auto restored = send("POST", path + "/restore", chair(), {{"revision", std::string(40, 'a')}});
    CHECK(restored.status == 404);
  }

  TEST_CASE_FIXTURE(Fixture, "a withdrawn proposal number that is none is not found") {
    CHECK(send("POST", "/api/groups/wgig/proposals/7/withdraw", chair(), json::object()).status == 404);
    CHECK(send("POST", "/api/groups/wgig/proposals/x/withdraw", chair(), json::object()).status == 404);
    CHECK(call("GET", path + "/proposals", chair()).parsed() == json{{"proposals", json::array()}});
  }
}

}  // namespace bossey::tests
