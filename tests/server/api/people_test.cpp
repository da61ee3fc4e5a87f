#include <doctest/doctest.h>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

const std::string kPeople = "/api/groups/wgig/people";

struct Fixture : World {
  std::string admin = session("wgig", Role::administrator);

  std::string path_of(PersonId person) { return kPeople + "/" + std::to_string(person.value); }
  json entry_of(PersonId person) {
    const auto all = call("GET", kPeople, admin).parsed();
    for (const auto& entry : all["people"]) {
      if (entry["id"] == person.value) return entry;
    }
    return nullptr;
  }
};

}  // namespace

TEST_SUITE("api/people") {
  TEST_CASE_FIXTURE(Fixture, "a person is added once for a key, and listed") {
    const json body = {{"name", "عضو جديد"}, {"role", "member"}, {"category", "Civil society"}, {"key", "12345678"}};
    const auto first = send("POST", kPeople, admin, body);
    CHECK(first.status == 201);
    CHECK(send("POST", kPeople, admin, body).parsed() == first.parsed());
    const auto entry = entry_of(PersonId{first.parsed()["id"]});
    CHECK(entry["name"] == "عضو جديد");
    CHECK(entry["role"] == "member");
    CHECK(entry["category"] == "Civil society");
    CHECK(entry["links"].empty());
    CHECK(entry["sessions"] == 0);
  }

  TEST_CASE_FIXTURE(Fixture, "bad people are refused with the field named") {
    for (const auto& [body, field] : std::vector<std::pair<json, std::string>>{
             {{{"role", "member"}}, "name"},
             {{{"name", ""}, {"role", "member"}}, "name"},
             {{{"name", "a\nb"}, {"role", "member"}}, "name"},
             {{{"name", "Somebody"}}, "role"},
             {{{"name", "Somebody"}, {"role", "king"}}, "role"},
             {{{"name", "Somebody"}, {"role", 1}}, "role"},
             {{{"name", "Somebody"}, {"role", "member"}, {"key", "short"}}, "key"}}) {
      const auto answer = send("POST", kPeople, admin, body);
      CHECK(answer.status == 400);
      CHECK(answer.body.find("'" + field + "'") != std::string::npos);
    }
    CHECK(call("GET", kPeople, admin).parsed()["people"].size() == 6);
  }

  TEST_CASE_FIXTURE(Fixture, "a changed role counts from the next call on") {
    const auto member = person("wgig", Role::member);
    const auto cookie = session("wgig", Role::member);
    CHECK(call("POST", "/api/groups/wgig/reports", cookie, "{}").status == 403);
    CHECK(call("PATCH", path_of(member), admin, R"({"role":"secretariat"})").status == 204);
    CHECK(call("POST", "/api/groups/wgig/reports", cookie, "{}").status == 400);
    CHECK(call("GET", "/api/groups/wgig", cookie).parsed()["role"] == "secretariat");
    CHECK(call("PATCH", path_of(member), admin, R"({"role":"member","name":"New name"})").status == 204);
    CHECK(entry_of(member)["name"] == "New name");
  }

  TEST_CASE_FIXTURE(Fixture, "who is removed is out at once, and the last administrator cannot be") {
    const auto member = person("wgig", Role::member);
    const auto cookie = session("wgig", Role::member);
    CHECK(call("DELETE", path_of(member), admin).status == 204);
    CHECK(call("GET", "/api/me", cookie).status == 401);
    CHECK(call("DELETE", path_of(member), admin).status == 404);
    const auto self = person("wgig", Role::administrator);
    CHECK(call("DELETE", path_of(self), admin).status == 409);
    CHECK(call("PATCH", path_of(self), admin, R"({"role":"chair"})").status == 409);
    CHECK(call("GET", kPeople, admin).status == 200);
  }

  TEST_CASE_FIXTURE(Fixture, "a link is shown once, works, and is listed without its secret until it is revoked") {
    const auto observer = person("wgig", Role::observer);
    const auto made = call("POST", path_of(observer) + "/links", admin, "{}");
    CHECK(made.status == 201);
    const std::string url = made.parsed()["url"];
    CHECK(url.starts_with("http://bossey.test/sign-in/"));
    CHECK(call("GET", url.substr(std::string("http://bossey.test").size())).status == 303);
    const auto listed = call("GET", kPeople, admin);
    CHECK(listed.body.find(url.substr(url.rfind('/') + 1)) == std::string::npos);
    const auto id = made.parsed()["id"].get<std::uint64_t>();
    const auto link = "/links/" + std::to_string(id);
    CHECK(entry_of(observer)["links"].back()["id"] == id);
    CHECK(entry_of(observer)["links"].back()["used"].is_string());
    CHECK(call("DELETE", path_of(person("wgig", Role::member)) + link, admin).status == 404);
    CHECK(call("DELETE", path_of(observer) + link, admin).status == 204);
    CHECK(call("GET", url.substr(std::string("http://bossey.test").size())).status == 401);
  }

  TEST_CASE_FIXTURE(Fixture, "ending somebody's sessions signs them out") {
    const auto cookie = session("wgig", Role::observer);
    CHECK(call("DELETE", path_of(person("wgig", Role::observer)) + "/sessions", admin).status == 204);
    CHECK(call("GET", "/api/me", cookie).status == 401);
  }

  TEST_CASE_FIXTURE(Fixture, "an administrator of one group cannot become somebody of another") {
    const auto outsider = person("other", Role::chair);
    CHECK(call("POST", path_of(outsider) + "/links", admin, "{}").status == 404);
    change([&](accounts::AccountsStore& store) -> Result<bool> {
      BOSSEY_TRY_VOID(store.join_group(GroupId{"wgig"}, outsider, Role::member, ""));
      return true;
    }).value();
    CHECK(call("POST", path_of(outsider) + "/links", admin, "{}").status == 403);
    CHECK(call("PATCH", path_of(outsider), admin, R"({"name":"Renamed"})").status == 403);
    CHECK(call("PATCH", path_of(outsider), admin, R"({"role":"observer"})").status == 204);
  }

  TEST_CASE_FIXTURE(Fixture, "numbers that are none are nobody") {
    for (const auto* number : {"0", "-1", "7x", "99999999999999999999", "%37", "NaN"}) {
      CHECK(call("DELETE", kPeople + "/" + number, admin).status == 404);
    }
  }
}

}  // namespace bossey::tests
