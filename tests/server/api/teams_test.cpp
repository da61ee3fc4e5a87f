// Drafting teams over the routes and at the gate: who writes, who sees whom, co-leads, the typist, and the author in
// git.
#include <doctest/doctest.h>

#include "document/body.hpp"
#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::vector<std::string> sections =
      import("final", "# Final Report\n\n## Opening\n\nFirst words.\n\n### Detail\n\nMore.\n\n## End\n\nLast words.\n");
  std::string group = "/api/groups/wgig";
  PersonId second = change([](accounts::AccountsStore& store) {
                      return store.add_person(GroupId{"wgig"}, "Second", Role::member, "government", 1);
                    }).value();

  std::string as(Role role) { return session("wgig", role); }
  std::string sign_in(PersonId id) {
    const auto link = new_link("wgig", id);
    return change([&](accounts::AccountsStore& store) {
             return store.sign_in(link, std::nullopt, scheduler.unix_ms() / 1000);
           })
        .value()
        .secret;
  }
  std::string path(std::size_t index) { return group + "/reports/final/sections/" + sections.at(index); }
  room::Access access(const std::string& cookie, const std::string& section) {
    return access_of(cookie, DocumentId{"section/" + section});
  }
  bool writes(const std::string& cookie, std::size_t index) {
    return access(cookie, sections.at(index)) == room::Access::write;
  }
  int make_team(json fields = json::object()) {
    const auto made = send("POST", group + "/teams", as(Role::secretariat), std::move(fields));
    REQUIRE_MESSAGE(made.status == 201, made.body);
    return made.parsed()["number"];
  }
  void write_words(std::size_t index, const std::string& words) {
    document::Section text;
    text.title = "Opening";
    text.body = {document::paragraph(words)};
    write(sections.at(index), text);
  }
  Answer give(std::size_t index, int team, bool below = false) {
    return send("POST", path(index) + "/team", as(Role::secretariat), {{"team", team}, {"below", below}});
  }
};

}  // namespace

