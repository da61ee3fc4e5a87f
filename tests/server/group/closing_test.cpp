// Closing a report, the editorial window, corrections and versions, on real journal, git and rooms; with a clock turned
// by hand, and started again in each state.
#include <doctest/doctest.h>

#include "document/section_document.hpp"
#include "group/call_commands.hpp"
#include "group/state.hpp"
#include "house.hpp"
#include "revisions/verification.hpp"
#include "storage/revisions/verify_script.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::CorrectionClass;
using consensus::DecisionKind;
using consensus::Phase;
using group::CorrectionMove;

namespace {

constexpr std::chrono::hours kDay{24};
using Changed = Result<group::ClosingChanged>;

struct Hall : House {
  std::vector<SectionId> ids = make_report("final", {"One", "Two", "Three"});

  Changed phase(Phase to, std::uint64_t who = kChair) {
    group::ChangePhase command{new_key(), report, to, std::nullopt, consensus::kQuietDefault_s};
    return wait<group::ClosingChanged>([&](auto done) { group().change_phase(person(who), command, done); });
  }
  Changed leave_open(const std::vector<SectionId>& sections, std::uint64_t who = kChair) {
    return wait<group::ClosingChanged>([&](auto done) {
      group().leave_open(person(who), {new_key(), report, sections}, done);
    });
  }
  Changed label(std::optional<SectionId> section, bool on, std::uint64_t who = kChair) {
    return wait<group::ClosingChanged>([&](auto done) {
      group().set_label(person(who), {new_key(), report, section, on}, done);
    });
  }
  group::FileCorrection correction(const SectionId& section, const std::string& find, const std::string& replace) {
    group::FileCorrection command;
    command.key = new_key();
    command.report = report;
    command.section = section;
    command.text_id = view(section).text_id;
    command.find = find;
    command.replace = replace;
    command.declared = CorrectionClass::editorial;
    return command;
  }
  Changed file(const group::FileCorrection& command, std::uint64_t who = kMember) {
    return wait<group::ClosingChanged>([&](auto done) { group().file_correction(person(who), command, done); });
  }
  Changed move(std::uint64_t number, CorrectionMove what, std::uint64_t who = kMember) {
    return wait<group::ClosingChanged>([&](auto done) {
      group().move_correction(person(who), {new_key(), report, number, what, {}}, done);
    });
  }
  /// The correction is put to two members.
  Changed put_to_all(std::uint64_t number, std::uint64_t who = kChair) {
    group::MoveCorrection command{new_key(), report, number, CorrectionMove::call, {}};
    for (const std::uint64_t member : {kMember, kOtherMember})
      command.roll.emplace_back(consensus::CallMember{PersonId{member}, "", {}, {}, {}});
    return wait<group::ClosingChanged>([&](auto done) { group().move_correction(person(who), command, done); });
  }
  Result<group::CallView> answer(std::uint64_t who, consensus::PositionKind kind) {
    group::RespondCall respond;
    respond.key = new_key();
    respond.number = group().state().calls.size();
    respond.kind = kind;
    respond.words = kind == consensus::PositionKind::objection ? "It binds too much." : "";
    return wait<group::CallView>([&](auto done) { group().respond_to_call(person(who), respond, done); });
  }
  /// Two sections agreed, the third left open by decision.
  void close() {
    REQUIRE(phase(Phase::plenary));
    REQUIRE(decide(ids[0], DecisionKind::agree));
    REQUIRE(decide(ids[1], DecisionKind::agree));
    REQUIRE(leave_open({ids[2]}));
    const auto closed = phase(Phase::editorial_window);
    if (!closed) FAIL(closed.error().detail);
  }
  [[nodiscard]] group::ClosingView closing(std::uint64_t who = kChair) {
    auto found = group().closing(person(who), report);
    REQUIRE(found);
    return *found;
  }
  [[nodiscard]] std::string words(const SectionId& section) {
    auto found = group().canonical(person(kChair), report, section);
    REQUIRE(found);
    return *found;
  }
  [[nodiscard]] std::string state_of(std::uint64_t number) {
    return std::string(consensus::name_of(closing().corrections.at(number - 1).filed.correction.state));
  }
  /// The same state after a kill, and a record that holds, both ways of looking.
  void check_record() {
    commit_all();
    const group::GroupState before = group().state();
    restart();
    CHECK(group().state() == before);
    const auto verified = revisions::verify_repository(repository());
    REQUIRE(verified);
    for (const std::string& finding : verified->findings) MESSAGE(finding);
    CHECK(verified->findings.empty());
    const auto script = tests::run_verify_script(repository());
    INFO(script.output);
    CHECK(script.code == 0);
  }
};

std::string refusal(const Changed& changed) {
  return changed ? "" : changed.error().detail;
}

}  // namespace

