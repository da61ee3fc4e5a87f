#include "consensus/meeting.hpp"

namespace bossey::consensus {

std::optional<MeetingKind> meeting_kind_from(std::string_view name) {
  for (std::size_t i = 0; i < kMeetingKinds.size(); ++i)
    if (kMeetingKinds[i] == name) return static_cast<MeetingKind>(i);
  return std::nullopt;
}

const Meeting* open_meeting(const Meetings& meetings) {
  return meetings.empty() || meetings.back().ended_s ? nullptr : &meetings.back();
}

bool lets_in(const Meetings& meetings, RoleSet roles) {
  const Meeting* const meeting = open_meeting(meetings);
  return meeting == nullptr || meeting->kind != MeetingKind::closed || roles != RoleSet(Role::observer);
}

Result<void> check_quorum(const Quorum& quorum, const std::optional<ByCategory>& present) {
  if (!quorum.is_set()) return {};
  const std::string needed = std::to_string(quorum.number);
  if (!present) return fail(Errc::conflict, "A quorum is set. Count who is present first.");
  std::uint32_t count = 0;
  for (const auto& [category, number] : *present) count += number;
  if (count < quorum.number)
    return fail(Errc::conflict, std::to_string(count) + " present, quorum " + needed + ". Wait, or count again.");
  for (const auto& [category, least] : quorum.by_category) {
    const auto at = present->find(category);
    if (at == present->end() || at->second < least)
      return fail(Errc::conflict, "No quorum in this category. Wait, or count again: " + category);
  }
  return {};
}

}  // namespace bossey::consensus
