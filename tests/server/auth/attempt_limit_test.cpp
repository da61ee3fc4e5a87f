#include "auth/attempt_limit.hpp"

#include <doctest/doctest.h>

#include <string>

namespace bossey::auth {

TEST_SUITE("auth/attempt_limit") {
  TEST_CASE("a burst passes, the next waits for the refill") {
    AttemptLimit limit(3, 1'000);
    for (int i = 0; i < 3; ++i) CHECK(limit.take("10.0.0.1", 5'000));
    CHECK_FALSE(limit.take("10.0.0.1", 5'000));
    CHECK_FALSE(limit.take("10.0.0.1", 5'999));
    CHECK(limit.take("10.0.0.1", 6'000));
    CHECK_FALSE(limit.take("10.0.0.1", 6'000));
    for (int i = 0; i < 3; ++i) CHECK(limit.take("10.0.0.1", 60'000));
    CHECK_FALSE(limit.take("10.0.0.1", 60'000));
  }

  TEST_CASE("one address does not use up another's attempts") {
    AttemptLimit limit(1, 1'000);
    CHECK(limit.take("10.0.0.1", 0));
    CHECK(limit.take("10.0.0.2", 0));
    CHECK_FALSE(limit.take("10.0.0.1", 0));
  }

  TEST_CASE("addresses of one IPv6 network share their attempts") {
    AttemptLimit limit(1, 1'000);
    CHECK(limit.take("2001:db8:1:2::1", 0));
    CHECK_FALSE(limit.take("2001:db8:1:2:ffff::9", 0));
    CHECK(limit.take("2001:db8:1:3::1", 0));
  }

  TEST_CASE("the memory for addresses is bounded") {
    AttemptLimit limit(1, 1'000, 100);
    for (int i = 0; i < 5'000; ++i)
      CHECK(limit.take("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250), i));
    CHECK(limit.addresses() <= 100);
  }
}

}  // namespace bossey::auth
