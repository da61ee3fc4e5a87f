#include "crdt/insert_types.hpp"

#include <doctest/doctest.h>

#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

TEST_SUITE("crdt/insert_types") {
  TEST_CASE("a hook in XML is a map with a name, here and on another replica") {
    Replica a(1);
    const auto made = insert_type(a.doc->xml_fragment("x"), 0, {SharedKind::xml_hook, "tree"});
    REQUIRE(made.has_value());
    auto hook = Map::from(*made);
    REQUIRE(hook.has_value());
    CHECK(hook->hook_name() == "tree");
    CHECK(hook->set("k", lib0::Any(1)).has_value());
    Replica b(2);
    b.pull(a);
    const std::vector<Element> children = b.doc->xml_fragment("x").children();
    REQUIRE(children.size() == 1);
    const auto* child = std::get_if<Shared>(&children[0]);
    REQUIRE(child != nullptr);
    CHECK(child->kind() == SharedKind::xml_hook);
    CHECK(Map::from(*child)->get("k").has_value());
  }

  TEST_CASE("a type in a text counts as one unit, carries marks, and goes with them") {
    Replica a(1);
    Text text = a.text();
    CHECK(text.insert(0, "ab").has_value());
    Attributes strong;
    strong.set("strong", true);
    const auto made = insert_type(text, 1, {SharedKind::map, {}}, strong);
    REQUIRE(made.has_value());
    CHECK(made->kind() == SharedKind::map);
    CHECK(text.length_utf16() == 3);
    const auto pieces = text.to_delta();
    REQUIRE(pieces.size() == 3);
    CHECK(std::holds_alternative<Shared>(pieces[1].insert));
    CHECK(pieces[1].attributes == strong);
    CHECK(text.remove(1, 1).has_value());
    CHECK_FALSE(made->alive());
    CHECK(text.plain() == "ab");
  }

  TEST_CASE("elements with a name stand in lists and maps, too") {
    Replica a(1);
    Array array = a.doc->array("a");
    Map map = a.doc->map("m");
    REQUIRE(insert_type(array, 0, {SharedKind::xml_element, "table"}).has_value());
    REQUIRE(set_type(map, "k", {SharedKind::xml_text, {}}).has_value());
    const auto first = array.at(0);
    REQUIRE(first.has_value());
    CHECK(XmlElement::from(std::get<Shared>(*first))->node_name() == "table");
    CHECK(std::get<Shared>(*map.get("k")).kind() == SharedKind::xml_text);
  }

  TEST_CASE("what has no such name, place or parent is refused, and nothing changes") {
    Replica a(1);
    Array array = a.doc->array("a");
    const std::string before = a.state();
    CHECK(insert_type(array, 0, {SharedKind::xml_hook, {}}).error().code == Errc::bad_input);
    CHECK(insert_type(array, 0, {SharedKind::map, "name"}).error().code == Errc::bad_input);
    CHECK(insert_type(array, 0, {SharedKind::untyped, {}}).error().code == Errc::bad_input);
    CHECK(insert_type(array, 1, {SharedKind::map, {}}).error().code == Errc::bad_input);
    CHECK(a.state() == before);
    const auto inner = insert_type(array, 0, {SharedKind::array, {}});
    REQUIRE(inner.has_value());
    const auto gone = Array::from(*inner);
    CHECK(array.remove(0).has_value());
    CHECK(insert_type(*gone, 0, {SharedKind::map, {}}).error().code == Errc::not_found);
  }
}
