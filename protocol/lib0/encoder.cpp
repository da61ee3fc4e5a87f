#include "lib0/encoder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "lib0/utf8.hpp"

namespace bossey::lib0 {
namespace {

constexpr std::size_t kTightFrom = 256;  // octets given away with little room to spare

}  // namespace

void Encoder::grow(std::size_t octets) {
  constexpr std::size_t kFirst = 32;
  out_.resize(std::max({kFirst, size_ + octets, out_.size() * 2}));
}

Bytes Encoder::take() {
  out_.resize(std::exchange(size_, 0));
  if (out_.capacity() > kTightFrom && out_.capacity() > out_.size() + out_.size() / 4) out_.shrink_to_fit();
  return std::exchange(out_, {});
}

void Encoder::var_int(std::uint64_t magnitude, bool negative) {
  const std::uint8_t sign = negative ? 0x40 : 0;
  u8(static_cast<std::uint8_t>((magnitude > 0x3F ? 0x80U : 0U) | sign | (magnitude & 0x3FU)));
  magnitude >>= 6U;
  while (magnitude > 0) {
    u8(static_cast<std::uint8_t>((magnitude > 0x7F ? 0x80U : 0U) | (magnitude & 0x7FU)));
    magnitude >>= 7U;
  }
}

void Encoder::var_int(std::int64_t number) {
  const bool negative = number < 0;
  var_int(negative ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number), negative);
}

void Encoder::var_bytes(BytesView octets) {
  var_uint(octets.size());
  bytes(octets);
}

void Encoder::big_endian(std::uint64_t value, unsigned size) {
  for (unsigned i = size; i > 0; --i) u8(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
}

void Encoder::number(double number) {
  const double magnitude = std::fabs(number);
  if (magnitude <= 2147483647.0 && std::trunc(number) == number) {
    u8(125);
    var_int(static_cast<std::uint64_t>(magnitude), std::signbit(number));
  } else if (static_cast<double>(static_cast<float>(number)) == number) {
    u8(124);
    big_endian(std::bit_cast<std::uint32_t>(static_cast<float>(number)), 4);
  } else {
    u8(123);
    // All NaN are written alike, as JavaScript does.
    big_endian(std::isnan(number) ? 0x7FF8'0000'0000'0000U : std::bit_cast<std::uint64_t>(number), 8);
  }
}

void Encoder::any(const Any& value) {
  if (value.is_undefined()) {
    u8(127);
  } else if (value.is_null()) {
    u8(126);
  } else if (const bool* flag = value.as_bool()) {
    u8(*flag ? 120 : 121);
  } else if (const double* n = value.as_number()) {
    number(*n);
  } else if (const BigInt* big = value.as_bigint()) {
    u8(122);
    big_endian(static_cast<std::uint64_t>(big->value), 8);
  } else if (const std::string* text = value.as_string()) {
    u8(119);
    var_string(has_surrogates(*text) ? replace_surrogates(*text) : *text);
  } else if (const Bytes* octets = value.as_bytes()) {
    u8(116);
    var_bytes(*octets);
  } else if (const AnyArray* array = value.as_array()) {
    u8(117);
    var_uint(array->size());
    for (const Any& element : *array) any(element);
  } else if (const AnyObject* object = value.as_object()) {
    u8(118);
    var_uint(object->size());
    for (const auto& [key, element] : *object) {
      var_string(has_surrogates(key) ? replace_surrogates(key) : key);
      any(element);
    }
  }
}

}  // namespace bossey::lib0
