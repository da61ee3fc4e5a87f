// The JSON of the events of a closing (docs/formats/group-events.md): called by event.cpp alone.
#pragma once

#include <nlohmann/json.hpp>

#include "group/closing_state.hpp"
#include "group/event_fields.hpp"

namespace bossey::group {

[[nodiscard]] nlohmann::json closing_json(const ReleaseMade& event);
[[nodiscard]] nlohmann::json closing_json(const WindowOpened& event);
[[nodiscard]] nlohmann::json closing_json(const CorrectionsSet& event);
[[nodiscard]] nlohmann::json closing_json(const TransmittalRecorded& event);

/// The opposite; what is missing or of a wrong form makes `fields` broken.
[[nodiscard]] ReleaseMade read_release(Fields& fields);
[[nodiscard]] WindowOpened read_window(Fields& fields);
[[nodiscard]] CorrectionsSet read_corrections(Fields& fields);
[[nodiscard]] TransmittalRecorded read_transmittal(Fields& fields);

}  // namespace bossey::group
