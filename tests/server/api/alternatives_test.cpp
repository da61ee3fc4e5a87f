// Options under a common frame, names that stay, and sections that moved: over the routes, on real stores.
#include <doctest/doctest.h>

#include "document/body.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::vector<std::string> sections = import(
      "final", "# Final Report\n\n## Oversight\n\nFrame words.\n\n## Forum\n\nForum words.\n\n## Funds\n\nMoney.\n");
  std::string base = "/api/groups/wgig/reports/final";

  std::string as(Role role) { return session("wgig", role); }
  json shown() { return report("final")["sections"]; }
  Answer outline(json body, Role role = Role::secretariat) {
    body["version"] = report("final")["version"];
    return send("POST", base + "/outline", as(role), std::move(body));
  }
  Answer present(std::size_t count, bool keeps = false) {
    auto options = json::array();
    for (std::size_t i = 0; i < count; ++i)
      options.push_back({{"title", "Model " + std::to_string(i + 1)}, {"room", "Room " + std::to_string(i + 1)}});
    return outline(
        {{"command", "alternatives"}, {"section", sections[0]}, {"options", options}, {"frame_keeps_text", keeps}});
  }
  std::string canonical(const std::string& id) {
    return call("GET", base + "/sections/" + id, chair()).parsed()["canonical"];
  }
  std::vector<std::string> numbers() {
    std::vector<std::string> out;
    for (const auto& section : shown()) out.push_back(section["number"]);
    return out;
  }
  void write_words(const std::string& id, const std::string& title, const std::string& words) {
    document::Section text;
    text.title = title;
    text.body = {document::paragraph(words)};
    write(id, text);
  }
  Answer decide(const std::string& id, const std::string& kind, json more = json::object()) {
    more["kind"] = kind;
    for (const auto& section : shown())
      if (section["id"] == id) {
        more["text_id"] = section["text_id"];
        more["content_hash"] = section["content_hash"];
      }
    return send("POST", base + "/sections/" + id + "/decisions", chair(), std::move(more));
  }
};

}  // namespace

