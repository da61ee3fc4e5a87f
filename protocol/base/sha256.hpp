// SHA-256 (FIPS 180-4), for text_id, the content hash and the chain of decisions.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace bossey {

/// A digest of 32 octets. Compared, hashed and printed as lower-case hexadecimal of 64 characters.
struct Sha256 {
  std::array<std::uint8_t, 32> octets{};

  [[nodiscard]] std::string hex() const { return to_hex(octets); }
  friend bool operator==(const Sha256&, const Sha256&) = default;
};

[[nodiscard]] Sha256 sha256(BytesView bytes);
[[nodiscard]] inline Sha256 sha256(std::string_view text) {
  return sha256(as_bytes(text));
}

}  // namespace bossey
