// Drafting teams and the typist: making them, giving them sections, and what follows for whoever writes.
#include "group/room_parts.hpp"

namespace bossey::group {
namespace {

using consensus::Action;
using Fact = Result<std::pair<RoomFact, std::uint64_t>>;

Result<void> check_people(const consensus::Team& team) {
  if (team.co_leads.size() > consensus::kCoLeadsMax) return fail(Errc::too_large, "A team has at most 5 co-leads.");
  if (team.members.size() > consensus::kTeamPeopleMax) return fail(Errc::too_large, "This team is too large.");
  return {};
}

Fact team_of(const Group::Parts& parts, const SetTeam& command) {
  const consensus::Teams& teams = parts.state.room.teams;
  if (command.number > teams.size()) return fail(Errc::not_found, "No such team.");
  if (command.number == 0 && teams.size() >= consensus::kTeamsMax)
    return fail(Errc::too_large, "This group has too many teams.");
  consensus::Team team;
  team.number = teams.size() + 1;
  team.room = "drafting team " + std::to_string(team.number);
  if (command.number != 0) team = teams[command.number - 1];
  if (team.dissolved) return fail(Errc::conflict, "This team is dissolved. Make a new one.");
  team.room = command.room.value_or(team.room);
  team.co_leads = command.co_leads.value_or(team.co_leads);
  team.members = command.members.value_or(team.members);
  std::erase_if(team.members, [&](PersonId person) { return team.is_led_by(person); });
  team.dissolved = command.dissolved;
  BOSSEY_TRY_VOID(check_name(team.room, consensus::kTeamRoom_bytes));
  BOSSEY_TRY_VOID(check_people(team));
  for (const consensus::Team& other : teams)
    if (!other.dissolved && other.number != team.number && other.room == team.room)
      return fail(Errc::conflict, "Another team has this name. Choose one of its own.");
  return std::pair(RoomFact{TeamSet{team}}, team.number);
}

Fact sections_given(const Group::Parts& parts, const GiveSection& command) {
  BOSSEY_TRY(const Report* report, report_holding(parts, command.report, command.section));
  const consensus::Teams& teams = parts.state.room.teams;
  if (command.team > teams.size()) return fail(Errc::not_found, "No such team.");
  if (command.team != 0 && teams[command.team - 1].dissolved) return fail(Errc::conflict, "This team is dissolved.");
  SectionsGiven given{{command.section}, command.team};
  const auto index = document::index_of(report->outline, command.section);
  if (command.below && index) {
    const std::vector<int> depths = document::depths(report->outline);
    for (std::size_t i = *index + 1; i < depths.size() && depths[i] > depths[*index]; ++i)
      given.sections.push_back(report->outline.entries[i].id);
  }
  return std::pair(RoomFact{std::move(given)}, command.team);
}

}  // namespace

void Group::set_team(const Caller& caller, SetTeam command, Done<std::uint64_t> done) {
  if (const auto good = check_command(caller, Action::shape_outline, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  const std::string key = command.key;
  const auto make = [parts = parts_, command = std::move(command)] { return team_of(*parts, command); };
  run_fact({parts_, caller, key, {"team", {}, {}, 0}, "teams", make}, std::move(done));
}

void Group::give_section(const Caller& caller, GiveSection command, Done<std::uint64_t> done) {
  if (const auto good = check_command(caller, Action::shape_outline, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  const ReportId report = command.report;
  const Answer answer{"section.team", report, command.section, 0};
  const auto make = [parts = parts_, command] { return sections_given(*parts, command); };
  run_fact({parts_, caller, command.key, answer, "teams", make},
           [parts = parts_, report, done = std::move(done)](const Result<std::uint64_t>& team) {
             if (team) tell_outline(parts, report);
             done(team);
           });
}

void Group::name_typist(const Caller& caller, NameTypist command, Done<std::uint64_t> done) {
  if (const auto good = check_command(caller, Action::decide, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  const auto make = [command]() -> Fact { return std::pair(RoomFact{TypistNamed{command.person}}, std::uint64_t{0}); };
  run_fact({parts_, caller, command.key, {"typist", {}, {}, 0}, "teams", make}, std::move(done));
}

bool Group::lets_in(consensus::RoleSet roles) const {
  return consensus::lets_in(parts_->state.room.meetings, roles);
}

room::Access Group::access(const DocumentId& document, const Caller& caller) const {
  if (!may(caller.roles, Action::read) || !lets_in(caller.roles)) return room::Access::none;
  constexpr std::string_view kSection = "section/";
  if (document.value.starts_with("proposal/"))
    return may(caller.roles, Action::propose) ? room::Access::write : room::Access::read;
  if (!document.value.starts_with(kSection)) return room::Access::read;
  const GroupState& state = parts_->state;
  const SectionId section{document.value.substr(kSection.size())};
  const Report* const report = state.report_with(section);
  const bool plenary = report != nullptr && report->phase == consensus::Phase::plenary;
  const bool alone = plenary && state.rules.typist_alone_in_plenary;
  const bool writes =
      consensus::may_write_section({caller.person, caller.roles, state.room.team(section), alone, state.room.typist});
  return writes ? room::Access::write : room::Access::read;
}

}  // namespace bossey::group
