// Every route asked by every role, by a stranger from another group, and by nobody.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

/// Roles as letters: c chair, s secretariat, m member, o observer, a administrator, p speaking observer, who also may
/// whatever an observer may; "*" everybody, signed in or not.
struct Row {
  std::string method;
  std::string path;  ///< As in the route table.
  std::string roles;
  unsigned status;  ///< For those roles, with an empty object as body: 400 stands for "let in, the body is missing".
};

const Row kRows[] = {
    {"GET", "healthz", "*", 200},
    {"GET", "readyz", "*", 200},
    {"GET", "", "*", 404},  // these tests have no page
    {"GET", "g/*", "*", 404},
    {"GET", "*", "*", 404},
    {"GET", "sign-in/:token", "*", 401},
    {"GET", "api/me", "csmoa", 200},
    {"POST", "api/sign-out", "csmoa", 204},
    {"GET", "g/:group/r/:report/print", "csmoa", 200},
    {"GET", "g/:group/r/:report/report.md", "csmoa", 200},
    {"GET", "api/groups/:group", "csmoa", 200},
    {"PATCH", "api/groups/:group", "c", 400},
    {"POST", "api/groups/:group/reports", "cs", 400},
    {"POST", "api/groups/:group/imports", "cs", 400},
    {"GET", "api/groups/:group/reports/:report", "csmoa", 200},
    {"GET", "api/groups/:group/reports/:report/sections/:section", "csmoa", 200},
    {"POST", "api/groups/:group/reports/:report/outline", "cs", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/decisions", "csm",
     400},  // working papers are the secretariat's, ad ref a co-lead's
    {"GET", "g/:group/r/:report/releases/:release/print", "csmoa", 404},  // nothing is closed yet
    {"GET", "g/:group/r/:report/releases/:release/report.md", "csmoa", 404},
    {"GET", "api/groups/:group/reports/:report/closing", "csmoa", 200},
    {"GET", "api/groups/:group/reports/:report/releases", "csmoa", 200},
    {"POST", "api/groups/:group/reports/:report/phases", "c", 400},
    {"POST", "api/groups/:group/reports/:report/left-open", "c", 400},
    {"POST", "api/groups/:group/reports/:report/labels", "c", 400},
    {"POST", "api/groups/:group/reports/:report/corrections", "csm", 400},  // who is on the roll is asked later
    {"POST", "api/groups/:group/reports/:report/corrections/check", "csm", 400},
    {"POST", "api/groups/:group/reports/:report/corrections/:correction", "csm", 400},
    {"POST", "api/groups/:group/reports/:report/transmittals", "cs", 400},
    {"GET", "api/groups/:group/reports/:report/sections/:section/positions", "csmoa", 200},
    {"POST", "api/groups/:group/reports/:report/sections/:section/positions", "csm", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/positions/:position", "csm", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/pauses", "c", 400},
    {"POST", "api/groups/:group/pauses/:pause/objections", "csm", 409},
    {"POST", "api/groups/:group/pauses/:pause/cancel", "c", 409},
    {"GET", "api/groups/:group/decisions", "csmoa", 200},
    {"GET", "api/groups/:group/reports/:report/sections/:section/agreed", "csmoa", 404},  // nothing is agreed yet
    {"POST", "api/groups/:group/reports/:report/sections/:section/restore", "cs", 400},
    {"GET", "api/groups/:group/wordings", "csmoa", 200},
    {"POST", "api/groups/:group/wordings", "c", 400},
    {"POST", "api/groups/:group/reports/:report/facts", "cs", 400},
    {"POST", "api/groups/:group/reports/:report/derived", "cs", 400},
    {"GET", "api/groups/:group/reports/:report/comparison", "csmoa", 400},
    {"GET", "api/groups/:group/reports/:report/sections/:section/origin", "csmoa", 404},  // it was written there
    {"GET", "api/groups/:group/reports/:report/brackets", "csmoa", 200},
    {"GET", "api/groups/:group/reports/:report/sections/:section/brackets", "csmoa", 200},
    {"POST", "api/groups/:group/reports/:report/sections/:section/brackets", "csm", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/brackets/lift", "csm", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/brackets/:bracket", "csm", 400},
    {"GET", "api/groups/:group/calls", "csmoa", 200},
    {"POST", "api/groups/:group/calls", "c", 400},
    {"GET", "api/groups/:group/calls/:call", "csmoa", 404},  // none is open
    {"POST", "api/groups/:group/calls/:call/answers", "csm", 400},
    {"POST", "api/groups/:group/calls/:call/marks", "csm", 404},
    {"POST", "api/groups/:group/calls/:call/moves", "c", 400},
    {"GET", "api/groups/:group/reports/:report/sections/:section/proposals", "csmoa", 200},
    {"POST", "api/groups/:group/proposals/:proposal/withdraw", "csmp", 400},
    {"POST", "api/groups/:group/proposals/:proposal", "csmp", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/proposals", "csmp", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/positions/:position/propose", "csmp", 400},
    {"GET", "api/groups/:group/reports/:report/sections/:section/adoptions", "csmp", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/adoptions", "csmp", 400},
    {"GET", "api/groups/:group/reports/:report/revisions", "csmoa", 200},
    {"GET", "api/groups/:group/reports/:report/sections/:section/redline", "csmoa", 400},
    {"GET", "api/groups/:group/reports/:report/redline", "csmoa", 400},
    {"GET", "api/groups/:group/meetings", "csmoa", 200},
    {"POST", "api/groups/:group/meetings", "cs", 400},
    {"PATCH", "api/groups/:group/meetings/:meeting", "cs", 404},
    {"POST", "api/groups/:group/meetings/:meeting/here", "csm", 404},
    {"GET", "api/groups/:group/teams", "csmoa", 200},
    {"POST", "api/groups/:group/teams", "cs", 400},
    {"PATCH", "api/groups/:group/teams/:team", "cs", 400},
    {"POST", "api/groups/:group/reports/:report/sections/:section/team", "cs", 400},
    {"POST", "api/groups/:group/typist", "c", 400},
    {"GET", "api/groups/:group/reviews", "csmoa", 200},
    {"POST", "api/groups/:group/reports/:report/reviews", "cs", 400},
    {"POST", "api/groups/:group/reviews/:review/opened", "csm", 404},
    {"POST", "api/groups/:group/reviews/:review/end", "cs", 400},
    {"GET", "api/groups/:group/decisions/:decision", "csmoa", 404},
    {"GET", "g/:group/decisions.md", "csmoa", 200},
    {"GET", "api/groups/:group/rules", "csmoa", 200},
    {"PATCH", "api/groups/:group/rules", "c", 400},
    {"GET", "api/groups/:group/people", "csa", 200},
    {"POST", "api/groups/:group/people", "a", 400},
    {"PATCH", "api/groups/:group/people/:person", "a", 204},
    {"DELETE", "api/groups/:group/people/:person", "a", 404},
    {"POST", "api/groups/:group/people/:person/links", "a", 201},
    {"DELETE", "api/groups/:group/people/:person/links/:link", "a", 404},
    {"DELETE", "api/groups/:group/people/:person/sessions", "a", 204},
};

struct Fixture : World {
  std::vector<std::string> sections = import("final", "# Final Report\n\n## Opening\n\nFirst words.\n");

  std::string target(const Row& row) {
    auto path = "/" + row.path;
    const auto put = [&path](const std::string& name, const std::string& value) {
      const auto at = path.find(name);
      if (at != std::string::npos) path.replace(at, name.size(), value);
    };
    put(":group", "wgig");
    put(":report", "final");
    put(":section", sections.front());
    put(":proposal", "1");
    put(":meeting", "1");
    put(":team", "1");
    put(":review", "1");
    put(":decision", "1");
    put(":position", "1");
    put(":bracket", "1");
    put(":pause", "none");
    put(":call", "1");
    put(":correction", "1");
    put(":release", "F-1");
    put(":link", "99999");
    // Somebody whose session no test needs; who does not exist where the person would go.
    put(":person", row.method == "DELETE" && row.path.ends_with(":person") ? "99999" : std::to_string(spare.value));
    put(":token", "wrong");
    put("*", "nothing-here");
    return path;
  }
  PersonId spare = change([](accounts::AccountsStore& store) {
                     return store.add_person(GroupId{"wgig"}, "Spare", Role::member, "", 1);
                   }).value();
  Answer ask(const Row& row, const std::string& cookie) {
    const bool changing = row.method != "GET";
    return call(row.method, target(row), cookie, changing ? "{}" : "");
  }
  /// A session of its own for each call, because signing out ends it.
  std::string new_session(const std::string& group, Role role) {
    const auto link = new_link(group, person(group, role));
    return change([&](accounts::AccountsStore& store) {
             return store.sign_in(link, std::nullopt, scheduler.unix_ms() / 1000);
           })
        .value()
        .secret;
  }
};

bool names(const std::string& letters, Role role) {
  if (role != Role::speaking_observer) return letters.find(consensus::name_of(role).front()) != std::string::npos;
  return letters.find_first_of("op") != std::string::npos;
}

}  // namespace

