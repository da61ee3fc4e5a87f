// The JSON of events about wordings, facts of a report and origins of derived copies (docs/formats/group-events.md).
// Used by event.cpp alone; no rules.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "group/event.hpp"

namespace bossey::group {

class Fields;

[[nodiscard]] nlohmann::json wording_json(const WordingSet& event);
[[nodiscard]] nlohmann::json wording_json(const FactsSet& event);
[[nodiscard]] WordingSet read_wording(Fields& fields);
[[nodiscard]] FactsSet read_facts(Fields& fields);

[[nodiscard]] nlohmann::json origins_json(const ReportAdded& event);
[[nodiscard]] std::map<SectionId, Origin> read_origins(Fields& fields);
[[nodiscard]] std::map<SectionId, std::string> read_rooms(Fields& fields);

}  // namespace bossey::group
