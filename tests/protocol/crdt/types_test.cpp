#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "crdt/snapshot.hpp"
#include "lib0/json.hpp"
#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

namespace {

lib0::Any read_vector(const char* name) {
  std::ifstream file(std::string(BOSSEY_SOURCE_DIR "/tests/vectors/") + name);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto value = lib0::parse_json(text);
  REQUIRE(value.has_value());
  return *value;
}

Attributes mark(const char* key, lib0::Any value) {
  Attributes attributes;
  attributes.set(key, std::move(value));
  return attributes;
}

const lib0::Any kNull{lib0::Null{}};

/// The same edits as tests/integration/crdt/make_vectors.mjs.
void edit_like_the_script(Doc& doc) {
  XmlFragment body = doc.xml_fragment("body");
  CHECK(doc.text("title").insert(0, "Rapport de fond").has_value());
  std::optional<XmlText> text;
  doc.transact([&] {
    auto heading = body.insert_element(0, "heading");
    REQUIRE(heading.has_value());
    // yjs makes children before attributes when a prepared element is put in.
    auto words = heading->insert_text(0);
    REQUIRE(words.has_value());
    CHECK(words->insert(0, "Scope").has_value());
    CHECK(heading->set_attribute("level", 2).has_value());
    auto paragraph = body.insert_element(1, "paragraph");
    REQUIRE(paragraph.has_value());
    auto inside = paragraph->insert_text(0);
    REQUIRE(inside.has_value());
    text = *inside;
    CHECK(text->insert(0, "The group agreed").has_value());
    CHECK(text->format(4, 5, mark("strong", lib0::AnyObject())).has_value());
    CHECK(text->insert(16, " on 中文 😀", mark("em", true)).has_value());
  });
  CHECK(text->remove(2, 6).has_value());
  CHECK(text->insert_embed(3, lib0::Any(mark("image", "a.png"))).has_value());
  const auto heading = XmlElement::from(std::get<Shared>(body.children()[0]));
  REQUIRE(heading.has_value());
  CHECK(XmlElement(*heading).set_attribute("level", 3).has_value());
  CHECK(XmlElement(*heading).remove_attribute("level").has_value());
  doc.transact([&] {
    auto item = body.insert_element(1, "list_item");
    REQUIRE(item.has_value());
    auto first = item->insert_text(0);
    REQUIRE(first.has_value());
    CHECK(first
              ->apply_delta({{DeltaOp::Insert{std::string("one ")}, {}},
                             {DeltaOp::Insert{std::string("two")}, mark("strong", true)},
                             {DeltaOp::Insert{std::string("\n")}, {}}})
              .has_value());
    Attributes changed = mark("strong", kNull);
    changed.set("em", true);
    CHECK(first
              ->apply_delta({{DeltaOp::Retain{4}, {}},
                             {DeltaOp::Delete{2}, {}},
                             {DeltaOp::Retain{1}, changed},
                             {DeltaOp::Insert{std::string("!")}, {}}})
              .has_value());
  });
  CHECK(body.remove(0, 1).has_value());
  Attributes off = mark("strong", kNull);
  off.set("em", kNull);
  CHECK(text->format(0, 4, off).has_value());
}

}  // namespace

