// What stands beside the text, as events and after a restart: brackets, wordings, facts, options, copies.
#include <doctest/doctest.h>

#include "group/event.hpp"
#include "group/state.hpp"
#include "house.hpp"

using namespace bossey;
using namespace bossey::test;
using namespace bossey::group;

namespace {

Event through_json(const Event& event) {
  const journal::EventRow row = to_row(GroupId{"g"}, event, 5000);
  auto back = parse_event(row.kind, row.json);
  if (!back) FAIL(back.error().detail << row.json);
  CHECK(to_row(GroupId{"g"}, *back, 5000).json == row.json);
  return *back;
}

BracketWords asked(House& house, const SectionId& section, const std::string& words) {
  BracketWords command;
  command.key = house.new_key();
  command.report = house.report;
  command.section = section;
  command.words = words;
  command.reason = "Which?";
  return command;
}

Result<BracketsView> ask(House& house, const BracketWords& command, std::uint64_t who) {
  return house.wait<BracketsView>(
      [&](const Done<BracketsView>& done) { house.group().bracket_words(person(who), command, done); });
}

/// One of everything.
void live_beside(House& house, const std::vector<SectionId>& ids) {
  REQUIRE(ask(house, asked(house, ids[0], "bind nobody"), kMember));
  REQUIRE(house.wait<BracketsView>([&](const Done<BracketsView>& done) {
    house.group().move_bracket(person(kSecretariat), {house.new_key(), house.report, ids[0], 1, BracketMove::set},
                               done);
  }));
  REQUIRE(house.wait<std::uint64_t>([&](const Done<std::uint64_t>& done) {
    house.group().name_typist(person(kChair), {house.new_key(), PersonId{kMember}}, done);
  }));
  REQUIRE(house.outline(PresentAlternatives{ids[1], {{"A", "Room 1"}, {"B", ""}}, true}));
  REQUIRE(house.outline(
      AddSection{"bis", std::nullopt, ids[0], document::SectionKind::section, consensus::LabelKind::bis}));
  SetWording wording;
  wording.key = house.new_key();
  wording.report = house.report;
  wording.language = "fr";
  wording.wording.reworded[consensus::Clause::purpose] = "Pour {group}.";
  wording.wording.shorts[consensus::Short::draft] = "Projet";
  wording.wording.added = {"À vérifier."};
  REQUIRE(house.wait<WordingView>(
      [&](const Done<WordingView>& done) { house.group().set_wording(person(kChair), wording, done); }));
  SetFacts facts;
  facts.key = house.new_key();
  facts.report = house.report;
  facts.kind = "working paper";
  facts.language = "fr";
  facts.published = std::optional(Published{1'000, 2'000});
  REQUIRE(
      house.wait<void>([&](const Done<void>& done) { house.group().set_facts(person(kSecretariat), facts, done); }));
  DeriveReport derive;
  derive.key = house.new_key();
  derive.from = house.report;
  derive.title = "Second";
  REQUIRE(house.wait<ReportMade>(
      [&](const Done<ReportMade>& done) { house.group().derive_report(person(kSecretariat), derive, done); }));
}

}  // namespace

TEST_SUITE("group/beside_text") {
  TEST_CASE("events of what stands beside the text survive the way through their rows") {
    consensus::BracketRecord record;
    record.number = 1;
    record.section = SectionId{"a"};
    record.words = "توصي";
    record.reason = "why";
    record.owner = PersonId{3};
    record.state = consensus::BracketState::asked;
    record.chair_consents = true;
    CHECK(std::get<BracketsSet>(through_json({BracketsSet{{record}}, {}}).what).brackets.front() == record);
    WordingSet wording{ReportId{"final"}, SectionId{"a"}, "fr", {}};
    wording.wording.reworded[consensus::Clause::ad_ref] = "{who}";
    wording.wording.added = {"x"};
    CHECK(std::get<WordingSet>(through_json({wording, {}}).what).wording == wording.wording);
    const auto facts = through_json({FactsSet{ReportId{"final"}, "report", "en", Published{1, 2}}, {}});
    CHECK(std::get<FactsSet>(facts.what).published == Published{1, 2});
    CHECK_FALSE(parse_event("wording", R"({"language":"","reworded":{"none":"x"},"shorts":{},"added":[]})"));
    CHECK_FALSE(parse_event("brackets", R"({"brackets":[{"number":1}]})"));
  }

  TEST_CASE("after a restart all of it is the same, and nothing of persons is in git") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    live_beside(house, ids);
    house.scheduler.run_posted();
    const GroupState before = house.group().state();
    const auto report = *house.group().report(person(kMember), house.report);
    CHECK(report.sections.front().brackets == 1);
    CHECK(report.language == "fr");
    CHECK(before.reports.at(ReportId{"second"}).origins.size() ==
          before.reports.at(house.report).outline.entries.size());
    house.commit_all();
    CHECK(house.git("log -p --all").find("Which?") == std::string::npos);
    house.restart();
    CHECK(house.group().state() == before);
    const auto again = *house.group().report(person(kMember), house.report);
    REQUIRE(again.sections.size() == report.sections.size());
    for (std::size_t i = 0; i < report.sections.size(); ++i) {
      CHECK(again.sections[i].number == report.sections[i].number);
      CHECK(again.sections[i].text_id == report.sections[i].text_id);
      CHECK(again.sections[i].disclaimer == report.sections[i].disclaimer);
      CHECK(again.sections[i].reasons_missing == report.sections[i].reasons_missing);
      CHECK(again.sections[i].room == report.sections[i].room);
    }
  }
}
