#include "app/log.hpp"

#include <doctest/doctest.h>

#include "app/serving.hpp"

namespace bossey::app {

TEST_SUITE("app/log") {
  TEST_CASE("a line has time, level, event and facts, and stays one line") {
    CHECK(log_line(1'119'055'267, LogLevel::info, "started", {{"port", "8480"}}) ==
          "2005-06-18T00:41:07Z info started port=8480");
    CHECK(log_line(0, LogLevel::error, "trouble", {{"detail", "disk\nfull \"now\""}, {"empty", ""}}) ==
          "1970-01-01T00:00:00Z error trouble detail=\"disk?full ?now?\" empty=\"\"");
  }

  TEST_CASE("addresses become URLs, IPv6 in brackets") {
    CHECK(url_of("127.0.0.1", 8480) == "http://127.0.0.1:8480");
    CHECK(url_of("::1", 80) == "http://[::1]:80");
  }
}

}  // namespace bossey::app
