// Non-attribution by construction: what may be said of people without naming them. Called by whatever leaves the
// server: decision files, pages of other members, git, the line on every editing screen.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "consensus/decision.hpp"
#include "consensus/position.hpp"

namespace bossey::consensus {

/// "One observer from civil society objected" names a person: a category of fewer present people is not named.
inline constexpr std::uint32_t kSmallGroup = 5;

using ByCategory = std::map<std::string, std::uint32_t>;

/// The categories that may be printed with their counts. One small category alone could be worked out from the total,
/// so the smallest of the others goes with it.
[[nodiscard]] ByCategory shown_categories(const ByCategory& present);

/// Attendance for a decision's file.
[[nodiscard]] Present present_of(const ByCategory& present, std::optional<std::uint32_t> roll);

/// Who looks at a position.
struct Viewer {
  PersonId person;
  RoleSet roles;
  bool secretariat_sees = false;  ///< The group's choice.
};
/// Its holder and the chair see a position with its words; the secretariat if the group chose so. Nobody else.
[[nodiscard]] bool sees(const Viewer& viewer, const Position& position);

/// What everybody else sees of the positions on a section: how many of a kind, and of which category where enough
/// people of it are present. Those of other categories are in `count` alone.
struct SeenPositions {
  PositionKind kind = PositionKind::no_objection;
  std::uint32_t count = 0;
  ByCategory by_category;
  friend bool operator==(const SeenPositions&, const SeenPositions&) = default;
};
[[nodiscard]] std::vector<SeenPositions> seen_by_others(std::span<const Position> positions, const SectionId& section,
                                                        const Sha256& text_id,
                                                        const std::function<std::string(PersonId)>& category_of,
                                                        const ByCategory& present);

/// The rule of a group. `attributed` can be chosen only before the first revision.
struct AttributionRule {
  bool attributed = false;
  std::int64_t kept_days = 30;    ///< Of the private store, after transmittal.
  std::int64_t rounded_to_s = 1;  ///< Times in members' repositories.
  bool secretariat_sees = false;
  friend bool operator==(const AttributionRule&, const AttributionRule&) = default;
};
/// Under which rule words stay that were typed under `then`, when the rule is now `now`: each point the stricter one.
[[nodiscard]] AttributionRule rule_for(const AttributionRule& then, const AttributionRule& now);

/// "Who can see this: members. Kept until: transmittal + 30 days. Attributed: no."
[[nodiscard]] std::string seen_line(const AttributionRule& rule, std::string_view audience);
/// When the private store is to be deleted; nothing before transmittal.
[[nodiscard]] std::optional<std::int64_t> deletion_s(const AttributionRule& rule,
                                                     std::optional<std::int64_t> transmitted_s);
[[nodiscard]] std::int64_t rounded(std::int64_t at_s, const AttributionRule& rule);

/// A git identity that is a room: "drafting team 3 <team3@bossey.invalid>". `room` as the group names it; what git
/// could misread is left out, and an empty name is the drafting team.
struct RoomIdentity {
  std::string name;
  std::string email;
  friend bool operator==(const RoomIdentity&, const RoomIdentity&) = default;
};
[[nodiscard]] RoomIdentity identity_of_room(std::string_view room);

}  // namespace bossey::consensus
