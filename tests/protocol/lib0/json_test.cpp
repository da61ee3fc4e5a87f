#include "lib0/json.hpp"

#include <doctest/doctest.h>

using namespace bossey;
using namespace bossey::lib0;

namespace {

/// JSON.stringify(JSON.parse(text)).
std::string again(std::string_view text) {
  const auto value = parse_json(text);
  REQUIRE(value.has_value());
  return to_json(*value);
}

}  // namespace

TEST_SUITE("lib0/json") {
  TEST_CASE("text is written again as JavaScript would") {
    CHECK(again(R"( { "b" : [ 1 , 2.50 , -0 , 1e3 , 1E-7 ] , "a" : null , "1" : true } )") ==
          R"({"1":true,"b":[1,2.5,0,1000,1e-7],"a":null})");
    CHECK(again(R"("\u00e9\/\n\u0001\"\\😀\ud83d\ude00")") == R"("é/\n\u0001\"\\😀😀")");
    CHECK(again(R"({"a":1,"a":2})") == R"({"a":2})");
    CHECK(again("1e999") == "null");
    CHECK(again("1e-999") == "0");
  }

  TEST_CASE("a lone surrogate stays one") {
    CHECK(again(R"("\ud83d")") == R"("\ud83d")");
    CHECK(again(R"("\ude00\ud83dx")") == R"("\ude00\ud83dx")");
  }

  TEST_CASE("what is no JSON is refused") {
    for (const char* text : {"", "{", "[1,]", "{\"a\"}", "{a:1}", "01", "1.", "+1", "\"\\x\"", "\"a", "nul", "1 2",
                             "\"\n\"", "\"\\u12\"", "-"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_json(text).has_value());
    }
    CHECK(parse_json(std::string(100'000, '[')).error().code == Errc::too_large);
  }

  TEST_CASE("what JSON has no word for is left out or null") {
    AnyObject object;
    object.set("u", Undefined{});
    object.set("n", 1);
    CHECK(to_json(Any(object)) == R"({"n":1})");
    CHECK(to_json(Any(AnyArray{Undefined{}, 1})) == "[null,1]");
    CHECK(to_json(Any(Bytes{1, 2})) == R"({"0":1,"1":2})");
  }
}
