// The JSON of the events of calls (docs/formats/group-events.md). Called by event.cpp alone.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "group/call_record.hpp"
#include "group/event_fields.hpp"

namespace bossey::group {

[[nodiscard]] nlohmann::json call_json(const CallSet& event);
[[nodiscard]] nlohmann::json call_json(const CallMemberSet& event);
/// What is missing or wrong marks the fields as broken.
[[nodiscard]] CallSet read_call(Fields& fields);
[[nodiscard]] CallMemberSet read_call_member(Fields& fields);

}  // namespace bossey::group
