// The phase of a report, the sections left open and the label "Not discussed in full": decisions about a report. A
// closing holds the texts of everything that is still written, compares, and closes all of it with one decision.
#include <algorithm>

#include "consensus/phase.hpp"
#include "consensus/transition.hpp"
#include "group/calls.hpp"
#include "group/closing.hpp"
#include "group/releasing.hpp"

namespace bossey::group {
namespace {

using consensus::DecisionKind;
using consensus::Phase;
using Finish = Done<ClosingChanged>;

struct Phasing {
  PartsPtr parts;
  Caller caller;
  ChangePhase command;
  Finish done;
  std::vector<SectionId> sections;  ///< Those that are written until now.
  RoomList rooms;

  void refuse(const Error& error) const {
    for (const auto& room : rooms)
      if (room->is_held()) room->release();
    done(fail(error.code, error.detail));
  }
  [[nodiscard]] bool closes() const { return command.to == Phase::editorial_window; }
};
using PhasingPtr = std::shared_ptr<Phasing>;

consensus::PhaseFacts facts_of(const Phasing& phasing, const Report& report) {
  const Group::Parts& parts = *phasing.parts;
  consensus::PhaseFacts facts;
  facts.roles = phasing.caller.roles;
  facts.now = report.phase;
  facts.to = phasing.command.to;
  facts.sections = sections_at_closing(parts, report);
  facts.left_open = report.left_open;
  facts.open_calls = open_calls_of(parts.state, report.slug);
  if (const auto at = parts.state.closings.find(report.slug); at != parts.state.closings.end()) {
    facts.open_points = consensus::open_points(corrections_of(at->second));
    facts.window_open = parts.now_s() < at->second.window.ends_s;
    facts.transmittal_recorded = !at->second.transmittals.empty();
  }
  return facts;
}

Result<void> check_phasing(const Phasing& phasing) {
  const Group::Parts& parts = *phasing.parts;
  const Report* report = parts.state.report(phasing.command.report);
  if (report == nullptr) return fail(Errc::not_found, "No such report.");
  BOSSEY_TRY_VOID(consensus::check_phase(facts_of(phasing, *report)));
  if (!phasing.closes()) return {};
  for (const document::OutlineEntry& entry : report->outline.entries)
    if (is_asked(parts, entry.id)) return tl::unexpected<Error>(being_asked());
  return {};
}

consensus::EditorialWindow window_of(const Phasing& phasing) {
  consensus::EditorialWindow window;
  window.opened_s = phasing.parts->now_s();
  window.ends_s = phasing.command.window_ends_s.value_or(window.opened_s + consensus::kWindowDefault_s);
  window.quiet_s = phasing.command.quiet_s;
  window.unanimous = phasing.parts->state.rules.unanimous;
  return window;
}

/// Every text of the report as it stands, so that the version can be made from the decision's row alone.
std::vector<DecidedText> all_texts(const Phasing& phasing, const Report& report) {
  const Group::Parts& parts = *phasing.parts;
  std::map<SectionId, JournalSeq> seqs;
  for (const auto& record : parts.state.records)
    for (const DecidedText& text : record.texts) seqs[text.section] = text.seq;
  for (std::size_t i = 0; i < phasing.sections.size(); ++i) seqs[phasing.sections[i]] = phasing.rooms[i]->last_seq();
  std::vector<DecidedText> texts;
  for (const document::OutlineEntry& entry : report.outline.entries)
    if (const SectionText* text = parts.texts.find(entry.id); text != nullptr)
      texts.push_back({entry.id, seqs[entry.id], text->canonical});
  return texts;
}

/// The decision, and the version and window that it makes.
std::vector<Event> events_of(const Phasing& phasing, std::uint64_t number) {
  const Group::Parts& parts = *phasing.parts;
  const ChangePhase& command = phasing.command;
  const Report& report = parts.state.reports.at(command.report);
  const bool ends = command.to == Phase::final_text;
  Finding finding;
  finding.kind = DecisionKind::phase;
  finding.report = command.report;
  finding.maker = phasing.caller.person;
  finding.phase = command.to;
  if (phasing.closes()) finding.release = "F-1";
  if (ends) finding.release = "F";
  DecisionRecorded decided = draft_decision(phasing.parts, finding, {});
  if (phasing.closes()) decided.texts = all_texts(phasing, report);
  std::vector<Event> events;
  events.push_back(Event{decided, key_use(phasing.caller, command.key, Answer{"phase", command.report, {}, number})});
  if (finding.release.empty()) return events;
  GroupState next = parts.state;
  const auto folded = apply(next, events.front(), parts.around.scheduler.unix_ms());
  BOSSEY_CHECK(folded.has_value());
  const Overview overview{next, parts.texts, parts.amendments, parts.proposal_words, std::nullopt, parts.now_s()};
  events.push_back(
      Event{draft_release(overview, command.report, finding.release, ends ? "F-1" : "", parts.now_s()), std::nullopt});
  if (!phasing.closes()) return events;
  const auto window = window_of(phasing);
  events.push_back(Event{WindowOpened{command.report, window.opened_s, window.ends_s, window.quiet_s, window.release,
                                      std::string(name_of(window.unanimous))},
                         std::nullopt});
  return events;
}

void record_phase(const PhasingPtr& phasing) {
  if (const auto possible = check_phasing(*phasing); !possible) return phasing->refuse(possible.error());
  const std::uint64_t number = phasing->parts->state.chain.size() + 1;
  record(phasing->parts, {}, events_of(*phasing, number), [phasing, number](Result<JournalSeq> seq) {
    if (!seq) return phasing->refuse(seq.error());
    const PartsPtr& parts = phasing->parts;
    const ReportId& report = phasing->command.report;
    for (const auto& room : phasing->rooms) room->close(number);
    commit_decision(parts, number - 1);
    commit_shape(parts, "Phase of '" + one_line(parts->state.reports.at(report).title) + "'", secretariat(), *seq);
    tell_outline(parts, report);
    tell_closing(parts, report);
    phasing->done(closing_changed(*parts, phasing->caller, report, number));
  });
}

void run_phase(const PhasingPtr& phasing) {
  const PartsPtr& parts = phasing->parts;
  const ChangePhase& command = phasing->command;
  const auto before = answered(*parts, phasing->caller, command.key, {"phase", command.report, {}, 0});
  if (!before) return phasing->refuse(before.error());
  if (*before) return phasing->done(closing_changed(*parts, phasing->caller, command.report, (*before)->number));
  if (const auto possible = check_phasing(*phasing); !possible) return phasing->refuse(possible.error());
  if (!phasing->closes()) return record_phase(phasing);
  if (const auto good = consensus::check_window(window_of(*phasing), parts->now_s()); !good)
    return phasing->refuse(good.error());
  for (const document::OutlineEntry& entry : parts->state.reports.at(command.report).outline.entries) {
    const auto pin = parts->state.pins.find(entry.id);
    if (pin == parts->state.pins.end() || !pin->second.closed) phasing->sections.push_back(entry.id);
  }
  open_rooms(parts, phasing->sections, [phasing](Result<RoomList> rooms) {
    if (!rooms) return phasing->refuse(rooms.error());
    phasing->rooms = std::move(*rooms);
    for (std::size_t i = 0; i < phasing->rooms.size(); ++i) {
      phasing->rooms[i]->hold();
      phasing->parts->texts.read(phasing->sections[i], *phasing->rooms[i]);
    }
    record_phase(phasing);
  });
}

/// A decision on sections of a report, or on the report itself: those left open, and labels.
struct Naming {
  PartsPtr parts;
  Caller caller;
  std::string key;
  Answer answer;
  Finding finding;
  Finish done;
  RoomList rooms{};

