#include "group/amendment.hpp"

#include <charconv>

#include "group/amendment_json.hpp"

namespace bossey::group {
namespace {

using consensus::Fate;
using consensus::ProposalKind;
using nlohmann::json;

std::string fork_prefix(const GroupId& group) {
  return "proposal/" + group.value + '/';
}

json left_json(const std::vector<LeftOut>& left) {
  json list = json::array();
  for (const LeftOut& one : left) list.push_back({{"was", one.was}, {"words", one.words}});
  return list;
}

std::optional<std::string> text(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? std::optional(at->get<std::string>()) : std::nullopt;
}
std::optional<std::uint64_t> number(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number_unsigned() ? std::optional(at->get<std::uint64_t>()) : std::nullopt;
}

std::optional<Fate> fate_from(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(Fate::set_aside); ++i)
    if (consensus::name_of(static_cast<Fate>(i)) == name) return static_cast<Fate>(i);
  return std::nullopt;
}

std::optional<std::vector<LeftOut>> read_left(const json& object) {
  const auto list = object.find("left");
  if (list == object.end() || !list->is_array()) return std::nullopt;
  std::vector<LeftOut> out;
  for (const json& one : *list) {
    if (!one.is_object()) return std::nullopt;
    auto was = text(one, "was"), words = text(one, "words");
    if (!was || !words) return std::nullopt;
    out.push_back({std::move(*was), std::move(*words)});
  }
  return out;
}

}  // namespace

DocumentId fork_document(const GroupId& group, std::uint64_t number) {
  return DocumentId{fork_prefix(group) + std::to_string(number)};
}

std::optional<std::uint64_t> fork_number(const GroupId& group, const DocumentId& document) {
  const std::string prefix = fork_prefix(group);
  if (!document.value.starts_with(prefix)) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = document.value.data() + document.value.size();
  const auto [at, error] = std::from_chars(document.value.data() + prefix.size(), end, number);
  // One name only: "007" would be a room of its own.
  if (error != std::errc() || at != end || fork_document(group, number) != document) return std::nullopt;
  return number;
}

AmendmentChange change_of(const AmendmentRecord& r) {
  return {r.number, r.on, r.strength, r.signed_by, r.fate, r.adopted_with, r.left, std::nullopt};
}

json amendment_json(const AmendmentChange& change) {
  json out = {{"number", change.number},
              {"strength", consensus::name_of(change.strength)},
              {"signed_by", change.signed_by},
              {"fate", consensus::name_of(change.fate)},
              {"adopted_with", change.adopted_with},
              {"left", left_json(change.left)}};
  if (change.on) out["on"] = *change.on;
  if (change.base) out["base"] = *change.base;
  return out;
}

json amendment_json(const AmendmentRecord& record) {
  json out = amendment_json(change_of(record));
  out["base"] = record.base;
  out["section"] = record.section.value;
  out["late"] = record.kind == ProposalKind::late;
  out["at"] = record.at_s;
  if (record.author) out["author"] = record.author->value;
  return out;
}

std::optional<AmendmentChange> read_amendment_change(const json& object) {
  if (!object.is_object()) return std::nullopt;
  AmendmentChange change;
  const auto no = number(object, "number"), adopted_with = number(object, "adopted_with");
  const auto strength = text(object, "strength"), signed_by = text(object, "signed_by"), fate = text(object, "fate");
  auto left = read_left(object);
  if (!no || !adopted_with || !strength || !signed_by || !fate || !left) return std::nullopt;
  const auto known_strength = consensus::strength_from(*strength);
  const auto known_fate = fate_from(*fate);
  if (!known_strength || !known_fate) return std::nullopt;
  change.number = *no;
  change.on = number(object, "on");
  change.strength = *known_strength;
  change.signed_by = *signed_by;
  change.fate = *known_fate;
  change.adopted_with = *adopted_with;
  change.left = std::move(*left);
  change.base = text(object, "base");
  return change;
}

std::optional<AmendmentRecord> read_amendment(const json& object) {
  auto change = read_amendment_change(object);
  if (!change || !change->base) return std::nullopt;
  const auto section = text(object, "section");
  const auto at_s = number(object, "at");
  const auto late = object.find("late");
  if (!section || !at_s || late == object.end() || !late->is_boolean()) return std::nullopt;
  AmendmentRecord record;
  record.number = change->number;
  record.section = SectionId{*section};
  record.kind = late->get<bool>() ? ProposalKind::late : ProposalKind::amendment;
  if (const auto author = number(object, "author")) record.author = PersonId{*author};
  record.on = change->on;
  record.strength = change->strength;
  record.signed_by = std::move(change->signed_by);
  record.base = std::move(*change->base);
  record.fate = change->fate;
  record.adopted_with = change->adopted_with;
  record.left = std::move(change->left);
  record.at_s = static_cast<std::int64_t>(*at_s);
  return record;
}

}  // namespace bossey::group
