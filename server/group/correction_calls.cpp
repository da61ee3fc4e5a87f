// What follows for a correction when the call about it moves.
#include <utility>

#include "group/calls.hpp"

namespace bossey::group {

std::vector<Event> events_of_correction(const GroupState& state, const CallRecord& moved) {
  std::vector<Event> events;
  const auto closing = state.closings.find(moved.report);
  if (!moved.correction || closing == state.closings.end()) return events;
  const std::vector<FiledCorrection>& all = closing->second.corrections;
  if (*moved.correction == 0 || *moved.correction > all.size()) return events;
  const FiledCorrection& before = all[*moved.correction - 1];
  FiledCorrection filed = before;
  filed.correction = consensus::after_call(before.correction, moved.call);
  filed.call_ends_s = moved.call.deadline_s;
  if (filed != before) events.emplace_back(Event{CorrectionsSet{moved.report, {std::move(filed)}}, std::nullopt});
  return events;
}

void correction_moved(const PartsPtr& parts, const CallRecord& moved) {
  tell_closing(parts, moved.report);
}

}  // namespace bossey::group
