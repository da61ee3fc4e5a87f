// Octets written as hexadecimal in tests.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace bossey::test {

/// "02 73 31" to octets; spaces are ignored.
inline Bytes hex(std::string_view text) {
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return bytes;
}

}  // namespace bossey::test
