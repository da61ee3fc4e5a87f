// Octets, and the few conversions that every layer needs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bossey {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// The octets of a string, not copied: valid as long as the string.
[[nodiscard]] inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Octets seen as characters, not copied and not checked: may be no UTF-8.
[[nodiscard]] inline std::string_view as_chars(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Lower-case hexadecimal, two characters an octet.
[[nodiscard]] std::string to_hex(BytesView bytes);

}  // namespace bossey
