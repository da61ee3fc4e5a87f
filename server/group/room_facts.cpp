// The JSON of room facts, docs/formats/group-events.md.
#include <nlohmann/json.hpp>
#include <string>

#include "consensus/json_lines.hpp"
#include "group/room_state.hpp"

namespace bossey::group {
namespace {

using nlohmann::json;

json numbers_of(const std::vector<PersonId>& persons) {
  json list = json::array();
  for (const PersonId person : persons) list.push_back(person.value);
  return list;
}

struct Writer {
  json operator()(const MeetingSet& e) const {
    const consensus::Meeting& m = e.meeting;
    json counted = json::object();
    for (const auto& [category, count] : m.counted) counted[category] = count;
    json out = {{"fact", "meeting"},       {"number", m.number},   {"name", m.name},
                {"kind", name_of(m.kind)}, {"opened", m.opened_s}, {"counted", std::move(counted)},
                {"by_hand", m.by_hand}};
    if (m.ended_s) out["ended"] = *m.ended_s;
    return out;
  }
  json operator()(const TeamSet& e) const {
    return {{"fact", "team"},
            {"number", e.team.number},
            {"room", e.team.room},
            {"co_leads", numbers_of(e.team.co_leads)},
            {"members", numbers_of(e.team.members)},
            {"dissolved", e.team.dissolved}};
  }
  json operator()(const SectionsGiven& e) const {
    json sections = json::array();
    for (const SectionId& section : e.sections) sections.push_back(section.value);
    return {{"fact", "sections"}, {"sections", std::move(sections)}, {"team", e.team}};
  }
  json operator()(const TypistNamed& e) const {
    json out = {{"fact", "typist"}};
    if (e.person) out["person"] = e.person->value;
    return out;
  }
  json operator()(const ReviewSet& e) const {
    const consensus::ReviewRound& r = e.round;
    json texts = json::object();
    for (const auto& [section, text_id] : r.texts) texts[section.value] = text_id.hex();
    json out = {{"fact", "review"},          {"number", r.number},         {"report", r.report.value},
                {"texts", std::move(texts)}, {"sent", r.sent_s},           {"deadline", r.deadline_s},
                {"outside", r.outside},      {"roll", numbers_of(r.roll)}, {"readers", numbers_of(r.readers)}};
    if (r.ended_s) out["ended"] = *r.ended_s;
    return out;
  }
  json operator()(const ReviewRead& e) const {
    return {{"fact", "review.read"}, {"number", e.number}, {"person", e.person.value}};
  }
};

/// Takes members of an object; `whole` becomes false where one is missing or of another type.
struct Taking {
  const json& object;
  bool whole = true;

  const json* find(const char* name, bool (json::*is)() const noexcept) {
    const auto at = object.find(name);
    if (at != object.end() && ((*at).*is)()) return &*at;
    whole = false;
    return nullptr;
  }
  std::string text(const char* name) {
    const json* const at = find(name, &json::is_string);
    return at == nullptr ? std::string() : at->get<std::string>();
  }
  std::uint64_t number(const char* name) {
    const json* const at = find(name, &json::is_number_unsigned);
    return at == nullptr ? 0 : at->get<std::uint64_t>();
  }
  std::int64_t time(const char* name) { return static_cast<std::int64_t>(number(name)); }
  std::optional<std::int64_t> time_if_any(const char* name) {
    if (!object.contains(name)) return std::nullopt;
    return time(name);
  }
  bool flag(const char* name) {
    const json* const at = find(name, &json::is_boolean);
    return at != nullptr && at->get<bool>();
  }
  std::vector<PersonId> persons(const char* name) {
    std::vector<PersonId> out;
    const json* const at = find(name, &json::is_array);
    if (at == nullptr) return out;
    for (const json& one : *at) {
      whole = whole && one.is_number_unsigned();
      if (one.is_number_unsigned()) out.push_back(PersonId{one.get<std::uint64_t>()});
    }
    return out;
  }
};

MeetingSet read_meeting(Taking& t) {
  consensus::Meeting m;
  m.number = t.number("number");
  m.name = t.text("name");
  const auto kind = consensus::meeting_kind_from(t.text("kind"));
  t.whole = t.whole && kind.has_value();
  m.kind = kind.value_or(consensus::MeetingKind::plenary);
  m.opened_s = t.time("opened");
  m.ended_s = t.time_if_any("ended");
  m.by_hand = t.flag("by_hand");
  const json* const counted = t.find("counted", &json::is_object);
  if (counted == nullptr) return {m};
  for (const auto& [category, count] : counted->items()) {
    t.whole = t.whole && count.is_number_unsigned();
    if (count.is_number_unsigned()) m.counted[category] = count.get<std::uint32_t>();
  }
  return {m};
}

SectionsGiven read_sections(Taking& t) {
  SectionsGiven out;
  out.team = t.number("team");
  const json* const list = t.find("sections", &json::is_array);
  if (list == nullptr) return out;
  for (const json& one : *list) {
    t.whole = t.whole && one.is_string();
    if (one.is_string()) out.sections.push_back(SectionId{one.get<std::string>()});
  }
  return out;
}

ReviewSet read_review(Taking& t) {
  consensus::ReviewRound r;
  r.number = t.number("number");
  r.report = ReportId{t.text("report")};
  r.sent_s = t.time("sent");
  r.deadline_s = t.time("deadline");
  r.ended_s = t.time_if_any("ended");
  r.outside = t.flag("outside");
  r.roll = t.persons("roll");
  r.readers = t.persons("readers");
  const json* const texts = t.find("texts", &json::is_object);
  if (texts == nullptr) return {r};
  for (const auto& [section, hex] : texts->items()) {
    const auto text_id = hex.is_string() ? consensus::digest(hex.get<std::string>()) : std::nullopt;
    t.whole = t.whole && text_id.has_value();
    if (text_id) r.texts[SectionId{section}] = *text_id;
  }
  return {r};
}

std::optional<decltype(RoomFact::what)> read_what(const std::string& fact, Taking& t) {
  if (fact == "meeting") return read_meeting(t);
  if (fact == "team")
    return TeamSet{
        {t.number("number"), t.text("room"), t.persons("co_leads"), t.persons("members"), t.flag("dissolved")}};
  if (fact == "sections") return read_sections(t);
  if (fact == "typist")
    return TypistNamed{t.object.contains("person") ? std::optional(PersonId{t.number("person")}) : std::nullopt};
  if (fact == "review") return read_review(t);
  if (fact == "review.read") return ReviewRead{t.number("number"), PersonId{t.number("person")}};
  return std::nullopt;
}

}  // namespace

json to_json(const RoomFact& fact) {
  return std::visit(Writer{}, fact.what);
}

std::optional<RoomFact> read_room_fact(const json& object) {
  if (!object.is_object()) return std::nullopt;
  Taking taking{object};
  auto what = read_what(taking.text("fact"), taking);
  if (!what || !taking.whole) return std::nullopt;
  return RoomFact{*std::move(what)};
}

}  // namespace bossey::group
