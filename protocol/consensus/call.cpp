#include "consensus/call.hpp"

#include <algorithm>
#include <set>

namespace bossey::consensus {
namespace {

bool words_are(const AskedTexts& asked, const AskedTexts& now) {
  return std::all_of(asked.begin(), asked.end(), [&](const auto& text) {
    const auto at = now.find(text.first);
    return at != now.end() && at->second == text.second;
  });
}

Result<void> check_chair(RoleSet roles) {
  if (!may(roles, Action::decide)) return fail(Errc::forbidden, "Only the chair calls for consensus.");
  return {};
}

Result<void> check_deadline(std::int64_t deadline_s, std::int64_t now_s) {
  if (deadline_s - now_s < kNoticeMin_s) return fail(Errc::bad_input, "Give at least 24 hours' notice.");
  if (deadline_s - now_s > kNoticeMax_s) return fail(Errc::bad_input, "Give at most 90 days' notice.");
  return {};
}

CallMember* find(SilenceCall& call, PersonId who) {
  const auto at =
      std::find_if(call.roll.begin(), call.roll.end(), [&](const CallMember& member) { return member.person == who; });
  return at == call.roll.end() ? nullptr : &*at;
}

void forget_answers(SilenceCall& call) {
  for (CallMember& member : call.roll) member = CallMember{member.person, member.category, {}, {}, {}};
}

/// Under unanimity: whether this member's place is enough for consent.
bool consents(const SilenceCall& call, const CallMember& member) {
  const Column column = column_of(member);
  if (column == Column::not_yet_reached || column == Column::objection) return false;
  if (call.unanimous == Unanimous::none_objects) return true;
  return column == Column::no_objection || column == Column::reservation;
}

}  // namespace

std::string_view name_of(Rule rule) {
  return rule == Rule::consensus ? "consensus" : "unanimity";
}

std::string_view name_of(CallState state) {
  constexpr std::array<std::string_view, 7> kNames{"open",   "suspended", "broken", "waiting",
                                                   "passed", "adopted",   "ended"};
  return kNames[static_cast<std::size_t>(state)];
}

Result<void> check_so_decided(const RoomCall& call, std::int64_t now_ms, const AskedTexts& now) {
  if (call.objected) return fail(Errc::conflict, "Somebody objects. Answer the objection first.");
  if (now_ms - call.opened_ms < call.pause_ms) return fail(Errc::conflict, "The room may still object. Wait.");
  if (!words_are(call.subject, now)) return fail(Errc::conflict, "Text changed. Look again.");
  return {};
}

Column column_of(const CallMember& member) {
  if (member.position) {
    switch (*member.position) {
      case PositionKind::no_objection:
        return Column::no_objection;
      case PositionKind::reservation:
        return Column::reservation;
      case PositionKind::objection:
        return Column::objection;
      case PositionKind::not_taking_part:
        return Column::not_taking_part;
      case PositionKind::ad_ref:
        break;
    }
  }
  if (member.opened_s) return Column::opened;
  return member.reached_s ? Column::reached : Column::not_yet_reached;
}

Result<SilenceCall> open_call(SilenceCall call, RoleSet roles, std::int64_t now_s) {
  BOSSEY_TRY_VOID(check_chair(roles));
  if (call.question.empty() || call.question.size() > kQuestion_bytes)
    return fail(Errc::bad_input, "Ask a question of at most 1000 characters.");
  if (call.subject.empty()) return fail(Errc::bad_input, "Name the sections that the call is about.");
  std::set<PersonId> seen;
  for (const CallMember& member : call.roll)
    if (!seen.insert(member.person).second) return fail(Errc::bad_input, "Nobody stands on the roll twice.");
  if (seen.empty()) return fail(Errc::bad_input, "The roll has no members.");
  if (call.deadline_s == 0) call.deadline_s = now_s + kNoticeDefault_s;
  BOSSEY_TRY_VOID(check_deadline(call.deadline_s, now_s));
  call.opened_s = now_s;
  call.state = CallState::open;
  call.extended_s = 0;
  forget_answers(call);
  return call;
}

SilenceCall mark_reached(const SilenceCall& call, PersonId who, std::int64_t now_s, bool opened) {
  if (call.state != CallState::open && call.state != CallState::waiting) return call;
  SilenceCall out = call;
  CallMember* const member = find(out, who);
  if (member == nullptr) return call;
  if (!member->reached_s) member->reached_s = now_s;
  if (opened && !member->opened_s) member->opened_s = now_s;
  return out;
}

Result<SilenceCall> respond(const SilenceCall& call, PersonId who, PositionKind position, std::int64_t now_s) {
  if (position == PositionKind::ad_ref)
    return fail(Errc::bad_input, "A silence procedure has no ad referendum. Ask for more time.");
  if (call.state == CallState::suspended)
    return fail(Errc::conflict, "Suspended: the text changed. Wait for the chair.");
  if (call.state != CallState::open) return fail(Errc::conflict, "This call is over.");
  if (now_s >= call.deadline_s) return fail(Errc::conflict, "The deadline has passed. Tell the chair.");
  SilenceCall out = call;
  CallMember* const member = find(out, who);
  if (member == nullptr) return fail(Errc::not_found, "You are not on the roll of this call.");
  if (!member->reached_s) member->reached_s = now_s;
  if (!member->opened_s) member->opened_s = now_s;
  member->position = position;
  if (position == PositionKind::objection) out.state = CallState::broken;
  return out;
}

SilenceCall after_change(const SilenceCall& call, const SectionId& section, const Sha256& text_id) {
  const auto at = call.subject.find(section);
  const bool runs =
      call.state == CallState::open || call.state == CallState::waiting || call.state == CallState::passed;
  if (!runs || at == call.subject.end() || at->second == text_id) return call;
  SilenceCall out = call;
  out.state = CallState::suspended;
  return out;
}

Result<SilenceCall> restart(const SilenceCall& call, RoleSet roles, const AskedTexts& texts, std::int64_t deadline_s,
                            std::int64_t now_s) {
  BOSSEY_TRY_VOID(check_chair(roles));
  if (call.state != CallState::suspended) return fail(Errc::conflict, "Only a suspended call is restarted.");
  SilenceCall out = call;
  for (auto& [section, text_id] : out.subject) {
    const auto now = texts.find(section);
    if (now == texts.end()) return fail(Errc::bad_input, "Send the present text of every section.");
    text_id = now->second;
  }
  out.deadline_s = deadline_s == 0 ? now_s + kNoticeDefault_s : deadline_s;
  return open_call(std::move(out), roles, now_s);
}

Result<SilenceCall> extend(const SilenceCall& call, RoleSet roles, std::int64_t deadline_s, std::int64_t now_s) {
  BOSSEY_TRY_VOID(check_chair(roles));
  if (call.state != CallState::open && call.state != CallState::waiting)
    return fail(Errc::conflict, "Only a running call is extended.");
  if (deadline_s <= call.deadline_s || deadline_s <= now_s)
    return fail(Errc::bad_input, "Give a later deadline than the present one.");
  if (deadline_s - now_s > kNoticeMax_s) return fail(Errc::bad_input, "Give at most 90 days' notice.");
  SilenceCall out = call;
  out.deadline_s = deadline_s;
  out.state = CallState::open;
  return out;
}

Result<SilenceCall> end(const SilenceCall& call, RoleSet roles) {
  BOSSEY_TRY_VOID(check_chair(roles));
  if (call.state == CallState::adopted || call.state == CallState::ended)
    return fail(Errc::conflict, "This call is over.");
  SilenceCall out = call;
  out.state = CallState::ended;
  return out;
}

SilenceCall after_outage(const SilenceCall& call, std::int64_t from_s, std::int64_t to_s) {
  if (call.state != CallState::open || from_s >= to_s) return call;
  if (to_s <= call.deadline_s - kOutageMatters_s || from_s >= call.deadline_s) return call;
  SilenceCall out = call;
  out.deadline_s += to_s - from_s;
  out.extended_s += to_s - from_s;
  return out;
}

SilenceCall at_deadline(const SilenceCall& call, std::int64_t now_s) {
  if (call.state != CallState::open || now_s < call.deadline_s) return call;
  SilenceCall out = call;
  const bool missing =
      call.rule == Rule::unanimity && !std::all_of(call.roll.begin(), call.roll.end(),
                                                   [&](const CallMember& member) { return consents(call, member); });
  if (missing)
    out.state = CallState::waiting;
  else
    out.state = call.by_itself ? CallState::adopted : CallState::passed;
  return out;
}

Result<SilenceCall> confirm(const SilenceCall& call, RoleSet roles, const AskedTexts& texts) {
  BOSSEY_TRY_VOID(check_chair(roles));
  if (call.state == CallState::open) return fail(Errc::conflict, "The deadline has not passed yet.");
  if (call.state == CallState::waiting)
    return fail(Errc::conflict, call.unanimous == Unanimous::none_objects
                                    ? "Reach every member first: extend the call, or end it."
                                    : "Not every member says yes: extend the call, or end it.");
  if (call.state == CallState::broken)
    return fail(Errc::conflict, "The silence was broken. Answer, amend, or end the call.");
  if (call.state == CallState::suspended) return fail(Errc::conflict, "The text changed. Restart the call, or end it.");
  if (call.state != CallState::passed) return fail(Errc::conflict, "This call is over.");
  if (!words_are(call.subject, texts)) return fail(Errc::conflict, "The text changed. Restart the call, or end it.");
  SilenceCall out = call;
  out.state = CallState::adopted;
  return out;
}

std::vector<std::pair<std::string, std::uint32_t>> columns_of(const SilenceCall& call) {
  std::array<std::uint32_t, kColumns.size()> counts{};
  for (const CallMember& member : call.roll) ++counts[static_cast<std::size_t>(column_of(member))];
  std::vector<std::pair<std::string, std::uint32_t>> out;
  for (const ColumnRow& row : kColumns)
    if (const std::uint32_t count = counts[static_cast<std::size_t>(row.column)]; count > 0)
      out.emplace_back(row.name, count);
  return out;
}

std::vector<PersonId> never_reached(const SilenceCall& call) {
  std::vector<PersonId> out;
  for (const CallMember& member : call.roll)
    if (column_of(member) == Column::not_yet_reached) out.push_back(member.person);
  return out;
}

std::string in_words(const SilenceCall& call) {
  constexpr std::array<std::string_view, 7> kHeads{
      "Silence procedure running.",
      "Suspended: the text changed.",
      "Silence broken.",
      "The deadline has passed, and members are missing.",
      "Silence not broken.",
      "Adopted: silence not broken.",
      "Ended without result.",
  };
  std::string out(kHeads[static_cast<std::size_t>(call.state)]);
  // Answers first, then silence, and those never reached last: a chair reads what was said before what was not.
  constexpr std::array kOrder{Column::objection, Column::reservation, Column::no_objection,   Column::not_taking_part,
                              Column::opened,    Column::reached,     Column::not_yet_reached};
  std::string parts;
  for (const Column column : kOrder) {
    const auto count = std::count_if(call.roll.begin(), call.roll.end(),
                                     [&](const CallMember& member) { return column_of(member) == column; });
    if (count == 0) continue;
    parts += (parts.empty() ? " " : ", ") + std::to_string(count) + ' ';
    parts += kColumns[static_cast<std::size_t>(column)].screen;
  }
  if (!parts.empty()) out += parts + '.';
  if (call.extended_s > 0) {
    const std::int64_t minutes = (call.extended_s + 59) / 60;
    out += " Deadline moved by " + std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes") +
           ": the server was away.";
  }
  return out;
}

}  // namespace bossey::consensus
