// REDLINE of docs/formats/http.md: two canonical texts of a section compared, as JSON. Pure and slow enough for the
// pool; used by the routes for revisions, decisions and proposals.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace bossey::api {

struct Comparison {
  std::string section;
  std::string from;                   ///< Revision, shown as given.
  std::string to;                     ///< Revision or "live".
  std::optional<std::string> before;  ///< Canonical text; nothing: the section was not there.
  std::optional<std::string> after;
};

/// Error: corrupt, if one of the texts is not canonical.
[[nodiscard]] Result<nlohmann::json> redline_json(const Comparison& comparison);

}  // namespace bossey::api
