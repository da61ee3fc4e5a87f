// Corrections in the editorial window: filing, flagging, applying, taking out and withdrawing. The rules are
// consensus/correction.hpp; here the words are found in the text, and an applied correction goes into the living
// document together with the decision that carries the agreement over and with the version that holds it.
#include <algorithm>

#include "consensus/transition.hpp"
#include "document/canonical.hpp"
#include "document/section_document.hpp"
#include "document/word_replace.hpp"
#include "group/calls.hpp"
#include "group/closing.hpp"
#include "group/releasing.hpp"

namespace bossey::group {
namespace {

using consensus::Correction;
using consensus::CorrectionState;
using consensus::TextChanges;
using Finish = Done<ClosingChanged>;

constexpr const char* kOtherWords = "Other words stand there now. Withdraw it, and file it again.";

std::string command_of(CorrectionMove move) {
  constexpr std::array<std::string_view, 5> kMoves{"flag", "apply", "take_out", "withdraw", "call"};
  return "correction." + std::string(kMoves[static_cast<std::size_t>(move)]);
}

Result<const Closing*> open_window(const GroupState& state, const ReportId& slug) {
  const Report* report = state.report(slug);
  if (report == nullptr) return fail(Errc::not_found, "No such report.");
  const auto at = state.closings.find(slug);
  if (report->phase != consensus::Phase::editorial_window || at == state.closings.end())
    return fail(Errc::conflict, "Corrections need an open editorial window.");
  return &at->second;
}

/// The section as the correction would have it.
Result<document::Section> corrected(const std::string& text, const FileCorrection& command) {
  if (command.canonical) return document::read_canonical(*command.canonical);
  BOSSEY_TRY(const document::Section section, document::read_canonical(text));
  return document::replace_words(section, command.find, command.replace);
}

struct Filed {
  FiledCorrection filed;
  std::string before, after;
};

/// Everything but the class: that the words are there, and what they become.
Result<Filed> filed_of(const Group::Parts& parts, const Closing& closing, const FileCorrection& command) {
  const SectionText& text = *parts.texts.find(command.section);
  if (command.text_id != text.text_id) return fail(Errc::conflict, "Text changed. Look again.");
  BOSSEY_TRY(const document::Section section, corrected(text.canonical, command));
  if (section.has_unknown) return fail(Errc::bad_input, "The correction holds parts that no section may hold.");
  Filed out;
  out.before = text.canonical;
  out.after = document::write_canonical(section);
  out.filed.find = command.find;
  out.filed.replace = command.replace;
  Correction& correction = out.filed.correction;
  correction.number = closing.corrections.size() + 1;
  correction.section = command.section;
  correction.place = command.place;
  correction.base = text.text_id;
  correction.changes = consensus::single_change(out.before, out.after);
  return out;
}

/// One command on its way, from the check to the answer.
struct Correcting {
  PartsPtr parts;
  Caller caller;
  std::string key;
  Answer answer;
  Finish done;

