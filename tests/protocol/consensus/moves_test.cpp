#include <doctest/doctest.h>

#include <algorithm>

#include "consensus/phase.hpp"
#include "consensus/transition.hpp"

using namespace bossey;
using namespace bossey::consensus;

namespace {

/// Everything that any kind of decision could ask for.
DecisionFacts all_given(DecisionKind kind) {
  SectionFacts s;
  s.section = SectionId{"a"};
  s.text_id = sha256("words");
  s.content_hash = sha256("tree");
  s.shown_text_id = s.text_id;
  s.shown_content_hash = s.content_hash;
  s.has_text = true;
  s.reviewed = true;
  DecisionFacts facts;
  facts.reason = kind == DecisionKind::withdraw ? "merged" : "a wrong number";
  facts.present_recorded = true;
  facts.features = {"one body"};
  if (kind == DecisionKind::reopen) s.standing.pin.closed = true;
  if (kind == DecisionKind::carry) {
    facts.phase = Phase::editorial_window;
    s.standing.pin = Pin{.status = Status::agreed, .decision = 3, .text_id = sha256("wrods"), .closed = true};
    s.carried_from = sha256("wrods");
  }
  facts.subject = {s, s, s};
  return facts;
}

bool allowed(DecisionKind kind, RoleSet roles, bool co_lead = false) {
  DecisionFacts facts = all_given(kind);
  facts.roles = roles;
  facts.co_lead = co_lead;
  return check(kind, facts).has_value();
}

PhaseFacts moving(Phase now, Phase to) {
  PhaseFacts facts;
  facts.roles = Role::chair;
  facts.now = now;
  facts.to = to;
  facts.transmittal_recorded = true;
  return facts;
}

Decision about(std::uint64_t no, DecisionKind kind, const std::string& section) {
  Decision d;
  d.no = no;
  d.kind = kind;
  d.report = ReportId{"final"};
  if (!section.empty()) d.subject.push_back({SectionId{section}, "", sha256("words"), ""});
  return d;
}

}  // namespace

