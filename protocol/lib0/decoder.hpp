// The only way in for bytes: a bounded reader of lib0's encoding. Every read checks what is left and says what is wrong
// at which octet. Used by the update, sync and awareness readers; it must never allocate on the word of a count alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "lib0/any.hpp"
#include "lib0/limits.hpp"

namespace bossey::lib0 {

/// A varint with its sign kept apart, because -0 means something in run-length streams.
struct SignedVarint {
  std::uint64_t magnitude;
  bool negative;

  [[nodiscard]] std::int64_t value() const {
    return negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
  }
};

class Glance;

/// Reads from octets it does not own. Views it hands out live as long as those octets.
/// Errors are bad_input, or too_large where a limit of limits.hpp is passed.
class Decoder {
 public:
  explicit Decoder(BytesView bytes) : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool empty() const { return at_ == end_; }
  [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }

  [[nodiscard]] Result<std::uint8_t> u8() {
    if (at_ == end_) return ended("an octet");
    return *at_++;
  }

  /// At most 2^53-1, as JavaScript reads it.
  [[nodiscard]] Result<std::uint64_t> var_uint() {
    if (at_ != end_ && *at_ < 0x80) return *at_++;
    if (std::uint64_t number = 0; end_ - at_ >= 4 && short_number(at_, number)) return number;
    return long_var_uint();
  }

  /// A varuint that must not pass `max`; `what` names it in the error.
  [[nodiscard]] Result<std::uint64_t> var_uint_up_to(std::uint64_t max, const char* what) {
    Result<std::uint64_t> number = var_uint();
    return number && *number > max ? beyond(max, what) : number;
  }

  /// A count of things of which each takes at least one of the octets left.
  [[nodiscard]] Result<std::size_t> count(const char* what) {
    Result<std::uint64_t> number = var_uint();
    return number && *number > remaining() ? too_many(what) : number;
  }

  [[nodiscard]] Result<SignedVarint> var_int();

  /// The next `size` octets.
  [[nodiscard]] Result<BytesView> bytes(std::size_t size);

  /// Length-prefixed octets.
  [[nodiscard]] Result<BytesView> var_bytes();

  /// Length-prefixed UTF-8, checked.
  [[nodiscard]] Result<std::string_view> var_string();

  /// A lib0 `any` value.
  [[nodiscard]] Result<Any> any() { return any_at(0); }

  /// All that is left.
  [[nodiscard]] BytesView rest() {
    const BytesView view(at_, remaining());
    at_ = end_;
    return view;
  }

  /// bad_input unless everything was read.
  [[nodiscard]] Result<void> expect_end() const;

  /// An error at the current octet.
  [[nodiscard]] tl::unexpected<Error> malformed(std::string_view what) const;

 private:
  friend class Glance;

  /// Moves on if the number has up to four octets; that many must be there.
  [[nodiscard]] static bool short_number(const std::uint8_t*& at, std::uint64_t& number) {
    number = at[0] & 0x7FU;
    for (unsigned i = 0;;) {
      if (at[i] < 0x80) {
        at += i + 1;
        return true;
      }
      if (++i == 4) return false;
      number |= static_cast<std::uint64_t>(at[i] & 0x7FU) << (7 * i);
    }
  }
  [[nodiscard]] Result<std::uint64_t> long_var_uint();
  [[nodiscard]] Result<std::uint64_t> beyond(std::uint64_t max, const char* what) const;
  [[nodiscard]] Result<std::size_t> too_many(const char* what) const;
  [[nodiscard]] Result<Any> any_at(int depth);
  [[nodiscard]] Result<Any> any_object(int depth);
  [[nodiscard]] Result<Any> any_array(int depth);
  [[nodiscard]] Result<std::uint64_t> big_endian(std::size_t size);
  [[nodiscard]] tl::unexpected<Error> ended(std::string_view what) const;

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace bossey::lib0