TEST_SUITE("api/access") {
  TEST_CASE("the table of these tests names every route") {
    std::set<std::pair<std::string, std::string>> tested;
    for (const auto& row : kRows) tested.emplace(row.method, row.path);
    std::set<std::pair<std::string, std::string>> there;
    for (const auto& route : api::routes()) there.emplace(route.method, route.path);
    CHECK(tested == there);
  }

  TEST_CASE_FIXTURE(Fixture, "each role gets through every route that is its own, and no other") {
    for (const auto& row : kRows) {
      for (const auto role : consensus::kRoles) {
        const bool allowed = row.roles == "*" || names(row.roles, role);
        const auto answer = ask(row, new_session("wgig", role));
        INFO(row.method, " /", row.path, " as ", consensus::name_of(role), ": ", answer.body);
        CHECK(answer.status == (allowed ? row.status : 403));
      }
      // No link of the spare person is wanted again; without this the bound would be met.
      change([this](accounts::AccountsStore& store) { return store.revoke_links(GroupId{"wgig"}, spare); }).value();
      for (const auto role : consensus::kRoles) {
        change([&](accounts::AccountsStore& store) {
          return store.revoke_links(GroupId{"wgig"}, person("wgig", role));
        }).value();
      }
    }
  }

  TEST_CASE_FIXTURE(Fixture, "for a stranger a group is not there, for a signed-out person nothing is") {
    const auto stranger = session("other", Role::administrator);
    for (const auto& row : kRows) {
      if (row.roles == "*") continue;
      INFO(row.method, " /", row.path);
      CHECK(ask(row, "").status == 401);
      CHECK(ask(row, "made-up").status == 401);
      if (row.path.find(":group") == std::string::npos) continue;
      const auto strange = ask(row, stranger);
      CHECK(strange.status == 404);
      auto path = target(row);
      path.replace(path.find("wgig"), 4, "none");
      CHECK(call(row.method, path, stranger, row.method == "GET" ? "" : "{}").body == strange.body);
    }
  }

  TEST_CASE_FIXTURE(Fixture, "no changing route works without the page's own header and origin") {
    for (const auto& row : kRows) {
      if (row.method == "GET") continue;
      INFO(row.method, " /", row.path);
      const auto role = row.roles.find('a') != std::string::npos ? Role::administrator : Role::chair;
      const auto cookie = session("wgig", role);
      CHECK(call(row.method, target(row), cookie, "{}", {{"bossey-request", ""}}).status == 403);
      CHECK(call(row.method, target(row), cookie, "{}", {{"origin", "http://evil.test"}}).status == 403);
      CHECK(call(row.method, target(row), cookie, "{}", {{"content-type", "text/plain"}}).status == 400);
    }
  }

  TEST_CASE_FIXTURE(Fixture, "an API token reads its own group and neither decides nor administers") {
    const auto chair = person("wgig", Role::chair);
    const auto token = change([&](accounts::AccountsStore& store) {
                         return store.make_token(GroupId{"wgig"}, chair, true, scheduler.unix_ms() / 1000);
                       })
                           .value()
                           .secret;
    const std::map<std::string, std::string> bearer = {{"authorization", "Bearer " + token}};
    CHECK(call("GET", "/api/groups/wgig", "", "", bearer).status == 200);
    CHECK(call("GET", "/api/groups/other", "", "", bearer).status == 404);
    const auto decisions = "/api/groups/wgig/reports/final/sections/" + sections.front() + "/decisions";
    CHECK(call("POST", decisions, "", "{}", bearer).status == 403);
    CHECK(call("POST", "/api/groups/wgig/people", "", "{}", bearer).status == 403);
    CHECK(call("POST", "/api/groups/wgig/reports", "", "{}", bearer).status == 403);
    CHECK(call("POST", "/api/sign-out", "", "{}", bearer).status == 400);
    // A wrong token is not made good by a cookie that comes along.
    CHECK(call("GET", "/api/me", session("wgig", Role::chair), "", {{"authorization", "Bearer wrong"}}).status == 401);
  }
}

}  // namespace bossey::tests