TEST_SUITE("consensus/moves") {
  TEST_CASE("each kind of decision is made by those the table names and by nobody else") {
    for (const TransitionRow& row : kTransitions) {
      if (row.kind == DecisionKind::undo) continue;
      CAPTURE(name_of(row.kind));
      const bool secretariats = row.maker == Maker::secretariat || row.maker == Maker::either;
      CHECK(allowed(row.kind, Role::chair) == (row.maker != Maker::secretariat));
      CHECK(allowed(row.kind, Role::secretariat) == secretariats);
      CHECK_FALSE(allowed(row.kind, Role::member));
      CHECK(allowed(row.kind, Role::member, true) == (row.maker == Maker::co_lead));
      CHECK_FALSE(allowed(row.kind, Role::observer, true));
      CHECK_FALSE(allowed(row.kind, Role::administrator, true));
      CHECK_FALSE(allowed(row.kind, RoleSet{}));
    }
  }

  TEST_CASE("every status but Draft and Rough consensus is given by a row of the table") {
    for (const StatusRow& status : kStatuses) {
      CAPTURE(status.name);
      const bool given = std::any_of(kTransitions.begin(), kTransitions.end(),
                                     [&](const TransitionRow& row) { return row.result == status.status; });
      CHECK(given == (status.status != Status::draft && status.status != Status::rough_consensus));
    }
  }

  TEST_CASE("each move is refused without what it needs") {
    const auto refused = [](DecisionKind kind, RoleSet roles, auto spoil) {
      DecisionFacts facts = all_given(kind);
      facts.roles = roles;
      spoil(facts);
      const auto result = check(kind, facts);
      return result ? std::string() : result.error().detail;
    };
    CHECK(refused(DecisionKind::principle, Role::chair, [](DecisionFacts& f) { f.features.clear(); }) ==
          "List the general features that were agreed.");
    CHECK(refused(DecisionKind::principle, Role::chair, [](DecisionFacts& f) {
            f.features = {"one", " "};
          }) == "List the general features that were agreed.");
    CHECK(refused(DecisionKind::adref, Role::chair, [](DecisionFacts& f) { f.present_recorded = false; }) ==
          "Say how many were present.");
    CHECK(refused(DecisionKind::working_paper, Role::secretariat, [](DecisionFacts& f) {
            f.subject[0].reviewed = false;
          }) == "Send this text to all members for review first.");
    CHECK(refused(DecisionKind::carry, Role::chair, [](DecisionFacts& f) {
            f.subject[0].carried_from = sha256("other");
          }) == "The correction is on other words. File it again.");
    CHECK(refused(DecisionKind::carry, Role::chair, [](DecisionFacts& f) { f.phase = Phase::plenary; }) ==
          "Corrections need an open editorial window.");
  }

  TEST_CASE("agree is refused while an objection is unanswered, an ad ref unnamed or a proposal open") {
    DecisionFacts facts = all_given(DecisionKind::agree);
    facts.roles = Role::chair;
    facts.subject.resize(1);
    facts.subject[0].positions.unanswered = {4, 9};
    CHECK(check(DecisionKind::agree, facts).error().detail == "Answer the objection, or change the text: 4, 9");
    facts.subject[0].positions.unanswered.clear();
    facts.subject[0].positions.ad_ref_open = 2;
    CHECK_FALSE(check(DecisionKind::agree, facts));
    facts.names_open_ad_ref = true;
    facts.subject[0].open_proposals = {14};
    CHECK(check(DecisionKind::agree, facts).error().detail ==
          "Adopt, refuse or set aside the open proposals first: 14");
    facts.sets_aside = true;
    CHECK(check(DecisionKind::agree, facts));
    CHECK(result_of(DecisionKind::agree, facts) == Status::rough_consensus);
  }

  TEST_CASE("Rough consensus follows from what is on record and from nothing else") {
    DecisionFacts facts = all_given(DecisionKind::agree);
    CHECK(result_of(DecisionKind::agree, facts) == Status::agreed);
    facts.subject[2].positions.reservations = 1;
    CHECK(result_of(DecisionKind::agree, facts) == Status::rough_consensus);
    facts.subject[2].positions = {};
    facts.subject[1].positions.answered = 1;
    CHECK(result_of(DecisionKind::agree, facts) == Status::rough_consensus);
    CHECK(result_of(DecisionKind::bracket, facts) == Status::in_brackets);
    CHECK_FALSE(result_of(DecisionKind::reopen, facts));
    CHECK(result_of(DecisionKind::carry, all_given(DecisionKind::carry)) == Status::agreed);
  }

  TEST_CASE("an objection to an option's words does not keep the set from being presented, one to the frame does") {
    DecisionFacts facts = all_given(DecisionKind::alternatives);
    facts.roles = Role::chair;
    facts.subject[0].section = SectionId{"frame"};
    facts.subject[1].positions.unanswered = {1};
    CHECK(check(DecisionKind::alternatives, facts));
    facts.subject[0].positions.unanswered = {2};
    CHECK_FALSE(check(DecisionKind::alternatives, facts));
  }

  TEST_CASE("after closing no text is decided on, and nothing is reopened") {
    for (const Phase phase : {Phase::editorial_window, Phase::final_text, Phase::transmitted})
      for (const TransitionRow& row : kTransitions) {
        CAPTURE(name_of(row.kind));
        DecisionFacts facts = all_given(row.kind);
        facts.roles = RoleSet(Role::chair).with(Role::secretariat);
        facts.phase = phase;
        const bool label = row.kind == DecisionKind::label || row.kind == DecisionKind::unlabel;
        const bool expected = (row.kind == DecisionKind::carry && phase == Phase::editorial_window) ||
                              (label && phase != Phase::transmitted);
        CHECK(check(row.kind, facts).has_value() == expected);
      }
  }

  TEST_CASE("phases follow the table, and a closing has no way back") {
    for (const PhaseRow& from : kPhases)
      for (const PhaseRow& to : kPhases) {
        CAPTURE(from.name);
        CAPTURE(to.name);
        const auto from_at = static_cast<int>(from.phase), to_at = static_cast<int>(to.phase);
        const bool expected = to_at == from_at + 1 || (from.phase == Phase::plenary && to.phase == Phase::drafting);
        CHECK(check_phase(moving(from.phase, to.phase)).has_value() == expected);
      }
    PhaseFacts facts = moving(Phase::plenary, Phase::editorial_window);
    facts.roles = RoleSet(Role::secretariat).with(Role::administrator);
    CHECK(check_phase(facts).error().code == Errc::forbidden);
  }

  TEST_CASE("a closing names the sections that are neither settled nor left open") {
    PhaseFacts facts = moving(Phase::plenary, Phase::editorial_window);
    const Standing agreed{{.status = Status::agreed, .decision = 1, .closed = true}, true};
    const Standing changed{{.status = Status::agreed, .decision = 1}, false};
    facts.sections = {{SectionId{"a"}, "1 Mandate", agreed, 0},
                      {SectionId{"b"}, "2 Forum", changed, 0},
                      {SectionId{"c"}, "3 Oversight", {}, 2},
                      {SectionId{"d"}, "4 Gone", Standing{{.status = Status::withdrawn, .decision = 2}, true}, 0}};
    CHECK(check_phase(facts).error().detail ==
          "Settle these sections, or list them as left open: 2 Forum; 3 Oversight");
    facts.left_open = {SectionId{"b"}, SectionId{"c"}};
    CHECK(check_phase(facts));
    facts.open_calls = 1;
    CHECK_FALSE(check_phase(facts));
    PhaseFacts end = moving(Phase::editorial_window, Phase::final_text);
    end.open_points = {"correction 3"};
    CHECK(check_phase(end).error().detail == "Settle every outstanding point first: correction 3");
  }

  TEST_CASE("phase, left open sections and labels follow from the chain, and an undo takes them back") {
    const ReportId report{"final"};
    std::vector<Decision> chain{about(1, DecisionKind::leave_open, "a"), about(2, DecisionKind::label, ""),
                                about(3, DecisionKind::label, "b"), about(4, DecisionKind::phase, "")};
    chain[3].phase = Phase::plenary;
    CHECK(phase_of(chain, report) == Phase::plenary);
    CHECK(phase_of(chain, ReportId{"other"}) == Phase::drafting);
    CHECK(left_open_of(chain, report) == std::set{SectionId{"a"}});
    CHECK(labels_of(chain).reports.contains(report));
    CHECK(labels_of(chain).sections.contains(SectionId{"b"}));
    chain.push_back(about(5, DecisionKind::undo, ""));
    chain.back().refers_to = 4;
    CHECK(phase_of(chain, report) == Phase::drafting);
    chain.push_back(about(6, DecisionKind::unlabel, ""));
    CHECK(labels_of(chain).reports.empty());
    chain.push_back(about(7, DecisionKind::agree, "a"));
    chain.back().result = Status::agreed;
    CHECK(left_open_of(chain, report).empty());
  }

  TEST_CASE("a co-lead takes back an own ad ref, a closing and a correction are not undone") {
    Decision d = about(1, DecisionKind::adref, "a");
    d.result = Status::agreed_ad_ref;
    CHECK(check_undo(std::vector{d}, 1, Role::member, true, 10, {}));
    CHECK_FALSE(check_undo(std::vector{d}, 1, Role::member, false, 10, {}));
    CHECK_FALSE(check_undo(std::vector{d}, 1, Role::chair, false, 10, {}));
    Decision closing = about(1, DecisionKind::phase, "");
    closing.phase = Phase::editorial_window;
    CHECK_FALSE(check_undo(std::vector{closing}, 1, Role::chair, true, 10, {}));
    closing.phase = Phase::plenary;
    CHECK(check_undo(std::vector{closing}, 1, Role::chair, true, 10, {}));
    Decision carried = about(1, DecisionKind::carry, "a");
    carried.basis = Basis::editorial;
    CHECK_FALSE(check_undo(std::vector{carried}, 1, Role::chair, true, 10, {}));
  }

  TEST_CASE("every new key of a decision's file survives reading, and is not written where it is not set") {
    Decision d = about(7, DecisionKind::carry, "a");
    d.subject[0].from = sha256("before");
    d.subject[0].blob = std::string(40, 'a');
    d.result = Status::agreed;
    d.features = {"one \"body\"", "two"};
    d.release = "F-1.1";
    d.ad_ref_open = 3;
    d.agreed_by = "the drafting group";
    d.call = 12;
    d.columns = {{"no objection", 21}, {"opened", 14}, {"not yet reached", 5}};
    d.prev = sha256("x");
    CHECK(parse_decision(canonical_bytes(d)) == d);
    for (const DecisionKind kind : {DecisionKind::phase, DecisionKind::leave_open, DecisionKind::label,
                                    DecisionKind::unlabel, DecisionKind::reopen, DecisionKind::undo}) {
      CAPTURE(name_of(kind));
      Decision bare = about(8, kind, "");
      if (kind == DecisionKind::phase) bare.phase = Phase::final_text;
      CHECK(parse_decision(canonical_bytes(bare)) == bare);
      for (const char* key : {"features", "release", "ad_ref_open", "agreed_by", "call", "columns", "from"})
        CHECK(canonical_bytes(bare).find('"' + std::string(key) + '"') == std::string::npos);
    }
  }

  TEST_CASE("a phase, a brief and a call read as sentences") {
    Decision d = about(9, DecisionKind::phase, "");
    d.phase = Phase::editorial_window;
    d.release = "F-1";
    CHECK(sentence(d) ==
          "No. 9, 1 January 1970 00:00 UTC: report 'final' version F-1, enters phase \"Closed, editorial window\".");
    Decision brief = about(10, DecisionKind::principle, "a");
    brief.result = Status::agreed_in_principle;
    brief.features = {"one body", "no veto"};
    CHECK(sentence(brief).find("agreed in principle: one body; no veto. Text") != std::string::npos);
    Decision silent = about(11, DecisionKind::agree, "a");
    silent.basis = Basis::silence;
    silent.columns = {{"no objection", 21}, {"opened", 14}};
    CHECK(sentence(silent).find("; 21 no objection, 14 opened. Text") != std::string::npos);
  }
}
