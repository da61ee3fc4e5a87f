// A look ahead for what is short and usual, at the cost of one question at its end: whether all was so. Used where a
// result for each number would cost more than the number; whoever sees `take()` fail reads the same octets again with
// the Decoder, which says what is wrong. Never reads beyond the octets.
#pragma once

#include <cstdint>
#include <string_view>

#include "lib0/decoder.hpp"

namespace bossey::lib0 {

class Glance {
 public:
  explicit Glance(Decoder& in) : in_(in), at_(in.at_), end_(in.end_) {}

  [[nodiscard]] std::uint8_t u8() {
    if (at_ != end_) return *at_++;
    usual_ = false;
    return 0;
  }

  /// Of up to seven octets, so below 2^49.
  [[nodiscard]] std::uint64_t var_uint() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 49; shift += 7) {
      const std::uint8_t octet = *at_++;
      number |= static_cast<std::uint64_t>(octet & 0x7FU) << shift;
      if (octet < 0x80) return number;
    }
    usual_ = false;
    return 0;
  }

  /// A string of 1 to 127 ASCII characters.
  [[nodiscard]] std::string_view ascii() {
    const std::size_t size = u8();
    if (size == 0 || size > 127 || static_cast<std::size_t>(end_ - at_) < size) {
      usual_ = false;
      return {};
    }
    std::uint8_t all = 0;
    for (std::size_t i = 0; i < size; ++i) all |= at_[i];
    if (all > 127) usual_ = false;
    const std::string_view text(reinterpret_cast<const char*>(at_), size);
    at_ += size;
    return text;
  }

  /// Whether all was usual; if so the decoder goes on behind it.
  [[nodiscard]] bool take() {
    if (usual_) in_.at_ = at_;
    return usual_;
  }

 private:
  Decoder& in_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool usual_ = true;
};

}  // namespace bossey::lib0