TEST_SUITE("crdt/types") {
  TEST_CASE("local edits of XML make the octets that yjs makes") {
    const lib0::Any vector = read_vector("xml_edit.json");
    Replica a(42);
    edit_like_the_script(*a.doc);
    const lib0::AnyArray& expected = *vector.as_object()->find("updates")->as_array();
    REQUIRE(a.updates.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      CHECK(to_hex(a.updates[i]) == *expected[i].as_string());
    }
    CHECK(a.state() == *vector.as_object()->find("full1")->as_string());
    CHECK(to_hex(a.doc->encode_state_as_update({}, UpdateFormat::v2)) ==
          *vector.as_object()->find("full2")->as_string());
    CHECK(to_hex(take_snapshot(*a.doc).encode()) == *vector.as_object()->find("snapshot")->as_string());
    CHECK(a.doc->xml_fragment("body").to_string() == *vector.as_object()->find("body")->as_string());
    CHECK(a.doc->text("title").to_string() == *vector.as_object()->find("title")->as_string());
  }

  TEST_CASE("an XML tree is read as it was written") {
    Replica a(1);
    XmlFragment body = a.doc->xml_fragment("body");
    auto table = body.insert_element(0, "table");
    REQUIRE(table.has_value());
    CHECK(table->set_attribute("b", "2").has_value());
    CHECK(table->set_attribute("a", 1).has_value());
    auto cell = table->insert_element(0, "cell");
    REQUIRE(cell.has_value());
    auto text = cell->insert_text(0);
    REQUIRE(text.has_value());
    CHECK(text->insert(0, "x", mark("strong", lib0::AnyObject())).has_value());
    CHECK(body.to_string() == "<table a=\"1\" b=\"2\"><cell><strong>x</strong></cell></table>");
    CHECK(table->node_name() == "table");
    CHECK(table->attribute("a") == lib0::Any(1));
    CHECK_FALSE(table->attribute("c").has_value());
    CHECK(table->length() == 1);
    CHECK(XmlText::from(std::get<Shared>(cell->children()[0])).has_value());
    CHECK_FALSE(XmlElement::from(std::get<Shared>(cell->children()[0])).has_value());
  }

  TEST_CASE("a handle on what was deleted reads as empty and refuses edits") {
    Replica a(1);
    XmlFragment body = a.doc->xml_fragment("body");
    auto paragraph = body.insert_element(0, "p");
    REQUIRE(paragraph.has_value());
    auto text = paragraph->insert_text(0);
    REQUIRE(text.has_value());
    CHECK(text->insert(0, "words").has_value());
    CHECK(body.remove(0).has_value());
    CHECK_FALSE(paragraph->alive());
    CHECK_FALSE(text->alive());
    CHECK(text->plain().empty());
    CHECK(text->length_utf16() == 0);
    CHECK(text->insert(0, "x").error().code == Errc::not_found);
    CHECK(paragraph->insert_text(0).error().code == Errc::not_found);
    CHECK(paragraph->node_name().empty());
  }

  TEST_CASE("a list refuses what lies beyond its end and changes nothing") {
    Replica a(1);
    Array list = a.doc->array("a");
    CHECK(list.insert(0, {lib0::Any(1), lib0::Any("two"), SharedKind::map}).has_value());
    a.updates.clear();
    CHECK(list.insert(4, {lib0::Any(1)}).error().code == Errc::bad_input);
    CHECK(list.remove(2, 2).error().code == Errc::bad_input);
    CHECK(list.remove(3, 1).error().code == Errc::bad_input);
    CHECK(list.insert(0, {lib0::Any()}).error().code == Errc::bad_input);
    CHECK(a.updates.empty());
    CHECK(list.length() == 3);
    CHECK(std::get<lib0::Any>(*list.at(1)) == lib0::Any("two"));
    CHECK_FALSE(list.at(3).has_value());
  }

  TEST_CASE("the last value set for a key wins on all replicas") {
    Replica a(1);
    Replica b(2);
    CHECK(a.doc->map("m").set("k", lib0::Any("a")).has_value());
    CHECK(b.doc->map("m").set("k", lib0::Any("b")).has_value());
    a.pull(b);
    b.pull(a);
    CHECK(std::get<lib0::Any>(*a.doc->map("m").get("k")) == lib0::Any("b"));
    CHECK(a.state() == b.state());
    CHECK(a.doc->map("m").remove("k").has_value());
    CHECK_FALSE(a.doc->map("m").get("k").has_value());
    b.pull(a);
    CHECK(b.doc->map("m").entries().empty());
  }

  TEST_CASE("a map of many keys finds each") {
    Replica a(1);
    Map map = a.doc->map("m");
    a.doc->transact([&] {
      for (int i = 0; i < 200; ++i) CHECK(map.set("k" + std::to_string(i), lib0::Any(i)).has_value());
    });
    for (int i = 0; i < 200; ++i) CHECK(std::get<lib0::Any>(*map.get("k" + std::to_string(i))) == lib0::Any(i));
    Replica b(2);
    b.pull(a);
    CHECK(b.doc->map("m").to_json() == map.to_json());
  }

  TEST_CASE("types nested very deep are deleted, collected and read without harm") {
    Replica a(1);
    Array outer = a.doc->array("a");
    std::optional<Array> inner = outer;
    a.doc->transact([&] {
      for (int i = 0; i < 20'000; ++i) {
        REQUIRE(inner->insert(0, {SharedKind::array}).has_value());
        inner = Array::from(std::get<Shared>(*inner->at(0)));
      }
    });
    CHECK_FALSE(outer.to_json().is_undefined());
    CHECK(outer.remove(0).has_value());
    CHECK(outer.length() == 0);
    Replica b(2);
    b.pull(a);
    CHECK(b.state() == a.state());
  }

  TEST_CASE("a subdocument is kept with its options") {
    Replica a(1);
    CHECK(a.doc->map("m").set("d", Subdocument{"guid-1", lib0::Any(mark("autoLoad", true))}).has_value());
    Replica b(2);
    b.pull(a);
    const auto element = b.doc->map("m").get("d");
    REQUIRE(element.has_value());
    CHECK(std::get<Subdocument>(*element).guid == "guid-1");
    CHECK(b.state() == a.state());
  }
}
