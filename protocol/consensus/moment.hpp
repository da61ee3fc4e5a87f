// Seconds since 1970, UTC, as words: for files and for people. Called with times as arguments; no clock here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bossey::consensus {

/// "2005-06-18T00:41:00Z".
[[nodiscard]] std::string iso_utc(std::int64_t at_s);
/// The opposite; nothing when the text is not exactly of that form or no such day exists.
[[nodiscard]] std::optional<std::int64_t> parse_iso_utc(std::string_view text);
/// "18 June 2005".
[[nodiscard]] std::string day_in_words(std::int64_t at_s);
/// "18 June 2005 00:41 UTC".
[[nodiscard]] std::string moment_in_words(std::int64_t at_s);

}  // namespace bossey::consensus
