#include "app/metrics.hpp"

#include <doctest/doctest.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12 sees one inside <regex> when sanitizers are on.
#endif

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace bossey::app {

namespace {

Measurements some() {
  Measurements now;
  now.version = "1.2.3";
  now.ready = true;
  now.door.connections_open = 7;
  now.door.closed.fill(3);
  now.queues = {100, 60};
  now.rooms.documents_open = 2;
  now.rooms.frames_malformed = 5;
  now.journal.transactions = 4;
  now.journal.commit_us_sum = 1'500'007;
  now.journal.waiting_rows = 9;
  now.commits = {11, 1, 20'000};
  return now;
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_SUITE("app/metrics") {
  TEST_CASE("every line is one of the format, each name has its type once, and no series comes twice") {
    const std::regex comment("# (HELP|TYPE) bossey_[a-z_]+ .+");
    const std::regex sample("(bossey_[a-z_]+)(\\{[a-z]+=\"[a-z_0-9.]+\"\\})? [0-9]+(\\.[0-9]{6})?");
    std::istringstream lines(metrics_text(some()));
    std::set<std::string> typed, series;
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      if (line.starts_with("# TYPE")) CHECK(typed.insert(line.substr(7, line.rfind(' ') - 7)).second);
      if (line.starts_with('#')) {
        CHECK(std::regex_match(line, comment));
        continue;
      }
      std::smatch match;
      REQUIRE(std::regex_match(line, match, sample));
      CHECK(series.insert(line.substr(0, line.rfind(' '))).second);
      auto name = match[1].str();
      for (const std::string end : {"_sum", "_count"})
        if (name.ends_with(end)) name.resize(name.size() - end.size());
      CHECK(typed.contains(name));
    }
    CHECK(series.size() < 80);
  }

  TEST_CASE("numbers stand where they belong, times in seconds") {
    const auto text = metrics_text(some());
    CHECK(has_line(text, "bossey_build_info{version=\"1.2.3\"} 1"));
    CHECK(has_line(text, "bossey_ready 1"));
    CHECK(has_line(text, "bossey_connections_open 7"));
    CHECK(has_line(text, "bossey_sockets_closed_total{reason=\"malformed\"} 3"));
    CHECK(has_line(text, "bossey_messages_rejected_total{reason=\"malformed\"} 5"));
    CHECK(has_line(text, "bossey_outbound_queue_largest_bytes 60"));
    CHECK(has_line(text, "bossey_journal_commit_seconds_sum 1.500007"));
    CHECK(has_line(text, "bossey_journal_commit_seconds_count 4"));
    CHECK(has_line(text, "bossey_journal_waiting_rows 9"));
    CHECK(has_line(text, "bossey_git_commit_seconds_sum 0.020000"));
    CHECK(has_line(text, "bossey_git_failures_total 1"));
  }

  TEST_CASE("the process knows its own size") {
    const auto process = process_numbers();
    CHECK(process.resident_bytes > 1'000'000);
    CHECK(process.open_files >= 3);
  }
}

}  // namespace bossey::app
