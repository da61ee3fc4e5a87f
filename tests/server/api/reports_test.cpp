// Making, importing and reshaping reports, and what leaves the system.
#include <doctest/doctest.h>

#include "document/canonical.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

const std::string kReport = "/api/groups/wgig/reports/final";
const std::string kMarkdown =
    "# Final Report\n\n## Introduction\n\nFirst words.[^1]\n\n[^1]: A note.\n\n## Forum function\n\n### Scope\n\n"
    "- one\n- two\n\n### نطاق\n\nالكلمات الأولى.\n";

}  // namespace

TEST_SUITE("api/reports") {
  TEST_CASE_FIXTURE(World, "an import gives a report whose sections can be read, and its name is not taken twice") {
    const auto made =
        send("POST", "/api/groups/wgig/imports", chair(), {{"slug", "final"}, {"markdown", kMarkdown}}).parsed();
    CHECK(made["title"] == "Final Report");
    CHECK(made["footnotes"] == 1);
    CHECK(made["sections"] == 4);
    const auto again = send("POST", "/api/groups/wgig/imports", chair(), {{"slug", "final"}, {"markdown", kMarkdown}});
    CHECK(again.status == 409);
    const auto shown = report("final");
    REQUIRE(shown["sections"].size() == 4);
    CHECK(shown["sections"][0]["title"] == "Introduction");
    CHECK(shown["sections"][2]["parent"] == shown["sections"][1]["id"]);
    for (const auto& section : shown["sections"]) {
      CHECK_FALSE(section["disclaimer"].is_null());
      const std::string id = section["id"];
      const auto whole = call("GET", kReport + "/sections/" + id, session("wgig", Role::observer)).parsed();
      const std::string canonical = whole["canonical"];
      CHECK(sha256(canonical).hex() == section["text_id"]);
      CHECK(whole["html"].get<std::string>().starts_with("<p class=\"disclaimer\">"));
    }
    CHECK(call("GET", kReport + "/sections/none", chair()).status == 404);
    CHECK(call("GET", "/api/groups/wgig/reports/none", chair()).status == 404);
  }

  TEST_CASE_FIXTURE(World, "Markdown that is none is refused, and nothing is made") {
    for (const auto& markdown : {std::string(), std::string("\0\1\2", 3), std::string(5u << 20, 'x')}) {
      const auto answer = send("POST", "/api/groups/wgig/imports", chair(), {{"slug", "x"}, {"markdown", markdown}});
      CHECK((answer.status == 400 || answer.status == 413));
      CHECK_FALSE(answer.parsed()["error"]["message"].get<std::string>().empty());
    }
    CHECK(call("GET", "/api/groups/wgig", chair()).parsed()["reports"].empty());
  }

  TEST_CASE_FIXTURE(World, "an empty report is created once for a key, and taken names are refused with advice") {
    const json body = {{"title", "Background Report"}, {"key", "12345678"}};
    const auto first = send("POST", "/api/groups/wgig/reports", chair(), body);
    CHECK(first.status == 201);
    CHECK(send("POST", "/api/groups/wgig/reports", chair(), body).parsed() == first.parsed());
    const std::string slug = first.parsed()["slug"];
    const auto taken = send("POST", "/api/groups/wgig/reports", chair(), {{"title", "Another"}, {"slug", slug}});
    CHECK(taken.status == 409);
    CHECK(report(slug)["sections"].size() == 1);
    CHECK(call("GET", "/api/groups/wgig", chair()).parsed()["reports"].size() == 1);
  }

  TEST_CASE_FIXTURE(World, "the outline is changed by commands, each against the version the page has") {
    const auto sections = import("final", kMarkdown);
    const auto version = report("final")["version"];
    const auto outline = kReport + "/outline";
    const auto added = send("POST", outline, chair(),
                            {{"version", version},
                             {"command", "add"},
                             {"title", "Annex"},
                             {"kind", "annex"},
                             {"parent", nullptr},
                             {"after", sections[1]}});
    REQUIRE_MESSAGE(added.status == 200, added.body);
    const auto stale = send("POST", outline, chair(),
                            {{"version", version}, {"command", "rename"}, {"section", sections[0]}, {"title", "T"}});
    CHECK(stale.status == 409);
    CHECK(stale.parsed()["current"]["version"] == added.parsed()["version"]);
    const auto renamed = send("POST", outline, chair(),
                              {{"version", added.parsed()["version"]},
                               {"command", "rename"},
                               {"section", sections[0]},
                               {"title", "Opening"}});
    CHECK(renamed.status == 200);
    CHECK(report("final")["sections"][0]["title"] == "Opening");
    for (const auto& body : {json{{"command", "fly"}}, json{{"command", "move"}}, json{{"command", "split"}},
                             json{{"command", "add"}, {"title", "x"}, {"kind", "poem"}}}) {
      auto command = body;
      command["version"] = renamed.parsed()["version"];
      CHECK(send("POST", outline, chair(), command).status == 400);
    }
  }

  TEST_CASE_FIXTURE(World, "print and download begin every text that is not agreed with its disclaimer") {
    const auto sections = import("final", kMarkdown);
    const auto disclaimer = report("final")["sections"][0]["disclaimer"].get<std::string>();
    const auto markdown = call("GET", "/g/wgig/r/final/report.md", session("wgig", Role::observer));
    CHECK(markdown.status == 200);
    CHECK(markdown.headers.at("Content-Type") == "text/markdown; charset=utf-8");
    CHECK(markdown.headers.at("Content-Disposition") == "attachment; filename=\"final.md\"");
    CHECK(markdown.body.find("draft working paper") != std::string::npos);
    CHECK(markdown.body.find("الكلمات الأولى.") != std::string::npos);
    const auto print = call("GET", "/g/wgig/r/final/print", chair());
    CHECK(print.status == 200);
    CHECK(print.headers.at("Content-Security-Policy").find("script-src") == std::string::npos);
    CHECK(print.body.find("<script") == std::string::npos);
    CHECK(print.body.find("draft working paper") != std::string::npos);
    const auto one = call("GET", "/g/wgig/r/final/print?section=" + sections[3], chair());
    CHECK(one.status == 200);
    CHECK(one.body.find("First words") == std::string::npos);
    CHECK(one.body.find("draft working paper") != std::string::npos);
    CHECK(call("GET", "/g/wgig/r/final/print?section=none", chair()).status == 404);
    CHECK(call("GET", "/g/wgig/r/none/print", chair()).status == 404);
    CHECK_FALSE(disclaimer.empty());
  }
}

}  // namespace bossey::tests
