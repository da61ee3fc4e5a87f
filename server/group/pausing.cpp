// "Any objection?": the pause between Agree and "So decided". The texts are held and compared when it begins; whoever
// objects or cancels lets the held writes go on; a decision records exactly what was shown. Nothing of it is in the
// journal: after a crash the sections are open, and the held writes, never acknowledged, come again.
//
// | a pause is    | leaves by                                                                             |
// | ------------- | ------------------------------------------------------------------------------------- |
// | asking        | the deadline -> over; objected, cancelled -> gone                                     |
// | over          | decided -> gone; objected, cancelled -> gone; 10 s later -> gone: nobody decided       |
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "group/deciding.hpp"

namespace bossey::group {
namespace {

using nlohmann::json;

/// How long after the pause the chair's page may take. A page that vanished must not hold a section for ever.
constexpr std::chrono::milliseconds kGrace{10'000};

PauseView view_of(const Group::Parts& parts, const Pause& pause) {
  PauseView view;
  view.id = pause.id;
  view.report = pause.deciding->command.report;
  view.section = pause.deciding->command.section;
  view.subject = pause.deciding->subject;
  view.kind = pause.deciding->command.kind;
  view.seconds = pause.seconds;
  view.left_ms = std::max<std::int64_t>(pause.deadline_ms - parts.around.scheduler.now_ms(), 0);
  view.ends_at_s = (parts.around.scheduler.unix_ms() + view.left_ms + 999) / 1000;
  return view;
}

/// The held writes go on, and everybody hears why.
void break_off(const PartsPtr& parts, const std::string& id, std::string_view state) {
  const auto at = parts->pauses.find(id);
  if (at == parts->pauses.end()) return;
  const DecidingPtr deciding = at->second.deciding;
  json event = to_json(view_of(*parts, at->second));
  event["state"] = state;
  parts->pauses.erase(at);
  deciding->release();
  tell_pause(parts, std::move(event));
}

void begin(const DecidingPtr& deciding, const Done<PauseView>& done) {
  const PartsPtr& parts = deciding->parts;
  if (const auto possible = hold_and_compare(*deciding); !possible) {
    deciding->release();
    return done(fail(possible.error().code, possible.error().detail));
  }
  const std::string id = parts->new_section_id().value;
  Pause& pause = parts->pauses[id];
  pause.id = id;
  pause.deciding = deciding;
  pause.seconds = parts->state.objection_pause_s;
  const std::chrono::milliseconds asking = std::chrono::seconds(pause.seconds);
  pause.deadline_ms = parts->around.scheduler.now_ms() + asking.count();
  pause.timer = parts->around.scheduler.after(asking + kGrace, [weak = parts->weak_from_this(), id] {
    const std::string same = id;  // Ending the pause ends the timer, and what it captured.
    if (const PartsPtr self = weak.lock()) break_off(self, same, "expired");
  });
  const PauseView view = view_of(*parts, pause);
  json event = to_json(view);
  event["state"] = "began";
  tell_pause(parts, std::move(event));
  done(view);
}

void start_pause(const PartsPtr& parts, const Caller& caller, const Decide& command, const Done<PauseView>& done) {
  auto deciding = std::make_shared<Deciding>(Deciding{parts, caller, command, {}, {}, std::nullopt, {}});
  // The answer was lost on its way, and the page asks again.
  for (const auto& [id, pause] : parts->pauses) {
    const Deciding& other = *pause.deciding;
    if (other.caller.person == caller.person && other.command.key == command.key) return done(view_of(*parts, pause));
  }
  if (const auto found = find_subject(*deciding); !found) return done(fail(found.error().code, found.error().detail));
  open_rooms(parts, deciding->subject, [deciding, done](Result<RoomList> rooms) {
    if (!rooms) return done(fail(rooms.error().code, rooms.error().detail));
    deciding->rooms = std::move(*rooms);
    begin(deciding, done);
  });
}

Result<void> check_reply(const Group::Parts& parts, const Caller& caller, consensus::Action action,
                         const std::string& id) {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  if (!may(caller.roles, action))
    return fail(Errc::forbidden,
                action == consensus::Action::decide ? "Only the chair decides." : "Members object. Tell one of them.");
  if (!parts.pauses.contains(id)) return fail(Errc::conflict, "The pause is over. Tell the chair.");
  return {};
}

}  // namespace

bool is_asked(const Group::Parts& parts, const SectionId& section) {
  return std::any_of(parts.pauses.begin(), parts.pauses.end(), [&](const auto& entry) {
    const auto& subject = entry.second.deciding->subject;
    return std::find(subject.begin(), subject.end(), section) != subject.end();
  });
}

Error being_asked() {
  return {Errc::conflict, "\"Any objection?\" is being asked on it. Wait a moment."};
}

void objected_in_pause(const PartsPtr& parts, const SectionId& section) {
  for (const auto& [id, pause] : parts->pauses) {
    const auto& subject = pause.deciding->subject;
    if (std::find(subject.begin(), subject.end(), section) == subject.end()) continue;
    const std::string same = id;
    return break_off(parts, same, "objected");  // One pause at a time holds a section.
  }
}

void decide_after_pause(const DecidingPtr& deciding) {
  const PartsPtr& parts = deciding->parts;
  const std::string id = *deciding->command.pause;
  const auto at = parts->pauses.find(id);
  if (at == parts->pauses.end()) return deciding->refuse({Errc::conflict, "The pause has ended. Ask again."});
  const Deciding& asked = *at->second.deciding;
  const bool same = asked.caller.person == deciding->caller.person && asked.command.kind == deciding->command.kind &&
                    asked.command.section == deciding->command.section;
  if (!same) return deciding->refuse({Errc::conflict, "Another decision is being asked. Ask again."});
  if (parts->around.scheduler.now_ms() < at->second.deadline_ms)
    return deciding->refuse({Errc::conflict, "The pause is not over. Wait for its end."});
  const std::vector<SectionId> subject = asked.subject;
  deciding->rooms = asked.rooms;
  // Away while it is recorded: an objection that comes now is too late, and finds nothing.
  Pause pause = std::move(at->second);
  parts->pauses.erase(at);
  json event = to_json(view_of(*parts, pause));
  const Done<Decided> answer = deciding->done;
  deciding->done = [parts, event, answer](Result<Decided> decided) mutable {
    event["state"] = decided ? "decided" : "cancelled";
    if (decided) event["decision"] = decided->number;
    tell_pause(parts, std::move(event));
    answer(std::move(decided));
  };
  if (const auto found = find_subject(*deciding); !found) return deciding->refuse(found.error());
  if (deciding->subject != subject) return deciding->refuse({Errc::conflict, "The alternatives changed. Ask again."});
  if (const auto possible = hold_and_compare(*deciding); !possible) return deciding->refuse(possible.error());
  record_decision(deciding);
}

void Group::ask_for_objection(const Caller& caller, Decide command, Done<PauseView> done) {
  if (const auto good = check_command(caller, consensus::Action::decide, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  if (command.kind != consensus::DecisionKind::agree && command.kind != consensus::DecisionKind::alternatives)
    return done(fail(Errc::bad_input, "Only agree and alternatives are asked for."));
  if (const auto good = check_wording(command); !good) return done(fail(good.error().code, good.error().detail));
  run_command<PauseView>(parts_, std::move(done),
                         [parts = parts_, caller, command = std::move(command)](const Done<PauseView>& finish) {
                           start_pause(parts, caller, command, finish);
                         });
}

Result<void> Group::object(const Caller& caller, const std::string& pause) {
  BOSSEY_TRY_VOID(check_reply(*parts_, caller, consensus::Action::object, pause));
  break_off(parts_, pause, "objected");
  return {};
}

Result<void> Group::cancel_pause(const Caller& caller, const std::string& pause) {
  BOSSEY_TRY_VOID(check_reply(*parts_, caller, consensus::Action::decide, pause));
  break_off(parts_, pause, "cancelled");
  return {};
}

void Group::set_objection_pause(const Caller& caller, const std::string& key, std::uint32_t seconds, Done<void> done) {
  if (const auto good = check_command(caller, consensus::Action::decide, key); !good)
    return done(fail(good.error().code, good.error().detail));
  if (seconds > kObjectionPauseMax_s) return done(fail(Errc::bad_input, "Choose 0 to 60 seconds."));
  run_command<void>(parts_, std::move(done), [parts = parts_, caller, key, seconds](const Done<void>& finish) {
    const auto before = answered(*parts, caller, key, {"rules", {}, {}, seconds});
    if (!before) return finish(fail(before.error().code, before.error().detail));
    if (*before) return finish({});
    record(parts, {}, {Event{RulesSet{seconds}, key_use(caller, key, Answer{"rules", {}, {}, seconds})}},
           [finish](const Result<JournalSeq>& seq) {
             if (!seq) return finish(fail(seq.error().code, seq.error().detail));
             finish({});
           });
  });
}

std::vector<PauseView> pauses_of(const Group::Parts& parts, const ReportId& report) {
  std::vector<PauseView> views;
  for (const auto& [id, pause] : parts.pauses)
    if (pause.deciding->command.report == report) views.push_back(view_of(parts, pause));
  return views;
}

}  // namespace bossey::group