TEST_SUITE("group/closing") {
  TEST_CASE_FIXTURE(Hall, "a closing names what is in its way, and takes what a decision leaves open") {
    CHECK(phase(Phase::editorial_window).error().code == Errc::bad_input);
    CHECK(phase(Phase::plenary, kMember).error().code == Errc::forbidden);
    CHECK(phase(Phase::plenary, kSecretariat).error().code == Errc::forbidden);
    REQUIRE(phase(Phase::plenary));
    REQUIRE(decide(ids[0], DecisionKind::agree));
    const auto refused = phase(Phase::editorial_window);
    CHECK(refusal(refused) == "Settle these sections, or list them as left open: 2 Two; 3 Three");
    CHECK(closing().in_the_way.size() == 2);
    CHECK(leave_open({ids[0]}).error().code == Errc::conflict);
    CHECK(leave_open({ids[1]}, kMember).error().code == Errc::forbidden);
    REQUIRE(leave_open({ids[1], ids[2]}));
    CHECK(closing().in_the_way.empty());
    // Settling it takes it off the list again; leaving open is itself undone.
    REQUIRE(decide(ids[1], DecisionKind::agree));
    CHECK(closing().left_open.size() == 1);
    const auto closed = phase(Phase::editorial_window);
    REQUIRE_MESSAGE(closed, refusal(closed));
    CHECK(closed->view.phase == Phase::editorial_window);
    CHECK(closed->view.releases.size() == 1);
    CHECK(closed->view.window->ends_s - closed->view.window->opened_s == consensus::kWindowDefault_s);
    CHECK(closed->view.window->quiet_s == consensus::kQuietDefault_s);
    commit_all();
    const auto files = git("show --stat --format=%s%n%b HEAD~2 HEAD~1 HEAD");
    CHECK(files.find("releases/final/F-1.json") != std::string::npos);
    check_record();
    CHECK(closing().phase == Phase::editorial_window);
  }

  TEST_CASE_FIXTURE(Hall, "nothing is written in a closed report: edits are proposals, commands are refused") {
    std::optional<Typist> typist(std::in_place, *this, ids[2], kMember);
    typist->type(" before");
    close();
    const auto seen = words(ids[2]);
    CHECK(seen.find("Three before") != std::string::npos);
    typist->type(" late");
    CHECK(words(ids[2]) == seen);
    CHECK(view(ids[2]).status.closed);
    scheduler.run_until([&] { return !view(ids[2], kMember).proposals.empty(); });
    REQUIRE(view(ids[2], kMember).proposals.size() == 1);
    typist.reset();
    CHECK(outline(group::AddSection{"Four", {}, {}}).error().code == Errc::conflict);
    CHECK(outline(group::RenameSection{ids[2], "3"}).error().code == Errc::conflict);
    CHECK(outline(group::MoveSection{ids[2], {}, {}}).error().code == Errc::conflict);
    CHECK(outline(group::SplitSection{ids[2], 1, "3"}).error().code == Errc::conflict);
    CHECK(outline(group::MergeSection{ids[2], ids[1]}).error().code == Errc::conflict);
    for (const auto kind : {DecisionKind::agree, DecisionKind::bracket, DecisionKind::reopen, DecisionKind::undo})
      CHECK(decide(ids[0], kind, "why").error().code == Errc::conflict);
    CHECK(decide(ids[2], DecisionKind::agree).error().code == Errc::conflict);
    CHECK(leave_open({ids[2]}).error().code == Errc::conflict);
    CHECK(refusal(phase(Phase::plenary)) == "A closed report stays closed. File a correction instead.");
    group::RestoreSection restore{new_key(), report, ids[2], std::string(40, '0')};
    CHECK(wait<group::SectionView>([&](auto done) { group().restore(person(kSecretariat), restore, done); })
              .error()
              .detail == "The report is closed. File a correction instead.");
    check_record();
    CHECK(words(ids[2]) == seen);
    // Also a room that opens after a new start.
    Typist again(*this, ids[2], kOtherMember);
    again.type(" later still");
    CHECK(words(ids[2]) == seen);
    CHECK(open(ids[2])->is_closed());
  }

  TEST_CASE_FIXTURE(Hall,
                    "an editorial correction waits for its quiet period, carries the agreement, and makes F-1.1") {
    close();
    auto command = correction(ids[0], "bind nobody", "binds nobody");
    CHECK(file(command, kSecretariat).error().code == Errc::forbidden);
    CHECK(file(command, kObserver).error().code == Errc::forbidden);
    REQUIRE(file(command));
    REQUIRE_MESSAGE(file(command), "the same key again");
    CHECK(closing().corrections.size() == 1);
    CHECK(closing(kMember).corrections[0].mine);
    CHECK_FALSE(closing(kOtherMember).corrections[0].mine);
    CHECK(refusal(move(1, CorrectionMove::apply, kSecretariat)) ==
          "Members may still flag it. Wait for the quiet period.");
    CHECK(phase(Phase::final_text).error().code == Errc::conflict);
    scheduler.advance(kDay);
    CHECK(move(1, CorrectionMove::apply, kMember).error().code == Errc::forbidden);
    const auto applied = move(1, CorrectionMove::apply, kSecretariat);
    REQUIRE_MESSAGE(applied, refusal(applied));
    CHECK(state_of(1) == "applied");
    CHECK(words(ids[0]).find("They binds nobody.") != std::string::npos);
    CHECK(view(ids[0]).status.settled);
    CHECK(view(ids[0]).status.closed);
    CHECK(closing().releases.size() == 2);
    CHECK(closing().releases[1].release.id == "F-1.1");
    const auto& last = group().state().chain.back();
    CHECK(last.kind == DecisionKind::carry);
    CHECK(last.result == consensus::Status::agreed);
    CHECK(last.release == "F-1.1");
    // The closed version stays as it was.
    const auto first = group().release(person(kObserver), report, "F-1");
    REQUIRE(first);
    CHECK(first->canonicals[0].find("They bind nobody.") != std::string::npos);
    check_record();
    CHECK(words(ids[0]).find("They binds nobody.") != std::string::npos);
    CHECK(group().release(person(kObserver), report, "F-1.1")->canonicals[0] == words(ids[0]));
  }

  TEST_CASE_FIXTURE(Hall, "flagged after it was applied, a correction is out again and needs consent") {
    close();
    const std::string closed_words = words(ids[0]);
    REQUIRE(file(correction(ids[0], "bind nobody", "binds nobody")));
    REQUIRE(file(correction(ids[0], "second paragraph", "2nd passage"), kOtherMember).error().code == Errc::conflict);
    auto insisting = correction(ids[0], "second paragraph", "later paragraph");
    CHECK(file(insisting, kOtherMember).error().code == Errc::conflict);
    insisting.insists = true;
    insisting.key = new_key();
    REQUIRE(file(insisting, kOtherMember));
    scheduler.advance(kDay);
    REQUIRE(move(1, CorrectionMove::apply, kSecretariat));
    REQUIRE(move(2, CorrectionMove::apply, kSecretariat));
    CHECK(closing().releases.back().release.id == "F-1.2");
    check_record();
    const auto flagged = move(1, CorrectionMove::flag, kOtherMember);
    REQUIRE_MESSAGE(flagged, refusal(flagged));
    CHECK(state_of(1) == "needs_consent");
    CHECK(words(ids[0]).find("They bind nobody.") != std::string::npos);
    CHECK(words(ids[0]).find("later paragraph") != std::string::npos);
    CHECK(view(ids[0]).status.settled);
    CHECK(move(1, CorrectionMove::flag, kMember).error().code == Errc::conflict);
    CHECK(move(1, CorrectionMove::apply, kSecretariat).error().code == Errc::conflict);
    check_record();
    // With the other one out as well the words are those of the closing.
    REQUIRE(move(2, CorrectionMove::flag, kMember));
    CHECK(words(ids[0]) == closed_words);
    CHECK(move(1, CorrectionMove::withdraw, kOtherMember).error().code == Errc::forbidden);
    REQUIRE(move(1, CorrectionMove::withdraw, kMember));
    REQUIRE(move(2, CorrectionMove::withdraw, kOtherMember));
    CHECK(closing().open_points.empty());
    check_record();
  }

  TEST_CASE_FIXTURE(Hall, "a correction that another one stands on stays until that one is out") {
    close();
    REQUIRE(file(correction(ids[0], "bind nobody", "binds nobody")));
    scheduler.advance(kDay);
    REQUIRE(move(1, CorrectionMove::apply, kSecretariat));
    REQUIRE(file(correction(ids[0], "binds nobody", "bound nobody")));
    scheduler.advance(kDay);
    REQUIRE(move(2, CorrectionMove::apply, kSecretariat));
    REQUIRE(move(1, CorrectionMove::flag, kOtherMember));
    CHECK(state_of(1) == "take_out");
    check_record();
    CHECK(move(1, CorrectionMove::take_out, kSecretariat).error().code == Errc::conflict);
    REQUIRE(move(2, CorrectionMove::flag, kOtherMember));
    CHECK(state_of(2) == "needs_consent");
    REQUIRE(move(1, CorrectionMove::take_out, kSecretariat));
    CHECK(words(ids[0]).find("bind nobody") != std::string::npos);
    check_record();
  }

  TEST_CASE_FIXTURE(Hall, "substance is noticed: editorial only when its author insists, and any member overrules") {
    close();
    auto command = correction(ids[0], "They bind", "They shall bind");
    const auto checked = group().check_correction(person(kMember), command);
    REQUIRE(checked);
    CHECK(checked->preselected == CorrectionClass::substantive);
    REQUIRE(checked->risks.size() == 1);
    CHECK(checked->risks[0].after == "shall");
    CHECK(refusal(file(command)) == "This may be substance. Confirm editorial, or choose substantive.");
    command.insists = true;
    command.key = new_key();
    REQUIRE(file(command));
    CHECK(state_of(1) == "filed");
    REQUIRE(move(1, CorrectionMove::flag, kOtherMember));
    CHECK(state_of(1) == "needs_consent");
    command = correction(ids[1], "They bind", "They shall bind");
    command.declared = CorrectionClass::substantive;
    REQUIRE(file(command));
    CHECK(state_of(2) == "needs_consent");
    command = correction(ids[1], "nobody", "none");
    command.text_id = Sha256{};
    CHECK(refusal(file(command)) == "Text changed. Look again.");
    CHECK(closing().open_points.size() == 2);
    check_record();
  }

  TEST_CASE_FIXTURE(Hall, "a substantive correction goes to the whole roll, and one objection ends it") {
    close();
    auto command = correction(ids[0], "They bind", "They shall bind");
    command.declared = CorrectionClass::substantive;
    REQUIRE(file(command));
    CHECK(put_to_all(1, kSecretariat).error().code == Errc::forbidden);
    const auto put = put_to_all(1);
    REQUIRE_MESSAGE(put, refusal(put));
    CHECK(refusal(put_to_all(1)) == "A call about it is open already.");
    REQUIRE(answer(kMember, consensus::PositionKind::no_objection));
    SUBCASE("objection") {
      REQUIRE(answer(kOtherMember, consensus::PositionKind::objection));
      CHECK(state_of(1) == "fallen");
      CHECK(words(ids[0]).find("shall") == std::string::npos);
      CHECK(closing().open_points.empty());
    }
    SUBCASE("consent, which a restart keeps") {
      REQUIRE(answer(kOtherMember, consensus::PositionKind::no_objection));
      restart();
      scheduler.advance(kDay * 3 + std::chrono::hours{1});
      scheduler.run_posted();
      group::MoveCall confirm;
      confirm.key = new_key();
      confirm.number = 1;
      confirm.move = group::CallMove::confirm;
      const auto confirmed =
          wait<group::CallView>([&](auto done) { group().move_call(person(kChair), confirm, done); });
      REQUIRE_MESSAGE(confirmed, confirmed.error().detail);
      CHECK(state_of(1) == "consented");
      REQUIRE(move(1, CorrectionMove::apply, kSecretariat));
      CHECK(state_of(1) == "applied_by_consent");
      CHECK(words(ids[0]).find("They shall bind") != std::string::npos);
    }
    check_record();
  }

  TEST_CASE_FIXTURE(Hall, "a section left open takes corrections, too, and stays what it was") {
    close();
    REQUIRE(file(correction(ids[2], "bind nobody", "binds nobody")));
    scheduler.advance(kDay);
    const auto decisions = group().state().chain.size();
    const auto applied = move(1, CorrectionMove::apply, kSecretariat);
    REQUIRE_MESSAGE(applied, refusal(applied));
    CHECK(group().state().chain.size() == decisions);
    CHECK(view(ids[2]).status.status == consensus::Status::draft);
    CHECK(closing().releases.back().release.id == "F-1.1");
    check_record();
    CHECK(group().release(person(kChair), report, "F-1.1")->canonicals[2] == words(ids[2]));
  }

  TEST_CASE_FIXTURE(Hall, "revisions that a crash took are made again, version by version") {
    close();
    REQUIRE(file(correction(ids[2], "bind nobody", "binds nobody")));
    REQUIRE(file(correction(ids[0], "bind nobody", "binds nobody")));
    scheduler.advance(kDay);
    commit_all();
    const auto head = git("rev-parse HEAD");
    REQUIRE(move(1, CorrectionMove::apply, kSecretariat));
    REQUIRE(move(2, CorrectionMove::apply, kSecretariat));
    commit_all();
    restart(
        [&](const std::filesystem::path&) { CHECK(git("update-ref refs/heads/main " + head.substr(0, 40)).empty()); });
    check_record();
    CHECK(git("show HEAD:releases/final/F-1.2.json").find("\"before\": \"F-1.1\"") != std::string::npos);
  }

  TEST_CASE_FIXTURE(Hall, "when nothing is open and the window is over, the text is final, and is handed on") {
    close();
    REQUIRE(file(correction(ids[0], "bind nobody", "binds nobody")));
    scheduler.advance(kDay);
    CHECK(refusal(phase(Phase::final_text)) == "The window is still open. Wait for its end.");
    scheduler.advance(kDay * 7);
    CHECK(refusal(phase(Phase::final_text)).find("correction 1 (filed)") != std::string::npos);
    CHECK(refusal(file(correction(ids[0], "nobody", "none"))) == "The editorial window has ended.");
    REQUIRE(move(1, CorrectionMove::apply, kSecretariat));
    CHECK(phase(Phase::final_text, kSecretariat).error().code == Errc::forbidden);
    const auto final_text = phase(Phase::final_text);
    REQUIRE_MESSAGE(final_text, refusal(final_text));
    REQUIRE(final_text->view.releases.size() == 3);
    const auto& version = final_text->view.releases.back();
    CHECK(version.release.id == "F");
    CHECK(version.release.before == "F-1");
    check_record();
    CHECK(phase(Phase::transmitted).error().code == Errc::conflict);
    group::RecordTransmittal command{
        new_key(), report, {"F", version.checksum, "the group", "the Secretary-General", scheduler.unix_ms() / 1000}};
    const auto record = [&](std::uint64_t who) {
      command.key = new_key();
      return wait<group::ClosingChanged>([&](auto done) { group().record_transmittal(person(who), command, done); });
    };
    CHECK(record(kMember).error().code == Errc::forbidden);
    command.transmittal.checksum = sha256("other");
    CHECK(record(kSecretariat).error().code == Errc::conflict);
    command.transmittal.checksum = version.checksum;
    REQUIRE(record(kSecretariat));
    REQUIRE(phase(Phase::transmitted));
    check_record();
    CHECK(closing().transmittals.size() == 1);
    CHECK(closing().phase == Phase::transmitted);
    const auto revisions = wait<std::map<std::string, std::string>>(
        [&](auto done) { group().release_revisions(person(kMember), report, done); });
    REQUIRE(revisions);
    CHECK(revisions->size() == 3);
  }

  TEST_CASE_FIXTURE(Hall,
                    "the label \"Not discussed in full\" stands on a report or a section and in the disclaimers") {
    REQUIRE(decide(ids[0], DecisionKind::agree));
    CHECK(view(ids[0]).disclaimer.full.empty());
    CHECK(label(std::nullopt, true, kMember).error().code == Errc::forbidden);
    REQUIRE(label(std::nullopt, true));
    CHECK(view(ids[0]).disclaimer.full.find("not been discussed in full by the group") != std::string::npos);
    CHECK(view(ids[0]).disclaimer.full.find("One") != std::string::npos);
    REQUIRE(label(ids[1], true));
    CHECK(view(ids[1]).not_discussed);
    check_record();
    REQUIRE(label(std::nullopt, false));
    CHECK(view(ids[0]).disclaimer.full.empty());
    CHECK(view(ids[1]).not_discussed);
    REQUIRE(label(ids[1], false));
    CHECK_FALSE(view(ids[1]).not_discussed);
  }
}
