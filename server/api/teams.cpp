// Drafting teams and the typist. Who is in a team is shown to chair, secretariat, administrators and the team itself;
// everybody else reads the room's name and how many there are.
#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/routes.hpp"
#include "group/state.hpp"

namespace bossey::api {

namespace {

using consensus::Role;
using consensus::Team;
using nlohmann::json;

constexpr TextBounds kRoom{.min_bytes = 1, .max_bytes = 200};

bool sees_people(const Call& call, const Team& team) {
  const auto roles = call.caller.roles;
  return roles.has(Role::chair) || roles.has(Role::secretariat) || roles.has(Role::administrator) ||
         team.holds(call.caller.person);
}

json people_json(const Call& call, const std::vector<PersonId>& people) {
  json list = json::array();
  for (const PersonId person : people) {
    const auto* known = call.roll->person(person);
    const auto* membership = call.roll->membership(call.group->id(), person);
    if (known == nullptr || membership == nullptr) continue;
    list.push_back({{"id", person.value}, {"name", known->name}, {"category", membership->category}});
  }
  return list;
}

/// A warning only: both co-leads of one category leave the others without a voice in the lead.
bool is_of_one_category(const Call& call, const Team& team) {
  if (team.co_leads.size() < 2) return false;
  std::optional<std::string> first;
  for (const PersonId person : team.co_leads) {
    const auto* membership = call.roll->membership(call.group->id(), person);
    if (membership == nullptr || membership->category.empty()) return false;
    if (first && *first != membership->category) return false;
    first = membership->category;
  }
  return true;
}

json team_json(const Call& call, const Team& team) {
  json out = {{"number", team.number},
              {"room", team.room},
              {"size", team.co_leads.size() + team.members.size()},
              {"mine", team.holds(call.caller.person)},
              {"lead", team.is_led_by(call.caller.person)}};
  if (!sees_people(call, team)) return out;
  out["co_leads"] = people_json(call, team.co_leads);
  out["members"] = people_json(call, team.members);
  if (is_of_one_category(call, team)) out["hint"] = "Both co-leads come from one category. Consider another.";
  return out;
}

/// The persons named, each a member of the group who writes.
Result<std::optional<std::vector<PersonId>>> read_people(const Call& call, const char* name) {
  const auto at = call.body.all().find(name);
  if (at == call.body.all().end() || at->is_null()) return std::nullopt;
  std::vector<PersonId> people;
  if (!at->is_array()) return fail(Errc::bad_input, std::string("The field '") + name + "' must be a list of people.");
  for (const json& one : *at) {
    if (!one.is_number_unsigned()) return fail(Errc::bad_input, std::string("Number the people in '") + name + "'.");
    const PersonId person{one.get<std::uint64_t>()};
    const auto* membership = call.roll->membership(call.group->id(), person);
    if (membership == nullptr) return fail(Errc::not_found, "No such person in this group.");
    if (!consensus::may(membership->role, consensus::Action::write_text))
      return fail(Errc::bad_input, "Teams are of members. Change the person's role first.");
    if (std::find(people.begin(), people.end(), person) == people.end()) people.push_back(person);
  }
  return people;
}

Result<std::uint64_t> team_number(const Call& call) {
  const std::string& text = call.captures.at(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool known = error == std::errc() && end == text.data() + text.size() && number > 0;
  if (!known || number > call.group->state().room.teams.size()) return fail(Errc::not_found, "No such team.");
  return number;
}

Result<group::SetTeam> read_team(const Call& call) {
  group::SetTeam command;
  BOSSEY_TRY(command.key, call.body.key());
  BOSSEY_TRY(command.room, call.body.optional_text("room", kRoom));
  BOSSEY_TRY(command.co_leads, read_people(call, "co_leads"));
  BOSSEY_TRY(command.members, read_people(call, "members"));
  BOSSEY_TRY(command.dissolved, call.body.flag("dissolved"));
  return command;
}

void set_team(const CallPtr& call, group::SetTeam command, unsigned status) {
  call->group->set_team(call->caller, std::move(command), [call, status](const Result<std::uint64_t>& number) {
    call->answer(
        number, [&call](std::uint64_t made) { return team_json(*call, call->group->state().room.teams[made - 1]); },
        status);
  });
}

}  // namespace

void get_teams(CallPtr call) {
  const auto& room = call->group->state().room;
  json teams = json::array();
  for (const Team& team : room.teams)
    if (!team.dissolved) teams.push_back(team_json(*call, team));
  const bool is_named = room.typist.has_value();
  json out = {{"teams", std::move(teams)}, {"typist", {{"named", is_named}}}};
  out["typist"]["me"] = room.typist == call->caller.person;
  const bool names = call->caller.roles.has(Role::chair) || call->caller.roles.has(Role::secretariat);
  if (is_named && names) out["typist"]["person"] = room.typist->value;
  call->json(200, out);
}

void post_team(CallPtr call) {
  auto command = read_team(*call);
  if (!command) return call->error(command.error());
  set_team(call, *std::move(command), 201);
}

void patch_team(CallPtr call) {
  auto command = read_team(*call);
  if (!command) return call->error(command.error());
  const auto number = team_number(*call);
  if (!number) return call->error(number.error());
  command->number = *number;
  set_team(call, *std::move(command), 200);
}

void post_section_team(CallPtr call) {
  group::GiveSection command;
  const auto read = [&]() -> Result<void> {
    BOSSEY_TRY(command.key, call->body.key());
    BOSSEY_TRY(command.team, call->body.number("team", consensus::kTeamsMax));
    BOSSEY_TRY(command.below, call->body.flag("below"));
    command.report = ReportId{call->captures.at(1)};
    command.section = SectionId{call->captures.at(2)};
    return {};
  }();
  if (!read) return call->error(read.error());
  call->group->give_section(call->caller, std::move(command), [call](const Result<std::uint64_t>& team) {
    team ? call->no_content() : call->error(team.error());
  });
}

void post_typist(CallPtr call) {
  group::NameTypist command;
  const auto read = [&]() -> Result<void> {
    BOSSEY_TRY(command.key, call->body.key());
    BOSSEY_TRY(const auto person, call->body.optional_number("person", std::numeric_limits<std::int64_t>::max()));
    if (!person) return {};
    command.person = PersonId{*person};
    const auto* membership = call->roll->membership(call->group->id(), *command.person);
    if (membership == nullptr) return fail(Errc::not_found, "No such person in this group.");
    if (!consensus::may(membership->role, consensus::Action::write_text))
      return fail(Errc::bad_input, "Choose somebody who may write.");
    return {};
  }();
  if (!read) return call->error(read.error());
  call->group->name_typist(call->caller, std::move(command), [call](const Result<std::uint64_t>& named) {
    named ? call->no_content() : call->error(named.error());
  });
}

}  // namespace bossey::api
