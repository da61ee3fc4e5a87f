#include "base/sha256.hpp"

#include <doctest/doctest.h>

TEST_SUITE("base/sha256") {
  TEST_CASE("the digest of a known text is the one of FIPS 180-4") {
    CHECK(bossey::sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(bossey::sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }
}
