#include <doctest/doctest.h>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

std::string cookie_of(const Answer& answer) {
  const auto& header = answer.headers.at("Set-Cookie");
  const auto begin = header.find('=') + 1;
  return header.substr(begin, header.find(';') - begin);
}

}  // namespace

TEST_SUITE("api/sessions") {
  TEST_CASE_FIXTURE(World, "a link signs in, again and again, and leads to the page without itself in the address") {
    const auto link = new_link("wgig", person("wgig", Role::member));
    const auto first = call("GET", "/sign-in/" + link);
    CHECK(first.status == 303);
    CHECK(first.headers.at("Location") == "/");
    CHECK(first.headers.at("Cache-Control") == "no-store");
    CHECK(first.headers.at("Referrer-Policy") == "no-referrer");
    const auto me = call("GET", "/api/me", cookie_of(first));
    CHECK(me.status == 200);
    CHECK(me.parsed()["person"]["name"] == "wgig member");
    CHECK(me.parsed()["groups"] == json::array({{{"slug", "wgig"}, {"name", "WGIG"}, {"role", "member"}}}));
    const auto second = call("GET", "/sign-in/" + link);
    CHECK(second.status == 303);
    CHECK(cookie_of(second) != cookie_of(first));
    CHECK(call("GET", "/api/me", cookie_of(first)).status == 200);
  }

  TEST_CASE_FIXTURE(World, "signing in anew ends the session that the browser had") {
    const auto link = new_link("wgig", person("wgig", Role::member));
    const auto old = session("wgig", Role::chair);
    const auto answer = call("GET", "/sign-in/" + link, old);
    CHECK(call("GET", "/api/me", old).status == 401);
    CHECK(call("GET", "/api/me", cookie_of(answer)).parsed()["person"]["name"] == "wgig member");
  }

  TEST_CASE_FIXTURE(World, "signing out ends the session and empties the cookie") {
    const auto cookie = session("wgig", Role::chair);
    const auto out = call("POST", "/api/sign-out", cookie, "{}");
    CHECK(out.status == 204);
    CHECK(cookie_of(out).empty());
    CHECK(call("GET", "/api/me", cookie).status == 401);
  }

  TEST_CASE_FIXTURE(World,
                    "wrong and revoked links show a page that says what to do, and soon only that it is too much") {
    const auto member = person("wgig", Role::member);
    const auto link = new_link("wgig", member);
    change([&](accounts::AccountsStore& store) { return store.revoke_links(GroupId{"wgig"}, member); }).value();
    const auto answer = call("GET", "/sign-in/" + link);
    CHECK(answer.status == 401);
    CHECK(answer.headers.at("Content-Type") == "text/html; charset=utf-8");
    CHECK(answer.body.find("Ask whoever sent it") != std::string::npos);
    CHECK_FALSE(answer.headers.contains("Set-Cookie"));
    unsigned last = 0;
    for (int i = 0; i < 30; ++i) last = call("GET", "/sign-in/" + std::string(43, 'x')).status;
    CHECK(last == 429);
    // Whoever has a good link gets in all the same, also from that network.
    CHECK(call("GET", "/sign-in/" + new_link("wgig", member)).status == 303);
    address = "10.0.0.2";
    CHECK(call("GET", "/sign-in/" + std::string(43, 'x')).status == 401);
  }

  TEST_CASE_FIXTURE(World, "a program that only looks at a link does not use it") {
    const auto member = person("wgig", Role::member);
    const auto link = new_link("wgig", member);
    CHECK(call("HEAD", "/sign-in/" + link).status == 401);
    const auto links = roll().links_of(member);
    CHECK_FALSE(links.back().used_s.has_value());
  }

  TEST_CASE_FIXTURE(World, "one person cannot flood the server with changes") {
    unsigned last = 0;
    for (int i = 0; i < 250 && last != 429; ++i) {
      last = call("POST", "/api/groups/wgig/reports", chair(), "{}").status;
    }
    CHECK(last == 429);
    CHECK(call("POST", "/api/groups/wgig/reports", session("wgig", Role::secretariat), "{}").status == 400);
    CHECK(call("GET", "/api/me", chair()).status == 200);
  }
}

}  // namespace bossey::tests
