// Positions and the decisions that need more than words, over the routes, on real stores.
#include <doctest/doctest.h>

#include "document/body.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string path = "/api/groups/wgig/reports/final/sections/" + section;

  json shown() { return report("final")["sections"][0]; }
  std::string as(Role role) { return session("wgig", role); }
  Answer take(Role role, const std::string& kind, json more = json::object()) {
    more["kind"] = kind;
    if (!more.contains("text_id")) more["text_id"] = shown()["text_id"];
    return send("POST", path + "/positions", as(role), more);
  }
  Answer move(Role role, int number, const std::string& what, json more = json::object()) {
    more["move"] = what;
    return send("POST", path + "/positions/" + std::to_string(number), as(role), more);
  }
  json seen(Role role) { return call("GET", path + "/positions", as(role)).parsed(); }
  Answer decide(Role role, const std::string& kind, json more = json::object()) {
    const auto now = shown();
    more["kind"] = kind;
    more["asked_aloud"] = true;
    more["text_id"] = now["text_id"];
    more["content_hash"] = now["content_hash"];
    return send("POST", path + "/decisions", as(role), more);
  }
  void write_words(const std::string& words) {
    document::Section text;
    text.title = "Forum function";
    text.body = {document::paragraph(words)};
    write(section, text);
  }
};

}  // namespace

