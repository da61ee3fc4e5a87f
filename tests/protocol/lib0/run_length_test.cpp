#include "lib0/run_length.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace bossey;
using namespace bossey::lib0;

TEST_SUITE("lib0/run_length") {
  TEST_CASE("random numbers come back from each stream") {
    const unsigned seed = 20240611;
    INFO("seed ", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 200; ++round) {
      std::vector<std::uint64_t> numbers;
      for (auto i = random() % 50; i > 0; --i) {
        const std::uint64_t number = random() % 4 == 0 ? std::uint64_t{random()} << 20U : random() % 3;
        numbers.insert(numbers.end(), 1 + random() % 4, number);
      }
      UintOptRleEncoder uints;
      IntDiffOptRleEncoder diffs;
      RleEncoder octets;
      for (const std::uint64_t number : numbers) {
        uints.write(number);
        diffs.write(static_cast<std::int64_t>(number));
        octets.write(static_cast<std::uint8_t>(number));
      }
      UintOptRleDecoder read_uints(uints.finish());
      IntDiffOptRleDecoder read_diffs(diffs.finish());
      RleDecoder read_octets(octets.view());
      for (const std::uint64_t number : numbers) {
        CHECK(read_uints.read() == number);
        CHECK(read_diffs.read() == static_cast<std::int64_t>(number));
        CHECK(read_octets.read() == static_cast<std::uint8_t>(number));
      }
      CHECK_FALSE(read_uints.read().has_value());
      CHECK_FALSE(read_diffs.read().has_value());
    }
  }

  TEST_CASE("a run of zeros is written as minus zero and a count") {
    UintOptRleEncoder out;
    for (int i = 0; i < 5; ++i) out.write(0);
    CHECK(to_hex(out.finish()) == "4003");
  }

  TEST_CASE("strings are cut by UTF-16 lengths, half a pair is U+FFFD") {
    StringEncoder out;
    out.write("aé");
    out.write("");
    out.write("😀b");
    Encoder octets;
    out.finish(octets);
    const Bytes stream = octets.take();
    auto in = StringDecoder::open(stream);
    REQUIRE(in.has_value());
    CHECK(in->read() == "aé");
    CHECK(in->read() == "");
    CHECK(in->read() == "😀b");
    CHECK_FALSE(in->read().has_value());

    const Bytes cut{5, 0xF0, 0x9F, 0x98, 0x80, 'b', 1, 2};
    auto halves = StringDecoder::open(cut);
    REQUIRE(halves.has_value());
    CHECK(halves->read() == "\xEF\xBF\xBD");
    CHECK(halves->read() ==
          "\xEF\xBF\xBD"
          "b");
  }

  TEST_CASE("a string longer than the stream is refused") {
    const Bytes stream{2, 'a', 'b', 3};
    auto in = StringDecoder::open(stream);
    REQUIRE(in.has_value());
    CHECK_FALSE(in->read().has_value());
  }
}
