#include "lib0/decoder.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "lib0/encoder.hpp"

using namespace bossey;
using namespace bossey::lib0;

namespace {

Any round_trip(const Any& value) {
  Encoder out;
  out.any(value);
  const Bytes octets = out.take();
  Decoder in(octets);
  const auto read = in.any();
  REQUIRE(read.has_value());
  CHECK(in.empty());
  return *read;
}

std::string hex_of(const Any& value) {
  Encoder out;
  out.any(value);
  return to_hex(out.view());
}

Errc any_error(const Bytes& octets) {
  Decoder in(octets);
  const auto read = in.any();
  REQUIRE(!read.has_value());
  return read.error().code;
}

}  // namespace

TEST_SUITE("lib0/decoder") {
  TEST_CASE("an unsigned number comes back as it was written, up to 2^53-1") {
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{16384}, limits::kSafeIntegerMax}) {
      Encoder out;
      out.var_uint(number);
      const Bytes octets = out.take();
      Decoder in(octets);
      CHECK(in.var_uint() == number);
      CHECK(in.empty());
    }
  }

  TEST_CASE("an unsigned number beyond 2^53-1 or without an end is refused") {
    Encoder out;
    out.var_uint(limits::kSafeIntegerMax + 1);
    const Bytes beyond = out.take();
    CHECK(Decoder(beyond).var_uint().error().code == Errc::bad_input);
    const Bytes endless(20, 0x80);
    CHECK(Decoder(endless).var_uint().error().code == Errc::bad_input);
    CHECK(Decoder(BytesView(endless).first(3)).var_uint().error().code == Errc::bad_input);
    CHECK(Decoder({}).var_uint().error().code == Errc::bad_input);
  }

  TEST_CASE("minus zero is read apart from zero") {
    const Bytes octets{0x40, 0x00};
    Decoder in(octets);
    const auto minus = in.var_int();
    REQUIRE(minus.has_value());
    CHECK(minus->negative);
    CHECK(minus->magnitude == 0);
    CHECK_FALSE(in.var_int()->negative);
  }

  TEST_CASE("signed numbers come back as they were written") {
    for (const std::int64_t number : {0L, 1L, -1L, 63L, 64L, -64L, 8191L, -8192L, 1L << 40, -(1L << 52)}) {
      Encoder out;
      out.var_int(number);
      const Bytes octets = out.take();
      Decoder in(octets);
      CHECK(in.var_int()->value() == number);
      CHECK(in.empty());
    }
  }

  TEST_CASE("a string that is cut short or is not UTF-8 is refused") {
    const Bytes cut{5, 'a', 'b'};
    CHECK_FALSE(Decoder(cut).var_string().has_value());
    for (const Bytes& bad : {Bytes{1, 0x80}, Bytes{2, 0xC0, 0x80}, Bytes{3, 0xED, 0xA0, 0x80},
                             Bytes{4, 0xF4, 0x90, 0x80, 0x80}, Bytes{2, 0xE4, 0xB8}}) {
      CHECK_FALSE(Decoder(bad).var_string().has_value());
    }
    const Bytes good{4, 0xF0, 0x9F, 0x98, 0x80};
    CHECK(Decoder(good).var_string() == "😀");
  }

  TEST_CASE("a count larger than the octets left is refused before anything is reserved") {
    const Bytes octets{117, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F};
    CHECK(any_error(octets) == Errc::bad_input);
    Bytes object = octets;
    object[0] = 118;
    CHECK(any_error(object) == Errc::bad_input);
  }

  TEST_CASE("values nested too deep are refused") {
    Bytes octets;
    for (int i = 0; i < 100'000; ++i) octets.insert(octets.end(), {117, 1});
    octets.push_back(126);
    CHECK(any_error(octets) == Errc::too_large);
  }

  TEST_CASE("each kind of value comes back as it was written") {
    AnyObject object;
    object.set("b", Any(AnyArray{1, "two", Null{}, Undefined{}, true, false}));
    object.set("a", Any(Bytes{0, 255}));
    for (const Any& value :
         {Any(), Any(Null{}), Any(true), Any(-5), Any(0.1), Any(1e300), Any(BigInt{-12}), Any("é😀"), Any(object)}) {
      CHECK(round_trip(value) == value);
    }
    CHECK(std::signbit(*round_trip(Any(-0.0)).as_number()));
    CHECK(std::isnan(*round_trip(Any(std::nan(""))).as_number()));
  }

  TEST_CASE("a number takes the form that JavaScript chooses") {
    CHECK(hex_of(Any(1)) == "7d01");
    CHECK(hex_of(Any(-0.0)) == "7d40");
    CHECK(hex_of(Any(2147483647.0)) == "7dbfffffff0f");
    CHECK(hex_of(Any(2147483648.0)) == "7c4f000000");
    CHECK(hex_of(Any(0.5)) == "7c3f000000");
    CHECK(hex_of(Any(0.1)) == "7b3fb999999999999a");
    CHECK(hex_of(Any(std::numeric_limits<double>::infinity())) == "7c7f800000");
    CHECK(hex_of(Any(std::nan(""))) == "7b7ff8000000000000");
  }

  TEST_CASE("what is left over is an error") {
    const Bytes octets{1, 2};
    Decoder in(octets);
    CHECK(in.u8() == 1);
    CHECK_FALSE(in.expect_end().has_value());
    CHECK(in.u8() == 2);
    CHECK(in.expect_end().has_value());
  }
}
