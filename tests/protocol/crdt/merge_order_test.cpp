#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "crdt/array_sort.hpp"
#include "crdt/merge_order.hpp"

using namespace bossey::crdt;

TEST_SUITE("crdt/merge_order") {
  TEST_CASE("where a comparison is consistent, V8's sort is a stable sort") {
    const unsigned seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (const std::size_t size : {0U, 1U, 2U, 63U, 64U, 65U, 500U, 3000U}) {
      for (const unsigned kinds : {3U, 50U, 1000000U}) {
        CAPTURE(size);
        CAPTURE(kinds);
        std::vector<MergeHead> heads;
        for (std::size_t i = 0; i < size; ++i) {
          heads.push_back(MergeHead{nullptr, i});
          // Runs that rise or fall, between others.
          const bool runs = random() % 4 != 0;
          heads.back().next.id.clock = runs && i > 0 ? heads[i - 1].next.id.clock + random() % 3 : random() % kinds;
        }
        std::vector<MergeHead*> sorted;
        for (MergeHead& head : heads) sorted.push_back(&head);
        if (kinds == 50) std::reverse(sorted.begin(), sorted.end());
        std::vector<MergeHead*> expected = sorted;
        const auto less = [](const MergeHead& a, const MergeHead& b) { return a.next.id.clock < b.next.id.clock; };
        std::stable_sort(expected.begin(), expected.end(),
                         [&less](const MergeHead* a, const MergeHead* b) { return less(*a, *b); });
        array_sort(sorted, less);
        CHECK(sorted == expected);
      }
    }
  }
}
