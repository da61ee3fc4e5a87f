// The JSON of events about brackets (docs/formats/group-events.md). Used by event.cpp alone; no rules.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "group/event.hpp"

namespace bossey::group {

class Fields;

[[nodiscard]] nlohmann::json brackets_json(const BracketsSet& event);
[[nodiscard]] BracketsSet read_brackets(Fields& fields);

}  // namespace bossey::group
