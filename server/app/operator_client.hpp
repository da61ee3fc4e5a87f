// How a command line gets an operator's command done: by the running server of the data folder, or alone when none
// runs. Blocks. Called by the command line only.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"

namespace bossey::app {

/// The answer without "ok", or the error that the command gave. `may_create`: an absent folder is made, else not_found.
[[nodiscard]] Result<nlohmann::json> do_operator_command(const std::filesystem::path& data,
                                                         const nlohmann::json& command, bool may_create);

}  // namespace bossey::app
