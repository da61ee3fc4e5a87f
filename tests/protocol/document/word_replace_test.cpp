#include "document/word_replace.hpp"

#include <doctest/doctest.h>

#include "document/canonical.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

Section section_of(const std::string& canonical) {
  auto section = read_canonical(canonical);
  REQUIRE_MESSAGE(section, canonical);
  return *section;
}

std::string after(const std::string& canonical, const std::string& find, const std::string& replace) {
  auto made = replace_words(section_of(canonical), find, replace);
  REQUIRE_MESSAGE(made, find);
  return write_canonical(*made);
}

}  // namespace

TEST_SUITE("document/word_replace") {
  TEST_CASE("words are replaced where they stand, in the title, a list, across marks, and nothing else moves") {
    CHECK(after("# The color\n\nFirst words.\n", "color", "colour") == "# The colour\n\nFirst words.\n");
    CHECK(after("# T\n\n- one thing\n- another thing\n", "another thing", "a second thing") ==
          "# T\n\n- one thing\n- a second thing\n");
    CHECK(after("# T\n\nThe **Forum** meets.\n", "Forum meets", "Forum met") == "# T\n\nThe **Forum met**.\n");
    CHECK(after("# T\n\nA very good text.\n", "very ", "") == "# T\n\nA good text.\n");
    CHECK(after("# T\n\nأهلا وسهلا بكم.\n", "وسهلا", "ومرحبا") == "# T\n\nأهلا ومرحبا بكم.\n");
  }

  TEST_CASE("words that stand nowhere, or more than once, are not replaced") {
    const Section section = section_of("# T\n\nOne and one.\nTwo.\n");
    CHECK(replace_words(section, "three", "3").error().code == Errc::not_found);
    CHECK(replace_words(section, "One and one. Two. Three", "3").error().code == Errc::not_found);
    CHECK(replace_words(section, "ne", "3").error().code == Errc::conflict);
    CHECK(replace_words(section, "  ", "3").error().code == Errc::bad_input);
  }
}
