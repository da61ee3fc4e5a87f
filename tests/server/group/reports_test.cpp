#include <doctest/doctest.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "group/overview.hpp"
#include "group/state.hpp"
#include "house.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::DecisionKind;

TEST_SUITE("group/reports") {
  TEST_CASE("an imported report is shown section by section, each with its disclaimer") {
    House house;
    const auto ids = house.make_report("final", {"Introduction", "Definition", "Roles"});
    REQUIRE(ids.size() == 3);
    const auto report = house.group().report(person(kObserver), ReportId{"final"});
    REQUIRE(report);
    CHECK(report->title == "The final report");
    CHECK(report->chapter_line == "0 of 3 settled; 3 draft");
    CHECK(report->short_disclaimer == "Draft, not agreed");
    CHECK(report->sections[1].number == "2");
    CHECK(report->sections[1].title == "Definition");
    CHECK(report->sections[1].disclaimer.full.find("not yet been reviewed by all WGIG members") != std::string::npos);
    CHECK(report->sections[0].prints_disclaimer);
    CHECK_FALSE(report->sections[1].prints_disclaimer);
    const auto text = house.group().canonical(person(kMember), ReportId{"final"}, ids[1]);
    REQUIRE(text);
    CHECK(*text == "# Definition\n\nWords of Definition.\nThey bind nobody.\n\nA second paragraph.\n");
    CHECK(sha256(*text) == report->sections[1].text_id);
  }

  TEST_CASE("a taken name is refused with advice, and nothing is overwritten") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    const auto again = house.wait<group::ReportMade>([&](auto done) {
      house.group().create_report(person(kChair), {house.new_key(), "Another", "final"}, done);
    });
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::conflict);
    CHECK(again.error().detail.find("Choose another name") != std::string::npos);
    CHECK(house.view(ids[0]).title == "One");
  }

  TEST_CASE("names are made from titles, also from titles without Latin letters") {
    House house;
    const auto make = [&](const std::string& title) {
      auto made = house.wait<group::ReportMade>([&](auto done) {
        house.group().create_report(person(kSecretariat), {house.new_key(), title, ""}, done);
      });
      REQUIRE(made);
      return made->slug.value;
    };
    CHECK(make("Background Report, 2nd draft!") == "background-report-2nd-draft");
    CHECK(make("تقرير") == "report-2");
    CHECK(make("报告") == "report-3");
  }

  TEST_CASE("the same key gets the first answer and does nothing twice") {
    House house;
    const std::string key = house.new_key();
    for (int i = 0; i < 2; ++i) {
      const auto made = house.wait<group::ReportMade>([&](auto done) {
        house.group().create_report(person(kChair), {key, "Final", ""}, done);
      });
      REQUIRE(made);
      CHECK(made->slug.value == "final");
    }
    CHECK(house.group().state().reports.size() == 1);
    const auto other = house.wait<void>([&](auto done) {
      house.group().withdraw_proposal(person(kChair), {key, 1}, done);
    });
    CHECK(other.error().code == Errc::bad_input);
  }

  TEST_CASE("members, observers and administrators shape nothing; strangers see nothing") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    for (const std::uint64_t who : {kMember, kObserver, kAdmin}) {
      const auto made = house.wait<group::ReportMade>([&](auto done) {
        house.group().create_report(person(who), {house.new_key(), "Mine", ""}, done);
      });
      CHECK(made.error().code == Errc::forbidden);
      CHECK(house.outline(group::AddSection{"New", {}, {}}, who).error().code == Errc::forbidden);
      CHECK(house.decide(ids[0], DecisionKind::agree, "", who).error().code == Errc::forbidden);
    }
    const group::Caller stranger{PersonId{99}, {}};
    CHECK(house.group().view(stranger).error().code == Errc::not_found);
    CHECK(house.group().report(stranger, ReportId{"final"}).error().code == Errc::not_found);
    CHECK(house.group().decisions(stranger, {}).error().code == Errc::not_found);
    CHECK(house.group().proposals(stranger, ReportId{"final"}, ids[0]).error().code == Errc::not_found);
    CHECK(house.group().section(person(kChair), ReportId{"other"}, ids[0]).error().code == Errc::not_found);
  }

  TEST_CASE("the JSON of a section has exactly the members of the contract") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    const nlohmann::json json = to_json(house.view(ids[0]));
    for (const char* key : {"id", "parent", "depth", "number", "kind", "document", "title", "status", "chapter_line",
                            "disclaimer", "text_id", "content_hash", "brackets", "unknown", "words", "proposals"})
      CHECK_MESSAGE(json.contains(key), key);
    CHECK(json["status"]["name"] == "Draft");
    CHECK(json["status"]["mark"] == "D");
    CHECK(json["status"]["decision"].is_null());
    CHECK_FALSE(json["status"].contains("changed_words"));
    CHECK(json["words"] == 10);
  }
}

