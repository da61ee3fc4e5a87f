#include "crdt/relative_position.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "lib0/json.hpp"
#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

namespace {

/// The document of tests/vectors/xml_edit.json.
class Vector {
 public:
  Vector() : doc(ClientId{1}) {
    std::ifstream file(BOSSEY_SOURCE_DIR "/tests/vectors/xml_edit.json");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    value = *lib0::parse_json(text);
    apply("full1");
  }

  const lib0::Any& at(const char* key) const { return *value.as_object()->find(key); }
  void apply(const char* key) { REQUIRE(doc.apply_update(from_hex(*at(key).as_string())).has_value()); }
  void apply_later() {
    for (const lib0::Any& update : *at("later").as_array())
      REQUIRE(doc.apply_update(from_hex(*update.as_string())).has_value());
  }

  /// The type that a place of the vector is in.
  Shared type(const std::string& of) {
    if (of == "title") return doc.text("title");
    XmlFragment body = doc.xml_fragment("body");
    if (of == "body") return body;
    const auto paragraph = XmlElement::from(std::get<Shared>(body.children().back()));
    REQUIRE(paragraph.has_value());
    return std::get<Shared>(paragraph->children()[0]);
  }

  lib0::Any value;
  Doc doc;
};

}  // namespace

TEST_SUITE("crdt/relative_position") {
  TEST_CASE("places are named as yjs names them, and are found again after edits") {
    Vector vector;
    for (const lib0::Any& any : *vector.at("positions").as_array()) {
      const lib0::AnyObject& entry = *any.as_object();
      const auto index = static_cast<std::uint64_t>(*entry.find("index")->as_number());
      const auto assoc = static_cast<std::int64_t>(*entry.find("assoc")->as_number());
      const std::string& encoded = *entry.find("encoded")->as_string();
      CAPTURE(encoded);
      const auto place = relative_position(vector.type(*entry.find("of")->as_string()), index, assoc);
      REQUIRE(place.has_value());
      CHECK(to_hex(place->encode()) == encoded);
      const auto again = absolute_position(vector.doc, *place);
      REQUIRE(again.has_value());
      CHECK(again->index == index);
    }
    vector.apply_later();
    for (const lib0::Any& any : *vector.at("positions").as_array()) {
      const lib0::AnyObject& entry = *any.as_object();
      CAPTURE(*entry.find("encoded")->as_string());
      const auto place = RelativePosition::decode(from_hex(*entry.find("encoded")->as_string()));
      REQUIRE(place.has_value());
      const auto now = absolute_position(vector.doc, *place);
      REQUIRE(now.has_value());
      CHECK(now->index == static_cast<std::uint64_t>(*entry.find("later")->as_number()));
      CHECK(now->type == vector.type(*entry.find("of")->as_string()));
    }
  }

  TEST_CASE("a place that is not known yet, or is collected, is nowhere") {
    Replica a(1);
    CHECK(a.text().insert(0, "abc").has_value());
    Replica b(2);
    const auto place = relative_position(a.text(), 1);
    REQUIRE(place.has_value());
    CHECK_FALSE(absolute_position(*b.doc, *place).has_value());
    auto paragraph = a.doc->xml_fragment("x").insert_element(0, "p");
    REQUIRE(paragraph.has_value());
    const auto end = relative_position(*paragraph, 0);
    REQUIRE(end.has_value());
    CHECK(absolute_position(*a.doc, *end).has_value());
    CHECK(a.doc->xml_fragment("x").remove(0).has_value());
    CHECK_FALSE(absolute_position(*a.doc, *end).has_value());
  }

  TEST_CASE("what is no place is refused") {
    for (const char* hex : {"", "03", "00", "0001", "0105", "01016100ff", "000101000000"}) {
      CAPTURE(hex);
      CHECK_FALSE(RelativePosition::decode(from_hex(hex)).has_value());
    }
    CHECK(RelativePosition::decode(from_hex("010161"))->root == "a");
  }
}
