#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "server/api/world.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  Fixture() {
    std::filesystem::create_directories(folder() / "client" / "assets");
    put("index.html", "<!doctype html><title>page</title>");
    put("assets/app-1a2b.js", "let x = 1;");
    put(".secret", "no");
    std::ofstream(folder() / "outside.txt") << "no";
  }
  void put(const std::string& name, const std::string& words) {
    std::ofstream(folder() / "client" / name, std::ios::binary) << words;
  }
};

}  // namespace

TEST_SUITE("api/pages") {
  TEST_CASE_FIXTURE(Fixture, "every path of the page is the page, and it is asked for again each time") {
    for (const auto* path : {"/", "/g/wgig", "/g/wgig/r/final", "/g/wgig/r/final/projector", "/g/wgig/people"}) {
      const auto answer = call("GET", path);
      CHECK(answer.status == 200);
      CHECK(answer.body == "<!doctype html><title>page</title>");
      CHECK(answer.headers.at("Cache-Control") == "no-cache");
      CHECK(answer.headers.at("Content-Security-Policy").find("script-src 'self'") != std::string::npos);
    }
  }

  TEST_CASE_FIXTURE(Fixture, "assets are kept for ever, and what the browser has is not sent again") {
    const auto asset = call("GET", "/assets/app-1a2b.js");
    CHECK(asset.status == 200);
    CHECK(asset.headers.at("Content-Type") == "text/javascript; charset=utf-8");
    CHECK(asset.headers.at("Cache-Control").find("immutable") != std::string::npos);
    const auto again = call("GET", "/assets/app-1a2b.js", "", "", {{"if-none-match", asset.headers.at("ETag")}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    put("index.html", "<!doctype html><title>newer</title>");
    CHECK(call("GET", "/").body.find("newer") != std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "only files of the page are sent") {
    for (const auto* path :
         {"/.secret", "/assets/none.js", "/assets", "/outside.txt", "/..\\outside.txt", "/favicon.ico"}) {
      CAPTURE(path);
      CHECK(call("GET", path).status == 404);
    }
    CHECK(call("GET", "/api/none").code() == "not_found");
    CHECK(call("POST", "/assets/app-1a2b.js", "", "{}").status == 404);
    CHECK(call("PUT", "/api/me", "", "{}").status == 405);
  }
}

}  // namespace bossey::tests
