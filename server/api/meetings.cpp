// Meetings: opening, counting, ending, and "I am here".
#include "api/meetings.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "api/attendance.hpp"
#include "api/routes.hpp"
#include "consensus/moment.hpp"
#include "group/state.hpp"

namespace bossey::api {

namespace {

using consensus::Meeting;
using consensus::Role;
using nlohmann::json;

constexpr std::uint32_t kCountMax = 100'000;
constexpr std::size_t kCategoriesMax = 50;

const consensus::Meetings& meetings_of(const Call& call) {
  return call.group->state().room.meetings;
}

Result<std::uint64_t> number_of(const Call& call) {
  const std::string& text = call.captures.at(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool known = error == std::errc() && end == text.data() + text.size() && number > 0;
  if (!known || number > meetings_of(call).size()) return fail(Errc::not_found, "No such meeting.");
  return number;
}

/// `{"government": 12, "": 3}`, or one number where categories were not counted.
Result<std::optional<consensus::ByCategory>> read_count(const json& fields) {
  const auto at = fields.find("counted");
  if (at == fields.end() || at->is_null()) return std::nullopt;
  const auto fits = [](const json& count) {
    return count.is_number_integer() && count.get<std::int64_t>() >= 0 && count.get<std::int64_t>() <= kCountMax;
  };
  if (fits(*at)) return consensus::ByCategory{{"", at->get<std::uint32_t>()}};
  if (!at->is_object() || at->size() > kCategoriesMax)
    return fail(Errc::bad_input, "The field 'counted' must be a number, or numbers by category.");
  consensus::ByCategory counts;
  for (const auto& [category, count] : at->items()) {
    if (!fits(count)) return fail(Errc::bad_input, "Give each category of 'counted' a number.");
    if (count.get<std::uint32_t>() > 0) counts[category] = count.get<std::uint32_t>();
  }
  return counts;
}

Result<void> check_count(const Call& call, const std::optional<consensus::ByCategory>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [category, count] : counts.value_or(consensus::ByCategory{})) sum += count;
  const std::size_t on_roll = on_the_roll(*call.roll, call.group->id()).size();
  if (sum > on_roll) return fail(Errc::bad_input, "Only " + std::to_string(on_roll) + " are on the roll.");
  return {};
}

void answer(const CallPtr& call, const Result<std::uint64_t>& number, unsigned status) {
  call->answer(
      number, [&call](std::uint64_t made) { return meeting_json(*call, meetings_of(*call)[made - 1]); }, status);
}

}  // namespace

json meeting_json(const Call& call, const Meeting& meeting) {
  const bool open = !meeting.ended_s.has_value();
  const bool by_pages = open && !meeting.by_hand;
  // Read anew: somebody may have come since the call began.
  const auto roll = call.services.accounts.roll();
  const auto counts = by_pages ? present_by_category(*roll, call.group->id(), meeting.number) : meeting.counted;
  const auto on_roll = static_cast<std::uint32_t>(on_the_roll(*roll, call.group->id()).size());
  auto present = consensus::present_of(counts, on_roll);
  present.by_category.erase("");
  json out = {{"number", meeting.number},
              {"name", meeting.name},
              {"kind", name_of(meeting.kind)},
              {"opened", consensus::iso_utc(meeting.opened_s)},
              {"ended", open ? json(nullptr) : json(consensus::iso_utc(*meeting.ended_s))},
              {"by_hand", meeting.by_hand},
              {"present", {{"count", present.count}, {"roll", on_roll}, {"by_category", present.by_category}}}};
  if (open) out["here"] = roll->present_at(call.group->id(), meeting.number).contains(call.caller.person);
  return out;
}

void get_meetings(CallPtr call) {
  json list = json::array();
  const auto& meetings = meetings_of(*call);
  for (auto meeting = meetings.rbegin(); meeting != meetings.rend(); ++meeting)
    list.push_back(meeting_json(*call, *meeting));
  call->json(200, {{"meetings", std::move(list)}});
}

void post_meeting(CallPtr call) {
  group::OpenMeeting command;
  const auto read = [&]() -> Result<void> {
    BOSSEY_TRY(command.key, call->body.key());
    BOSSEY_TRY(auto name, call->body.optional_text("name", {.min_bytes = 0, .max_bytes = 200}));
    command.name = std::move(name).value_or("");
    BOSSEY_TRY(const auto kind, call->body.text("kind", {}));
    const auto known = consensus::meeting_kind_from(kind);
    if (!known) return fail(Errc::bad_input, "The field 'kind' must be plenary, closed, group or open consultation.");
    command.kind = *known;
    return {};
  }();
  if (!read) return call->error(read.error());
  call->group->open_meeting(call->caller, std::move(command),
                            [call](const Result<std::uint64_t>& number) { answer(call, number, 201); });
}

void patch_meeting(CallPtr call) {
  group::ChangeMeeting command;
  const auto read = [&]() -> Result<void> {
    BOSSEY_TRY(command.number, number_of(*call));
    BOSSEY_TRY(command.key, call->body.key());
    BOSSEY_TRY(command.by_hand, read_count(call->body.all()));
    BOSSEY_TRY_VOID(check_count(*call, command.by_hand));
    BOSSEY_TRY(command.end, call->body.flag("end"));
    command.here = present_by_category(*call->roll, call->group->id(), command.number);
    return {};
  }();
  if (!read) return call->error(read.error());
  call->group->change_meeting(call->caller, std::move(command),
                              [call](const Result<std::uint64_t>& number) { answer(call, number, 200); });
}

void post_here(CallPtr call) {
  const auto number = number_of(*call);
  if (!number) return call->error(number.error());
  if (!call->caller.roles.has(Role::member) && !call->caller.roles.has(Role::chair))
    return call->error({Errc::forbidden, "Members are counted. Count by hand instead."});
  const auto* meeting = consensus::open_meeting(meetings_of(*call));
  if (meeting == nullptr || meeting->number != *number) return call->error({Errc::conflict, "This meeting has ended."});
  const auto here = call->body.flag("here");
  if (!here) return call->error(here.error());
  call->services.accounts.submit(
      [group = call->group->id(), meeting = *number, person = call->caller.person, here = *here, now_s = call->now_s()](
          accounts::AccountsStore& store) { return store.set_present(group, meeting, person, here, now_s); },
      [call, number = *number](const Result<void>& set) {
        if (!set) return call->error(set.error());
        call->group->tell_attendance();
        call->json(200, meeting_json(*call, meetings_of(*call)[number - 1]));
      });
}

}  // namespace bossey::api
