#include "api/fields.hpp"

#include <doctest/doctest.h>

namespace bossey::api {

namespace {

Fields fields(std::string_view json) {
  return Fields::parse(json).value();
}

}  // namespace

TEST_SUITE("api/fields") {
  TEST_CASE("anything but one object in UTF-8 is refused") {
    for (const auto* body : {"", "null", "[]", "1", "\"text\"", "{", "{}{}", "{'a':1}", "{\"a\":\"\xff\"}",
                             "{\"a\":\"\\ud800\"}", "\xef\xbb\xbf\xef\xbb\xbf{}"}) {
      CAPTURE(body);
      const auto parsed = Fields::parse(body);
      REQUIRE_FALSE(parsed.has_value());
      CHECK(parsed.error().code == Errc::bad_input);
    }
  }

  TEST_CASE("deep nesting is refused before it is built") {
    const std::size_t deep = 200'000;
    CHECK_FALSE(Fields::parse("{\"a\":" + std::string(deep, '[') + std::string(deep, ']') + "}").has_value());
    CHECK(Fields::parse(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[[["})").has_value());
  }

  TEST_CASE("texts have bounds and no control characters") {
    const auto body = fields(R"({"a":"abc","empty":"","nul":"a\u0000b","line":"a\nb","number":1,"null":null})");
    CHECK(body.text("a", {.min_bytes = 1, .max_bytes = 3}).value() == "abc");
    CHECK(body.text("a", {.min_bytes = 1, .max_bytes = 2}).error().code == Errc::too_large);
    CHECK_FALSE(body.text("empty", {}).has_value());
    CHECK_FALSE(body.text("nul", {}).has_value());
    CHECK_FALSE(body.text("nul", {.min_bytes = 1, .max_bytes = 9, .lines = true}).has_value());
    CHECK_FALSE(body.text("line", {}).has_value());
    CHECK(body.text("line", {.min_bytes = 1, .max_bytes = 9, .lines = true}).has_value());
    CHECK_FALSE(body.text("number", {}).has_value());
    CHECK_FALSE(body.text("absent", {}).has_value());
    CHECK_FALSE(body.optional_text("null", {}).value().has_value());
    CHECK_FALSE(body.optional_text("absent", {}).value().has_value());
  }

  TEST_CASE("numbers are whole, not negative and bounded") {
    const auto body = fields(R"({"ok":7,"negative":-1,"half":0.5,"large":18446744073709551616,"text":"7"})");
    CHECK(body.number("ok", 7).value() == 7);
    CHECK_FALSE(body.number("ok", 6).has_value());
    for (const auto* name : {"negative", "half", "large", "text", "absent"})
      CHECK_FALSE(body.number(name, 100).has_value());
  }

  TEST_CASE("hashes are 64 lower-case hexadecimal characters") {
    const std::string hex(64, 'a');
    CHECK(sha256_from_hex(hex)->hex() == hex);
    CHECK_FALSE(sha256_from_hex(std::string(63, 'a')).has_value());
    CHECK_FALSE(sha256_from_hex(std::string(64, 'g')).has_value());
    CHECK_FALSE(fields(R"({"text_id":"abc"})").optional_sha256("text_id").has_value());
  }

  TEST_CASE("keys have 8 to 64 characters") {
    CHECK(fields(R"({"key":"12345678"})").key().has_value());
    CHECK_FALSE(fields(R"({"key":"1234567"})").key().has_value());
    CHECK_FALSE(fields("{\"key\":\"" + std::string(65, 'k') + "\"}").key().has_value());
    CHECK_FALSE(fields("{}").key().has_value());
  }
}

}  // namespace bossey::api
