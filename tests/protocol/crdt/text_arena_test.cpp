#include "crdt/text_arena.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

namespace {

using namespace bossey::crdt;

TextArena::Place put(TextArena& arena, const std::string& words, TextArena::Place after = 0) {
  const TextArena::Place place = arena.add(words.size(), after);
  std::memcpy(arena.at(place), words.data(), words.size());
  return place;
}

std::string words_at(const TextArena& arena, TextArena::Place place, std::size_t octets) {
  return {arena.at(place), octets};
}

TEST_SUITE("crdt/text_arena") {
  TEST_CASE("words that stand together are joined where they are") {
    TextArena arena;
    const auto left = put(arena, "abc");
    const auto right = put(arena, "de");
    CHECK(arena.join(left, 3, right, 2) == left);
    CHECK(words_at(arena, left, 5) == "abcde");
    CHECK(arena.unused() == 0);
  }

  TEST_CASE("words of two who type in turns move a few times only") {
    TextArena arena;
    TextArena::Place places[2] = {put(arena, "a"), put(arena, "b")};
    std::string expected[2] = {"a", "b"};
    int moves = 0;
    for (int i = 0; i < 20'000; ++i) {
      const int who = i % 2;
      const std::string next(1, static_cast<char>('a' + i % 26));
      const std::size_t octets = expected[who].size();
      const auto place = put(arena, next, places[who] + static_cast<TextArena::Place>(octets));
      const auto joined = arena.join(places[who], octets, place, 1);
      if (joined != places[who]) ++moves;
      places[who] = joined;
      expected[who] += next;
    }
    CHECK(words_at(arena, places[0], expected[0].size()) == expected[0]);
    CHECK(words_at(arena, places[1], expected[1].size()) == expected[1]);
    CHECK(moves < 40);
    CHECK(arena.size() < 8 * 20'000);
    CHECK(arena.size() - arena.unused() == expected[0].size() + expected[1].size());
  }

  TEST_CASE("what is dropped at the end is used again, what is dropped within counts as unused") {
    TextArena arena;
    const auto first = put(arena, "abc");
    const auto second = put(arena, "de");
    arena.drop(second, 2);
    CHECK(arena.size() == 3);
    put(arena, "f");
    arena.drop(first, 3);
    CHECK(arena.unused() == 3);
  }

  TEST_CASE("a run in UTF-16 reads as UTF-8, and half a pair as a replacement character") {
    const char16_t units[] = u"aé中\U0001F600z";
    const TextRun run{reinterpret_cast<const char*>(units), 6, true};
    std::string utf8;
    run.append_to(utf8);
    CHECK(utf8 == "aé中😀z");
    CHECK(run.utf8_octets() == utf8.size());
    std::string rest;
    run.from(4).append_to(rest);
    CHECK(rest == "\uFFFDz");
    std::string one;
    TextRun{run.at, 4, true}.append_to(one);
    CHECK(one == "aé中\uFFFD");
  }
}

}  // namespace
