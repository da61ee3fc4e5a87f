// JSON text as JavaScript reads and writes it, from and to lib0 values: v1 updates carry embeds and marks as such text,
// and equal bytes need JavaScript's own spelling of numbers, escapes and key order. For updates only; HTTP uses
// nlohmann.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "lib0/any.hpp"

namespace bossey::lib0 {

/// JSON.parse. bad_input, or too_large if nested too deep. A lone \uD800 escape is kept as its three octets.
[[nodiscard]] Result<Any> parse_json(std::string_view text);

/// JSON.stringify. Keys whose value is undefined are left out; what JSON has no word for becomes null; a bigint, which
/// JavaScript refuses, is written as its digits.
[[nodiscard]] std::string to_json(const Any& value);

}  // namespace bossey::lib0