  void refuse(const Error& error) const {
    for (const auto& room : rooms)
      if (room->is_held()) room->release();
    done(fail(error.code, error.detail));
  }
};

Result<void> check_naming(const Naming& naming) {
  const GroupState& state = naming.parts->state;
  consensus::DecisionFacts facts;
  facts.roles = naming.caller.roles;
  facts.phase = state.reports.at(naming.finding.report).phase;
  const bool leaves_open = naming.finding.kind == DecisionKind::leave_open;
  for (const SectionId& section : naming.finding.subject) {
    const SectionText* text = naming.parts->texts.find(section);
    consensus::SectionFacts one;
    one.section = section;
    one.text_id = text->text_id;
    one.standing = naming.parts->overview().standing(section);
    if (leaves_open && one.standing.settled()) return fail(Errc::conflict, "A settled section needs no leaving open.");
    facts.subject.push_back(std::move(one));
  }
  return consensus::check(naming.finding.kind, facts);
}

void record_naming(const std::shared_ptr<Naming>& naming) {
  const PartsPtr& parts = naming->parts;
  for (std::size_t i = 0; i < naming->rooms.size(); ++i) {
    if (!naming->rooms[i]->is_closed()) naming->rooms[i]->hold();
    parts->texts.read(naming->finding.subject[i], *naming->rooms[i]);
  }
  if (const auto possible = check_naming(*naming); !possible) return naming->refuse(possible.error());
  const std::uint64_t number = parts->state.chain.size() + 1;
  naming->answer.number = number;
  Event event{draft_decision(parts, naming->finding, naming->rooms),
              key_use(naming->caller, naming->key, naming->answer)};
  record(parts, {}, {std::move(event)}, [naming, number](Result<JournalSeq> seq) {
    if (!seq) return naming->refuse(seq.error());
    const PartsPtr& parts = naming->parts;
    for (const auto& room : naming->rooms)
      if (room->is_held()) room->release();
    commit_decision(parts, number - 1);
    tell_outline(parts, naming->finding.report);
    tell_closing(parts, naming->finding.report);
    naming->done(closing_changed(*parts, naming->caller, naming->finding.report, number));
  });
}

void run_naming(const std::shared_ptr<Naming>& naming) {
  const PartsPtr& parts = naming->parts;
  const ReportId& report = naming->finding.report;
  const auto before = answered(*parts, naming->caller, naming->key, naming->answer);
  if (!before) return naming->refuse(before.error());
  if (*before) return naming->done(closing_changed(*parts, naming->caller, report, (*before)->number));
  if (parts->state.report(report) == nullptr) return naming->refuse({Errc::not_found, "No such report."});
  for (const SectionId& section : naming->finding.subject) {
    if (const auto holding = report_holding(*parts, report, section); !holding) return naming->refuse(holding.error());
    if (is_asked(*parts, section)) return naming->refuse(being_asked());
  }
  open_rooms(parts, naming->finding.subject, [naming](Result<RoomList> rooms) {
    if (!rooms) return naming->refuse(rooms.error());
    naming->rooms = std::move(*rooms);
    record_naming(naming);
  });
}

void start_naming(const PartsPtr& parts, const Caller& caller, std::string key, Answer answer, Finding finding,
                  Finish done) {
  if (const auto good = check_command(caller, consensus::Action::decide, key); !good)
    return done(fail(good.error().code, good.error().detail));
  finding.maker = caller.person;
  run_command<ClosingChanged>(parts, std::move(done), [=](const Finish& finish) {
    run_naming(std::make_shared<Naming>(Naming{parts, caller, key, answer, finding, finish}));
  });
}

}  // namespace

Result<void> check_written(const Report& report) {
  if (report.is_closed()) return fail(Errc::conflict, "The report is closed. File a correction instead.");
  return {};
}

void Group::change_phase(const Caller& caller, ChangePhase command, Done<ClosingChanged> done) {
  if (const auto good = check_command(caller, consensus::Action::decide, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<ClosingChanged>(parts_, std::move(done),
                              [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                                run_phase(std::make_shared<Phasing>(Phasing{parts, caller, command, finish, {}, {}}));
                              });
}

void Group::leave_open(const Caller& caller, const LeaveOpen& command, Done<ClosingChanged> done) {
  if (command.sections.empty()) return done(fail(Errc::bad_input, "Name the sections to be left open."));
  Finding finding;
  finding.kind = DecisionKind::leave_open;
  finding.report = command.report;
  for (const SectionId& section : command.sections)
    if (std::find(finding.subject.begin(), finding.subject.end(), section) == finding.subject.end())
      finding.subject.push_back(section);
  start_naming(parts_, caller, command.key, Answer{"leave_open", command.report, {}, 0}, std::move(finding),
               std::move(done));
}

void Group::set_label(const Caller& caller, const SetLabel& command, Done<ClosingChanged> done) {
  Finding finding;
  finding.kind = command.on ? DecisionKind::label : DecisionKind::unlabel;
  finding.report = command.report;
  if (command.section) finding.subject.push_back(*command.section);
  start_naming(
      parts_, caller, command.key,
      Answer{std::string(consensus::name_of(finding.kind)), command.report, command.section.value_or(SectionId{}), 0},
      std::move(finding), std::move(done));
}

}  // namespace bossey::group
