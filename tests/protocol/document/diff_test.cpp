#include "document/diff.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace bossey::document;

namespace {

using Row = std::vector<std::uint32_t>;

/// Checks that the parts cover both rows, alternate and tell the truth; gives the number of edits.
std::size_t checked_edits(const Row& a, const Row& b, const std::vector<DiffPart>& parts) {
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  std::size_t edits = 0;
  bool last_equal = false;
  bool first = true;
  for (const DiffPart& part : parts) {
    REQUIRE(part.a_begin == at_a);
    REQUIRE(part.b_begin == at_b);
    REQUIRE((first || part.equal != last_equal));
    first = false;
    last_equal = part.equal;
    at_a = part.a_end;
    at_b = part.b_end;
    if (part.equal) {
      REQUIRE(std::equal(
          a.begin() + static_cast<std::ptrdiff_t>(part.a_begin), a.begin() + static_cast<std::ptrdiff_t>(part.a_end),
          b.begin() + static_cast<std::ptrdiff_t>(part.b_begin), b.begin() + static_cast<std::ptrdiff_t>(part.b_end)));
    } else {
      edits += (part.a_end - part.a_begin) + (part.b_end - part.b_begin);
    }
  }
  REQUIRE(at_a == a.size());
  REQUIRE(at_b == b.size());
  return edits;
}

std::size_t longest_common(const Row& a, const Row& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (const std::uint32_t x : a) {
    std::size_t diagonal = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = x == b[j] ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

TEST_SUITE("document/diff") {
  TEST_CASE("short sequences get the fewest edits there are") {
    const unsigned seed = 11;
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 3000; ++round) {
      const unsigned alphabet = 1 + random() % 8;
      const auto make = [&] {
        Row row(random() % 40);
        for (auto& x : row) x = static_cast<std::uint32_t>(random() % alphabet);
        return row;
      };
      const Row a = make();
      const Row b = make();
      REQUIRE(checked_edits(a, b, diff(a, b)) == a.size() + b.size() - 2 * longest_common(a, b));
    }
  }

  TEST_CASE("long sequences are compared within bounds, and few changes are found exactly") {
    const unsigned seed = 12;
    CAPTURE(seed);
    std::mt19937 random(seed);
    Row a(60000);
    for (auto& x : a) x = static_cast<std::uint32_t>(random() % 3000);
    Row b = a;
    for (int i = 0; i < 200; ++i) b[random() % b.size()] = 5000;
    CHECK(checked_edits(a, b, diff(a, b)) <= 400);
    Row c(60000);
    for (auto& x : c) x = static_cast<std::uint32_t>(random() % 3000);
    CHECK(checked_edits(a, c, diff(a, c)) <= 120000);
    CHECK(checked_edits(Row(50000, 1), Row(50000, 2), diff(Row(50000, 1), Row(50000, 2))) == 100000);
  }
}
