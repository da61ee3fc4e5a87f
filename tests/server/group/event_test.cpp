#include "group/event.hpp"

#include <doctest/doctest.h>

#include "base/sha256.hpp"
#include "consensus/decision.hpp"
#include "group/commands.hpp"
#include "group/state.hpp"

using namespace bossey;
using namespace bossey::group;

namespace {

document::Outline two_sections() {
  document::Outline outline;
  outline.entries.push_back({SectionId{"aaaaaaaaaaaa"}, std::nullopt, document::SectionKind::section, ""});
  outline.entries.push_back({SectionId{"bbbbbbbbbbbb"}, SectionId{"aaaaaaaaaaaa"}, document::SectionKind::box, "bis"});
  return outline;
}

Event through_json(const Event& event) {
  const journal::EventRow row = to_row(GroupId{"g"}, event, 5000);
  auto back = parse_event(row.kind, row.json);
  if (!back) FAIL(back.error().detail << row.json);
  CHECK(to_row(GroupId{"g"}, *back, 5000).json == row.json);
  return *back;
}

std::string decision_bytes(std::uint64_t no, std::optional<Sha256> prev) {
  consensus::Decision d;
  d.no = no;
  d.kind = consensus::DecisionKind::agree;
  d.result = consensus::Status::agreed;
  d.subject.push_back({SectionId{"aaaaaaaaaaaa"}, "A", sha256("words"), std::string(40, '0')});
  d.prev = prev;
  return consensus::canonical_bytes(d);
}

}  // namespace

TEST_SUITE("group/event") {
  TEST_CASE("every event survives the way through its row") {
    const KeyUse key{PersonId{7}, "12345678", {"report", ReportId{"final"}, SectionId{"x"}, 9}};
    const auto made = through_json({GroupMade{"WGIG", "the Secretary-General", "تعريف \"عملي\"\n定义"}, key});
    CHECK(std::get<GroupMade>(made.what).terms == "تعريف \"عملي\"\n定义");
    CHECK(made.key == key);
    const auto report = through_json({ReportAdded{ReportId{"final"}, "T", "report", true, two_sections()}, {}});
    CHECK(std::get<ReportAdded>(report.what).outline == two_sections());
    const auto outline = through_json(
        {OutlineSet{ReportId{"final"}, 2, "split", SectionId{"a"}, SectionId{"b"}, two_sections()}, std::nullopt});
    CHECK(std::get<OutlineSet>(outline.what).from == SectionId{"a"});
    const auto decision = through_json(
        {DecisionRecorded{decision_bytes(1, {}), PersonId{1}, {{SectionId{"a"}, JournalSeq{12}, "# A\n"}}}, {}});
    CHECK(std::get<DecisionRecorded>(decision.what).texts.front().seq == JournalSeq{12});
    through_json({ProposalMade{14, SectionId{"a"}, std::nullopt, 3, 41, "# A\n"}, {}});
    through_json({ProposalWithdrawn{14}, {}});
    through_json({RulesSet{9}, {}});
    GroupRules rules;
    rules.unanimous = consensus::Unanimous::every_member_yes;
    rules.quorum_by_category = {{"المجتمع المدني", 3}};
    rules.attribution = {true, 60, 900, true};
    consensus::Meeting meeting{3, "ninth", consensus::MeetingKind::closed, 5, 9, {{"government", 4}, {"", 1}}, true};
    CHECK(std::get<MeetingSet>(std::get<RoomFact>(through_json({RoomFact{MeetingSet{meeting}}, key}).what).what)
              .meeting == meeting);
    const consensus::Team team{2, "فريق الصياغة", {PersonId{7}}, {PersonId{8}, PersonId{9}}, true};
    CHECK(std::get<TeamSet>(std::get<RoomFact>(through_json({RoomFact{TeamSet{team}}, {}}).what).what).team == team);
    consensus::ReviewRound round;
    round.number = 4;
    round.report = ReportId{"final"};
    round.texts[SectionId{"a"}] = sha256("words");
    round.deadline_s = 7;
    round.ended_s = 8;
    round.roll = {PersonId{7}, PersonId{8}};
    round.readers = {PersonId{8}};
    CHECK(std::get<ReviewSet>(std::get<RoomFact>(through_json({RoomFact{ReviewSet{round}}, {}}).what).what).round ==
          round);
    through_json({RoomFact{SectionsGiven{{SectionId{"a"}, SectionId{"b"}}, 2}}, {}});
    through_json({RoomFact{TypistNamed{PersonId{7}}}, {}});
    through_json({RoomFact{TypistNamed{}}, {}});
    through_json({RoomFact{ReviewRead{4, PersonId{7}}}, {}});
    CHECK(std::get<GroupRulesSet>(through_json({GroupRulesSet{rules}, key}).what).rules == rules);
    through_json({TextRestored{SectionId{"a"}, std::string(40, 'a')}, {}});
  }

  TEST_CASE("a broken or unknown event is refused, not guessed at") {
    CHECK(parse_event("report.burnt", "{}").error().code == Errc::corrupt);
    CHECK_FALSE(parse_event("group", "[]"));
    CHECK_FALSE(parse_event("group", "{\"name\":\"x\"}"));
    CHECK_FALSE(parse_event("proposal.withdrawn", "{\"number\":-1}"));
    CHECK_FALSE(parse_event("decision", "{\"bytes\":\"\",\"texts\":[1]}"));
    CHECK_FALSE(parse_event("report",
                            "{\"slug\":\"a\",\"title\":\"\",\"kind\":\"\",\"imported\":true,\"outline\":[{\"id\":\"b\","
                            "\"kind\":\"section\",\"parent\":\"nobody\"}]}"));
  }
}

TEST_SUITE("group/state") {
  TEST_CASE("a decision that does not follow the chain is refused and changes nothing") {
    GroupState state;
    REQUIRE(apply(state, {DecisionRecorded{decision_bytes(1, {}), PersonId{1}, {}}, {}}, 1000));
    const GroupState before = state;
    CHECK_FALSE(apply(state, {DecisionRecorded{decision_bytes(2, sha256("forged")), PersonId{1}, {}}, {}}, 1000));
    CHECK_FALSE(apply(state, {DecisionRecorded{decision_bytes(3, {}), PersonId{1}, {}}, {}}, 1000));
    CHECK_FALSE(apply(state, {OutlineSet{ReportId{"none"}, 2, "", {}, {}, {}}, {}}, 1000));
    CHECK(state == before);
    CHECK(apply(state, {DecisionRecorded{decision_bytes(2, sha256(decision_bytes(1, {}))), PersonId{1}, {}}, {}}, 1));
    CHECK(state.chain.size() == 2);
  }

  TEST_CASE("keys are remembered, the oldest forgotten first") {
    GroupState state;
    for (std::size_t i = 0; i <= kKeysKept; ++i) {
      const Event event{TextRestored{SectionId{"a"}, ""},
                        KeyUse{PersonId{1}, "key-" + std::to_string(i), {"restore", {}, {}, i}}};
      REQUIRE(apply(state, event, 0));
    }
    CHECK(state.answers.size() == kKeysKept);
    CHECK_FALSE(state.answers.contains({PersonId{1}, "key-0"}));
    CHECK(state.answers.at({PersonId{1}, "key-1"}).number == 1);
  }
}
