// What the command line prints when an operator's command has succeeded, from the JSON of its answer. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bossey::app {

/// Lines with their ends. `command` as in docs/formats/control.md.
[[nodiscard]] std::string operator_report(const std::string& command, const nlohmann::json& answer);

}  // namespace bossey::app
