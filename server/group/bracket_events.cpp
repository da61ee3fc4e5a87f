#include "group/bracket_events.hpp"

#include <nlohmann/json.hpp>

#include "group/event_fields.hpp"

namespace bossey::group {
namespace {

using consensus::BracketRecord;
using nlohmann::json;

BracketRecord read_record(Fields& f) {
  BracketRecord out;
  out.number = f.number("number");
  out.section = SectionId{f.text("section")};
  out.mark = f.text("mark");
  out.words = f.text("words");
  out.nth = static_cast<std::uint32_t>(f.number("nth"));
  out.of = static_cast<std::uint32_t>(f.number("of"));
  out.reason = f.text("reason");
  out.owner = f.person_if_any("owner");
  const auto state = consensus::bracket_state_from(f.text("state"));
  if (!state) f.broken();
  out.state = state.value_or(consensus::BracketState::asked);
  out.owner_consents = f.flag("owner_consents");
  out.chair_consents = f.flag("chair_consents");
  out.at_s = static_cast<std::int64_t>(f.number("at"));
  return out;
}

}  // namespace

json brackets_json(const BracketsSet& event) {
  json list = json::array();
  for (const BracketRecord& one : event.brackets) {
    json row = {{"number", one.number},
                {"section", one.section.value},
                {"mark", one.mark},
                {"words", one.words},
                {"nth", one.nth},
                {"of", one.of},
                {"reason", one.reason},
                {"state", consensus::name_of(one.state)},
                {"owner_consents", one.owner_consents},
                {"chair_consents", one.chair_consents},
                {"at", one.at_s}};
    if (one.owner) row["owner"] = one.owner->value;
    list.push_back(std::move(row));
  }
  return {{"brackets", std::move(list)}};
}

BracketsSet read_brackets(Fields& fields) {
  BracketsSet out;
  for (const json& one : fields.list("brackets")) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields record(one);
    out.brackets.push_back(read_record(record));
    if (!record.whole()) fields.broken();
  }
  return out;
}

}  // namespace bossey::group