TEST_SUITE("api/positions") {
  TEST_CASE_FIXTURE(Fixture, "an objection is seen by its holder and the chair, and counted by everybody") {
    const auto taken = take(Role::member, "objection", {{"words", "It names one country."}});
    REQUIRE_MESSAGE(taken.status == 201, taken.body);
    CHECK(taken.parsed()["positions"][0]["mine"] == true);
    CHECK(seen(Role::chair)["positions"][0]["words"] == "It names one country.");
    CHECK(seen(Role::chair)["positions"][0]["holder"] == "wgig member");
    for (const auto role : {Role::secretariat, Role::observer, Role::administrator}) {
      const auto others = seen(role);
      CHECK(others["positions"].empty());
      CHECK(others["counts"] == json::array({{{"kind", "objection"}, {"count", 1}}}));
      CHECK(others.dump().find("wgig member") == std::string::npos);
      CHECK(others.dump().find("country") == std::string::npos);
    }
    CHECK(shown()["positions"]["objections"] == 1);
    for (const auto& event : events) CHECK(event.dump().find("country") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "an unanswered objection refuses agreement, an answered one makes it rough consensus") {
    REQUIRE(take(Role::member, "objection", {{"words", "No."}}).status == 201);
    const auto refused = decide(Role::chair, "agree");
    CHECK(refused.status == 409);
    CHECK(refused.body.find("Answer the objection") != std::string::npos);
    CHECK(move(Role::member, 1, "answer", {{"words", "Because."}}).status == 403);
    REQUIRE(move(Role::chair, 1, "answer", {{"words", "It is an example."}}).status == 200);
    CHECK(seen(Role::member)["positions"][0]["answer"] == "It is an example.");
    const auto decided = decide(Role::chair, "agree");
    REQUIRE_MESSAGE(decided.status == 201, decided.body);
    CHECK(decided.parsed()["section"]["status"]["name"] == "Rough consensus");
    CHECK(decided.parsed()["section"]["short_disclaimer"] == "Rough consensus");
    CHECK(decided.parsed()["sentence"].get<std::string>().find("agreed by rough consensus") != std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "an objection that its author withdraws, or that new wording meets, leaves agreement") {
    REQUIRE(take(Role::member, "objection", {{"words", "No."}, {"could_live_with", "The group may meet."}}).status ==
            201);
    CHECK(move(Role::secretariat, 1, "withdraw").status == 404);
    CHECK(move(Role::chair, 1, "withdraw").status == 403);
    write_words("The group may meet.");
    const auto asked = seen(Role::member);
    CHECK(asked["positions"][0]["asks"] == true);
    CHECK(decide(Role::chair, "agree").status == 409);
    const auto ended = move(Role::member, 1, "withdraw");
    REQUIRE(ended.status == 200);
    CHECK(ended.parsed()["positions"][0]["outcome"] == "accommodated");
    const auto decided = decide(Role::chair, "agree");
    REQUIRE_MESSAGE(decided.status == 201, decided.body);
    CHECK(decided.parsed()["section"]["status"]["name"] == "Agreed");
  }

  TEST_CASE_FIXTURE(Fixture, "an objection kept on new words blocks them, and the author is asked no more") {
    REQUIRE(take(Role::member, "objection", {{"words", "No."}}).status == 201);
    write_words("The group may meet.");
    CHECK(move(Role::member, 1, "keep", {{"text_id", std::string(64, '0')}}).status == 409);
    const auto kept = move(Role::member, 1, "keep", {{"text_id", shown()["text_id"]}});
    REQUIRE_MESSAGE(kept.status == 200, kept.body);
    CHECK(kept.parsed()["positions"][0]["asks"] == false);
    CHECK(decide(Role::chair, "agree").status == 409);
    REQUIRE(move(Role::member, 1, "turn", {{"words", "We read it narrowly."}}).status == 200);
    CHECK(seen(Role::chair)["positions"].size() == 2);
    CHECK(decide(Role::chair, "agree").parsed()["section"]["status"]["name"] == "Rough consensus");
  }

  TEST_CASE_FIXTURE(Fixture, "positions are members', on the words shown, with their reasons; the floor has no name") {
    for (const auto role : {Role::chair, Role::secretariat, Role::observer, Role::administrator})
      CHECK(take(role, "no_objection").status == 403);
    CHECK(take(Role::member, "objection").status == 400);
    CHECK(take(Role::member, "maybe").status == 400);
    CHECK(take(Role::member, "no_objection", {{"text_id", std::string(64, '0')}}).status == 409);
    CHECK(take(Role::member, "reservation", {{"words", "x"}, {"floor", true}}).status == 403);
    REQUIRE(take(Role::secretariat, "objection", {{"words", "Said aloud."}, {"floor", true}}).status == 201);
    const auto floor = seen(Role::chair)["positions"][0];
    CHECK(floor["floor"] == true);
    CHECK_FALSE(floor.contains("holder"));
    CHECK(decide(Role::chair, "agree").status == 409);
    REQUIRE(move(Role::secretariat, 1, "withdraw").status == 200);
    CHECK(decide(Role::chair, "agree").status == 201);
    CHECK(take(Role::member, "no_objection").status == 409);
  }

  TEST_CASE_FIXTURE(Fixture, "the same key takes a position once") {
    const json body = {{"words", "No."}, {"key", "12345678"}};
    CHECK(take(Role::member, "objection", body).status == 201);
    CHECK(take(Role::member, "objection", body).status == 201);
    CHECK(seen(Role::member)["positions"].size() == 1);
  }

  TEST_CASE_FIXTURE(Fixture, "an answer ad referendum holds agreement until confirmed, or until the chair names it") {
    REQUIRE(take(Role::member, "ad_ref").status == 201);
    CHECK(decide(Role::chair, "agree").status == 409);
    SUBCASE("confirmed") {
      REQUIRE(move(Role::member, 1, "confirm", {{"text_id", shown()["text_id"]}}).status == 200);
      CHECK(decide(Role::chair, "agree").parsed()["section"]["status"]["name"] == "Agreed");
    }
    SUBCASE("named") {
      const auto decided = decide(Role::chair, "agree", {{"ad_ref_open", true}});
      REQUIRE_MESSAGE(decided.status == 201, decided.body);
      CHECK(decided.parsed()["section"]["status"]["name"] == "Rough consensus");
      CHECK(decided.parsed()["sentence"].get<std::string>().find("1 ad referendum still open") != std::string::npos);
    }
  }

  TEST_CASE_FIXTURE(Fixture, "agreed in principle lists its features and leaves the text open") {
    CHECK(decide(Role::chair, "principle").status == 400);
    const json features = json::array({{{"words", "one body"}}, {{"words", "no veto"}}});
    CHECK(decide(Role::member, "principle", {{"features", features}}).status == 403);
    const auto decided = decide(Role::chair, "principle", {{"features", features}});
    REQUIRE_MESSAGE(decided.status == 201, decided.body);
    const auto now = decided.parsed()["section"];
    CHECK(now["status"]["name"] == "Agreed in principle");
    CHECK(now["status"]["closed"] == false);
    CHECK(now["disclaimer"].get<std::string>().ends_with("(1) one body; (2) no veto."));
    CHECK(decided.parsed()["sentence"].get<std::string>().find("agreed in principle: one body; no veto") !=
          std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "ad referendum says who agreed and how many were present, and is no agreement") {
    CHECK(decide(Role::chair, "adref").status == 400);
    const auto decided = decide(Role::chair, "adref", {{"present", 2}, {"agreed_by", "the drafting group"}});
    REQUIRE_MESSAGE(decided.status == 201, decided.body);
    const auto now = decided.parsed()["section"];
    CHECK(now["status"]["name"] == "Agreed ad referendum");
    CHECK(now["status"]["settled"] == false);
    CHECK(now["disclaimer"] ==
          "Agreed ad referendum by the drafting group. It has not been agreed by the group as a whole.");
    write_words("The group may meet.");
    CHECK(shown()["status"]["fresh"] == false);
  }

  TEST_CASE_FIXTURE(Fixture,
                    "a reviewed text becomes a draft working paper by the secretariat, and says what was reviewed") {
    CHECK(decide(Role::secretariat, "working_paper").status == 409);
    CHECK(decide(Role::chair, "working_paper", {{"reviewed", true}}).status == 403);
    const auto decided = decide(Role::secretariat, "working_paper", {{"reviewed", true}});
    REQUIRE_MESSAGE(decided.status == 201, decided.body);
    const auto now = decided.parsed()["section"];
    CHECK(now["status"]["name"] == "Draft working paper");
    CHECK(now["disclaimer"].get<std::string>().find("subject to review by all WGIG members, but") != std::string::npos);
    write_words("The group may meet.");
    CHECK(shown()["disclaimer"].get<std::string>().find("An earlier version was subject to review") !=
          std::string::npos);
    CHECK(decide(Role::secretariat, "undo").status == 201);
    CHECK(shown()["status"]["name"] == "Draft");
  }
}

}  // namespace bossey::tests
