// Writer of lib0's encoding. Used by the update, sync and awareness writers. It cannot fail and checks nothing:
// what it is given is already a value of the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/bytes.hpp"
#include "lib0/any.hpp"

namespace bossey::lib0 {

class Encoder {
 public:
  void u8(std::uint8_t octet) { *room(1) = octet; }

  void var_uint(std::uint64_t number) {
    std::uint8_t* at = room(kVarUintMax);
    while (number > 0x7F) {
      *at++ = static_cast<std::uint8_t>(0x80U | (number & 0x7FU));
      number >>= 7U;
    }
    *at++ = static_cast<std::uint8_t>(number);
    size_ = static_cast<std::size_t>(at - out_.data());
  }

  /// Room for so many octets, which the caller writes. Valid until the next call.
  [[nodiscard]] std::uint8_t* room(std::size_t octets) {
    if (out_.size() - size_ < octets) grow(octets);
    std::uint8_t* at = out_.data() + size_;
    size_ += octets;
    return at;
  }

  /// The sign apart from the magnitude: -0 is a value of its own on the wire.
  void var_int(std::uint64_t magnitude, bool negative);
  void var_int(std::int64_t number);

  void bytes(BytesView octets) {
    std::uint8_t* at = room(octets.size());
    if (!octets.empty()) std::memcpy(at, octets.data(), octets.size());
  }

  /// Length-prefixed octets.
  void var_bytes(BytesView octets);

  /// Length-prefixed UTF-8; must be well-formed.
  void var_string(std::string_view text) { var_bytes(as_bytes(text)); }

  /// lib0's `any`, with the number formats that JavaScript chooses. Lone surrogates in strings become U+FFFD.
  void any(const Any& value);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] BytesView view() const { return BytesView(out_).first(size_); }
  /// Makes room for so many octets in all.
  void reserve(std::size_t size) {
    if (size > out_.size()) out_.resize(size);
  }

  /// The octets written; the encoder is empty afterwards.
  [[nodiscard]] Bytes take();

 private:
  void number(double number);
  void big_endian(std::uint64_t value, unsigned size);

  static constexpr std::size_t kVarUintMax = 10;
  void grow(std::size_t octets);

  Bytes out_;  // longer than what is written
  std::size_t size_ = 0;
};

}  // namespace bossey::lib0
