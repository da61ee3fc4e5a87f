// What one reader is shown of a call: columns for everybody, names and words for the chair, one's own for oneself.
#include <algorithm>

#include "group/calls.hpp"

namespace bossey::group {
namespace {

using consensus::CallState;

CallView::Text text_of_call(const Group::Parts& parts, const CallRecord& record, const SectionId& section,
                            bool with_texts) {
  CallView::Text text;
  text.section = section;
  text.text_id = record.call.subject.at(section);
  if (with_texts) text.canonical = record.texts.at(section);
  if (const auto view = parts.overview().section(record.report, section)) {
    text.name = view->number.empty() ? view->title : view->number + " " + view->title;
    text.moved = !record.correction && view->text_id != text.text_id;
  }
  return text;
}

/// What the chair may do with it now, as far as its state says.
std::vector<std::string> chairs_moves(CallState state) {
  switch (state) {
    case CallState::open:
    case CallState::waiting:
      return {"extend", "end"};
    case CallState::suspended:
      return {"restart", "end"};
    case CallState::broken:
      return {"end"};
    case CallState::passed:
      return {"confirm", "end"};
    case CallState::adopted:
    case CallState::ended:
      break;
  }
  return {};
}

void add_own(const Caller& caller, const CallRecord& record, std::int64_t now_s, CallView& view) {
  for (const consensus::CallMember& member : record.call.roll) {
    if (member.person != caller.person) continue;
    view.mine = consensus::column_of(member);
    const bool runs = record.call.state == CallState::open && now_s < record.call.deadline_s;
    if (runs && may(caller.roles, consensus::Action::object)) view.can.emplace_back("respond");
  }
  if (const auto words = record.words.find(caller.person); words != record.words.end()) view.my_words = words->second;
}

void add_for_chair(const CallRecord& record, CallView& view) {
  view.never_reached = consensus::never_reached(record.call);
  for (const consensus::CallMember& member : record.call.roll) {
    const auto words = record.words.find(member.person);
    if (!member.position || words == record.words.end() || words->second == CallWords{}) continue;
    view.answers.push_back({member.person, *member.position, words->second});
  }
}

}  // namespace

CallView call_view(const Group::Parts& parts, const Caller& caller, const CallRecord& record, bool with_texts) {
  const consensus::SilenceCall& call = record.call;
  CallView view;
  view.number = call.id;
  view.report = record.report;
  view.question = call.question;
  for (const SectionId& section : record.order) view.texts.push_back(text_of_call(parts, record, section, with_texts));
  view.opened_s = call.opened_s;
  view.deadline_s = call.deadline_s;
  view.zone = call.zone;
  view.extended_s = call.extended_s;
  view.rule = call.rule;
  view.unanimous = call.unanimous;
  view.by_itself = call.by_itself;
  view.state = call.state;
  view.roll = static_cast<std::uint32_t>(call.roll.size());
  view.columns = consensus::columns_of(call);
  view.in_words = consensus::in_words(call);
  view.correction = record.correction;
  view.decision = record.decision;
  add_own(caller, record, parts.now_s(), view);
  const bool runs = call.state == CallState::open || call.state == CallState::waiting;
  if (runs && caller.roles.has(consensus::Role::secretariat)) view.can.emplace_back("deliver");
  if (!may(caller.roles, consensus::Action::decide)) return view;
  for (std::string& move : chairs_moves(call.state)) view.can.push_back(std::move(move));
  add_for_chair(record, view);
  return view;
}

}  // namespace bossey::group
