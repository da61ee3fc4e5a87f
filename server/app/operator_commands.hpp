// The commands of whoever runs the server: groups, people, links, imports, the demonstration. Each is a JSON object in
// and one out (docs/formats/control.md); they run on the network thread, within the server or within a command line
// that works alone. Whoever reaches them holds the data folder, so no role is asked for.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "app/core.hpp"

namespace bossey::app {

/// Runs the command of one JSON line and answers once: {"ok":true, …} or {"error":{"code","message"}}.
/// `public_url`: begins the links that are made, unless the command names another.
void run_operator_command(Core& core, const std::string& public_url, std::string_view line,
                          std::function<void(nlohmann::json)> answer);

/// The answer to a command that failed.
[[nodiscard]] nlohmann::json operator_error(const Error& error);

}  // namespace bossey::app
