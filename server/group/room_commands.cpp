// How commands about meetings, teams and reviews are carried out; and meetings themselves.
#include "group/room_commands.hpp"

#include <memory>

#include "group/room_parts.hpp"

namespace bossey::group {

using consensus::Action;

void run_fact(FactCommand command, Done<std::uint64_t> done) {
  const PartsPtr parts = command.parts;
  const auto shared = std::make_shared<FactCommand>(std::move(command));
  run_command<std::uint64_t>(parts, std::move(done), [shared](const Done<std::uint64_t>& finish) {
    const PartsPtr& group = shared->parts;
    const auto before = answered(*group, shared->caller, shared->key, shared->answer);
    if (!before) return finish(fail(before.error().code, before.error().detail));
    if (*before) return finish((*before)->number);
    auto made = shared->make();
    if (!made) return finish(fail(made.error().code, made.error().detail));
    const std::uint64_t number = made->second;
    Answer answer = shared->answer;
    answer.number = number;
    Event event{std::move(made->first), key_use(shared->caller, shared->key, std::move(answer))};
    record(group, {}, {std::move(event)}, [shared, number, finish](const Result<JournalSeq>& seq) {
      if (!seq) return finish(fail(seq.error().code, seq.error().detail));
      tell_room(shared->parts, shared->told);
      recheck_all(shared->parts);
      finish(number);
    });
  });
}

void recheck_all(const PartsPtr& parts) {
  room::Rooms* const rooms = parts->around.rooms;
  if (rooms == nullptr) return;
  for (const auto& [section, report] : parts->state.report_of) rooms->recheck(document_of(section));
  rooms->recheck(DocumentId{"group/" + parts->state.id.value});
}

Result<void> check_name(const std::string& name, std::size_t max_bytes) {
  if (name.size() > max_bytes) return fail(Errc::too_large, "Shorten the name.");
  return check_title(name);
}

void Group::open_meeting(const Caller& caller, OpenMeeting command, Done<std::uint64_t> done) {
  if (command.name.empty()) command.name = name_of(command.kind);
  auto good = check_command(caller, Action::shape_outline, command.key);
  if (good) good = check_name(command.name, consensus::kMeetingName_bytes);
  if (!good) return done(fail(good.error().code, good.error().detail));
  const auto make = [parts = parts_, command]() -> Result<std::pair<RoomFact, std::uint64_t>> {
    const consensus::Meetings& meetings = parts->state.room.meetings;
    if (consensus::open_meeting(meetings) != nullptr) return fail(Errc::conflict, "A meeting is open. End it first.");
    consensus::Meeting meeting;
    meeting.number = meetings.size() + 1;
    meeting.name = command.name;
    meeting.kind = command.kind;
    meeting.opened_s = parts->now_s();
    return std::pair(RoomFact{MeetingSet{meeting}}, meeting.number);
  };
  run_fact({parts_, caller, command.key, {"meeting.open", {}, {}, 0}, "meeting", make}, std::move(done));
}

void Group::change_meeting(const Caller& caller, ChangeMeeting command, Done<std::uint64_t> done) {
  if (const auto good = check_command(caller, Action::shape_outline, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  const auto make = [parts = parts_, command]() -> Result<std::pair<RoomFact, std::uint64_t>> {
    const consensus::Meetings& meetings = parts->state.room.meetings;
    if (command.number == 0 || command.number > meetings.size()) return fail(Errc::not_found, "No such meeting.");
    consensus::Meeting meeting = meetings[command.number - 1];
    if (meeting.ended_s) return fail(Errc::conflict, "This meeting has ended.");
    if (command.by_hand) {
      meeting.by_hand = !command.by_hand->empty();
      meeting.counted = *command.by_hand;
    }
    if (command.end) {
      meeting.ended_s = parts->now_s();
      if (!meeting.by_hand) meeting.counted = command.here;
    }
    return std::pair(RoomFact{MeetingSet{meeting}}, meeting.number);
  };
  run_fact({parts_, caller, command.key, {"meeting.change", {}, {}, 0}, "meeting", make}, std::move(done));
}

void Group::tell_attendance() {
  tell_room(parts_, "meeting");
}

}  // namespace bossey::group
