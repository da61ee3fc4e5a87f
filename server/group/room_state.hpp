// What a group knows of meetings, drafting teams, the typist and review rounds, and the facts that it is folded from.
// A part of GroupState; each fact is a row of the journal. Private: it holds persons, and none of it is in git.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "consensus/meeting.hpp"
#include "consensus/review.hpp"
#include "consensus/team.hpp"

namespace bossey::group {

/// A meeting, team or round as it is from now on, whole, so that no fold depends on how a command works.
struct MeetingSet {
  consensus::Meeting meeting;
};
struct TeamSet {
  consensus::Team team;
};
struct SectionsGiven {
  std::vector<SectionId> sections;
  std::uint64_t team = 0;  ///< 0: to everybody again.
};
struct TypistNamed {
  std::optional<PersonId> person;  ///< Nothing: the secretariat.
};
struct ReviewSet {
  consensus::ReviewRound round;
};
struct ReviewRead {
  std::uint64_t number = 0;
  PersonId person;
};

struct RoomFact {
  std::variant<MeetingSet, TeamSet, SectionsGiven, TypistNamed, ReviewSet, ReviewRead> what;
};

struct RoomState {
  consensus::Meetings meetings;
  consensus::Teams teams;
  std::map<SectionId, std::uint64_t> team_of;
  std::optional<PersonId> typist;
  consensus::ReviewRounds reviews;
  friend bool operator==(const RoomState&, const RoomState&) = default;

  /// Null: the section has none.
  [[nodiscard]] const consensus::Team* team(const SectionId& section) const;
};

/// Errc::corrupt: it does not follow from the facts before; nothing is changed then.
[[nodiscard]] Result<void> apply(RoomState& state, const RoomFact& fact);

[[nodiscard]] nlohmann::json to_json(const RoomFact& fact);
/// Nothing: not a fact that this version knows, or a part is missing.
[[nodiscard]] std::optional<RoomFact> read_room_fact(const nlohmann::json& json);

}  // namespace bossey::group
