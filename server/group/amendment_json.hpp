// Amendments as JSON of the journal: docs/formats/group-events.md. Called by event.cpp.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "group/amendment.hpp"

namespace bossey::group {

[[nodiscard]] nlohmann::json amendment_json(const AmendmentRecord& record);
[[nodiscard]] nlohmann::json amendment_json(const AmendmentChange& change);
/// Nothing: a part is missing or of a wrong kind.
[[nodiscard]] std::optional<AmendmentRecord> read_amendment(const nlohmann::json& json);
[[nodiscard]] std::optional<AmendmentChange> read_amendment_change(const nlohmann::json& json);

}  // namespace bossey::group
