#include "lib0/utf8.hpp"

#include <doctest/doctest.h>

using namespace bossey::lib0;

TEST_SUITE("lib0/utf8") {
  TEST_CASE("text is measured in UTF-16 code units") {
    CHECK(checked_utf16_length("") == 0);
    CHECK(checked_utf16_length("abcdefghij") == 10);
    CHECK(checked_utf16_length("é中😀") == 4);
    CHECK(utf16_length("é中😀") == 4);
    CHECK_FALSE(checked_utf16_length("abcdefgh\xFF").has_value());
  }

  TEST_CASE("a place in the middle of a pair is told") {
    const std::string_view text = "a😀b";
    CHECK(place_of_utf16(text, 1).byte == 1);
    CHECK_FALSE(place_of_utf16(text, 1).splits_pair);
    CHECK(place_of_utf16(text, 2).byte == 1);
    CHECK(place_of_utf16(text, 2).splits_pair);
    CHECK(place_of_utf16(text, 3).byte == 5);
    CHECK(place_of_utf16("12345678é0", 9).byte == 10);
  }

  TEST_CASE("strings are ordered by UTF-16 code units, pairs before U+E000") {
    CHECK(utf16_less("a", "b"));
    CHECK(utf16_less("a", "ab"));
    CHECK_FALSE(utf16_less("a", "a"));
    CHECK(utf16_less("😀", "\xEF\xBF\xBD"));
    CHECK_FALSE(utf16_less("\xEF\xBF\xBD", "😀"));
    CHECK(utf16_less("中", "😀"));
  }
}
