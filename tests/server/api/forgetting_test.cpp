// When the days for which people are kept are over: nobody is named in the journal or the private store any more, the
// words and counts stay, and a restart finds the same.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "api/forgetting.hpp"
#include "group/state.hpp"
#include "server/api/world.hpp"
#include "sqlite/database.hpp"

namespace bossey::tests {

namespace {

struct Fixture : World {
  std::string section = import("final", "# Final Report\n\n## Forum function\n\nThe group should meet.\n").front();
  std::string group = "/api/groups/wgig";
  std::string path = group + "/reports/final/sections/" + section;
  int forgotten = 0;
  std::string trouble;

  std::string as(Role role) { return session("wgig", role); }
  json shown() { return report("final")["sections"][0]; }
  void do_everything() {
    REQUIRE(send("POST", group + "/meetings", chair(), {{"kind", "closed"}}).status == 201);
    REQUIRE(send("POST", group + "/meetings/1/here", as(Role::member), {{"here", true}}).status == 200);
    REQUIRE(send("POST", group + "/teams", chair(), {{"members", {person("wgig", Role::member).value}}}).status == 201);
    REQUIRE(send("POST", path + "/positions", as(Role::member),
                 {{"kind", "reservation"}, {"words", "Too weak."}, {"text_id", shown()["text_id"]}})
                .status == 201);
    REQUIRE(send("POST", group + "/reports/final/reviews", as(Role::secretariat),
                 {{"deadline", "2005-06-19T00:41:00Z"},
                  {"sections", json::array({{{"section", section}, {"text_id", shown()["text_id"]}}})}})
                .status == 201);
    REQUIRE(send("POST", group + "/reviews/1/opened", as(Role::member), json::object()).status == 204);
    REQUIRE(send("POST", path + "/decisions", chair(), {{"kind", "bracket"}, {"text_id", shown()["text_id"]}}).status ==
            201);
    commit();
  }
  /// The report is transmitted, by the event that a closing records.
  void transmit() {
    group::Group& wgig = *groups().find(GroupId{"wgig"});
    consensus::Decision decision;
    decision.no = wgig.state().chain.size() + 1;
    decision.at_s = scheduler.unix_ms() / 1000;
    decision.kind = consensus::DecisionKind::phase;
    decision.report = ReportId{"final"};
    decision.phase = consensus::Phase::transmitted;
    decision.prev = sha256(wgig.state().records.back().bytes);
    const group::Event event{group::DecisionRecorded{consensus::canonical_bytes(decision), std::nullopt, {}, {}},
                             std::nullopt};
    REQUIRE(journal().append(group::to_row(wgig.id(), event, scheduler.unix_ms())).has_value());
    // Forgets nothing, and folds what is in the journal.
    std::optional<Result<void>> folded;
    wgig.forget_people(0, [&folded](const Result<void>& done) { folded = done; });
    REQUIRE(scheduler.run_until([&folded] { return folded.has_value(); }));
    REQUIRE_MESSAGE(folded->has_value(), (folded->has_value() ? "" : folded->error().detail));
  }
  std::int64_t persons_in_journal() {
    const auto file = folder() / "data" / "journal.sqlite";
    const auto database = sqlite::open_database(file, false).value();
    std::int64_t sum = 0;
    for (const auto* question :
         // Updates carry the journal's own clock, which no test turns: tests/storage/journal looks at them.
         {"SELECT count(*) FROM late WHERE person IS NOT NULL",
          "SELECT count(*) FROM events WHERE json LIKE '%\"holder\":%' OR (json LIKE '%\"person\":%' AND json NOT LIKE "
          "'%\"person\":0%') OR json LIKE "
          "'%\"maker\":%' OR (json LIKE '%\"members\":%' AND json NOT LIKE '%\"members\":[]%')"})
      sum += sqlite::ask_number(database.get(), question, "counting people").value();
    return sum;
  }
  std::string file_bytes(const std::string& name) {
    std::ifstream file(folder() / "data" / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void look() {
    scheduler.run_posted();
    api::DailyForgetting daily(scheduler, accounts(), groups(), [this](const GroupId&, const Result<void>& done) {
      ++forgotten;
      if (!done) trouble = done.error().detail;
    });
    daily.look_now();
    if (groups().find(GroupId{"wgig"})->forget_until_s())
      REQUIRE(scheduler.run_until([this] { return forgotten > 0; }));
  }
};

}  // namespace

TEST_SUITE("api/forgetting") {
  TEST_CASE_FIXTURE(Fixture, "before transmittal and until the days are over nothing is forgotten") {
    do_everything();
    look();
    CHECK(forgotten == 0);
    transmit();
    scheduler.advance(std::chrono::hours(24 * 30 - 1));
    look();
    CHECK(forgotten == 0);
    CHECK(roll().present_at(GroupId{"wgig"}, 1).size() == 1);
  }

  TEST_CASE_FIXTURE(Fixture, "when they are over, nobody is named in journal and store, and words and counts stay") {
    do_everything();
    transmit();
    const auto& state = groups().find(GroupId{"wgig"})->state();
    REQUIRE(state.positions.front().holder.has_value());
    REQUIRE(persons_in_journal() > 0);
    scheduler.advance(std::chrono::hours(24 * 30 + 1));
    look();
    REQUIRE_MESSAGE(trouble.empty(), trouble);
    CHECK(forgotten == 1);
    CHECK(persons_in_journal() == 0);
    CHECK(roll().present_at(GroupId{"wgig"}, 1).empty());
    CHECK_FALSE(state.positions.front().holder.has_value());
    CHECK(state.positions.front().words.empty());
    CHECK_FALSE(state.records.front().maker.has_value());
    CHECK(state.room.teams.front().members.empty());
    CHECK(state.room.reviews.front().readers.size() == 1);
    CHECK(state.room.reviews.front().roll.size() == 2);
    CHECK(state.answers.empty());
    // The sessions of then have ended, too; the group itself says what is left.
    const group::Group& wgig = *groups().find(GroupId{"wgig"});
    const group::Caller secretariat{person("wgig", Role::secretariat), Role::secretariat};
    CHECK(wgig.section(secretariat, ReportId{"final"}, SectionId{section})->positions.reservations == 1);
    const auto journal = file_bytes("journal.sqlite") + file_bytes("journal.sqlite-wal");
    CHECK(journal.find("Too weak") == std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "a longer time chosen later does not keep what was typed under the shorter one") {
    do_everything();
    scheduler.advance(std::chrono::hours(1));
    REQUIRE(send("PATCH", group + "/rules", chair(), {{"kept_days", 300}}).status == 200);
    transmit();
    scheduler.advance(std::chrono::hours(24 * 31));
    look();
    CHECK(forgotten == 1);
    CHECK_FALSE(groups().find(GroupId{"wgig"})->state().positions.front().holder.has_value());
  }
}

}  // namespace bossey::tests
