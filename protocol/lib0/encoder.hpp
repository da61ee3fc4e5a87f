// Writer of lib0's encoding. Used by the update, sync and awareness writers. It cannot fail and checks nothing:
// what it is given is already a value of the program.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "lib0/any.hpp"

namespace bossey::lib0 {

class Encoder {
 public:
  void u8(std::uint8_t octet) { out_.push_back(octet); }

  void var_uint(std::uint64_t number) {
    while (number > 0x7F) {
      out_.push_back(static_cast<std::uint8_t>(0x80U | (number & 0x7FU)));
      number >>= 7U;
    }
    out_.push_back(static_cast<std::uint8_t>(number));
  }

  /// The sign apart from the magnitude: -0 is a value of its own on the wire.
  void var_int(std::uint64_t magnitude, bool negative);
  void var_int(std::int64_t number);

  void bytes(BytesView octets) { out_.insert(out_.end(), octets.begin(), octets.end()); }

  /// Length-prefixed octets.
  void var_bytes(BytesView octets);

  /// Length-prefixed UTF-8; must be well-formed.
  void var_string(std::string_view text) { var_bytes(as_bytes(text)); }

  /// lib0's `any`, with the number formats that JavaScript chooses. Lone surrogates in strings become U+FFFD.
  void any(const Any& value);

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] BytesView view() const { return out_; }
  void reserve(std::size_t size) { out_.reserve(size); }
  void clear() { out_.clear(); }

  /// The octets written; the encoder is empty afterwards.
  [[nodiscard]] Bytes take() { return std::exchange(out_, {}); }

 private:
  void number(double number);
  void big_endian(std::uint64_t value, unsigned size);

  Bytes out_;
};

}  // namespace bossey::lib0
