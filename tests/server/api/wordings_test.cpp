// Wording of disclaimers at each level and language, and the facts they are made from: through the real print.
#include <doctest/doctest.h>

#include "consensus/moment.hpp"
#include "document/body.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

// As on the working papers of 2005.
const std::string kWhole =
    "This paper is a &#39;draft working paper&#39; reflecting the preliminary findings of the drafting team. It has "
    "been subject to review by all WGIG members, but does not necessarily present a consensus position nor does it "
    "contain agreed language accepted by every member. The purpose of this draft is to provide a basis for the ongoing "
    "work of the group. It is therefore not to be seen as a chapter in the final WGIG report, but rather as raw "
    "material that will be used when drafting the report. This draft working paper has been published on the WGIG web "
    "site for public comment, so that it will evolve, taking into account input from governments and stakeholders.";

struct Fixture : World {
  std::vector<std::string> sections = import("final", "# Paper\n\n## Spam\n\nSpam words.\n\n## Cost\n\nCost words.\n");
  std::string base = "/api/groups/wgig/reports/final";

  std::string as(Role role) { return session("wgig", role); }
  json shown(std::size_t index = 0) { return report("final")["sections"][index]; }
  std::string print() { return call("GET", "/g/wgig/r/final/print", as(Role::observer)).body; }
  Answer word(json body, Role role = Role::chair) {
    return send("POST", "/api/groups/wgig/wordings", as(role), std::move(body));
  }
  static json text(const std::string& name, const std::string& words) {
    return json::array({{{"name", name}, {"text", words}}});
  }
  Answer facts(json body, Role role = Role::secretariat) {
    return send("POST", base + "/facts", as(role), std::move(body));
  }
  Answer working_paper(const std::string& id, const json& now) {
    return send("POST", base + "/sections/" + id + "/decisions", as(Role::secretariat),
                {{"kind", "working_paper"},
                 {"text_id", now["text_id"]},
                 {"content_hash", now["content_hash"]},
                 {"reviewed", true}});
  }
  std::string in_days(int days) {
    const auto at = scheduler.unix_ms() / 1000 + days * 86'400LL;
    return consensus::iso_utc(at);
  }
};

}  // namespace