TEST_SUITE("group/overview") {
  TEST_CASE("one section of a long report is shown without making the whole report") {
    group::GroupState state;
    group::SectionTexts texts;
    group::Report report;
    report.slug = ReportId{"long"};
    for (int i = 0; i < 2000; ++i) {
      document::OutlineEntry entry;
      entry.id = SectionId{"s" + std::to_string(i)};
      if (i % 4 != 0) entry.parent = SectionId{"s" + std::to_string(i / 4 * 4)};
      group::SectionText text;
      text.title = "Section " + std::to_string(i);
      text.body_words = 3;
      texts.set(entry.id, text);
      state.report_of[entry.id] = report.slug;
      report.outline.entries.push_back(entry);
    }
    state.reports.emplace(report.slug, report);
    const std::map<std::uint64_t, group::ProposalWords> words;
    const group::AmendmentTexts amendments;
    const group::Overview overview{state, texts, amendments, words, std::nullopt};
    const std::clock_t start = std::clock();
    const group::ReportView whole = overview.report(report);
    const std::clock_t middle = std::clock();
    const auto one = overview.section(report.slug, SectionId{"s1001"});
    const std::clock_t end = std::clock();
    REQUIRE(one);
    CHECK(to_json(*one) == to_json(whole.sections[1001]));
    CHECK(one->prints_disclaimer == whole.sections[1001].prints_disclaimer);
    CHECK(to_json(*overview.section(report.slug, SectionId{"s1000"})) == to_json(whole.sections[1000]));
    CHECK((end - middle) * 3 < middle - start);
  }
}

TEST_SUITE("group/outline") {
  TEST_CASE("sections are added, moved and renamed, each time with a new version") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    const auto added = house.outline(group::AddSection{"Between", std::nullopt, ids[0]});
    REQUIRE(added);
    CHECK(added->version == 2);
    REQUIRE(house.outline(group::MoveSection{ids[1], ids[0], std::nullopt}));
    REQUIRE(house.outline(group::RenameSection{added->section, "Middle"}));
    const auto report = house.group().report(person(kMember), house.report);
    REQUIRE(report);
    CHECK(report->version == 4);
    REQUIRE(report->sections.size() == 3);
    CHECK(report->sections[1].id == ids[1]);
    CHECK(report->sections[1].number == "1.1");
    CHECK(report->sections[2].title == "Middle");
    CHECK(report->sections[0].chapter_line == "0 of 1 settled; 1 draft");
  }

  TEST_CASE("a version that moved is refused, and so is a section of another report") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    const auto others = house.make_report("other", {"Foreign"});
    group::OutlineCommand command{house.new_key(), house.report, 7, group::RenameSection{ids[0], "X"}};
    const auto moved = house.wait<group::OutlineChanged>(
        [&](auto done) { house.group().change_outline(person(kChair), command, done); });
    CHECK(moved.error().code == Errc::conflict);
    CHECK(house.outline(group::RenameSection{others[0], "X"}).error().code == Errc::not_found);
    CHECK(house.outline(group::MoveSection{others[0], {}, {}}).error().code == Errc::not_found);
    CHECK(house.outline(group::RenameSection{ids[0], " "}).error().code == Errc::bad_input);
    CHECK(house.outline(group::RenameSection{ids[0], "two\nlines"}).error().code == Errc::bad_input);
  }

  TEST_CASE("split moves the later blocks into a new section that follows") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    const auto split = house.outline(group::SplitSection{ids[0], 1, "One and a half"});
    REQUIRE(split);
    const auto report = house.group().report(person(kMember), house.report);
    CHECK(report->sections[1].id == split->section);
    CHECK(*house.group().canonical(person(kMember), house.report, ids[0]) ==
          "# One\n\nWords of One.\nThey bind nobody.\n");
    CHECK(*house.group().canonical(person(kMember), house.report, split->section) ==
          "# One and a half\n\nA second paragraph.\n");
    CHECK_FALSE(house.outline(group::SplitSection{ids[0], 5, "Nothing left"}));
    CHECK_FALSE(house.open(ids[0])->is_held());
  }

  TEST_CASE("merge appends the words and withdraws the section as merged") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two", "Three"});
    REQUIRE(house.outline(group::MoveSection{ids[2], ids[1], std::nullopt}));
    REQUIRE(house.outline(group::MergeSection{ids[1], ids[0]}));
    const std::string text = *house.group().canonical(person(kMember), house.report, ids[0]);
    CHECK(text.find("Words of One.") != std::string::npos);
    CHECK(text.find("Words of Two.") != std::string::npos);
    const auto merged = house.view(ids[1]);
    CHECK(merged.status.status == consensus::Status::withdrawn);
    CHECK(merged.status.closed);
    CHECK(merged.status.line.find("(merged)") != std::string::npos);
    CHECK(merged.number.empty());
    CHECK(house.view(ids[2]).parent == ids[0]);
    CHECK(house.open(ids[1])->is_closed());
    CHECK_FALSE(house.open(ids[0])->is_held());
    CHECK_FALSE(house.outline(group::MergeSection{ids[0], ids[0]}));
    // The secretariat merged; the chair takes the withdrawal back.
    REQUIRE(house.decide(ids[1], DecisionKind::undo));
    CHECK(house.view(ids[1]).status.status == consensus::Status::draft);
    CHECK_FALSE(house.open(ids[1])->is_closed());
  }

  TEST_CASE("a settled section is only moved") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    CHECK(house.outline(group::RenameSection{ids[0], "X"}).error().code == Errc::conflict);
    CHECK(house.outline(group::SplitSection{ids[0], 1, "X"}).error().code == Errc::conflict);
    CHECK(house.outline(group::MergeSection{ids[0], ids[1]}).error().code == Errc::conflict);
    CHECK(house.outline(group::MergeSection{ids[1], ids[0]}).error().code == Errc::conflict);
    REQUIRE(house.outline(group::MoveSection{ids[0], std::nullopt, ids[1]}));
    CHECK(house.view(ids[0]).status.settled);
    CHECK(house.view(ids[0]).number == "2");
  }
}
