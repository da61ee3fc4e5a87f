// A meeting of the group: what is said of it in decisions, who may be there, and how many have to be. Called by group
// and the gate. Holds numbers, never names: who was there is the private store's.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "consensus/attribution.hpp"
#include "consensus/role.hpp"

namespace bossey::consensus {

enum class MeetingKind : std::uint8_t { plenary, closed, group, open_consultation };
inline constexpr std::array<std::string_view, 4> kMeetingKinds{"plenary", "closed", "group", "open consultation"};
[[nodiscard]] constexpr std::string_view name_of(MeetingKind kind) {
  return kMeetingKinds[static_cast<std::size_t>(kind)];
}
[[nodiscard]] std::optional<MeetingKind> meeting_kind_from(std::string_view name);

/// The name of a meeting stands in decisions: one line of so many octets.
inline constexpr std::size_t kMeetingName_bytes = 100;

struct Meeting {
  std::uint64_t number = 0;  ///< 1, 2, 3 ... within the group.
  std::string name;          ///< "plenary", "ninth meeting, closed".
  MeetingKind kind = MeetingKind::plenary;
  std::int64_t opened_s = 0;
  std::optional<std::int64_t> ended_s;
  /// Counted by hand, which then is what counts; or, when it has ended, what had been counted. "" for no category.
  ByCategory counted;
  bool by_hand = false;
  friend bool operator==(const Meeting&, const Meeting&) = default;
};
/// Number n stands at index n - 1.
using Meetings = std::vector<Meeting>;

/// The one that is open now; null between meetings.
[[nodiscard]] const Meeting* open_meeting(const Meetings& meetings);

/// Whether somebody is let in now: plain observers leave a closed meeting, and come back when it ends.
[[nodiscard]] bool lets_in(const Meetings& meetings, RoleSet roles);

/// How many have to be there for an agreement; 0 and empty: it does not matter.
struct Quorum {
  std::uint32_t number = 0;
  std::map<std::string, std::uint32_t> by_category;
  [[nodiscard]] bool is_set() const { return number > 0 || !by_category.empty(); }
};
/// `present`: as counted now; nothing when nobody counted. Errc::conflict says what to do.
[[nodiscard]] Result<void> check_quorum(const Quorum& quorum, const std::optional<ByCategory>& present);

}  // namespace bossey::consensus
