#include "group/wording_events.hpp"

#include <nlohmann/json.hpp>

#include "group/event_fields.hpp"

namespace bossey::group {
namespace {

using nlohmann::json;

/// Texts by name; a name that this version does not know makes the event broken.
template <class Key, class From>
std::map<Key, std::string> read_texts(Fields& fields, const char* name, From from) {
  std::map<Key, std::string> out;
  const json* object = fields.object_if_any(name);
  if (object == nullptr) return out;
  for (const auto& [key, text] : object->items()) {
    const auto known = from(key);
    if (!known || !text.is_string())
      fields.broken();
    else
      out[*known] = text.template get<std::string>();
  }
  return out;
}

}  // namespace

json wording_json(const WordingSet& event) {
  json reworded = json::object();
  for (const auto& [clause, text] : event.wording.reworded) reworded[std::string(consensus::name_of(clause))] = text;
  json shorts = json::object();
  for (const auto& [form, text] : event.wording.shorts) shorts[std::string(consensus::name_of(form))] = text;
  json out = {{"language", event.language},
              {"reworded", std::move(reworded)},
              {"shorts", std::move(shorts)},
              {"added", event.wording.added}};
  if (event.report) out["report"] = event.report->value;
  if (event.section) out["section"] = event.section->value;
  return out;
}

WordingSet read_wording(Fields& fields) {
  WordingSet out;
  if (const auto report = fields.section_if_any("report")) out.report = ReportId{report->value};
  out.section = fields.section_if_any("section");
  out.language = fields.text("language");
  out.wording.reworded = read_texts<consensus::Clause>(fields, "reworded", consensus::clause_from);
  out.wording.shorts = read_texts<consensus::Short>(fields, "shorts", consensus::short_from);
  for (const json& text : fields.list("added")) {
    if (text.is_string())
      out.wording.added.push_back(text.get<std::string>());
    else
      fields.broken();
  }
  return out;
}

json wording_json(const FactsSet& event) {
  json out = {{"report", event.report.value}, {"kind", event.kind}, {"language", event.language}};
  if (event.published) out["published"] = {{"at", event.published->at_s}, {"until", event.published->until_s}};
  return out;
}

FactsSet read_facts(Fields& fields) {
  FactsSet out;
  out.report = ReportId{fields.text("report")};
  out.kind = fields.text("kind");
  out.language = fields.text("language");
  if (const json* object = fields.object_if_any("published")) {
    Fields published(*object);
    out.published = Published{static_cast<std::int64_t>(published.number("at")),
                              static_cast<std::int64_t>(published.number("until"))};
    if (!published.whole()) fields.broken();
  }
  return out;
}

json origins_json(const ReportAdded& event) {
  json out = json::object();
  for (const auto& [section, origin] : event.origins)
    out[section.value] = {{"report", origin.report.value},
                          {"section", origin.section.value},
                          {"decision", origin.decision},
                          {"canonical", origin.canonical}};
  return out;
}

std::map<SectionId, Origin> read_origins(Fields& fields) {
  std::map<SectionId, Origin> out;
  const json* object = fields.object_if_any("origins");
  if (object == nullptr) return out;
  for (const auto& [section, one] : object->items()) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields origin(one);
    out[SectionId{section}] = {ReportId{origin.text("report")}, SectionId{origin.text("section")},
                               origin.number("decision"), origin.text("canonical")};
    if (!origin.whole()) fields.broken();
  }
  return out;
}

std::map<SectionId, std::string> read_rooms(Fields& fields) {
  std::map<SectionId, std::string> out;
  const json* object = fields.object_if_any("rooms");
  if (object == nullptr) return out;
  for (const auto& [section, room] : object->items()) {
    if (room.is_string())
      out[SectionId{section}] = room.get<std::string>();
    else
      fields.broken();
  }
  return out;
}

}  // namespace bossey::group
