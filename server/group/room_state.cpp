#include "group/room_state.hpp"

#include <algorithm>
#include <string>

namespace bossey::group {
namespace {

/// Puts a value with a number at its place; false: it does not follow the ones before.
template <class T>
bool put(std::vector<T>& list, const T& value) {
  if (value.number == 0 || value.number > list.size() + 1) return false;
  if (value.number == list.size() + 1)
    list.push_back(value);
  else
    list[value.number - 1] = value;
  return true;
}

Error broken(const char* what) {
  return {Errc::corrupt, std::string("a ") + what + " does not follow from the rows before"};
}

struct Folder {
  RoomState& state;

  Result<void> operator()(const MeetingSet& e) const {
    if (!put(state.meetings, e.meeting)) return tl::unexpected(broken("meeting"));
    return {};
  }
  Result<void> operator()(const TeamSet& e) const {
    if (!put(state.teams, e.team)) return tl::unexpected(broken("team"));
    if (e.team.dissolved) std::erase_if(state.team_of, [&](const auto& one) { return one.second == e.team.number; });
    return {};
  }
  Result<void> operator()(const SectionsGiven& e) const {
    if (e.team > state.teams.size()) return tl::unexpected(broken("section's team"));
    for (const SectionId& section : e.sections) {
      if (e.team == 0)
        state.team_of.erase(section);
      else
        state.team_of[section] = e.team;
    }
    return {};
  }
  Result<void> operator()(const TypistNamed& e) const {
    state.typist = e.person;
    return {};
  }
  Result<void> operator()(const ReviewSet& e) const {
    if (!put(state.reviews, e.round)) return tl::unexpected(broken("review"));
    return {};
  }
  Result<void> operator()(const ReviewRead& e) const {
    if (e.number == 0 || e.number > state.reviews.size()) return tl::unexpected(broken("reading"));
    consensus::ReviewRound& round = state.reviews[e.number - 1];
    // Nobody by name: the person was forgotten, and only the number counts.
    if (e.person == PersonId{0} || !round.is_read_by(e.person)) round.readers.push_back(e.person);
    return {};
  }
};

}  // namespace

const consensus::Team* RoomState::team(const SectionId& section) const {
  const auto at = team_of.find(section);
  return at == team_of.end() ? nullptr : &teams[at->second - 1];
}

Result<void> apply(RoomState& state, const RoomFact& fact) {
  return std::visit(Folder{state}, fact.what);
}

}  // namespace bossey::group
