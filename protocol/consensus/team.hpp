// Drafting teams, and who writes a section. Called by group for the gate of the live channel and for decisions of
// co-leads. Persons here are private: a team is known outside by the name of its room alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "consensus/role.hpp"

namespace bossey::consensus {

inline constexpr std::size_t kTeamRoom_bytes = 100;
inline constexpr std::size_t kTeamsMax = 200;
inline constexpr std::size_t kTeamPeopleMax = 500;
inline constexpr std::size_t kCoLeadsMax = 5;

struct Team {
  std::uint64_t number = 0;  ///< 1, 2, 3 ... within the group.
  std::string room;          ///< "drafting team 3": the author of its revisions.
  std::vector<PersonId> co_leads;
  std::vector<PersonId> members;  ///< Beside the co-leads.
  bool dissolved = false;         ///< Its sections are everybody's again.
  friend bool operator==(const Team&, const Team&) = default;

  [[nodiscard]] bool is_led_by(PersonId person) const {
    return std::find(co_leads.begin(), co_leads.end(), person) != co_leads.end();
  }
  [[nodiscard]] bool holds(PersonId person) const {
    return is_led_by(person) || std::find(members.begin(), members.end(), person) != members.end();
  }
};
/// Number n stands at index n - 1.
using Teams = std::vector<Team>;

/// Who asks to write which section, when.
struct Writing {
  PersonId person;
  RoleSet roles;
  const Team* team = nullptr;      ///< Of the section; null: it has none.
  bool typist_alone = false;       ///< The group's rule, in phase Plenary.
  std::optional<PersonId> typist;  ///< Named by the chair; nothing: the secretariat.
};
/// Chair and secretariat write every section; a section with a team is written by that team beside them, one without
/// by every member. While the typist writes alone, the chair does, and nobody else.
[[nodiscard]] inline bool may_write_section(const Writing& writing) {
  if (!may(writing.roles, Action::write_text)) return false;
  if (writing.roles.has(Role::chair)) return true;
  if (writing.typist_alone)
    return writing.typist ? *writing.typist == writing.person : writing.roles.has(Role::secretariat);
  if (writing.roles.has(Role::secretariat)) return true;
  return writing.team == nullptr || writing.team->holds(writing.person);
}

}  // namespace bossey::consensus
