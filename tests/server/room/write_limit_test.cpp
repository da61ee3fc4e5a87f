#include "room/write_limit.hpp"

#include <doctest/doctest.h>

#include <string>

namespace bossey::room {

namespace {

constexpr WriteRate kNoLimit{1'000'000'000, 1'000'000, std::uint64_t{1} << 40, std::uint64_t{1} << 30};

}  // namespace

TEST_SUITE("room/write_limit") {
  TEST_CASE("after its burst a person waits as long as the rate says, and then goes on") {
    WriteLimit limit({10, 2, 1'000'000, 1'000'000}, kNoLimit);
    const PersonId person{7};
    for (int i = 0; i < 10; ++i) CHECK(limit.take(person, "a", 1, 1'000).count() == 0);
    CHECK(limit.take(person, "a", 1, 1'000).count() == 500);
    CHECK(limit.take(person, "a", 1, 1'000).count() == 1'000);
    CHECK(limit.take(person, "a", 1, 2'500).count() == 0);
    CHECK(limit.take(PersonId{8}, "a", 1, 1'000).count() == 0);
  }

  TEST_CASE("octets count, too, and the longer wait of both holds") {
    WriteLimit limit({1'000, 1'000, 5'000, 1'000}, kNoLimit);
    CHECK(limit.take(PersonId{1}, "a", 5'000, 0).count() == 0);
    CHECK(limit.take(PersonId{1}, "a", 2'000, 0).count() == 2'000);
  }

  TEST_CASE("several persons behind one address share its rate; without a person only the address counts") {
    WriteLimit limit(kNoLimit, {3, 1, 1'000'000, 1'000'000});
    CHECK(limit.take(PersonId{1}, "a", 1, 0).count() == 0);
    CHECK(limit.take(PersonId{2}, "a", 1, 0).count() == 0);
    CHECK(limit.take(std::nullopt, "a", 1, 0).count() == 0);
    CHECK(limit.take(PersonId{3}, "a", 1, 0).count() == 1'000);
    CHECK(limit.take(PersonId{3}, "b", 1, 0).count() == 0);
  }

  TEST_CASE("no pause is longer than the bound, and a flood is forgotten after a minute and the burst's time") {
    WriteLimit limit({10, 1, 1'000, 1}, kNoLimit);
    for (int i = 0; i < 50; ++i) CHECK(limit.take(PersonId{1}, "a", 1'000'000, 0) <= kWritePauseMax);
    CHECK(limit.take(PersonId{1}, "a", 0, 61'000).count() == 0);
  }

  TEST_CASE("typing, a paste of a megabyte and the return after twenty hours offline never wait") {
    WriteLimit limit(kPersonWriteRate, kAddressWriteRate);
    // 20 offline hours as a thousand documents: Auth, step 1, step 2 each, 40 kB of text.
    for (int i = 0; i < 1'000; ++i)
      for (const std::size_t size : {60U, 40U, 40'000U}) CHECK(limit.take(PersonId{1}, "a", size, 0).count() == 0);
    CHECK(limit.take(PersonId{1}, "a", 1'100'000, 1'000).count() == 0);
    // An hour of 20 keystrokes a second, each with an awareness message.
    for (std::int64_t ms = 2'000; ms < 3'600'000; ms += 25)
      if (limit.take(PersonId{1}, "a", 90, ms).count() != 0) FAIL("typing was slowed");
  }

  TEST_CASE("very many addresses take bounded memory") {
    WriteLimit limit(kPersonWriteRate, kAddressWriteRate, 100);
    for (int i = 0; i < 10'000; ++i) CHECK(limit.take(std::nullopt, std::to_string(i), 1, 0).count() == 0);
    CHECK(limit.entries() <= 100);
  }
}

}  // namespace bossey::room