TEST_SUITE("api/wordings") {
  TEST_CASE_FIXTURE(Fixture, "when all its facts hold, the print carries the published text word for word") {
    CHECK(print().find(kWhole) == std::string::npos);
    REQUIRE(working_paper(sections[0], shown(0)).status == 201);
    REQUIRE(working_paper(sections[1], shown(1)).status == 201);
    REQUIRE(facts({{"kind", "working paper"}}).status == 204);
    CHECK(print().find(kWhole) == std::string::npos);  // not published yet
    REQUIRE(facts({{"published", in_days(-1)}, {"comments_until", in_days(10)}}).status == 204);
    const auto page = print();
    const auto at = page.find(kWhole);
    REQUIRE_MESSAGE(at != std::string::npos, page);
    CHECK(page.find(kWhole, at + 1) == std::string::npos);  // equal texts that follow each other print once
    CHECK(page.find("Draft working paper, not agreed</div>\n</div></td></tr></tfoot>") != std::string::npos);
    // The window over.
    REQUIRE(facts({{"published", in_days(-10)}, {"comments_until", in_days(-1)}}).status == 204);
    CHECK(print().find("for public comment until ") != std::string::npos);
    REQUIRE(facts({{"not_published", true}}).status == 204);
    CHECK(print().find("for public comment") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "facts are the secretariat's and the chair's, and must make sense") {
    CHECK(facts({{"kind", "working paper"}}, Role::member).status == 403);
    CHECK(facts({{"kind", "novel"}}).status == 400);
    CHECK(facts({{"language", "?"}}).status == 400);
    CHECK(facts({{"published", in_days(1)}}).status == 400);
    CHECK(facts({{"published", in_days(2)}, {"comments_until", in_days(1)}}).status == 400);
    CHECK(facts(json::object()).status == 400);
    CHECK(report("final")["published"].is_null());
    CHECK(report("final")["kind"] == "report");
  }

  TEST_CASE_FIXTURE(Fixture, "the nearest level words a clause, a lower one adds, and none removes") {
    REQUIRE(word({{"reworded", text("not_reviewed", "Not yet read by {group}.")},
                  {"added", json::array({{{"text", "Handle with care, says {group}."}}})}})
                .status == 200);
    CHECK(shown()["disclaimer"].get<std::string>().find("Not yet read by WGIG.") != std::string::npos);
    REQUIRE(word({{"report", "final"}, {"reworded", text("not_reviewed", "Not yet read here.")}}).status == 200);
    REQUIRE(word({{"report", "final"},
                  {"section", sections[0]},
                  {"added", json::array({{{"text", "Figures to be checked."}}})}})
                .status == 200);
    const std::string own = shown(0)["disclaimer"], other = shown(1)["disclaimer"];
    CHECK(own.find("Not yet read here.") != std::string::npos);
    CHECK(own.find("Handle with care, says WGIG. Figures to be checked.") != std::string::npos);
    CHECK(other.find("Handle with care") != std::string::npos);
    CHECK(other.find("Figures") == std::string::npos);
    // An empty text would remove a clause.
    CHECK(word({{"report", "final"}, {"reworded", text("not_reviewed", " ")}}).status == 400);
    CHECK(word({{"added", json::array({{{"text", ""}}})}}).status == 400);
    CHECK(word({{"reworded", text("not_reviewed", "By {who}.")}}).status == 400);
    CHECK(word({{"reworded", text("changed_since", "Changed.")}}).status == 400);  // lost its date
    CHECK(word({{"reworded", text("nothing", "x")}}).status == 400);
    CHECK(word({{"report", "none"}}).status == 404);
    CHECK(word({{"reworded", text("purpose", "x")}}, Role::secretariat).status == 403);
    // Reset.
    REQUIRE(word({{"report", "final"}}).status == 200);
    CHECK(shown(0)["disclaimer"].get<std::string>().find("Not yet read by WGIG.") != std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "a report prints in its language, and each page carries the short form") {
    REQUIRE(word({{"language", "fr"},
                  {"reworded", text("purpose", "Base pour les travaux du {group}.")},
                  {"short_reworded", text("draft", "Projet, non convenu")}})
                .status == 200);
    CHECK(shown()["disclaimer"].get<std::string>().find("Base pour") == std::string::npos);
    REQUIRE(facts({{"language", "fr"}}).status == 204);
    CHECK(shown()["disclaimer"].get<std::string>().find("Base pour les travaux du WGIG.") != std::string::npos);
    const auto page = print();
    CHECK(page.find("<html lang=\"fr\"") != std::string::npos);
    CHECK(page.find("Projet, non convenu</div>\n</div></td></tr></tfoot>") != std::string::npos);
    CHECK(call("GET", "/g/wgig/r/final/report.md", chair()).body.find("Projet, non convenu") != std::string::npos);
    CHECK(report("final")["short_disclaimer"] == "Projet, non convenu");
  }

  TEST_CASE_FIXTURE(Fixture, "a wording is shown with its defaults and as it would read, before it is kept") {
    const auto before = call("GET", "/api/groups/wgig/wordings?report=final", as(Role::observer)).parsed();
    CHECK(before["clauses"].size() == 19);
    CHECK(before["reworded"].empty());
    const auto preview =
        word({{"report", "final"}, {"preview", true}, {"reworded", text("purpose", "To go on with.")}});
    REQUIRE(preview.status == 200);
    CHECK(preview.parsed()["samples"][0]["full"].get<std::string>().find("To go on with.") != std::string::npos);
    CHECK(shown()["disclaimer"].get<std::string>().find("To go on with.") == std::string::npos);
    REQUIRE(word({{"reworded", text("purpose", "To work on.")}}).status == 200);
    const auto after = call("GET", "/api/groups/wgig/wordings?report=final", chair()).parsed();
    for (const auto& clause : after["clauses"])
      if (clause["name"] == "purpose") CHECK(clause["inherited"] == "To work on.");
    CHECK(call("GET", "/api/groups/wgig/wordings?report=none", chair()).status == 404);
  }

  TEST_CASE_FIXTURE(Fixture, "a copy in another report is a draft that knows the agreed words it comes from") {
    const auto now = shown(0);
    REQUIRE(send("POST", base + "/sections/" + sections[0] + "/decisions", chair(),
                 {{"kind", "agree"}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}})
                .status == 201);
    CHECK(send("POST", base + "/derived", as(Role::member), {{"title", "Final"}}).status == 403);
    CHECK(send("POST", base + "/derived", chair(), {{"title", "x"}, {"slug", "final"}}).status == 409);
    const auto made = send("POST", base + "/derived", as(Role::secretariat), {{"title", "Second Report"}});
    REQUIRE_MESSAGE(made.status == 201, made.body);
    const std::string slug = made.parsed()["slug"];
    auto copies = report(slug)["sections"];
    REQUIRE(copies.size() == 2);
    CHECK(copies[0]["status"]["name"] == "Draft");
    CHECK(copies[0]["text_id"] == now["text_id"]);
    CHECK(copies[0]["origin"]["line"].get<std::string>().find("taken from text agreed on ") == 0);
    CHECK(copies[1]["origin"]["line"] == "taken from a draft");
    document::Section text;
    text.title = "Spam";
    text.body = {document::paragraph("Spam words, edited.")};
    write(copies[0]["id"], text);
    copies = report(slug)["sections"];
    CHECK(copies[0]["origin"]["line"].get<std::string>().find("edited from text agreed on ") == 0);
    const auto origin =
        call("GET", "/api/groups/wgig/reports/" + slug + "/sections/" + copies[0]["id"].get<std::string>() + "/origin",
             as(Role::observer));
    REQUIRE_MESSAGE(origin.status == 200, origin.body);
    CHECK(origin.parsed()["redline"]["words_inserted"] == 1);
    CHECK(shown(0)["origin"].is_null());
    CHECK(shown(0)["status"]["settled"] == true);
  }
}

}  // namespace bossey::tests
