#include "group/call_events.hpp"

#include <nlohmann/json.hpp>

#include "consensus/json_lines.hpp"

namespace bossey::group {
namespace {

using consensus::CallMember;
using consensus::CallState;
using consensus::Rule;
using consensus::SilenceCall;
using consensus::Unanimous;
using nlohmann::json;

json member_json(const CallMember& member, const CallWords* words) {
  json out = {{"person", member.person.value}};
  if (!member.category.empty()) out["category"] = member.category;
  if (member.reached_s) out["reached"] = *member.reached_s;
  if (member.opened_s) out["opened"] = *member.opened_s;
  if (member.position) out["position"] = consensus::row(*member.position).name;
  if (words != nullptr && !words->words.empty()) out["words"] = words->words;
  if (words != nullptr && !words->could_live_with.empty()) out["could_live_with"] = words->could_live_with;
  return out;
}

std::optional<CallState> state_from(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(CallState::ended); ++i)
    if (consensus::name_of(static_cast<CallState>(i)) == name) return static_cast<CallState>(i);
  return std::nullopt;
}

std::string text_if_any(Fields& fields, const json& object, const char* key) {
  return object.contains(key) ? fields.text(key) : std::string();
}

CallMember read_member(Fields& fields, const json& object, CallWords& words) {
  CallMember member;
  member.person = PersonId{fields.number("person")};
  member.category = text_if_any(fields, object, "category");
  member.reached_s = fields.time_if_any("reached");
  member.opened_s = fields.time_if_any("opened");
  if (object.contains("position")) {
    member.position = consensus::position_kind_from(fields.text("position"));
    if (!member.position) fields.broken();
  }
  words.words = text_if_any(fields, object, "words");
  words.could_live_with = text_if_any(fields, object, "could_live_with");
  return member;
}

void read_subject(Fields& fields, CallRecord& record) {
  for (const json& one : fields.list("subject")) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields text(one);
    const SectionId section{text.text("section")};
    const auto text_id = consensus::digest(text.text("text_id"));
    record.order.push_back(section);
    record.call.subject[section] = text_id.value_or(Sha256{});
    record.texts[section] = text.text("canonical");
    if (!text_id || !text.whole()) fields.broken();
  }
}

void read_roll(Fields& fields, CallRecord& record) {
  for (const json& one : fields.list("roll")) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields member(one);
    CallWords words;
    record.call.roll.push_back(read_member(member, one, words));
    if (!(words == CallWords{})) record.words[record.call.roll.back().person] = words;
    if (!member.whole()) fields.broken();
  }
}

}  // namespace

json call_json(const CallSet& event) {
  const CallRecord& record = event.record;
  const SilenceCall& call = record.call;
  json subject = json::array();
  for (const SectionId& section : record.order)
    subject.push_back({{"section", section.value},
                       {"text_id", call.subject.at(section).hex()},
                       {"canonical", record.texts.at(section)}});
  json roll = json::array();
  for (const CallMember& member : call.roll) {
    const auto words = record.words.find(member.person);
    roll.push_back(member_json(member, words == record.words.end() ? nullptr : &words->second));
  }
  json out = {{"number", call.id},
              {"report", record.report.value},
              {"question", call.question},
              {"subject", std::move(subject)},
              {"opened", call.opened_s},
              {"deadline", call.deadline_s},
              {"zone", call.zone},
              {"rule", consensus::name_of(call.rule)},
              {"every_member_yes", call.unanimous == Unanimous::every_member_yes},
              {"by_itself", call.by_itself},
              {"state", consensus::name_of(call.state)},
              {"extended", call.extended_s},
              {"roll", std::move(roll)}};
  if (record.opener) out["opener"] = record.opener->value;
  if (record.correction) out["correction"] = *record.correction;
  if (record.decision) out["decision"] = *record.decision;
  return out;
}

json call_json(const CallMemberSet& event) {
  return {{"number", event.number}, {"member", json::array({member_json(event.member, &event.words)})}};
}

CallSet read_call(Fields& fields) {
  CallRecord record;
  SilenceCall& call = record.call;
  call.id = fields.number("number");
  record.report = ReportId{fields.text("report")};
  call.question = fields.text("question");
  read_subject(fields, record);
  call.opened_s = static_cast<std::int64_t>(fields.number("opened"));
  call.deadline_s = static_cast<std::int64_t>(fields.number("deadline"));
  call.zone = fields.text("zone");
  const std::string rule = fields.text("rule");
  if (rule != consensus::name_of(Rule::consensus) && rule != consensus::name_of(Rule::unanimity)) fields.broken();
  call.rule = rule == consensus::name_of(Rule::unanimity) ? Rule::unanimity : Rule::consensus;
  call.unanimous = fields.flag("every_member_yes") ? Unanimous::every_member_yes : Unanimous::none_objects;
  call.by_itself = fields.flag("by_itself");
  const auto state = state_from(fields.text("state"));
  if (!state) fields.broken();
  call.state = state.value_or(CallState::ended);
  call.extended_s = static_cast<std::int64_t>(fields.number("extended"));
  read_roll(fields, record);
  record.opener = fields.person_if_any("opener");
  if (const auto correction = fields.time_if_any("correction"))
    record.correction = static_cast<std::uint64_t>(*correction);
  if (const auto decision = fields.time_if_any("decision")) record.decision = static_cast<std::uint64_t>(*decision);
  return {std::move(record)};
}

CallMemberSet read_call_member(Fields& fields) {
  CallMemberSet event;
  event.number = fields.number("number");
  const json& list = fields.list("member");
  if (list.size() != 1 || !list.front().is_object()) {
    fields.broken();
    return event;
  }
  Fields member(list.front());
  event.member = read_member(member, list.front(), event.words);
  if (!member.whole()) fields.broken();
  return event;
}

}  // namespace bossey::group
