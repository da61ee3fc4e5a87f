// The demonstration group, from the report that ships with the project, and imports by whoever runs the server.
// Called by the operator's commands, on the network thread.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "app/core.hpp"
#include "base/error.hpp"

namespace bossey::app {

using OnJson = std::function<void(Result<nlohmann::json>)>;

/// Makes a report of a Markdown text, in the secretariat's name. Answers with what docs/formats/http.md says of
/// imports.
void import_markdown(Core& core, const GroupId& group, const std::string& slug, std::string markdown, OnJson done);

/// Makes whatever of the demonstration is missing, and fresh sign-in links, one for each role; earlier links of these
/// people end. Answers {"group","name","links":[{"role","name","url"}]}.
void make_demonstration(Core& core, std::string public_url, OnJson done);

/// The report that ships with the project, embedded at build time.
[[nodiscard]] std::string_view sample_report();

}  // namespace bossey::app
