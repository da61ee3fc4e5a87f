// lib0's run-length streams, of which update v2 is made. Used by the v2 update reader and writer only.
// The decoders are as bounded as Decoder: a stream that ends early is an error, never a made-up value.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "lib0/decoder.hpp"
#include "lib0/encoder.hpp"

namespace bossey::lib0 {

/// Octets: value, then the number of repeats less one when the value changes. The last run has no end.
class RleDecoder {
 public:
  explicit RleDecoder(BytesView bytes) : in_(bytes) {}
  [[nodiscard]] Result<std::uint8_t> read();

 private:
  Decoder in_;
  std::uint8_t value_ = 0;
  std::uint64_t left_ = 0;
  bool endless_ = false;
};

/// Unsigned numbers: a positive one stands alone, a negative one (-0 too) is followed by its number of repeats less
/// two.
class UintOptRleDecoder {
 public:
  explicit UintOptRleDecoder(BytesView bytes) : in_(bytes) {}
  explicit UintOptRleDecoder(Decoder in) : in_(in) {}
  [[nodiscard]] Result<std::uint64_t> read();

 private:
  Decoder in_;
  std::uint64_t value_ = 0;
  std::uint64_t left_ = 0;
};

/// Numbers by their differences, doubled; an odd one is followed by its number of repeats less two.
class IntDiffOptRleDecoder {
 public:
  explicit IntDiffOptRleDecoder(BytesView bytes) : in_(bytes) {}
  [[nodiscard]] Result<std::int64_t> read();

 private:
  Decoder in_;
  std::int64_t value_ = 0;
  std::int64_t difference_ = 0;
  std::uint64_t left_ = 0;
};

/// Strings: all in one, then their lengths in UTF-16 code units.
class StringDecoder {
 public:
  [[nodiscard]] static Result<StringDecoder> open(BytesView bytes);
  /// Valid as long as both the octets and this decoder. A half surrogate pair becomes U+FFFD.
  [[nodiscard]] Result<std::string_view> read();

 private:
  StringDecoder(std::string_view text, std::uint64_t units, Decoder lengths)
      : text_(text), units_left_(units), lengths_(lengths) {}

  std::string_view text_;
  std::uint64_t units_left_;
  UintOptRleDecoder lengths_;
  bool half_pair_ = false;            // text_ starts with a pair of which the first half is already read
  std::deque<std::string> repaired_;  // a deque, so that views into it stay valid
};

class RleEncoder {
 public:
  void write(std::uint8_t value);
  [[nodiscard]] BytesView view() const { return out_.view(); }

 private:
  Encoder out_;
  std::optional<std::uint8_t> value_;
  std::uint64_t count_ = 0;
};

class UintOptRleEncoder {
 public:
  void write(std::uint64_t value);
  /// All octets; nothing may be written afterwards.
  [[nodiscard]] BytesView finish();

 private:
  void flush();

  Encoder out_;
  std::uint64_t value_ = 0;
  std::uint64_t count_ = 0;
};

class IntDiffOptRleEncoder {
 public:
  void write(std::int64_t value);
  [[nodiscard]] BytesView finish();

 private:
  void flush();

  Encoder out_;
  std::int64_t value_ = 0;
  std::int64_t difference_ = 0;
  std::uint64_t count_ = 0;
};

class StringEncoder {
 public:
  /// `units` is the length of the text in UTF-16 code units.
  void write(std::string_view text, std::uint64_t units);
  void write(std::string_view text);
  /// To this the text, `units` long, is to be appended.
  [[nodiscard]] std::string& next(std::uint64_t units) {
    lengths_.write(units);
    return text_;
  }
  /// Appends the whole stream.
  void finish(Encoder& out);

 private:
  std::string text_;
  UintOptRleEncoder lengths_;
};

}  // namespace bossey::lib0