  void refuse(const Error& error) const { done(fail(error.code, error.detail)); }
  [[nodiscard]] const Closing& closing() const { return parts->state.closings.at(answer.report); }
};
using CorrectingPtr = std::shared_ptr<Correcting>;

Event event_of(const Correcting& correcting, FiledCorrection filed) {
  return {CorrectionsSet{correcting.answer.report, {std::move(filed)}},
          key_use(correcting.caller, correcting.key, correcting.answer)};
}

void answer_changed(const Correcting& correcting) {
  tell_closing(correcting.parts, correcting.answer.report);
  correcting.done(
      closing_changed(*correcting.parts, correcting.caller, correcting.answer.report, correcting.answer.number));
}

void record_correction(const CorrectingPtr& correcting, FiledCorrection filed) {
  record(correcting->parts, {}, {event_of(*correcting, std::move(filed))}, [correcting](const Result<JournalSeq>& seq) {
    if (!seq) return correcting->refuse(seq.error());
    answer_changed(*correcting);
  });
}

void file_one(const CorrectingPtr& correcting, const FileCorrection& command) {
  const Group::Parts& parts = *correcting->parts;
  const auto closing = open_window(parts.state, command.report);
  if (!closing) return correcting->refuse(closing.error());
  if ((*closing)->corrections.size() >= kCorrectionsMax)
    return correcting->refuse({Errc::too_large, "This report holds too many corrections."});
  auto made = filed_of(parts, **closing, command);
  if (!made) return correcting->refuse(made.error());
  made->filed.correction.author = author(correcting->caller);
  auto filed = consensus::file(made->filed.correction, command.declared, command.insists, on_roll(correcting->caller),
                               (*closing)->window, made->before, parts.now_s());
  if (!filed) return correcting->refuse(filed.error());
  made->filed.correction = std::move(*filed);
  correcting->answer.number = made->filed.correction.number;
  record_correction(correcting, std::move(made->filed));
}

/// Changes of one wording of a section, carried on to its present one.
Result<TextChanges> carried_on(TextChanges changes, const std::vector<std::string>& wordings, std::size_t from) {
  for (std::size_t i = from; i + 1 < wordings.size(); ++i) {
    consensus::Rebased rebased = consensus::rebase(changes, consensus::single_change(wordings[i], wordings[i + 1]));
    if (!rebased.overtaken.empty()) return fail(Errc::conflict, kOtherWords);
    changes = std::move(rebased.kept);
  }
  return changes;
}

/// The present words with the correction made.
Result<std::string> words_with(const FiledCorrection& filed, const std::vector<std::string>& wordings) {
  std::size_t at = wordings.size();
  while (at > 0 && sha256(wordings[at - 1]) != filed.correction.base) --at;
  if (at == 0) return fail(Errc::conflict, kOtherWords);
  BOSSEY_TRY(const TextChanges changes, carried_on(filed.correction.changes, wordings, at - 1));
  return consensus::with_changes(wordings.back(), changes);
}

/// The present words with the correction taken out again.
Result<std::string> words_without(const FiledCorrection& filed, const std::vector<std::string>& wordings) {
  const auto last = [&](const Sha256& text_id) {
    std::size_t at = wordings.size();
    while (at > 0 && sha256(wordings[at - 1]) != text_id) --at;
    return at;
  };
  // From where its words stood last: what was put on them and taken out again is in nobody's way.
  const std::size_t with = last(filed.after), without = last(filed.before);
  if (with == 0 || without == 0) return fail(Errc::conflict, kOtherWords);
  BOSSEY_TRY(const TextChanges changes,
             carried_on(consensus::single_change(wordings[with - 1], wordings[without - 1]), wordings, with - 1));
  return consensus::with_changes(wordings.back(), changes);
}

/// Words on their way into a section of a closed report.
struct Putting {
  CorrectingPtr correcting;
  FiledCorrection filed;  ///< As it will be.
  document::Section section;
  std::string before, after;
  consensus::Basis basis = consensus::Basis::editorial;
  std::vector<Event> events{};
  std::int64_t time_ms = 0;
};
using PuttingPtr = std::shared_ptr<Putting>;

/// Whether the status is about these words, so that it goes over to the corrected ones.
bool carries(const consensus::Standing& standing, const SectionText& after) {
  return standing.pin.decision != 0 && standing.fresh && after.brackets.empty() && !after.unknown;
}

Result<DecisionRecorded> carry_decision(const Putting& putting, const consensus::Standing& standing,
                                        const SectionText& after, JournalSeq seq, const std::string& release) {
  const GroupState& state = putting.correcting->parts->state;
  const Correction& correction = putting.filed.correction;
  consensus::SectionFacts section;
  section.section = correction.section;
  section.standing = standing;
  section.text_id = after.text_id;
  section.content_hash = after.content_hash;
  section.shown_text_id = after.text_id;
  section.shown_content_hash = after.content_hash;
  section.has_text = after.body_words > 0;
  section.carried_from = sha256(putting.before);
  consensus::DecisionFacts facts;
  // A flag takes the correction out for whoever flags; else the caller was checked already.
  facts.roles = consensus::Role::secretariat;
  facts.phase = state.reports.at(putting.correcting->answer.report).phase;
  facts.subject.push_back(section);
  BOSSEY_TRY_VOID(consensus::check(consensus::DecisionKind::carry, facts));
  const consensus::Decision& stands = state.chain[standing.pin.decision - 1];
  consensus::Decision decision;
  decision.no = state.chain.size() + 1;
  decision.at_s = putting.correcting->parts->now_s();
  decision.kind = consensus::DecisionKind::carry;
  decision.report = putting.correcting->answer.report;
  decision.subject.push_back({correction.section, after.title, after.text_id,
                              revisions::blob_id(as_bytes(after.canonical)).hex(), sha256(putting.before)});
  decision.result = consensus::result_of(consensus::DecisionKind::carry, facts);
  decision.basis = putting.basis;
  decision.features = stands.features;
  decision.agreed_by = stands.agreed_by;
  decision.call = correction.state == CorrectionState::applied_by_consent ? correction.call : std::nullopt;
  decision.release = release;
  decision.prev = sha256(state.records.back().bytes);
  return DecisionRecorded{consensus::canonical_bytes(decision),
                          author(putting.correcting->caller),
                          {DecidedText{correction.section, seq, after.canonical}}};
}

/// The facts that go to the disk together with the words.
Result<std::vector<Event>> events_with(const Putting& putting, const SectionText& after, JournalSeq seq) {
  const Group::Parts& parts = *putting.correcting->parts;
  const ReportId& report = putting.correcting->answer.report;
  const SectionId& section = putting.filed.correction.section;
  const std::vector<consensus::Release> releases = releases_of(putting.correcting->closing());
  const std::string id = consensus::next_release(releases);
  const auto standing = consensus::standing_of(parts.state.pins, section, sha256(putting.before));
  const bool carried = carries(standing, after);
  if (!carried && standing.settled()) return fail(Errc::conflict, "A settled text holds no brackets. Withdraw it.");
  std::vector<Event> events;
  GroupState next = parts.state;
  if (carried) {
    BOSSEY_TRY(DecisionRecorded decided, carry_decision(putting, standing, after, seq, id));
    events.push_back(Event{std::move(decided), std::nullopt});
    BOSSEY_TRY_VOID(apply(next, events.back(), putting.time_ms));
  }
  SectionTexts texts = parts.texts;
  texts.set(section, after);
  const Overview overview{next, texts, parts.amendments, parts.proposal_words, std::nullopt, parts.now_s()};
  ReleaseMade made = draft_release(overview, report, id, releases.back().id, parts.now_s());
  made.alone = !carried;
  if (!carried) made.texts.push_back({section, seq, after.canonical});
  events.push_back(Event{std::move(made), std::nullopt});
  FiledCorrection filed = putting.filed;
  filed.before = sha256(putting.before);
  filed.after = after.text_id;
  filed.release = id;
  events.push_back(event_of(*putting.correcting, std::move(filed)));
  return events;
}

Result<std::vector<journal::Row>> rows_with(const PuttingPtr& putting, crdt::Doc& doc, JournalSeq seq) {
  const PartsPtr& parts = putting->correcting->parts;
  const SectionText after = text_of(doc);
  if (after.canonical != putting->after) return fail(Errc::conflict, kOtherWords);
  putting->time_ms = parts->around.scheduler.unix_ms();
  BOSSEY_TRY(putting->events, events_with(*putting, after, seq));
  std::vector<journal::Row> rows;
  rows.reserve(putting->events.size());
  for (const Event& event : putting->events) rows.emplace_back(to_row(parts->state.id, event, putting->time_ms));
  return rows;
}

/// The words and their facts are on disk.
void put(const PuttingPtr& putting, const room::Room& room) {
  const PartsPtr& parts = putting->correcting->parts;
  const SectionId& section = putting->filed.correction.section;
  const ReportId& report = putting->correcting->answer.report;
  for (const Event& event : putting->events) {
    // It was made from this very state, and commands do not overlap.
    const Result<void> folded = apply(parts->state, event, putting->time_ms);
    BOSSEY_CHECK(folded.has_value());
  }
  parts->texts.read(section, room);
  const ReleaseRecord& made = parts->state.closings.at(report).releases.back();
  if (made.made.alone)
    commit_release(parts, made);
  else
    commit_decision(parts, parts->state.chain.size() - 1);
  tell_section(parts, section);
  tell_outline(parts, report);
  answer_changed(*putting->correcting);
}

/// Makes the section say `words`; refused as a whole if anything does not fit.
void put_words(const CorrectingPtr& correcting, FiledCorrection filed, const std::string& words,
               consensus::Basis basis) {
  auto section = document::read_canonical(words);
  if (!section) return correcting->refuse({Errc::conflict, kOtherWords});
  const SectionText* now = correcting->parts->texts.find(filed.correction.section);
  const auto putting = std::make_shared<Putting>(
      Putting{correcting, std::move(filed), std::move(*section), now->canonical, words, basis});
  open_rooms(correcting->parts, {putting->filed.correction.section}, [putting](Result<RoomList> rooms) {
    if (!rooms) return putting->correcting->refuse(rooms.error());
    const std::shared_ptr<room::Room> room = rooms->front();
    room->correct([putting](crdt::Doc& doc) { return document::replace_section(doc, putting->section); },
                  [putting](crdt::Doc& doc, JournalSeq seq) { return rows_with(putting, doc, seq); },
                  [putting, room](const Result<JournalSeq>& written) {
                    if (!written) return putting->correcting->refuse(written.error());
                    put(putting, *room);
                  });
  });
}

void apply_one(const CorrectingPtr& correcting, const Closing& closing, FiledCorrection filed) {
  const Group::Parts& parts = *correcting->parts;
  auto moved = consensus::applied(filed.correction, correcting->caller.roles, closing.window, parts.now_s());
  if (!moved) return correcting->refuse(moved.error());
  const auto words = words_with(filed, wordings_of(parts.state, closing, filed.correction.section));
  if (!words) return correcting->refuse(words.error());
  filed.correction = std::move(*moved);
  const bool consented = filed.correction.state == CorrectionState::applied_by_consent;
  put_words(correcting, std::move(filed), *words,
            consented ? consensus::Basis::unanimity : consensus::Basis::editorial);
}

/// Takes the words of a flagged correction out. `roles`: of whoever asks, or of the server when the flag itself does.
void take_out_one(const CorrectingPtr& correcting, const Closing& closing, FiledCorrection filed,
                  consensus::RoleSet roles, bool may_stay) {
  auto moved = consensus::taken_out(filed.correction, roles);
  if (!moved) return correcting->refuse(moved.error());
  const auto wordings = wordings_of(correcting->parts->state, closing, filed.correction.section);
  const auto words = words_without(filed, wordings);
  // Another correction stands on its words: that one has to be flagged and taken out first.
  if (!words && may_stay) return record_correction(correcting, std::move(filed));
  if (!words)
    return correcting->refuse({Errc::conflict, "Another correction changed these words since. Flag that one, too."});
  filed.correction = std::move(*moved);
  if (*words == wordings.back()) return record_correction(correcting, std::move(filed));
  put_words(correcting, std::move(filed), *words, consensus::Basis::editorial);
}

void flag_one(const CorrectingPtr& correcting, const Closing& closing, FiledCorrection filed) {
  auto flagged = consensus::flag(filed.correction, on_roll(correcting->caller));
  if (!flagged) return correcting->refuse(flagged.error());
  filed.correction = std::move(*flagged);
  if (filed.correction.state == CorrectionState::take_out)
    return take_out_one(correcting, closing, std::move(filed), consensus::Role::secretariat, true);
  record_correction(correcting, std::move(filed));
}

/// Puts the correction to the whole roll, with the default notice.
void call_one(const CorrectingPtr& correcting, const Closing& closing, FiledCorrection filed,
              const std::vector<consensus::CallMember>& roll) {
  const PartsPtr& parts = correcting->parts;
  if (filed.correction.call) return correcting->refuse({Errc::conflict, "A call about it is open already."});
  auto words = words_with(filed, wordings_of(parts->state, closing, filed.correction.section));
  if (!words) return correcting->refuse(words.error());
  auto call = consensus::call_for(filed.correction, closing.window, sha256(*words));
  if (!call) return correcting->refuse(call.error());
  const CorrectionCall asked{
      filed.correction.number, *std::move(call), correcting->answer.report, *std::move(words), roll, 0, "UTC"};
  auto opened = open_correction_call(parts->state, correcting->caller, asked, parts->now_s());
  if (!opened) return correcting->refuse(opened.error());
  const std::uint64_t number = opened->record.call.id;
  filed.correction.call = number;
  filed.call_ends_s = opened->record.call.deadline_s;
  std::vector<Event> events;
  events.emplace_back(event_of(*correcting, std::move(filed)));
  events.emplace_back(Event{*std::move(opened), std::nullopt});
  record(parts, {}, std::move(events), [correcting, number](const Result<JournalSeq>& seq) {
    if (!seq) return correcting->refuse(seq.error());
    call_recorded(correcting->parts, number);
    answer_changed(*correcting);
  });
}

void move_one(const CorrectingPtr& correcting, const MoveCorrection& command) {
  const auto closing = open_window(correcting->parts->state, command.report);
  if (!closing) return correcting->refuse(closing.error());
  if (command.number == 0 || command.number > (*closing)->corrections.size())
    return correcting->refuse({Errc::not_found, "No such correction."});
  FiledCorrection filed = (*closing)->corrections[command.number - 1];
  switch (command.move) {
    case CorrectionMove::flag:
      return flag_one(correcting, **closing, std::move(filed));
    case CorrectionMove::apply:
      return apply_one(correcting, **closing, std::move(filed));
    case CorrectionMove::take_out:
      return take_out_one(correcting, **closing, std::move(filed), correcting->caller.roles, false);
    case CorrectionMove::withdraw: {
      auto moved = consensus::withdrawn(filed.correction, correcting->caller.person);
      if (!moved) return correcting->refuse(moved.error());
      filed.correction = std::move(*moved);
      return record_correction(correcting, std::move(filed));
    }
    case CorrectionMove::call:
      return call_one(correcting, **closing, std::move(filed), command.roll);
  }
}

using Body = std::function<void(const CorrectingPtr&)>;

/// Runs `body` once for a key; the same key again gets the same answer.
void run(const CorrectingPtr& correcting, const Body& body) {
  const auto before = answered(*correcting->parts, correcting->caller, correcting->key, correcting->answer);
  if (!before) return correcting->refuse(before.error());
  if (correcting->parts->state.report(correcting->answer.report) == nullptr)
    return correcting->refuse({Errc::not_found, "No such report."});
  if (*before)
    return correcting->done(
        closing_changed(*correcting->parts, correcting->caller, correcting->answer.report, (*before)->number));
  body(correcting);
}

void start(const PartsPtr& parts, const Caller& caller, std::string key, Answer answer, Finish done, Body body) {
  if (const auto good = check_command(caller, consensus::Action::object, key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<ClosingChanged>(parts, std::move(done), [=, body = std::move(body)](const Finish& finish) {
    run(std::make_shared<Correcting>(Correcting{parts, caller, key, answer, finish}), body);
  });
}

}  // namespace

Result<CheckedCorrection> Group::check_correction(const Caller& caller, const FileCorrection& command) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  BOSSEY_TRY_VOID(report_holding(*parts_, command.report, command.section));
  BOSSEY_TRY(const Closing* closing, open_window(parts_->state, command.report));
  BOSSEY_TRY(const Filed made, filed_of(*parts_, *closing, command));
  if (made.before == made.after) return fail(Errc::bad_input, "Change at least one word.");
  CheckedCorrection out;
  out.risks = consensus::risks_of(made.before, made.after);
  out.preselected = consensus::preselected(out.risks);
  return out;
}

void Group::file_correction(const Caller& caller, FileCorrection command, Done<ClosingChanged> done) {
  Answer answer{"correction", command.report, command.section, 0};
  std::string key = command.key;  // Before the command moves on.
  start(parts_, caller, std::move(key), std::move(answer), std::move(done),
        [command = std::move(command)](const CorrectingPtr& correcting) {
          if (const auto holding = report_holding(*correcting->parts, command.report, command.section); !holding)
            return correcting->refuse(holding.error());
          file_one(correcting, command);
        });
}

void Group::move_correction(const Caller& caller, MoveCorrection command, Done<ClosingChanged> done) {
  start(parts_, caller, command.key, Answer{command_of(command.move), command.report, {}, command.number},
        std::move(done), [command](const CorrectingPtr& correcting) { move_one(correcting, command); });
}

void Group::record_transmittal(const Caller& caller, RecordTransmittal command, Done<ClosingChanged> done) {
  start(
      parts_, caller, command.key, Answer{"transmittal", command.report, {}, 0}, std::move(done),
      [command](const CorrectingPtr& correcting) {
        const GroupState& state = correcting->parts->state;
        if (!correcting->caller.roles.has(consensus::Role::secretariat) &&
            !may(correcting->caller.roles, consensus::Action::decide))
          return correcting->refuse({Errc::forbidden, "Only the secretariat or the chair records transmittals."});
        const consensus::Phase phase = state.reports.at(command.report).phase;
        if (phase != consensus::Phase::final_text && phase != consensus::Phase::transmitted)
          return correcting->refuse({Errc::conflict, "Only the final version is transmitted. Close the window first."});
        const Closing& closing = correcting->closing();
        const auto releases = releases_of(closing);
        if (const auto good = consensus::check_transmittal(releases, closing.transmittals, command.transmittal); !good)
          return correcting->refuse(good.error());
        Event event{TransmittalRecorded{command.report, command.transmittal},
                    key_use(correcting->caller, correcting->key, correcting->answer)};
        record(correcting->parts, {}, {std::move(event)}, [correcting](const Result<JournalSeq>& seq) {
          if (!seq) return correcting->refuse(seq.error());
          answer_changed(*correcting);
        });
      });
}

}  // namespace bossey::group
