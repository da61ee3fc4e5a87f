#include "lib0/decoder.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "lib0/utf8.hpp"

namespace bossey::lib0 {

tl::unexpected<Error> Decoder::malformed(std::string_view what) const {
  return fail(Errc::bad_input, std::string(what) + " at byte " + std::to_string(position()));
}

tl::unexpected<Error> Decoder::ended(std::string_view what) const {
  return malformed("the data ends where " + std::string(what) + " is due");
}

Result<std::uint64_t> Decoder::long_var_uint() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; at_ != end_; shift += 7) {
    const std::uint8_t octet = *at_++;
    const std::uint64_t part = octet & 0x7FU;
    if (part != 0) {
      if (shift > 52 || part > (limits::kSafeIntegerMax >> shift)) return malformed("a number beyond 2^53");
      number |= part << shift;
    }
    if (octet < 0x80) return number;
    if (shift > 70) return malformed("a number that does not end");
  }
  return ended("a number");
}

Result<std::uint64_t> Decoder::beyond(std::uint64_t max, const char* what) const {
  return fail(Errc::too_large,
              std::string(what) + " is over " + std::to_string(max) + " at byte " + std::to_string(position()));
}

Result<std::size_t> Decoder::too_many(const char* what) const {
  return malformed("a count of " + std::string(what) + " larger than the data left");
}

Result<SignedVarint> Decoder::var_int() {
  if (at_ == end_) return ended("a signed number");
  const std::uint8_t first = *at_++;
  const bool negative = (first & 0x40U) != 0;
  std::uint64_t number = first & 0x3FU;
  bool more = first >= 0x80;
  for (unsigned shift = 6; more; shift += 7) {
    if (at_ == end_) return ended("a signed number");
    const std::uint8_t octet = *at_++;
    const std::uint64_t part = octet & 0x7FU;
    // One bit more than a safe integer: the run-length coders double their differences.
    if (part != 0 && (shift > 53 || part > ((2 * limits::kSafeIntegerMax + 1) >> shift)))
      return malformed("a number beyond 2^54");
    if (part != 0) number |= part << shift;
    more = octet >= 0x80;
    if (shift > 70) return malformed("a number that does not end");
  }
  return SignedVarint{number, negative};
}

Result<BytesView> Decoder::bytes(std::size_t size) {
  if (size > remaining()) return ended(std::to_string(size) + " octets");
  const BytesView view(at_, size);
  at_ += size;
  return view;
}

Result<BytesView> Decoder::var_bytes() {
  BOSSEY_TRY(const std::uint64_t size, var_uint());
  if (size > remaining()) return ended(std::to_string(size) + " octets");
  return bytes(static_cast<std::size_t>(size));
}

Result<std::string_view> Decoder::var_string() {
  BOSSEY_TRY(const BytesView view, var_bytes());
  if (view.size() > limits::kStringBytesMax)
    return fail(Errc::too_large, "a string over " + std::to_string(limits::kStringBytesMax) + " octets");
  const std::string_view text = as_chars(view);
  if (!checked_utf16_length(text)) return malformed("a string that is not UTF-8, before");
  return text;
}

Result<std::uint64_t> Decoder::big_endian(std::size_t size) {
  BOSSEY_TRY(const BytesView view, bytes(size));
  std::uint64_t value = 0;
  for (const std::uint8_t octet : view) value = value << 8U | octet;
  return value;
}

Result<Any> Decoder::any_at(int depth) {
  if (depth > limits::kNestingMax)
    return fail(Errc::too_large, "values nested over " + std::to_string(limits::kNestingMax) + " deep");
  BOSSEY_TRY(const std::uint8_t tag, u8());
  switch (tag) {
    case 127:
      return Any(Undefined{});
    case 126:
      return Any(Null{});
    case 125: {
      BOSSEY_TRY(const SignedVarint number, var_int());
      const auto magnitude = static_cast<double>(number.magnitude);
      return Any(number.negative ? -magnitude : magnitude);
    }
    case 124: {
      BOSSEY_TRY(const std::uint64_t bits, big_endian(4));
      return Any(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
    }
    case 123: {
      BOSSEY_TRY(const std::uint64_t bits, big_endian(8));
      return Any(std::bit_cast<double>(bits));
    }
    case 122: {
      BOSSEY_TRY(const std::uint64_t bits, big_endian(8));
      return Any(BigInt{static_cast<std::int64_t>(bits)});
    }
    case 121:
      return Any(false);
    case 120:
      return Any(true);
    case 119: {
      BOSSEY_TRY(const std::string_view text, var_string());
      return Any(text);
    }
    case 118:
      return any_object(depth);
    case 117:
      return any_array(depth);
    case 116: {
      BOSSEY_TRY(const BytesView octets, var_bytes());
      return Any(Bytes(octets.begin(), octets.end()));
    }
    default:
      return malformed("an unknown kind of value (" + std::to_string(tag) + ")");
  }
}

Result<Any> Decoder::any_object(int depth) {
  BOSSEY_TRY(const std::size_t size, count("object keys"));
  std::vector<AnyObject::Entry> entries;
  entries.reserve(std::min(size, limits::kReserveMax));
  for (std::size_t i = 0; i < size; ++i) {
    BOSSEY_TRY(const std::string_view key, var_string());
    BOSSEY_TRY(Any value, any_at(depth + 1));
    // JavaScript's assignment to this key sets a prototype and leaves no key.
    if (key != "__proto__") entries.emplace_back(std::string(key), std::move(value));
  }
  return Any(AnyObject::from_entries(std::move(entries)));
}

Result<Any> Decoder::any_array(int depth) {
  BOSSEY_TRY(const std::size_t size, count("array elements"));
  AnyArray array;
  array.reserve(std::min(size, limits::kReserveMax));
  for (std::size_t i = 0; i < size; ++i) {
    BOSSEY_TRY(Any value, any_at(depth + 1));
    array.push_back(std::move(value));
  }
  return Any(std::move(array));
}

Result<void> Decoder::expect_end() const {
  if (!empty()) return malformed(std::to_string(remaining()) + " octets too many");
  return {};
}

}  // namespace bossey::lib0