TEST_SUITE("api/teams") {
  TEST_CASE_FIXTURE(Fixture,
                    "until a section has a team every member writes it, then the team, secretariat and chair") {
    const auto member = as(Role::member);
    const auto other = sign_in(second);
    CHECK(writes(member, 0));
    CHECK(writes(other, 0));
    const auto team = make_team({{"co_leads", {person("wgig", Role::member).value}}});
    CHECK(writes(other, 0));
    REQUIRE(give(0, team, true).status == 204);
    CHECK(events.back()["type"] == "outline");
    for (const std::size_t index : {0U, 1U}) {
      CHECK(writes(member, index));
      CHECK_FALSE(writes(other, index));
      CHECK(writes(as(Role::secretariat), index));
      CHECK(writes(chair(), index));
      CHECK(access(other, sections[index]) == room::Access::read);
    }
    CHECK(writes(other, 2));
    REQUIRE(send("PATCH", group + "/teams/1", as(Role::secretariat), {{"members", {second.value}}}).status == 200);
    CHECK(writes(other, 0));
    REQUIRE(send("PATCH", group + "/teams/1", as(Role::secretariat), {{"members", json::array()}}).status == 200);
    CHECK_FALSE(writes(other, 0));
    REQUIRE(give(0, 0).status == 204);
    CHECK(writes(other, 0));
    CHECK_FALSE(writes(other, 1));
    REQUIRE(send("PATCH", group + "/teams/1", as(Role::secretariat), {{"dissolved", true}}).status == 200);
    CHECK(writes(other, 1));
    CHECK(report("final")["sections"][1]["team"].is_null());
  }

  TEST_CASE_FIXTURE(Fixture, "who is in a team is shown to those who run the group and to the team itself") {
    make_team({{"room", "financing"}, {"co_leads", {second.value}}});
    for (const auto role : {Role::chair, Role::secretariat, Role::administrator})
      CHECK(call("GET", group + "/teams", as(role)).body.find("Second") != std::string::npos);
    for (const auto role : {Role::member, Role::observer, Role::speaking_observer}) {
      const auto seen = call("GET", group + "/teams", as(role));
      CHECK(seen.body.find("Second") == std::string::npos);
      CHECK(seen.parsed()["teams"][0]["room"] == "financing");
      CHECK(seen.parsed()["teams"][0]["size"] == 1);
    }
    CHECK(call("GET", group + "/teams", sign_in(second)).parsed()["teams"][0]["lead"] == true);
    for (const auto& event : events) CHECK(event.dump().find("Second") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "co-leads of one category are allowed, with a hint") {
    const auto third = change([](accounts::AccountsStore& store) {
                         return store.add_person(GroupId{"wgig"}, "Third", Role::member, "government", 1);
                       }).value();
    const auto made =
        send("POST", group + "/teams", as(Role::secretariat), {{"co_leads", {second.value, third.value}}});
    REQUIRE(made.status == 201);
    CHECK(made.parsed().contains("hint"));
    const auto mixed = send("PATCH", group + "/teams/1", as(Role::secretariat),
                            {{"co_leads", {second.value, person("wgig", Role::member).value}}});
    CHECK_FALSE(mixed.parsed().contains("hint"));
  }

  TEST_CASE_FIXTURE(Fixture, "teams are of members, under names of their own") {
    const auto observer = person("wgig", Role::observer).value;
    CHECK(send("POST", group + "/teams", as(Role::secretariat), {{"members", {observer}}}).status == 400);
    CHECK(send("POST", group + "/teams", as(Role::secretariat), {{"members", {99999}}}).status == 404);
    make_team({{"room", "financing"}});
    CHECK(send("POST", group + "/teams", as(Role::secretariat), {{"room", "financing"}}).status == 409);
    CHECK(give(0, 7).status == 404);
    CHECK(give(0, 1).status == 204);
  }

  TEST_CASE_FIXTURE(Fixture,
                    "a co-lead agrees ad ref on the own team's section, in the room's name, if the group lets") {
    const auto lead = sign_in(second);
    const auto team = make_team({{"room", "drafting team 3"}, {"co_leads", {second.value}}});
    const auto adref = [&](const std::string& cookie, std::size_t index) {
      const auto now = report("final")["sections"][index];
      return send(
          "POST", path(index) + "/decisions", cookie,
          {{"kind", "adref"}, {"present", 2}, {"text_id", now["text_id"]}, {"content_hash", now["content_hash"]}});
    };
    CHECK(adref(lead, 0).status == 403);
    REQUIRE(give(0, team).status == 204);
    CHECK(adref(as(Role::member), 0).status == 403);
    CHECK(adref(lead, 2).status == 403);
    REQUIRE(send("PATCH", group + "/rules", chair(), {{"co_leads_agree_ad_ref", false}}).status == 200);
    CHECK(adref(lead, 0).status == 403);
    REQUIRE(send("PATCH", group + "/rules", chair(), {{"co_leads_agree_ad_ref", true}}).status == 200);
    const auto agreed = adref(lead, 0);
    REQUIRE_MESSAGE(agreed.status == 201, agreed.body);
    CHECK(agreed.parsed()["sentence"].get<std::string>().find("drafting team 3") != std::string::npos);
    CHECK(send("POST", path(0) + "/decisions", lead, {{"kind", "bracket"}}).status == 403);
    write_words(0, "Other words.");
    commit();
    const auto revisions =
        call("GET", group + "/reports/final/revisions?section=" + sections[0], chair()).parsed()["revisions"];
    REQUIRE(revisions.size() >= 2);
    CHECK(revisions[0]["author"] == "drafting team 3");
    CHECK(revisions[1]["author"] == "drafting team 3");
    CHECK(revisions[0]["decision"] == 1);
  }

  TEST_CASE_FIXTURE(Fixture,
                    "in plenary the typist writes alone, if the group says so and the chair's word names one") {
    const auto other = sign_in(second);
    REQUIRE(send("POST", group + "/typist", chair(), {{"person", second.value}}).status == 204);
    CHECK(writes(as(Role::member), 0));
    CHECK(send("POST", group + "/typist", as(Role::secretariat), {{"person", second.value}}).status == 403);
    CHECK(send("POST", group + "/typist", chair(), {{"person", person("wgig", Role::observer).value}}).status == 400);
    CHECK(call("GET", group + "/teams", other).parsed()["typist"]["me"] == true);
    CHECK(send("POST", group + "/typist", chair(), json::object()).status == 204);
    CHECK(call("GET", group + "/teams", other).parsed()["typist"]["named"] == false);
  }
}

}  // namespace bossey::tests
