#include "sync/awareness.hpp"

#include <doctest/doctest.h>

#include <string>

#include "protocol/sync/hex.hpp"
#include "sync/limits.hpp"

using namespace bossey;
using namespace bossey::sync;
using bossey::test::hex;

namespace {

using Entries = std::vector<AwarenessEntry>;

constexpr AwarenessOwner kAnna{1, 100};
constexpr AwarenessOwner kAnnaAgain{2, 100};
constexpr AwarenessOwner kBela{3, 200};

Entries take(AwarenessStates& states, const Entries& entries, AwarenessOwner owner, std::int64_t now_ms = 0) {
  auto news = states.apply(entries, owner, now_ms);
  REQUIRE(news);
  return *news;
}

Bytes one_state(const std::string& json) {
  return encode_awareness({{1, 0, json}});
}

}  // namespace

TEST_SUITE("sync/awareness") {
  TEST_CASE("an awareness update is read and written as y-protocols does") {
    const Bytes bytes = hex("02 01 02 04 6e 75 6c 6c 05 00 02 7b 7d");
    const auto entries = decode_awareness(bytes);
    REQUIRE(entries);
    CHECK(*entries == Entries{{1, 2, "null"}, {5, 0, "{}"}});
    CHECK(encode_awareness(*entries) == bytes);
  }

  TEST_CASE("a state must be a JSON object, shallow, small and valid UTF-8") {
    CHECK(decode_awareness(one_state(R"({"user":{"name":"Ana","list":[1,2.5,null,true,"x"]}})")));
    CHECK(decode_awareness(one_state("null")));
    for (const char* bad :
         {"", "nul", "null ", "1", "\"x\"", "[]", "true", "{", "{}x", "{\"a\":}", " null", "{'a':1}"}) {
      CAPTURE(bad);
      CHECK_FALSE(decode_awareness(one_state(bad)));
    }
    CHECK_FALSE(decode_awareness(hex("01 01 00 04 7b 22 ff 7d")));
    CHECK_FALSE(decode_awareness(one_state("{\"a\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}")));
    const std::string deep(kAwarenessDepthMax - 1, '[');
    CHECK(decode_awareness(one_state("{\"a\":" + deep + std::string(deep.size(), ']') + "}")));
    const std::string deeper(kAwarenessDepthMax, '[');
    CHECK_FALSE(decode_awareness(one_state("{\"a\":" + deeper + std::string(deeper.size(), ']') + "}")));
    const auto large = decode_awareness(one_state("{\"a\":\"" + std::string(kAwarenessStateBytesMax, 'x') + "\"}"));
    REQUIRE_FALSE(large);
    CHECK(large.error().code == Errc::too_large);
  }

  TEST_CASE("cut, overlong and absurdly counted updates are refused") {
    const Bytes bytes = hex("02 01 02 04 6e 75 6c 6c 05 00 02 7b 7d");
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_awareness(BytesView(bytes).first(size)));
    CHECK_FALSE(decode_awareness(hex("00 00")));
    CHECK_FALSE(decode_awareness(hex("ff ff ff ff ff ff ff 0f")));
  }

  TEST_CASE("a newer clock replaces a state, an older or equal one does not") {
    AwarenessStates states(10, 4);
    CHECK(take(states, {{7, 3, "{}"}}, kAnna).size() == 1);
    CHECK(take(states, {{7, 3, R"({"a":1})"}}, kAnna).empty());
    CHECK(take(states, {{7, 2, R"({"a":1})"}}, kAnna).empty());
    CHECK(take(states, {{7, 4, R"({"a":1})"}}, kAnna).size() == 1);
    CHECK(states.all() == Entries{{7, 4, R"({"a":1})"}});
  }

  TEST_CASE("an equal clock with null ends a state") {
    AwarenessStates states(10, 4);
    take(states, {{7, 3, "{}"}}, kAnna);
    CHECK(take(states, {{7, 3, "null"}}, kAnna) == Entries{{7, 3, "null"}});
    CHECK(states.size() == 0);
    CHECK(states.all().empty());
  }

  TEST_CASE("nobody changes or ends the state of another connection") {
    AwarenessStates states(10, 4);
    take(states, {{7, 3, "{}"}}, kAnna);
    CHECK(take(states, {{7, 9, "null"}}, kBela).empty());
    CHECK(take(states, {{7, 9, R"({"a":1})"}}, kBela).empty());
    CHECK(states.all() == Entries{{7, 3, "{}"}});
  }

  TEST_CASE("the same person takes a state over on a new socket, but does not end it there") {
    AwarenessStates states(10, 4);
    take(states, {{7, 3, "{}"}}, kAnna);
    CHECK(take(states, {{7, 3, "null"}}, kAnnaAgain).empty());
    CHECK(take(states, {{7, 4, "{}"}}, kAnnaAgain).size() == 1);
    CHECK(states.remove_session(kAnna.session, 0).empty());
    CHECK(states.remove_session(kAnnaAgain.session, 0) == Entries{{7, 4, "null"}});
  }

  TEST_CASE("a late echo of an ended state revives nobody") {
    AwarenessStates states(10, 4);
    take(states, {{7, 3, "{}"}}, kAnna);
    CHECK(states.remove_session(kAnna.session, 0) == Entries{{7, 3, "null"}});
    CHECK(take(states, {{7, 3, "{}"}}, kBela).empty());
    CHECK(take(states, {{7, 4, "{}"}}, kAnnaAgain).size() == 1);
  }

  TEST_CASE("a state that is not renewed expires, and its id is forgotten later") {
    AwarenessStates states(10, 4);
    take(states, {{7, 3, "{}"}}, kAnna, 0);
    take(states, {{8, 1, "{}"}}, kBela, 20'000);
    CHECK(states.expire(30'000, 30'000).empty());
    CHECK(states.expire(30'001, 30'000) == Entries{{7, 3, "null"}});
    CHECK(states.size() == 1);
    CHECK(states.expire(160'000, 30'000) == Entries{{8, 1, "null"}});
    CHECK(take(states, {{7, 1, "{}"}}, kAnna, 160'000).size() == 1);
  }

  TEST_CASE("more states than allowed are refused and change nothing") {
    AwarenessStates states(3, 2);
    CHECK_FALSE(states.apply({{1, 0, "{}"}, {2, 0, "{}"}, {3, 0, "{}"}}, kAnna, 0));
    CHECK(states.size() == 0);
    take(states, {{1, 0, "{}"}, {2, 0, "{}"}}, kAnna);
    CHECK_FALSE(states.apply({{3, 0, "{}"}}, kAnna, 0));
    take(states, {{3, 0, "{}"}}, kBela);
    CHECK_FALSE(states.apply({{4, 0, "{}"}}, kBela, 0));
    CHECK(states.size() == 3);
  }

  TEST_CASE("one message that names a client twice leaves its newest state") {
    AwarenessStates states(10, 4);
    CHECK(take(states, {{7, 5, "{}"}, {7, 3, R"({"old":1})"}}, kAnna) == Entries{{7, 5, "{}"}});
    CHECK(states.all() == Entries{{7, 5, "{}"}});
  }
}
