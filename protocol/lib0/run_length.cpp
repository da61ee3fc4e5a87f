#include "lib0/run_length.hpp"

#include "lib0/utf8.hpp"

namespace bossey::lib0 {

Result<std::uint8_t> RleDecoder::read() {
  if (left_ == 0 && !endless_) {
    BOSSEY_TRY(value_, in_.u8());
    if (in_.empty()) {
      endless_ = true;
    } else {
      BOSSEY_TRY(const std::uint64_t repeats, in_.var_uint());
      left_ = repeats + 1;
    }
  }
  if (!endless_) --left_;
  return value_;
}

Result<std::uint64_t> UintOptRleDecoder::read() {
  if (left_ == 0) {
    BOSSEY_TRY(const SignedVarint number, in_.var_int());
    value_ = number.magnitude;
    left_ = 1;
    if (number.negative) {
      BOSSEY_TRY(const std::uint64_t repeats, in_.var_uint());
      left_ = repeats + 2;
    }
  }
  --left_;
  return value_;
}

Result<std::int64_t> IntDiffOptRleDecoder::read() {
  if (left_ == 0) {
    BOSSEY_TRY(const SignedVarint number, in_.var_int());
    const std::int64_t doubled = number.value();
    difference_ = doubled >> 1;  // floor, as the sign bit moves down
    left_ = 1;
    if ((doubled & 1) != 0) {
      BOSSEY_TRY(const std::uint64_t repeats, in_.var_uint());
      left_ = repeats + 2;
    }
  }
  --left_;
  // Both stay far below 2^63: a difference is under 2^54, and the sum is refused beyond 2^53.
  value_ += difference_;
  constexpr auto kMax = static_cast<std::int64_t>(limits::kSafeIntegerMax);
  if (value_ > kMax || value_ < -kMax) return in_.malformed("a number beyond 2^53");
  return value_;
}

Result<StringDecoder> StringDecoder::open(BytesView bytes) {
  Decoder in(bytes);
  BOSSEY_TRY(const std::string_view text, in.var_string());
  return StringDecoder(text, utf16_length(text), in);
}

Result<std::string_view> StringDecoder::read() {
  BOSSEY_TRY(std::uint64_t units, lengths_.read());
  if (units > units_left_) return fail(Errc::bad_input, "a string that goes on beyond the string stream");
  units_left_ -= units;
  const bool starts_half = half_pair_ && units > 0;
  std::string_view rest = text_;
  if (starts_half) {
    rest.remove_prefix(4);
    --units;
  }
  const Utf8Place end = place_of_utf16(rest, units);
  if (!starts_half && !end.splits_pair) {
    text_ = rest.substr(end.byte);
    if (units > 0) half_pair_ = false;
    return rest.substr(0, end.byte);
  }
  std::string repaired = starts_half ? std::string(kReplacement) : std::string();
  repaired += rest.substr(0, end.byte);
  if (end.splits_pair) repaired += kReplacement;
  half_pair_ = end.splits_pair;
  text_ = rest.substr(end.byte);
  return repaired_.emplace_back(std::move(repaired));
}

void RleEncoder::write(std::uint8_t value) {
  if (value_ == value) {
    ++count_;
    return;
  }
  if (count_ > 0) out_.var_uint(count_ - 1);
  count_ = 1;
  out_.u8(value);
  value_ = value;
}

void UintOptRleEncoder::write(std::uint64_t value) {
  if (value_ == value) {
    ++count_;
    return;
  }
  flush();
  count_ = 1;
  value_ = value;
}

void UintOptRleEncoder::flush() {
  if (count_ == 0) return;
  out_.var_int(value_, count_ > 1);
  if (count_ > 1) out_.var_uint(count_ - 2);
}

BytesView UintOptRleEncoder::finish() {
  flush();
  count_ = 0;
  return out_.view();
}

void IntDiffOptRleEncoder::write(std::int64_t value) {
  if (difference_ == value - value_) {
    ++count_;
  } else {
    flush();
    count_ = 1;
    difference_ = value - value_;
  }
  value_ = value;
}

void IntDiffOptRleEncoder::flush() {
  if (count_ == 0) return;
  out_.var_int(difference_ * 2 + (count_ > 1 ? 1 : 0));
  if (count_ > 1) out_.var_uint(count_ - 2);
}

BytesView IntDiffOptRleEncoder::finish() {
  flush();
  count_ = 0;
  return out_.view();
}

void StringEncoder::write(std::string_view text, std::uint64_t units) {
  text_ += text;
  lengths_.write(units);
}

void StringEncoder::write(std::string_view text) {
  write(text, utf16_length(text));
}

void StringEncoder::finish(Encoder& out) {
  out.var_string(text_);
  out.bytes(lengths_.finish());
}

}  // namespace bossey::lib0
