#include "lib0/any.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace bossey;
using namespace bossey::lib0;

namespace {

std::string keys_of(const AnyObject& object) {
  std::string keys;
  for (const auto& [key, value] : object) keys += key + " ";
  return keys;
}

}  // namespace

TEST_SUITE("lib0/any") {
  TEST_CASE("keys that are array indices come first, ascending; the others as they were set") {
    AnyObject object;
    for (const char* key : {"b", "10", "a", "2", "02", "4294967294", "4294967295", "-1"}) object.set(key, 1);
    CHECK(keys_of(object) == "2 10 4294967294 b a 02 4294967295 -1 ");
    CHECK(keys_of(AnyObject::from_entries({{"b", 1}, {"10", 1}, {"a", 1}, {"2", 1}})) == "2 10 b a ");
  }

  TEST_CASE("a key set twice keeps its place and takes the last value") {
    AnyObject object;
    object.set("a", 1);
    object.set("b", 2);
    object.set("a", 3);
    CHECK(keys_of(object) == "a b ");
    CHECK(*object.find("a") == Any(3));
    const AnyObject at_once = AnyObject::from_entries({{"a", 1}, {"b", 2}, {"a", 3}});
    CHECK(at_once == object);
  }

  TEST_CASE("a copy of an object is the same object, an equal one is not") {
    const Any object(AnyObject::from_entries({{"href", "x"}}));
    const Any copy = object;
    const Any equal(AnyObject::from_entries({{"href", "x"}}));
    CHECK(Any::same(object, copy));
    CHECK_FALSE(Any::same(object, equal));
    CHECK(Any::same_attribute(object, equal));
    CHECK(object == equal);
  }

  TEST_CASE("attribute values are compared one level deep") {
    const Any deep(AnyObject::from_entries({{"o", Any(AnyObject())}}));
    const Any equal(AnyObject::from_entries({{"o", Any(AnyObject())}}));
    CHECK_FALSE(Any::same_attribute(deep, equal));
    CHECK(Any::same_attribute(deep, deep));
    CHECK_FALSE(Any::same_attribute(Any(std::nan("")), Any(std::nan(""))));
  }

  TEST_CASE("numbers are spelled as in JavaScript") {
    CHECK(to_js_string(0.0) == "0");
    CHECK(to_js_string(-0.0) == "0");
    CHECK(to_js_string(123.0) == "123");
    CHECK(to_js_string(-1.5) == "-1.5");
    CHECK(to_js_string(0.1) == "0.1");
    CHECK(to_js_string(1e21) == "1e+21");
    CHECK(to_js_string(123456789012345680000.0) == "123456789012345680000");
    CHECK(to_js_string(1e-6) == "0.000001");
    CHECK(to_js_string(1e-7) == "1e-7");
    CHECK(to_js_string(1.25e-9) == "1.25e-9");
    CHECK(to_js_string(5e-324) == "5e-324");
    CHECK(to_js_string(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
    CHECK(to_js_string(std::nan("")) == "NaN");
    CHECK(to_js_string(-std::numeric_limits<double>::infinity()) == "-Infinity");
  }

  TEST_CASE("values become strings as in JavaScript") {
    CHECK(to_js_string(Any(AnyArray{1, Null{}, "a", Any(AnyArray{2, 3})})) == "1,,a,2,3");
    CHECK(to_js_string(Any(AnyObject())) == "[object Object]");
    CHECK(to_js_string(Any()) == "undefined");
    CHECK(to_js_string(Any(BigInt{-7})) == "-7");
  }
}
