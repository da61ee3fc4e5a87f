// The JSON of a meeting, for the routes of meetings and the group's own.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "api/call.hpp"
#include "consensus/meeting.hpp"

namespace bossey::api {

/// MEETING of docs/formats/http.md as this caller may see it.
[[nodiscard]] nlohmann::json meeting_json(const Call& call, const consensus::Meeting& meeting);

}  // namespace bossey::api
