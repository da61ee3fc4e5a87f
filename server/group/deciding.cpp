// Compare-and-decide. The section's writes are held, everything that arrived is applied, what the chair's page showed
// is compared with what is there, and text and decision are recorded together; or nothing is, and the writes go on.
#include <algorithm>

#include "consensus/position.hpp"
#include "consensus/transition.hpp"
#include "group/amending.hpp"
#include "group/calls.hpp"
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
  facts.reviewed = deciding.command.reviewed ||
                   consensus::rounds_on(deciding.parts->state.room.reviews, section, text.text_id).this_text;
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
  // A call asks about words; how they are stored is nothing that its members saw.
  if (deciding.silence) facts.shown_content_hash = facts.content_hash;
  return facts;
}

/// Who is there: counted by hand in the open meeting, else by its pages, else as the chair's page says.
std::optional<consensus::ByCategory> counted(const GroupState& state, const Decide& command) {
  if (const consensus::Meeting* const meeting = consensus::open_meeting(state.room.meetings); meeting != nullptr) {
    if (meeting->by_hand) return meeting->counted;
    if (!command.here.empty()) return command.here;
  }
  if (!command.present) return std::nullopt;
  return consensus::ByCategory{{"", command.present->count}};
}

/// The team that this person leads and that has all these sections; null without one.
const consensus::Team* led_team(const GroupState& state, PersonId person, const std::vector<SectionId>& sections) {
  const consensus::Team* led = nullptr;
  for (const SectionId& section : sections) {
    led = state.room.team(section);
    if (led == nullptr || !led->is_led_by(person)) return nullptr;
  }
  return led;
}

Result<void> check_deciding(const Deciding& deciding) {
  const GroupState& state = deciding.parts->state;
  const auto present = counted(state, deciding.command);
  const DecisionKind kind = deciding.command.kind;
  if (kind == DecisionKind::agree || kind == DecisionKind::alternatives)
    BOSSEY_TRY_VOID(consensus::check_quorum({state.rules.quorum, state.rules.quorum_by_category}, present));
  const std::int64_t now_ms = deciding.parts->around.scheduler.unix_ms();
  consensus::DecisionFacts facts;
  facts.roles = deciding.caller.roles;
  facts.reason = deciding.command.reason;
  facts.features = deciding.command.features;
  facts.names_open_ad_ref = deciding.command.names_open_ad_ref;
  facts.sets_aside = deciding.command.sets_aside;
  facts.present_recorded = present.has_value();
  facts.co_lead =
      state.rules.co_leads_agree_ad_ref && led_team(state, deciding.caller.person, deciding.subject) != nullptr;
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
  const consensus::TransitionRow* row = consensus::transition_of(deciding.command.kind);
  const bool closes = row != nullptr && row->closing == consensus::Closing::closes;
  for (const SectionId& section : deciding.subject) {
    if (is_asked(*deciding.parts, section)) return tl::unexpected<Error>(being_asked());
    if (closes && is_called(deciding.parts->state, section)) return tl::unexpected<Error>(being_called());
  }
  return {};
}

Result<void> hold_and_compare(const Deciding& deciding) {
  for (std::size_t i = 0; i < deciding.rooms.size(); ++i) {
    if (!deciding.rooms[i]->is_closed()) deciding.rooms[i]->hold();
    deciding.parts->texts.read(deciding.subject[i], *deciding.rooms[i]);
  }
  return check_deciding(deciding);
}

namespace {

consensus::Present present_in(const consensus::ByCategory& counted, const Decide& command) {
  std::optional<std::uint32_t> roll;
  if (command.roll > 0) roll = command.roll;
  if (command.present && command.present->roll) roll = command.present->roll;
  consensus::Present present = consensus::present_of(counted, roll);
  present.by_category.erase("");
  return present;
}

/// The round that the secretariat says was held by other means, so that its fact is on record beside the decision.
std::optional<Event> outside_round(const Deciding& deciding) {
  const GroupState& state = deciding.parts->state;
  if (deciding.command.kind != DecisionKind::working_paper || !deciding.command.reviewed) return std::nullopt;
  consensus::ReviewRound round;
  round.number = state.room.reviews.size() + 1;
  round.report = deciding.command.report;
  round.sent_s = round.deadline_s = deciding.parts->now_s();
  round.ended_s = round.deadline_s;
  round.outside = true;
  for (const SectionId& section : deciding.subject) {
    const Sha256& text_id = deciding.parts->texts.find(section)->text_id;
    if (!consensus::rounds_on(state.room.reviews, section, text_id).this_text) round.texts[section] = text_id;
  }
  if (round.texts.empty()) return std::nullopt;
  return Event{RoomFact{ReviewSet{round}}, std::nullopt};
}

}  // namespace

