// Calls for consensus by silence procedure: opening, answering, and the chair's moves. The rules are
// consensus/call.hpp; here texts are compared, answers become positions on the sections, and what changed is recorded.
#include "group/calls.hpp"

#include <algorithm>
#include <array>

#include "consensus/position.hpp"
#include "consensus/transition.hpp"
#include "document/canonical.hpp"

namespace bossey::group {
namespace {

using consensus::CallState;
using consensus::SilenceCall;
using Finish = Done<CallView>;

std::string command_of(CallMove move) {
  constexpr std::array<std::string_view, 4> kMoves{"restart", "extend", "end", "confirm"};
  return "call." + std::string(kMoves[static_cast<std::size_t>(move)]);
}

void answer_with(const PartsPtr& parts, const Caller& caller, std::uint64_t number, const Finish& done) {
  const CallRecord* record = find_call(parts->state, number);
  if (record == nullptr) return done(fail(Errc::not_found, "No such call."));
  done(call_view(*parts, caller, *record));
}

/// Records the events of one call, then answers with it as it is.
void record_call(const PartsPtr& parts, const Caller& caller, std::uint64_t number, std::vector<Event> events,
                 const Finish& done) {
  record(parts, {}, std::move(events), [parts, caller, number, done](const Result<JournalSeq>& seq) {
    if (!seq) return done(fail(seq.error().code, seq.error().detail));
    call_recorded(parts, number);
    answer_with(parts, caller, number, done);
  });
}

/// Looks at texts and clock, and hands on the call as it is then; or the answer that the key got first.
void with_call(const PartsPtr& parts, const Caller& caller, const std::string& key, const Answer& asked,
               const Finish& done, const std::function<void(const CallRecord&)>& then) {
  const auto before = answered(*parts, caller, key, asked);
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (*before) return answer_with(parts, caller, (*before)->number, done);
  settle_calls(parts, [parts, number = asked.number, done, then](const Result<void>& settled) {
    if (!settled) return done(fail(settled.error().code, settled.error().detail));
    const CallRecord* record = find_call(parts->state, number);
    if (record == nullptr) return done(fail(Errc::not_found, "No such call."));
    then(*record);
  });
}

/// Whether the words as shown are there, and could be agreed if nobody objected.
Result<void> check_asked(const Group::Parts& parts, const Caller& caller, const ReportId& report,
                         const AskedSection& asked) {
  BOSSEY_TRY(const Report* holding, report_holding(parts, report, asked.section));
  if (is_asked(parts, asked.section)) return tl::unexpected<Error>(being_asked());
  if (is_called(parts.state, asked.section)) return tl::unexpected<Error>(being_called());
  const SectionText& text = *parts.texts.find(asked.section);
  consensus::DecisionFacts facts;
  facts.roles = caller.roles;
  facts.phase = holding->phase;
  consensus::SectionFacts section;
  section.section = asked.section;
  section.text_id = text.text_id;
  section.content_hash = text.content_hash;
  section.shown_text_id = asked.text_id;
  section.shown_content_hash = text.content_hash;
  section.standing = consensus::standing_of(parts.state.pins, asked.section, text.text_id);
  section.brackets = text.brackets;
  section.unknown_nodes = text.unknown;
  section.has_text = text.body_words > 0;
  facts.subject.push_back(std::move(section));
  return consensus::check(consensus::DecisionKind::agree, facts);
}

/// The texts asked about, as they stand.
Result<void> take_texts(const Group::Parts& parts, CallRecord& record) {
  std::size_t size = 0;
  for (const SectionId& section : record.order) {
    const SectionText& text = *parts.texts.find(section);
    record.call.subject[section] = text.text_id;
    record.texts[section] = text.canonical;
    size += text.canonical.size();
  }
  if (size > kCallTexts_bytes) return fail(Errc::too_large, "Ask about fewer sections in one call.");
  return {};
}

Result<CallRecord> opened(const Group::Parts& parts, const Caller& caller, const OpenCall& command) {
  const GroupState& state = parts.state;
  if (command.roll.size() > kCallRollMax) return fail(Errc::too_large, "The roll is too long for one call.");
  if (command.sections.size() > kCallSectionsMax)
    return fail(Errc::too_large, "Ask about at most 50 sections in one call.");
  if (state.calls.size() >= kCallsMax ||
      std::count_if(state.calls.begin(), state.calls.end(), is_open) >= static_cast<std::ptrdiff_t>(kCallsOpenMax))
    return fail(Errc::too_large, "Too many calls are open. End some first.");
  CallRecord record;
  for (const AskedSection& asked : command.sections) {
    if (std::find(record.order.begin(), record.order.end(), asked.section) != record.order.end())
      return fail(Errc::bad_input, "Name each section once.");
    BOSSEY_TRY_VOID(check_asked(parts, caller, command.report, asked));
    record.order.push_back(asked.section);
  }
  record.report = command.report;
  record.opener = author(caller);
  BOSSEY_TRY_VOID(take_texts(parts, record));
  SilenceCall call;
  call.id = state.calls.size() + 1;
  call.question = command.question;
  call.subject = record.call.subject;
  call.deadline_s = command.deadline_s;
  call.zone = command.zone;
  call.rule = command.rule;
  call.unanimous = unanimous_of(state);
  call.by_itself = silence_takes_effect(state);
  call.roll = command.roll;
  BOSSEY_TRY(record.call, consensus::open_call(std::move(call), caller.roles, parts.now_s()));
  return record;
}

void run_open(const PartsPtr& parts, const Caller& caller, const OpenCall& command, const Finish& done) {
  const auto before = answered(*parts, caller, command.key, {"call.open", command.report, {}, 0});
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (*before) return answer_with(parts, caller, (*before)->number, done);
  auto record = opened(*parts, caller, command);
  if (!record) return done(fail(record.error().code, record.error().detail));
  const std::uint64_t number = record->call.id;
  const Answer answer{"call.open", command.report, {}, number};
  record_call(parts, caller, number, events_of_call(parts->state, *record, key_use(caller, command.key, answer)), done);
}

/// The answer as a position on each section that it is to. One on the frozen roll counts as a member, whatever role
/// came since.
Result<PositionsSet> positions_of(const Group::Parts& parts, const Caller& caller, const CallRecord& record,
                                  const RespondCall& command) {
  consensus::Positions positions = parts.state.positions;
  for (const SectionId& section : record.order) {
    if (command.section && *command.section != section) continue;
    consensus::TakePosition take;
    take.number = positions.size() + 1;
    take.section = section;
    take.holder = caller.person;
    take.shown_text_id = record.call.subject.at(section);
    take.kind = command.kind;
    take.words = command.words;
    take.could_live_with = command.could_live_with;
    const auto pin = parts.state.pins.find(section);
    const bool closed = pin != parts.state.pins.end() && pin->second.closed;
    BOSSEY_TRY(positions, consensus::take(positions, take, consensus::Role::member, parts.texts.find(section)->text_id,
                                          closed, parts.now_s()));
  }
  PositionsSet set;
  for (std::size_t i = 0; i < positions.size(); ++i)
    if (i >= parts.state.positions.size() || !(positions[i] == parts.state.positions[i]))
      set.positions.push_back(positions[i]);
  return set;
}

Result<std::vector<Event>> answer_events(const Group::Parts& parts, const Caller& caller, const CallRecord& record,
                                         const RespondCall& command) {
  BOSSEY_TRY(SilenceCall call, consensus::respond(record.call, caller.person, command.kind, parts.now_s()));
  if (command.section && !record.call.subject.contains(*command.section))
    return fail(Errc::not_found, "This call is not about that section.");
  const CallWords words{command.words, command.could_live_with};
  auto key = key_use(caller, command.key, Answer{"call.respond", record.report, {}, record.call.id});
  std::vector<Event> events;
  if (call.state != record.call.state) {
    CallRecord moved = record;
    moved.call = std::move(call);
    moved.words[caller.person] = words;
    events = events_of_call(parts.state, moved, std::move(key));
  } else {
    const auto at = std::find_if(call.roll.begin(), call.roll.end(),
                                 [&](const consensus::CallMember& member) { return member.person == caller.person; });
    events.emplace_back(Event{CallMemberSet{call.id, *at, words}, std::move(key)});
  }
  if (record.correction) {
    // Nothing stands on words that are nowhere yet; the reason is kept with the call.
    if (consensus::row(command.kind).words && command.words.find_first_not_of(" \t\r\n") == std::string::npos)
      return fail(Errc::bad_input, "Give the reason in one sentence.");
    return events;
  }
  BOSSEY_TRY(PositionsSet set, positions_of(parts, caller, record, command));
  events.emplace_back(Event{std::move(set), std::nullopt});
  return events;
}

void run_respond(const PartsPtr& parts, const Caller& caller, const RespondCall& command, const CallRecord& record,
                 const Finish& done) {
  auto events = answer_events(*parts, caller, record, command);
  if (!events) return done(fail(events.error().code, events.error().detail));
  record_call(parts, caller, command.number, std::move(*events),
              [parts, number = command.number, done](Result<CallView> view) {
                const CallRecord* after = find_call(parts->state, number);
                if (view && after != nullptr && !after->correction)
                  for (const SectionId& section : after->order) {
                    tell_section(parts, section);
                    tell_positions(parts, after->report, section);
                  }
                done(std::move(view));
              });
}

/// Restart: asks about the words as the chair's page shows them.
Result<CallRecord> restarted(const Group::Parts& parts, const Caller& caller, const CallRecord& before,
                             const MoveCall& command) {
  CallRecord record = before;
  for (const SectionId& section : record.order) {
    const auto shown = std::find_if(command.sections.begin(), command.sections.end(),
                                    [&](const AskedSection& one) { return one.section == section; });
    if (shown == command.sections.end()) return fail(Errc::bad_input, "Send the present text of every section.");
    if (shown->text_id != parts.texts.find(section)->text_id) return fail(Errc::conflict, "Text changed. Look again.");
  }
  BOSSEY_TRY_VOID(take_texts(parts, record));
  const consensus::AskedTexts texts = record.call.subject;
  BOSSEY_TRY(record.call, consensus::restart(before.call, caller.roles, texts, command.deadline_s, parts.now_s()));
  record.words.clear();
  return record;
}

Result<CallRecord> moved(const Group::Parts& parts, const Caller& caller, const CallRecord& before,
                         const MoveCall& command) {
  CallRecord record = before;
  consensus::AskedTexts now = before.call.subject;
  if (!before.correction)
    for (auto& [section, text_id] : now) text_id = parts.texts.find(section)->text_id;
  switch (command.move) {
    case CallMove::restart: {
      BOSSEY_TRY(record, restarted(parts, caller, before, command));
      break;
    }
    case CallMove::extend: {
      BOSSEY_TRY(record.call, consensus::extend(before.call, caller.roles, command.deadline_s, parts.now_s()));
      break;
    }
    case CallMove::end: {
      BOSSEY_TRY(record.call, consensus::end(before.call, caller.roles));
      break;
    }
    case CallMove::confirm: {
      BOSSEY_TRY(record.call, consensus::confirm(before.call, caller.roles, now));
      break;
    }
  }
  if (!command.zone.empty()) record.call.zone = command.zone;
  return record;
}

void run_move(const PartsPtr& parts, const Caller& caller, const MoveCall& command, const CallRecord& before,
              const Finish& done) {
  auto record = moved(*parts, caller, before, command);
  if (!record) return done(fail(record.error().code, record.error().detail));
  auto key = key_use(caller, command.key, Answer{command_of(command.move), before.report, {}, command.number});
  if (command.move != CallMove::confirm || record->correction)
    return record_call(parts, caller, command.number, events_of_call(parts->state, *record, std::move(key)), done);
  adopt_call(parts, caller, *record, std::move(key), command.names_open_ad_ref,
             [parts, caller, number = command.number, done](const Result<void>& adopted) {
               if (!adopted) return done(fail(adopted.error().code, adopted.error().detail));
               answer_with(parts, caller, number, done);
             });
}

void run_mark(const PartsPtr& parts, const MarkCall& command, PersonId who, const Done<void>& done) {
  const CallRecord* record = find_call(parts->state, command.number);
  if (record == nullptr) return done(fail(Errc::not_found, "No such call."));
  const SilenceCall after = consensus::mark_reached(record->call, who, parts->now_s(), command.opened);
  if (after == record->call) return done({});
  const auto at = std::find_if(after.roll.begin(), after.roll.end(),
                               [&](const consensus::CallMember& member) { return member.person == who; });
  const auto words = record->words.find(who);
  const CallMemberSet set{command.number, *at, words == record->words.end() ? CallWords{} : words->second};
  bossey::group::record(parts, {}, {Event{set, std::nullopt}},
                        [parts, number = command.number, done](const Result<JournalSeq>& seq) {
                          if (!seq) return done(fail(seq.error().code, seq.error().detail));
                          call_recorded(parts, number);
                          done({});
                        });
}

Result<void> check_reader(const Caller& caller) {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  return {};
}

}  // namespace

const CallRecord* find_call(const GroupState& state, std::uint64_t number) {
  return number == 0 || number > state.calls.size() ? nullptr : &state.calls[number - 1];
}

std::size_t open_calls_of(const GroupState& state, const ReportId& report) {
  return static_cast<std::size_t>(std::count_if(state.calls.begin(), state.calls.end(), [&](const CallRecord& record) {
    return record.report == report && is_open(record);
  }));
}

bool is_called(const GroupState& state, const SectionId& section) {
  return std::any_of(state.calls.begin(), state.calls.end(), [&](const CallRecord& record) {
    return is_open(record) && !record.correction && record.call.subject.contains(section);
  });
}

Error being_called() {
  return {Errc::conflict, "A call for consensus is open on it. End the call first."};
}

consensus::Unanimous unanimous_of(const GroupState& state) {
  return state.rules.unanimous;
}

bool silence_takes_effect(const GroupState& state) {
  return state.rules.silence_by_itself;
}

std::vector<Event> events_of_call(const GroupState& state, const CallRecord& moved, std::optional<KeyUse> key) {
  std::vector<Event> events;
  events.emplace_back(Event{CallSet{moved}, std::move(key)});
  if (!moved.correction) return events;
  for (Event& event : events_of_correction(state, moved)) events.push_back(std::move(event));
  return events;
}

Result<CallSet> open_correction_call(const GroupState& state, const Caller& caller, const CorrectionCall& correction,
                                     std::int64_t now_s) {
  if (correction.roll.size() > kCallRollMax) return fail(Errc::too_large, "The roll is too long for one call.");
  if (state.calls.size() >= kCallsMax) return fail(Errc::too_large, "Too many calls are open. End some first.");
  CallRecord record;
  record.report = correction.report;
  record.opener = author(caller);
  record.correction = correction.correction;
  for (const auto& [section, text_id] : correction.call.subject) {
    record.order.push_back(section);
    record.texts[section] = correction.canonical;
  }
  SilenceCall call = correction.call;
  call.id = state.calls.size() + 1;
  call.roll = correction.roll;
  call.deadline_s = correction.deadline_s;
  call.zone = correction.zone;
  BOSSEY_TRY(record.call, consensus::open_call(std::move(call), caller.roles, now_s));
  return CallSet{std::move(record)};
}

Result<std::vector<CallView>> Group::calls(const Caller& caller) const {
  BOSSEY_TRY_VOID(check_reader(caller));
  std::vector<CallView> views;
  for (auto record = parts_->state.calls.rbegin(); record != parts_->state.calls.rend(); ++record)
    views.push_back(call_view(*parts_, caller, *record, false));
  return views;
}

Result<CallView> Group::call(const Caller& caller, std::uint64_t number) const {
  BOSSEY_TRY_VOID(check_reader(caller));
  const CallRecord* record = find_call(parts_->state, number);
  if (record == nullptr) return fail(Errc::not_found, "No such call.");
  return call_view(*parts_, caller, *record);
}

void Group::open_call(const Caller& caller, OpenCall command, Done<CallView> done) {
  if (const auto good = check_command(caller, consensus::Action::decide, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<CallView>(parts_, std::move(done),
                        [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                          run_open(parts, caller, command, finish);
                        });
}

void Group::respond_to_call(const Caller& caller, RespondCall command, Done<CallView> done) {
  if (const auto good = check_command(caller, consensus::Action::object, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<CallView>(parts_, std::move(done),
                        [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                          with_call(parts, caller, command.key, {"call.respond", {}, {}, command.number}, finish,
                                    [parts, caller, command, finish](const CallRecord& record) {
                                      run_respond(parts, caller, command, record, finish);
                                    });
                        });
}

void Group::mark_call(const Caller& caller, const MarkCall& command, Done<void> done) {
  if (const auto good = check_reader(caller); !good) return done(fail(good.error().code, good.error().detail));
  if (command.person && !caller.roles.has(consensus::Role::secretariat))
    return done(fail(Errc::forbidden, "Only the secretariat records delivery for others."));
  run_command<void>(parts_, std::move(done),
                    [parts = parts_, command, who = command.person.value_or(caller.person)](const Done<void>& finish) {
                      run_mark(parts, command, who, finish);
                    });
}

void Group::move_call(const Caller& caller, MoveCall command, Done<CallView> done) {
  if (const auto good = check_command(caller, consensus::Action::decide, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<CallView>(parts_, std::move(done),
                        [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                          with_call(parts, caller, command.key, {command_of(command.move), {}, {}, command.number},
                                    finish, [parts, caller, command, finish](const CallRecord& record) {
                                      run_move(parts, caller, command, record, finish);
                                    });
                        });
}

}  // namespace bossey::group
