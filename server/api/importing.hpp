// A Markdown file on its way to a report: the slow, pure part, and the answer that tells what came of it. Used by the
// page's import and by the command line; runs on the pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "document/markdown_import.hpp"
#include "group/commands.hpp"

namespace bossey::api {

struct PreparedImport {
  group::ImportReport command;  ///< Key and slug are left to the caller.
  std::size_t footnotes = 0;
  std::vector<document::ImportNote> notes;
};

/// `random`: 64 random bits. Errors: bad_input, too_large; the detail says what to do.
[[nodiscard]] Result<PreparedImport> prepare_markdown(const std::string& markdown, std::uint64_t random);

/// {"slug","title","sections","footnotes","notes"} of docs/formats/http.md.
[[nodiscard]] nlohmann::json import_json(const group::ReportMade& made, const PreparedImport& prepared);

}  // namespace bossey::api