void record_decision(const DecidingPtr& deciding) {
  const Decide& command = deciding->command;
  Finding finding;
  finding.kind = command.kind;
  finding.report = command.report;
  finding.subject = deciding->subject;
  const consensus::TransitionRow* row = consensus::transition_of(command.kind);
  if (row->reason) finding.reason = command.reason;
  finding.session = command.session;
  const GroupState& state = deciding->parts->state;
  if (const auto present = counted(state, command)) finding.present = present_in(*present, command);
  if (command.kind == DecisionKind::principle) finding.features = command.features;
  if (command.kind == DecisionKind::adref) {
    finding.agreed_by = command.agreed_by;
    const consensus::Team* const team = led_team(state, deciding->caller.person, deciding->subject);
    if (team != nullptr && !deciding->caller.roles.has(consensus::Role::chair)) finding.room = team->room;
    if (finding.agreed_by.empty()) finding.agreed_by = finding.room;
  }
  finding.refers_to = deciding->refers_to;
  finding.maker = deciding->caller.person;
  if (deciding->silence) {
    finding.basis = deciding->silence->basis;
    finding.call = deciding->silence->call;
    finding.columns = deciding->silence->columns;
  }
  const std::uint64_t number = deciding->parts->state.chain.size() + 1;
  std::optional<KeyUse> key;
  if (!deciding->silence)
    key = key_use(deciding->caller, command.key, Answer{kind_of(command), command.report, command.section, number});
  std::vector<Event> events;
  if (auto round = outside_round(*deciding)) events.emplace_back(*std::move(round));
  events.emplace_back(Event{draft_decision(deciding->parts, finding, deciding->rooms), std::move(key)});
  if (deciding->silence)
    for (const Event& event : deciding->silence->events) events.push_back(event);
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

/// Where the rule of the group is to ask, an agreement says that the room was asked.
Result<void> check_asked(const GroupState& state, const Decide& command) {
  const bool asks = command.kind == DecisionKind::agree || command.kind == DecisionKind::alternatives;
  if (!asks || command.pause || command.asked_aloud || state.objection_pause_s == 0) return {};
  return fail(Errc::conflict, "Ask \"Any objection?\" first, or say that you asked aloud.");
}

void run_decision(const PartsPtr& parts, const Caller& caller, const Decide& command, const Finish& done) {
  const auto before = answered(*parts, caller, command.key, {kind_of(command), command.report, command.section});
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (*before) return done(decided(parts, caller, (*before)->report, (*before)->section, (*before)->number));
  auto deciding = std::make_shared<Deciding>(Deciding{parts, caller, command, {}, {}, std::nullopt, done});
  if (command.pause) return decide_after_pause(deciding);
  if (const auto asked = check_asked(parts->state, command); !asked) return deciding->refuse(asked.error());
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
  // What is found in the room belongs to the meeting that is held.
  const consensus::Meeting* const meeting = consensus::open_meeting(state.room.meetings);
  if (meeting != nullptr && finding.basis == consensus::Basis::room) decision.session = meeting->name;
  decision.kind = finding.kind;
  decision.report = finding.report;
  decision.basis = finding.basis;
  decision.present = finding.present;
  decision.reason = finding.reason;
  decision.refers_to = finding.refers_to;
  decision.phase = finding.phase;
  decision.release = finding.release;
  if (const auto* row = consensus::transition_of(finding.kind); row != nullptr) decision.result = row->result;
  decision.features = finding.features;
  decision.agreed_by = finding.agreed_by;
  decision.call = finding.call;
  decision.columns = finding.columns;
  if (!state.records.empty()) decision.prev = sha256(state.records.back().bytes);
  DecisionRecorded out;
  out.maker = finding.maker;
  out.room = finding.room;
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
    if (const auto closed_by = parts->state.closed_by(sections[i])) {
      if (!rooms[i]->is_closed()) rooms[i]->close(*closed_by);
    } else if (rooms[i]->is_closed()) {
      rooms[i]->open(decision);
    } else {
      rooms[i]->release();
    }
  }
}

void Group::decide(const Caller& caller, Decide command, Done<Decided> done) {
  // Who may is in the table of decisions: a working paper is the secretariat's, ad ref a co-lead's, and each undo its
  // maker's.
  const bool by_table = command.kind == DecisionKind::working_paper || command.kind == DecisionKind::undo ||
                        command.kind == DecisionKind::adref;
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
