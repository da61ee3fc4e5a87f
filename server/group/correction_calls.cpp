// What follows for a correction when the call about it moves.
#include "group/calls.hpp"

namespace bossey::group {

std::vector<Event> events_of_correction(const GroupState&, const CallRecord&) {
  return {};
}

void correction_moved(const PartsPtr&, const CallRecord&) {}

}  // namespace bossey::group
