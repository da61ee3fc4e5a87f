#include "api/routes.hpp"

#include <doctest/doctest.h>

namespace bossey::api {

namespace {

std::string path_of(std::string_view method, const std::vector<std::string>& path) {
  const auto match = find_route(routes(), method, path);
  return match.route == nullptr ? "-" : std::string(match.route->path);
}

}  // namespace

TEST_SUITE("api/routes") {
  TEST_CASE("paths find their row, whole segments only") {
    CHECK(path_of("GET", {}) == "");
    CHECK(path_of("GET", {"healthz"}) == "healthz");
    CHECK(path_of("GET", {"api", "me"}) == "api/me");
    CHECK(path_of("GET", {"api", "groups", "wgig"}) == "api/groups/:group");
    CHECK(path_of("GET", {"g", "wgig", "r", "final", "print"}) == "g/:group/r/:report/print");
    CHECK(path_of("GET", {"g", "wgig", "r", "final", "projector"}) == "g/*");
    CHECK(path_of("GET", {"g"}) == "g/*");
    CHECK(path_of("GET", {"assets", "index.js"}) == "*");
    CHECK(path_of("POST", {"assets", "index.js"}) == "-");
  }

  TEST_CASE("captures come in order") {
    const auto match = find_route(routes(), "DELETE", {"api", "groups", "g1", "people", "7", "links", "9"});
    REQUIRE(match.route != nullptr);
    CHECK(match.captures == std::vector<std::string>{"g1", "7", "9"});
  }

  TEST_CASE("a wrong method says which are right, and a HEAD is answered as a GET") {
    const auto match = find_route(routes(), "PUT", {"api", "groups", "g1", "people", "7"});
    CHECK(match.route == nullptr);
    CHECK(match.allowed == "PATCH, DELETE");
    CHECK(find_route(routes(), "GET", {"api", "sign-out"}).allowed == "POST");
    CHECK(path_of("HEAD", {"api", "me"}) == "api/me");
    CHECK(find_route(routes(), "DELETE", {"nothing"}).allowed.empty());
  }
}

}  // namespace bossey::api
