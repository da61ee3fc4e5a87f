// Silence procedures on real stores: answers, texts that move, deadlines on a clock turned by hand, outages, and what
// stays after a restart.
#include "group/calls.hpp"

#include <doctest/doctest.h>

#include "consensus/moment.hpp"
#include "house.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::CallState;
using consensus::DecisionKind;
using consensus::PositionKind;
using group::CallMove;
using group::CallView;

namespace {

constexpr std::int64_t kDay_s = 24 * 3600;

struct Table {
  House house;
  std::vector<SectionId> ids = house.make_report("final", {"One", "Two"});

  std::int64_t now_s() const { return house.scheduler.unix_ms() / 1000; }

  group::OpenCall command(std::vector<SectionId> sections, consensus::Rule rule = consensus::Rule::consensus) {
    group::OpenCall open;
    open.key = house.new_key();
    open.report = house.report;
    open.question = "Can the group live with this?";
    for (const SectionId& section : sections) open.sections.push_back({section, house.view(section).text_id});
    open.deadline_s = now_s() + kDay_s;
    open.zone = "Europe/Zurich";
    open.rule = rule;
    for (const std::uint64_t member : {kMember, kOtherMember})
      open.roll.emplace_back(consensus::CallMember{PersonId{member}, "", {}, {}, {}});
    return open;
  }
  Result<CallView> open(const group::OpenCall& open, std::uint64_t who = kChair) {
    return house.wait<CallView>([&](auto done) { house.group().open_call(person(who), open, done); });
  }
  CallView opened(std::vector<SectionId> sections, consensus::Rule rule = consensus::Rule::consensus) {
    auto view = open(command(std::move(sections), rule));
    if (!view) FAIL(view.error().detail);
    return *view;
  }
  Result<CallView> answer(std::uint64_t who, PositionKind kind, const std::string& words = "") {
    group::RespondCall respond;
    respond.key = house.new_key();
    respond.number = 1;
    respond.kind = kind;
    respond.words = words;
    return house.wait<CallView>([&](auto done) { house.group().respond_to_call(person(who), respond, done); });
  }
  Result<void> mark(std::uint64_t who, bool opened, std::optional<PersonId> whom = std::nullopt) {
    return house.wait<void>([&](auto done) { house.group().mark_call(person(who), {1, opened, whom}, done); });
  }
  group::MoveCall move(CallMove what, std::int64_t deadline_s = 0) {
    group::MoveCall command;
    command.key = house.new_key();
    command.number = 1;
    command.move = what;
    command.deadline_s = deadline_s;
    if (what == CallMove::restart)
      for (const SectionId& section : call().order) command.sections.push_back({section, house.view(section).text_id});
    return command;
  }
  Result<CallView> make(const group::MoveCall& command, std::uint64_t who = kChair) {
    return house.wait<CallView>([&](auto done) { house.group().move_call(person(who), command, done); });
  }
  const group::CallRecord& call() { return house.group().state().calls.front(); }
  CallState state() { return call().call.state; }
  /// Turns the clock, and lets what that brings reach the disk. Most of a long time the server is away: long before a
  /// deadline that moves nothing, and no sign of life is written for each minute of it.
  void pass(std::int64_t seconds) {
    constexpr std::int64_t kAwake_s = 7200;
    if (seconds > kAwake_s) {
      house.restart([&](const auto&) { house.scheduler.advance(std::chrono::seconds(seconds - kAwake_s)); });
      settle();
      seconds = kAwake_s;
    }
    house.scheduler.advance(std::chrono::seconds(seconds));
    settle();
  }
  /// Everything that was asked before is on disk.
  void settle() {
    for (int i = 0; i < 2; ++i) {
      const auto done = house.wait<void>([&](group::Done<void> finish) {
        house.journal->set_meta("test", "seen", [finish](Result<void> written) { finish(std::move(written)); });
      });
      REQUIRE(done);
      house.scheduler.run_posted();
    }
  }
  std::size_t told(const std::string& state) const {
    std::size_t count = 0;
    for (const std::string& event : house.events)
      if (event.find(R"("type":"call")") != std::string::npos && event.find('"' + state + '"') != std::string::npos)
        ++count;
    return count;
  }
};

}  // namespace

