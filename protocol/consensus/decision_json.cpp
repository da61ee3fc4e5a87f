// The bytes of a decision's file, written by hand so that no library's taste in JSON enters the record.
#include <nlohmann/json.hpp>

#include "consensus/decision.hpp"
#include "consensus/json_lines.hpp"
#include "consensus/moment.hpp"

namespace bossey::consensus {
namespace {

using nlohmann::json;

std::string subject_json(const std::vector<Subject>& subject) {
  std::string out = "[";
  for (const Subject& s : subject) {
    out += out.size() > 1 ? ",\n    " : "\n    ";
    out += "{\"section\": " + json_text(s.section.value) + ", \"title\": " + json_text(s.title) +
           ", \"text_id\": " + json_text(s.text_id.hex()) + ", \"blob\": " + json_text(s.blob);
    if (s.from) out += ", \"from\": " + json_text(s.from->hex());
    out += '}';
  }
  return out + (subject.empty() ? "]" : "\n  ]");
}

std::string present_json(const Present& present) {
  std::string out = "{\"count\": " + std::to_string(present.count);
  if (present.roll) out += ", \"roll\": " + std::to_string(*present.roll);
  if (!present.by_category.empty()) {
    out += ", \"by_category\": {";
    bool first = true;
    for (const auto& [category, count] : present.by_category) {
      if (!first) out += ", ";
      first = false;
      out += json_text(category) + ": " + std::to_string(count);
    }
    out += '}';
  }
  return out + '}';
}

std::string objections_json(const std::vector<ObjectionOutcome>& objections) {
  std::string out = "[";
  for (const ObjectionOutcome& o : objections) {
    if (out.size() > 1) out += ", ";
    out += "{\"id\": " + json_text(o.id) + ", \"outcome\": " + json_text(o.outcome) + '}';
  }
  return out + ']';
}

std::string texts_json(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + json_text(text);
  return out + ']';
}

// A list of pairs, since the order is that of the columns.
std::string columns_json(const Decision& d) {
  std::string out = "[";
  for (const auto& [column, members] : d.columns)
    out += (out.size() > 1 ? ", " : "") + ("[" + json_text(column)) + ", " + std::to_string(members) + ']';
  return out + ']';
}

std::string_view result_name(const Decision& d) {
  if (d.result) return name_of(*d.result);
  switch (d.kind) {
    case DecisionKind::undo:
      return "undone";
    case DecisionKind::phase:
      return d.phase ? name_of(*d.phase) : "";
    case DecisionKind::leave_open:
      return "left_open";
    case DecisionKind::label:
      return "not_discussed_in_full";
    case DecisionKind::unlabel:
      return "label_removed";
    default:
      return "reopened";
  }
}

// Reading: each accessor answers an empty value for what is absent or of another kind. That is enough, because the
// value is written again and compared with the bytes read.
std::string text(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<std::uint64_t> number(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number_unsigned()) return std::nullopt;
  return at->get<std::uint64_t>();
}

std::uint32_t count(const json& value) {
  return value.is_number_unsigned() ? static_cast<std::uint32_t>(value.get<std::uint64_t>()) : 0;
}

const json& member(const json& object, const char* key) {
  static const json kNothing;
  const auto at = object.find(key);
  return at == object.end() ? kNothing : *at;
}

void read_subject(const json& list, Decision& d) {
  if (!list.is_array()) return;
  for (const json& s : list) {
    if (!s.is_object()) continue;
    d.subject.push_back({SectionId{text(s, "section")}, text(s, "title"), digest(text(s, "text_id")).value_or(Sha256{}),
                         text(s, "blob"), digest(text(s, "from"))});
  }
}

void read_present(const json& object, Decision& d) {
  if (!object.is_object()) return;
  Present present;
  present.count = count(member(object, "count"));
  if (object.contains("roll")) present.roll = count(object["roll"]);
  const json& categories = member(object, "by_category");
  if (categories.is_object())
    for (const auto& [category, value] : categories.items()) present.by_category[category] = count(value);
  d.present = std::move(present);
}

void read_call(const json& object, Decision& d) {
  d.call = number(object, "call");
  const json& columns = member(object, "columns");
  if (!columns.is_array()) return;
  for (const json& column : columns)
    if (column.is_array() && column.size() == 2 && column[0].is_string())
      d.columns.emplace_back(column[0].get<std::string>(), count(column[1]));
}

Decision read(const json& object) {
  Decision d;
  d.no = number(object, "no").value_or(0);
  d.at_s = parse_iso_utc(text(object, "at")).value_or(0);
  d.session = text(object, "session");
  d.kind = decision_kind_from(text(object, "kind")).value_or(DecisionKind::agree);
  d.report.value = text(object, "report");
  read_subject(member(object, "subject"), d);
  d.result = status_from(text(object, "result"));
  for (std::size_t i = 0; i < kBasesCount; ++i)
    if (name_of(static_cast<Basis>(i)) == text(object, "basis")) d.basis = static_cast<Basis>(i);
  read_present(member(object, "present"), d);
  d.reason = text(object, "reason");
  const json& objections = member(object, "objections");
  if (objections.is_array())
    for (const json& o : objections)
      if (o.is_object()) d.objections.push_back({text(o, "id"), text(o, "outcome")});
  d.reservations = count(member(object, "reservations"));
  const json& features = member(object, "features");
  if (features.is_array())
    for (const json& feature : features)
      if (feature.is_string()) d.features.push_back(feature.get<std::string>());
  if (d.kind == DecisionKind::phase) d.phase = phase_from(text(object, "result"));
  d.release = text(object, "release");
  d.ad_ref_open = count(member(object, "ad_ref_open"));
  d.agreed_by = text(object, "agreed_by");
  read_call(object, d);
  d.refers_to = number(object, "refers_to");
  d.prev = digest(text(object, "prev"));
  return d;
}

}  // namespace

std::string canonical_bytes(const Decision& d) {
  Lines lines;
  lines.add("format", "1");
  lines.add("no", std::to_string(d.no));
  lines.add("at", json_text(iso_utc(d.at_s)));
  if (!d.session.empty()) lines.add("session", json_text(d.session));
  lines.add("kind", json_text(name_of(d.kind)));
  lines.add("report", json_text(d.report.value));
  lines.add("subject", subject_json(d.subject));
  lines.add("result", json_text(result_name(d)));
  lines.add("basis", json_text(name_of(d.basis)));
  if (d.present) lines.add("present", present_json(*d.present));
  if (!d.reason.empty()) lines.add("reason", json_text(d.reason));
  if (!d.objections.empty()) lines.add("objections", objections_json(d.objections));
  if (d.reservations > 0) lines.add("reservations", std::to_string(d.reservations));
  if (d.ad_ref_open > 0) lines.add("ad_ref_open", std::to_string(d.ad_ref_open));
  if (!d.features.empty()) lines.add("features", texts_json(d.features));
  if (!d.agreed_by.empty()) lines.add("agreed_by", json_text(d.agreed_by));
  if (!d.release.empty()) lines.add("release", json_text(d.release));
  if (d.call) lines.add("call", std::to_string(*d.call));
  if (!d.columns.empty()) lines.add("columns", columns_json(d));
  if (d.refers_to) lines.add("refers_to", std::to_string(*d.refers_to));
  lines.add("prev", d.prev ? json_text(d.prev->hex()) : "null");
  return lines.end();
}

Result<Decision> parse_decision(std::string_view bytes) {
  constexpr std::size_t kFileMax_bytes = 1U << 20;
  if (bytes.size() > kFileMax_bytes) return fail(Errc::corrupt, "larger than any decision");
  const json object = json::parse(bytes, nullptr, false);
  if (!object.is_object()) return fail(Errc::corrupt, "not a JSON object");
  Decision decision = read(object);
  if (canonical_bytes(decision) != bytes) return fail(Errc::corrupt, "not in the form of a decision file");
  return decision;
}

}  // namespace bossey::consensus
