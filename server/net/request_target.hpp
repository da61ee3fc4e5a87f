// The path and query of a request target, decoded and checked. Used by the HTTP session; values only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace bossey::net {

struct RequestTarget {
  std::vector<std::string> path;
  std::vector<std::pair<std::string, std::string>> query;
};

inline constexpr std::size_t kPathSegmentsMax = 32;
inline constexpr std::size_t kQueryPairsMax = 64;

/// Reads "/a/b?c=d". Error bad_input: not an absolute path, bad escapes, control characters, broken UTF-8, segments
/// that are empty, "." or "..", hold '/', '\' or NUL once decoded, or too many of them.
[[nodiscard]] Result<RequestTarget> parse_target(std::string_view target);

/// Decodes %XX; with `plus_is_space` also '+'. Error bad_input: bad escape, control character, broken UTF-8.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace bossey::net