TEST_SUITE("group/calls") {
  TEST_CASE("a silence that nobody breaks is confirmed by the chair, and the decision says who was silent how") {
    Table table;
    const CallView view = table.opened({table.ids[0], table.ids[1]});
    CHECK(view.state == CallState::open);
    CHECK(view.texts[0].canonical.find("Words of One") != std::string::npos);
    REQUIRE(table.mark(kMember, true));
    CHECK(table.answer(kObserver, PositionKind::no_objection).error().code == Errc::forbidden);
    CHECK(table.answer(kSecretariat, PositionKind::no_objection).error().code == Errc::not_found);
    CHECK(table.make(table.move(CallMove::confirm)).error().detail == "The deadline has not passed yet.");
    REQUIRE(table.answer(kOtherMember, PositionKind::no_objection));
    table.pass(kDay_s - 60);
    CHECK(table.state() == CallState::open);
    table.pass(60);
    CHECK(table.state() == CallState::passed);
    CHECK(table.told("passed") == 1);
    CHECK(table.answer(kMember, PositionKind::objection, "Late.").error().code == Errc::conflict);
    CHECK(table.make(table.move(CallMove::confirm), kMember).error().code == Errc::forbidden);
    const auto command = table.move(CallMove::confirm);
    const auto adopted = table.make(command);
    if (!adopted) FAIL(adopted.error().detail);
    CHECK(table.make(command)->decision == 1);
    REQUIRE(table.house.group().state().chain.size() == 1);
    const consensus::Decision& decision = table.house.group().state().chain.front();
    CHECK(decision.basis == consensus::Basis::silence);
    CHECK(decision.call == 1);
    CHECK(decision.subject.size() == 2);
    CHECK(decision.columns == std::vector<std::pair<std::string, std::uint32_t>>{{"opened", 1}, {"no objection", 1}});
    for (const SectionId& section : table.ids) {
      CHECK(table.house.view(section).status.closed);
      CHECK(table.house.open(section)->is_closed());
    }
    const group::GroupState before = table.house.group().state();
    table.house.restart();
    CHECK(table.house.group().state() == before);
  }

  TEST_CASE("a text that moves suspends the call at once, and the chair restarts it on the new words") {
    Table table;
    REQUIRE(table.opened({table.ids[0], table.ids[1]}).state == CallState::open);
    REQUIRE(table.answer(kOtherMember, PositionKind::no_objection));
    Typist typist(table.house, table.ids[1], kMember);
    typist.type(" moved");
    REQUIRE(table.house.scheduler.run_until([&] { return table.state() == CallState::suspended; }));
    CHECK(table.told("suspended") == 1);
    const auto refused = table.answer(kMember, PositionKind::no_objection);
    CHECK(refused.error().detail == "Suspended: the text changed. Wait for the chair.");
    const auto seen = table.house.group().call(person(kMember), 1);
    REQUIRE(seen);
    CHECK_FALSE(seen->texts[0].moved);
    CHECK(seen->texts[1].moved);
    CHECK(seen->texts[1].canonical.starts_with("# Two\n"));
    auto blind = table.move(CallMove::restart);
    blind.sections[1].text_id = Sha256{};
    CHECK(table.make(blind).error().code == Errc::conflict);
    const auto again = table.make(table.move(CallMove::restart, table.now_s() + 2 * kDay_s));
    if (!again) FAIL(again.error().detail);
    CHECK(again->state == CallState::open);
    CHECK(again->columns == std::vector<std::pair<std::string, std::uint32_t>>{{"not yet reached", 2}});
    CHECK(table.call().texts.at(table.ids[1]).starts_with("# Two moved\n"));
  }

  TEST_CASE("an objection in the last second breaks the silence, and holds the section until it is answered") {
    Table table;
    REQUIRE(table.opened({table.ids[0]}).state == CallState::open);
    table.pass(kDay_s - 1);
    CHECK(table.answer(kMember, PositionKind::objection).error().code == Errc::bad_input);
    const auto broken = table.answer(kMember, PositionKind::objection, "It names one country.");
    if (!broken) FAIL(broken.error().detail);
    CHECK(broken->state == CallState::broken);
    CHECK(broken->my_words.words == "It names one country.");
    CHECK(table.house.group().call(person(kOtherMember), 1)->answers.empty());
    const auto chair = table.house.group().call(person(kChair), 1);
    REQUIRE(chair->answers.size() == 1);
    CHECK(chair->answers[0].words.words == "It names one country.");
    table.pass(60);
    CHECK(table.state() == CallState::broken);
    CHECK(table.make(table.move(CallMove::confirm)).error().code == Errc::conflict);
    REQUIRE(table.make(table.move(CallMove::end)));
    CHECK(table.house.decide(table.ids[0], DecisionKind::agree).error().detail.starts_with("Answer the objection"));
  }

  TEST_CASE("under unanimity nobody is left out: the call waits for who was not reached") {
    Table table;
    REQUIRE(table.opened({table.ids[0]}, consensus::Rule::unanimity).state == CallState::open);
    REQUIRE(table.mark(kMember, false));
    table.pass(kDay_s);
    CHECK(table.state() == CallState::waiting);
    CHECK(table.house.group().call(person(kChair), 1)->never_reached == std::vector{PersonId{kOtherMember}});
    CHECK(table.house.group().call(person(kSecretariat), 1)->never_reached.empty());
    CHECK(table.make(table.move(CallMove::confirm)).error().code == Errc::conflict);
    CHECK(table.mark(kMember, false, PersonId{kOtherMember}).error().code == Errc::forbidden);
    REQUIRE(table.mark(kSecretariat, false, PersonId{kOtherMember}));
    REQUIRE(table.make(table.move(CallMove::extend, table.now_s() + 3600)));
    table.pass(3600);
    REQUIRE(table.state() == CallState::passed);
    REQUIRE(table.make(table.move(CallMove::confirm)));
    CHECK(table.house.group().state().chain.back().basis == consensus::Basis::unanimity);
  }

  TEST_CASE("a server that was away in the last hour gives the members the time back, and says so") {
    Table table;
    const std::int64_t deadline_s = table.opened({table.ids[0]}).deadline_s;
    SUBCASE("in the last hour") {
      table.pass(kDay_s - 600);
      table.settle();
      table.house.restart([&](const auto&) { table.house.scheduler.advance(std::chrono::seconds(1200)); });
      REQUIRE(table.house.scheduler.run_until([&] { return table.call().call.extended_s > 0; }));
      CHECK(table.call().call.extended_s == 1200);
      CHECK(table.call().call.deadline_s == deadline_s + 1200);
      CHECK(table.state() == CallState::open);
      CHECK(table.house.group().call(person(kMember), 1)->in_words.find("Deadline moved by 20 minutes") !=
            std::string::npos);
      table.pass(599);
      CHECK(table.state() == CallState::open);
      table.pass(60);
      CHECK(table.state() == CallState::passed);
    }
    SUBCASE("long before it") {
      table.pass(600);
      table.house.restart([&](const auto&) { table.house.scheduler.advance(std::chrono::seconds(7200)); });
      table.settle();
      CHECK(table.call().call.extended_s == 0);
      table.pass(kDay_s - 600 - 7200);
      CHECK(table.state() == CallState::passed);
    }
  }

  TEST_CASE("what is asked of everybody is not decided in another way meanwhile") {
    Table table;
    auto both = table.command({table.ids[0]});
    both.sections.push_back(both.sections.front());
    CHECK(table.open(both).error().detail == "Name each section once.");
    auto stale = table.command({table.ids[0]});
    stale.sections.front().text_id = Sha256{};
    CHECK(table.open(stale).error().code == Errc::conflict);
    auto soon = table.command({table.ids[0]});
    soon.deadline_s = table.now_s() + kDay_s - 1;
    CHECK(table.open(soon).error().detail == "Give at least 24 hours' notice.");
    CHECK(table.open(table.command({table.ids[0]}), kSecretariat).error().code == Errc::forbidden);
    const auto command = table.command({table.ids[0]});
    REQUIRE(table.open(command));
    CHECK(table.open(command)->number == 1);
    CHECK(table.house.group().state().calls.size() == 1);
    CHECK(table.open(table.command({table.ids[0]})).error().code == Errc::conflict);
    CHECK(table.house.decide(table.ids[0], DecisionKind::agree).error().detail ==
          "A call for consensus is open on it. End the call first.");
    CHECK(group::open_calls_of(table.house.group().state(), table.house.report) == 1);
    REQUIRE(table.make(table.move(CallMove::end)));
    CHECK(group::open_calls_of(table.house.group().state(), table.house.report) == 0);
    CHECK(table.house.decide(table.ids[0], DecisionKind::agree));
    CHECK(table.open(table.command({table.ids[0]})).error().detail == "Already decided. Reopen the section first.");
  }

  TEST_CASE("a call of a correction asks about words that stand nowhere yet") {
    Table table;
    group::CorrectionCall correction;
    correction.correction = 3;
    correction.call.question = "Correction 3 to version F-1: does anybody object?";
    correction.canonical = "# One\n\nCorrected.\n";
    correction.call.subject = {{table.ids[0], sha256(correction.canonical)}};
    correction.call.rule = consensus::Rule::unanimity;
    correction.report = table.house.report;
    correction.roll.emplace_back(consensus::CallMember{PersonId{kMember}, "", {}, {}, {}});
    group::GroupState state = table.house.group().state();
    CHECK_FALSE(group::open_correction_call(state, person(kMember), correction, table.now_s()));
    const auto set = group::open_correction_call(state, person(kChair), correction, table.now_s());
    REQUIRE(set);
    const journal::EventRow row = group::to_row(GroupId{"wgig"}, {*set, std::nullopt}, 1000);
    const auto back = group::parse_event(row.kind, row.json);
    REQUIRE(back);
    REQUIRE(apply(state, *back, 1000));
    CHECK(state.calls.front() == set->record);
    CHECK_FALSE(group::is_called(state, table.ids[0]));
    CHECK(group::open_calls_of(state, table.house.report) == 1);
  }
}
