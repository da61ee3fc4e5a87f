// Compare-and-decide. The section's writes are held, everything that arrived is applied, what the chair's page showed
// is compared with what is there, and text and decision are recorded together; or nothing is, and the writes go on.
#include <algorithm>

#include "consensus/position.hpp"
#include "consensus/transition.hpp"
#include "group/amending.hpp"
#include "group/deciding.hpp"

namespace bossey::group {
namespace {

using consensus::DecisionKind;
using Finish = Done<Decided>;

constexpr std::size_t kSessionName_bytes = 100;

Result<Decided> decided(const PartsPtr& parts, const Caller& caller, const ReportId& report, const SectionId& section,
                        std::uint64_t number) {
  BOSSEY_TRY(SectionView view, parts->overview(caller.person).section(report, section));
  return Decided{number, consensus::sentence(parts->state.chain[number - 1]), std::move(view)};
}

consensus::SectionFacts facts_of(const Deciding& deciding, std::size_t index) {
  const SectionId& section = deciding.subject[index];
  const SectionText& text = *deciding.parts->texts.find(section);
  consensus::SectionFacts facts;
  facts.section = section;
  facts.text_id = text.text_id;
  facts.content_hash = text.content_hash;
  facts.standing = consensus::standing_of(deciding.parts->state.pins, section, text.text_id);
  facts.brackets = text.brackets;
  facts.unknown_nodes = text.unknown;
  facts.has_text = text.body_words > 0;
  facts.positions = consensus::tally_of(deciding.parts->state.positions, section, text.text_id);
  facts.open_proposals = deciding.parts->amendments.open_on(deciding.parts->state, deciding.parts->texts, section);
  facts.reviewed = deciding.command.reviewed;
  const Decide& command = deciding.command;
  if (section == command.section) {
    facts.shown_text_id = command.text_id;
    facts.shown_content_hash = command.content_hash;
  }
  for (const Decide::ShownOption& option : command.options)
    if (option.section == section && section != command.section) {
      facts.shown_text_id = option.text_id;
      facts.shown_content_hash = option.content_hash;
    }
  return facts;
}

Result<void> check_deciding(const Deciding& deciding) {
  const GroupState& state = deciding.parts->state;
  const std::int64_t now_ms = deciding.parts->around.scheduler.unix_ms();
  consensus::DecisionFacts facts;
  facts.roles = deciding.caller.roles;
  facts.reason = deciding.command.reason;
  facts.features = deciding.command.features;
  facts.names_open_ad_ref = deciding.command.names_open_ad_ref;
  facts.sets_aside = deciding.command.sets_aside;
  facts.present_recorded = deciding.command.present.has_value();
  if (const Report* report = state.report(deciding.command.report)) facts.phase = report->phase;
  std::map<SectionId, Sha256> texts;
  for (std::size_t i = 0; i < deciding.subject.size(); ++i) {
    facts.subject.push_back(facts_of(deciding, i));
    texts[deciding.subject[i]] = facts.subject.back().text_id;
    if (const std::int64_t changed_ms = deciding.rooms[i]->last_change_ms(); changed_ms != 0) {
      const std::int64_t ago_s = (now_ms - changed_ms) / 1000;
      facts.changed_s_ago = std::min(facts.changed_s_ago.value_or(ago_s), ago_s);
    }
  }
  if (deciding.command.kind != DecisionKind::undo) return consensus::check(deciding.command.kind, facts);
  const bool same_maker = state.records.back().maker == deciding.caller.person;
  return consensus::check_undo(state.chain, *deciding.refers_to, facts.roles, same_maker, now_ms / 1000, texts);
}

/// Line ends and other controls become spaces: a decision is one sentence.
void put_on_one_line(std::string& text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
}

}  // namespace

Result<void> check_wording(Decide& command) {
  if (command.kind != DecisionKind::undo && consensus::transition_of(command.kind) == nullptr)
    return fail(Errc::bad_input, "No decision of this kind.");
  if (command.session.size() > kSessionName_bytes) return fail(Errc::too_large, "Shorten the meeting's name.");
  put_on_one_line(command.session);
  put_on_one_line(command.reason);
  put_on_one_line(command.agreed_by);
  for (std::string& feature : command.features) put_on_one_line(feature);
  return {};
}

/// A key stands for one kind of decision: agreed by mistake is not withdrawn by the same key.
std::string kind_of(const Decide& command) {
  return "decision." + std::string(consensus::name_of(command.kind));
}

namespace {

Result<void> name_subject(Deciding& deciding) {
  const GroupState& state = deciding.parts->state;
  const Decide& command = deciding.command;
  BOSSEY_TRY(const Report* report, report_holding(*deciding.parts, command.report, command.section));
  switch (command.kind) {
    case DecisionKind::alternatives:
      deciding.subject = living_alternatives(state, *report, command.section);
      deciding.subject.insert(deciding.subject.begin(), command.section);  // The frame first.
      return {};
    case DecisionKind::reopen: {
      deciding.subject = consensus::reopened_with(state.chain, state.pins, command.section);
      const auto pin = state.pins.find(command.section);
      if (pin != state.pins.end() && pin->second.closed_by != 0) deciding.refers_to = pin->second.closed_by;
      return {};
    }
    case DecisionKind::undo: {
      if (state.chain.empty()) return fail(Errc::not_found, "There is no decision to undo.");
      const consensus::Decision& last = state.chain.back();
      const auto names = [&](const consensus::Subject& s) { return s.section == command.section; };
      if (std::none_of(last.subject.begin(), last.subject.end(), names))
        return fail(Errc::conflict, "Another decision came after it. Reopen the section instead.");
      deciding.refers_to = command.undoes.value_or(last.no);
      for (const consensus::Subject& subject : last.subject) deciding.subject.push_back(subject.section);
      return {};
    }
    default:
      deciding.subject = {command.section};
      return {};
  }
}

}  // namespace

Result<void> find_subject(Deciding& deciding) {
  BOSSEY_TRY_VOID(name_subject(deciding));
  for (const SectionId& section : deciding.subject)
    if (is_asked(*deciding.parts, section)) return tl::unexpected<Error>(being_asked());
  return {};
}

Result<void> hold_and_compare(const Deciding& deciding) {
  for (std::size_t i = 0; i < deciding.rooms.size(); ++i) {
    if (!deciding.rooms[i]->is_closed()) deciding.rooms[i]->hold();
    deciding.parts->texts.read(deciding.subject[i], *deciding.rooms[i]);
  }
  return check_deciding(deciding);
}

void record_decision(const DecidingPtr& deciding) {
  const Decide& command = deciding->command;
  Finding finding;
  finding.kind = command.kind;
  finding.report = command.report;
  finding.subject = deciding->subject;
  const consensus::TransitionRow* row = consensus::transition_of(command.kind);
  if (row->reason) finding.reason = command.reason;
  finding.session = command.session;
  finding.present = command.present;
  if (command.kind == DecisionKind::principle) finding.features = command.features;
  if (command.kind == DecisionKind::adref) finding.agreed_by = command.agreed_by;
  finding.refers_to = deciding->refers_to;
  finding.maker = deciding->caller.person;
  const std::uint64_t number = deciding->parts->state.chain.size() + 1;
  Event event{
      draft_decision(deciding->parts, finding, deciding->rooms),
      key_use(deciding->caller, command.key, Answer{kind_of(command), command.report, command.section, number})};
  std::vector<Event> events;
  events.push_back(std::move(event));
  std::vector<std::uint64_t> aside;
  if (row->needs == consensus::Needs::answered && command.sets_aside) {
    AmendmentsSet set = set_aside_with(*deciding->parts, deciding->caller, command.section);
    for (const AmendmentChange& change : set.changes) aside.push_back(change.number);
    if (!aside.empty()) events.push_back(Event{std::move(set), std::nullopt});
  }
  record(deciding->parts, {}, std::move(events), [deciding, number, aside](Result<JournalSeq> seq) {
    if (!seq) return deciding->refuse(seq.error());
    const PartsPtr& parts = deciding->parts;
    settle_rooms(parts, deciding->subject, deciding->rooms, number);
    for (const SectionId& section : deciding->subject) parts->told_changed.erase(section);
    commit_decision(parts, number - 1);
    if (!aside.empty()) amendments_moved(parts, "Set open proposals aside", aside, *seq);
    for (const SectionId& section : deciding->subject) tell_section(parts, section);
    // Counts of chapters and of the report moved, too, and after Withdraw the numbers.
    tell_outline(parts, deciding->command.report);
    deciding->done(decided(parts, deciding->caller, deciding->command.report, deciding->command.section, number));
  });
}

namespace {

void run_decision(const PartsPtr& parts, const Caller& caller, const Decide& command, const Finish& done) {
  const auto before = answered(*parts, caller, command.key, {kind_of(command), command.report, command.section});
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (*before) return done(decided(parts, caller, (*before)->report, (*before)->section, (*before)->number));
  auto deciding = std::make_shared<Deciding>(Deciding{parts, caller, command, {}, {}, std::nullopt, done});
  if (command.pause) return decide_after_pause(deciding);
  if (const auto found = find_subject(*deciding); !found) return deciding->refuse(found.error());
  open_rooms(parts, deciding->subject, [deciding](Result<RoomList> rooms) {
    if (!rooms) return deciding->refuse(rooms.error());
    deciding->rooms = std::move(*rooms);
    if (const auto possible = hold_and_compare(*deciding); !possible) return deciding->refuse(possible.error());
    // The journal keeps the order of its rows, so what the decision is about is on disk before it. Rows are appended
    // when they are applied, and everything that arrived is applied.
    record_decision(deciding);
  });
}

}  // namespace

namespace {

/// What is on record for and against, and with it whether the consensus is a rough one.
void add_positions(const GroupState& state, consensus::Decision& decision) {
  std::uint32_t answered = 0;
  for (const consensus::Subject& subject : decision.subject) {
    const auto tally = consensus::tally_of(state.positions, subject.section, subject.text_id);
    answered += tally.answered;
    decision.reservations += tally.reservations;
    decision.ad_ref_open += tally.ad_ref_open;
    for (auto& outcome : consensus::outcomes_of(state.positions, subject.section))
      decision.objections.push_back(std::move(outcome));
  }
  decision.result = consensus::result_of_agree(decision.reservations, answered, decision.ad_ref_open);
}

}  // namespace

DecisionRecorded draft_decision(const PartsPtr& parts, const Finding& finding, const RoomList& rooms) {
  const GroupState& state = parts->state;
  consensus::Decision decision;
  decision.no = state.chain.size() + 1;
  decision.at_s = parts->now_s();
  decision.session = finding.session;
  decision.kind = finding.kind;
  decision.report = finding.report;
  decision.basis = finding.basis;
  decision.present = finding.present;
  decision.reason = finding.reason;
  decision.refers_to = finding.refers_to;
  if (const auto* row = consensus::transition_of(finding.kind); row != nullptr) decision.result = row->result;
  decision.features = finding.features;
  decision.agreed_by = finding.agreed_by;
  if (!state.records.empty()) decision.prev = sha256(state.records.back().bytes);
  DecisionRecorded out;
  out.maker = finding.maker;
  for (std::size_t i = 0; i < finding.subject.size(); ++i) {
    parts->texts.read(finding.subject[i], *rooms[i]);
    const SectionText& text = *parts->texts.find(finding.subject[i]);
    decision.subject.push_back(
        {finding.subject[i], text.title, text.text_id, revisions::blob_id(as_bytes(text.canonical)).hex()});
    out.texts.push_back({finding.subject[i], rooms[i]->last_seq(), text.canonical});
  }
  if (finding.kind == DecisionKind::agree) add_positions(state, decision);
  out.bytes = consensus::canonical_bytes(decision);
  return out;
}

void settle_rooms(const PartsPtr& parts, const std::vector<SectionId>& sections, const RoomList& rooms,
                  std::uint64_t decision) {
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const auto pin = parts->state.pins.find(sections[i]);
    const bool closed = pin != parts->state.pins.end() && pin->second.closed;
    if (closed) {
      if (!rooms[i]->is_closed()) rooms[i]->close(pin->second.closed_by);
    } else if (rooms[i]->is_closed()) {
      rooms[i]->open(decision);
    } else {
      rooms[i]->release();
    }
  }
}

void Group::decide(const Caller& caller, Decide command, Done<Decided> done) {
  // Who may is in the table of decisions: a working paper is the secretariat's, and so is its undo.
  const bool by_table = command.kind == DecisionKind::working_paper || command.kind == DecisionKind::undo;
  const auto action = by_table ? consensus::Action::read : consensus::Action::decide;
  if (const auto good = check_command(caller, action, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  if (const auto good = check_wording(command); !good) return done(fail(good.error().code, good.error().detail));
  run_command<Decided>(parts_, std::move(done),
                       [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                         run_decision(parts, caller, command, finish);
                       });
}

}  // namespace bossey::group