TEST_SUITE("api/alternatives") {
  TEST_CASE_FIXTURE(Fixture, "one command makes a frame of four options with rooms and letters that stay") {
    CHECK(present(1).status == 400);
    CHECK(present(13).status == 400);
    const auto made = present(4);
    REQUIRE_MESSAGE(made.status == 200, made.body);
    CHECK(numbers() == std::vector<std::string>{"1", "1.A", "1.B", "1.C", "1.D", "2", "3"});
    const auto now = shown();
    CHECK(now[1]["kind"] == "alternative");
    CHECK(now[1]["room"] == "Room 1");
    CHECK(now[0]["room"].is_null());
    CHECK(canonical(now[1]["id"]) == "# Model 1\n\nFrame words.\n");
    CHECK(canonical(now[2]["id"]) == "# Model 2\n");
    CHECK(canonical(sections[0]) == "# Oversight\n");
    // An option of an option is none.
    CHECK(outline({{"command", "alternatives"},
                   {"section", now[1]["id"]},
                   {"options", json::array({{{"title", "a"}}, {{"title", "b"}}})}})
              .status == 409);
    // Letters are given once: B withdrawn leaves C as C, and the next one is E.
    REQUIRE(decide(now[2]["id"], "withdraw", {{"reason", "no drafter"}}).status == 201);
    REQUIRE(outline({{"command", "add"},
                     {"title", "Model 5"},
                     {"parent", sections[0]},
                     {"after", nullptr},
                     {"kind", "alternative"}})
                .status == 200);
    CHECK(numbers() == std::vector<std::string>{"1", "1.E", "1.A", "1.B", "1.C", "1.D", "2", "3"});
  }

  TEST_CASE_FIXTURE(Fixture, "a frame may keep its words as the chapeau, and roles are the outline's") {
    CHECK(outline({{"command", "alternatives"}, {"section", sections[0]}, {"options", json::array()}}, Role::member)
              .status == 403);
    REQUIRE(present(2, true).status == 200);
    CHECK(canonical(sections[0]) == "# Oversight\n\nFrame words.\n");
    CHECK(canonical(shown()[1]["id"]) == "# Model 1\n");
  }

  TEST_CASE_FIXTURE(Fixture, "options compared, agreed as a set, and printed by letter in boxes of one size") {
    REQUIRE(present(2).status == 200);
    const std::string a = shown()[1]["id"], b = shown()[2]["id"];
    write_words(b, "Model 2", "Frame thoughts.");
    const auto compared = call("GET", base + "/comparison?from=" + a + "&to=" + b, as(Role::observer));
    REQUIRE_MESSAGE(compared.status == 200, compared.body);
    CHECK(compared.parsed()["words_inserted"].get<int>() > 0);
    CHECK(call("GET", base + "/comparison?from=" + a + "&to=none", as(Role::observer)).status == 404);
    CHECK(call("GET", base + "/comparison?from=" + a, as(Role::observer)).status == 400);
    // B before A in the outline changes nothing of the print.
    REQUIRE(outline({{"command", "move"}, {"section", b}, {"parent", sections[0]}, {"after", nullptr}}).status == 200);
    auto options = json::array();
    for (const auto& section : shown())
      if (section["kind"] == "alternative")
        options.push_back(
            {{"section", section["id"]}, {"text_id", section["text_id"]}, {"content_hash", section["content_hash"]}});
    const auto decided = decide(sections[0], "alternatives", {{"options", options}});
    REQUIRE_MESSAGE(decided.status == 201, decided.body);
    const auto print = call("GET", "/g/wgig/r/final/print", as(Role::observer)).body;
    const auto options_at = print.find("<div class=\"options\">");
    REQUIRE(options_at != std::string::npos);
    const auto first = print.find("<bdi>1.A</bdi>", options_at), second = print.find("<bdi>1.B</bdi>", options_at);
    CHECK(first != std::string::npos);
    CHECK(first < second);
    const std::string said = "presented without preference. Their inclusion";
    CHECK(print.find(said) != std::string::npos);
    CHECK(print.find(said) < options_at);
    CHECK(print.find(said, options_at) == std::string::npos);
    const auto file = call("GET", "/g/wgig/r/final/report.md", as(Role::observer)).body;
    CHECK(file.find("1.A Model 1") < file.find("1.B Model 2"));
  }

  TEST_CASE_FIXTURE(Fixture, "a section put between two others takes a name that stays") {
    const auto bis = [&](const json& after, const char* label) {
      return outline({{"command", "add"}, {"title", "New"}, {"parent", nullptr}, {"after", after}, {"label", label}});
    };
    CHECK(bis(nullptr, "bis").status == 400);
    CHECK(bis(sections[0], "quater").status == 400);
    REQUIRE(bis(sections[0], "bis").status == 200);
    CHECK(numbers() == std::vector<std::string>{"1", "1 bis", "2", "3"});
    REQUIRE(bis(shown()[1]["id"], "bis").status == 200);
    REQUIRE(bis(sections[1], "alt").status == 200);
    CHECK(numbers() == std::vector<std::string>{"1", "1 bis", "1 ter", "2", "2 alt", "3"});
    // Everything around is renumbered, the names stay.
    REQUIRE(outline({{"command", "add"}, {"title", "First"}, {"parent", nullptr}, {"after", nullptr}}).status == 200);
    CHECK(numbers() == std::vector<std::string>{"1", "2", "1 bis", "1 ter", "3", "2 alt", "4"});
    commit();
    const auto print = call("GET", "/g/wgig/r/final/print", chair()).body;
    CHECK(print.find("<bdi>1 bis</bdi>") != std::string::npos);
    CHECK(call("GET", "/g/wgig/r/final/report.md", chair()).body.find("## 2 alt New") != std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "an agreed section that moves stays fresh and says that it moved, until it is back") {
    REQUIRE(decide(sections[2], "agree").status == 201);
    CHECK(shown()[2]["status"]["moved"] == false);
    REQUIRE(outline({{"command", "move"}, {"section", sections[2]}, {"parent", nullptr}, {"after", nullptr}}).status ==
            200);
    CHECK(shown()[0]["status"]["moved"] == true);
    CHECK(shown()[0]["status"]["fresh"] == true);
    CHECK(shown()[0]["status"]["settled"] == true);
    CHECK(shown()[1]["status"]["moved"] == false);
    REQUIRE(
        outline({{"command", "move"}, {"section", sections[2]}, {"parent", nullptr}, {"after", sections[1]}}).status ==
        200);
    CHECK(shown()[2]["status"]["moved"] == false);
    // Another section put before it moves nothing.
    REQUIRE(outline({{"command", "add"}, {"title", "First"}, {"parent", nullptr}, {"after", nullptr}}).status == 200);
    CHECK(shown()[3]["status"]["moved"] == false);
  }
}

}  // namespace bossey::tests
