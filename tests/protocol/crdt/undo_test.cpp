#include "crdt/undo.hpp"

#include <doctest/doctest.h>

#include "crdt/relative_position.hpp"
#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

TEST_SUITE("crdt/undo") {
  TEST_CASE("undo takes back what was done here and leaves what others did") {
    Replica a(1);
    Replica b(2);
    Undo undo(*a.doc, {a.text()});
    CHECK(a.text().insert(0, "mine").has_value());
    b.pull(a);
    CHECK(b.text().insert(4, " theirs").has_value());
    a.pull(b);
    CHECK(a.text().remove(0, 2).has_value());
    CHECK(undo.undo());
    CHECK(a.text().plain() == "mine theirs");
    CHECK(undo.undo());
    CHECK(a.text().plain() == " theirs");
    CHECK_FALSE(undo.can_undo());
    CHECK_FALSE(undo.undo());
    CHECK(undo.redo());
    CHECK(undo.redo());
    CHECK(a.text().plain() == "ne theirs");
    CHECK_FALSE(undo.can_redo());
    b.pull(a);
    CHECK(b.text().plain() == a.text().plain());
    CHECK(b.doc->state_vector() == a.doc->state_vector());
  }

  TEST_CASE("only tracked origins and types in scope are taken back") {
    Replica a(1);
    Undo undo(*a.doc, {a.text()}, {.tracked_origins = {Origin{7}}, .origin = Origin{8}});
    CHECK(a.text().insert(0, "not tracked").has_value());
    CHECK(a.doc->map("m").set("k", lib0::Any(1)).has_value());
    CHECK_FALSE(undo.can_undo());
    a.doc->transact([&] { CHECK(a.text().insert(0, "tracked, ").has_value()); }, Origin{7});
    a.doc->transact([&] { CHECK(a.doc->map("m").set("k", lib0::Any(2)).has_value()); }, Origin{7});
    CHECK(undo.undo());
    CHECK(a.events.back().origin == Origin{8});
    CHECK(a.text().plain() == "not tracked");
    CHECK_FALSE(undo.can_undo());
    CHECK(std::get<lib0::Any>(*a.doc->map("m").get("k")) == lib0::Any(2));
  }

  TEST_CASE("changes within the capture time are one step") {
    Replica a(1);
    std::uint64_t now = 1000;
    Undo undo(*a.doc, {a.text()}, {.now_ms = [&now] { return now; }, .capture_timeout_ms = 500});
    CHECK(a.text().insert(0, "a").has_value());
    now += 400;
    CHECK(a.text().insert(1, "b").has_value());
    now += 600;
    CHECK(a.text().insert(2, "c").has_value());
    undo.stop_capturing();
    CHECK(a.text().insert(3, "d").has_value());
    CHECK(undo.undo());
    CHECK(a.text().plain() == "abc");
    CHECK(undo.undo());
    CHECK(a.text().plain() == "ab");
    CHECK(undo.undo());
    CHECK(a.text().plain().empty());
    CHECK_FALSE(undo.can_undo());
  }

  TEST_CASE("a deleted element comes back with all that was in it") {
    Replica a(1);
    XmlFragment body = a.doc->xml_fragment("x");
    Undo undo(*a.doc, {body});
    auto element = body.insert_element(0, "p");
    CHECK(element->set_attribute("dir", "rtl").has_value());
    CHECK(element->insert_text(0)->insert(0, "words").has_value());
    CHECK(body.remove(0).has_value());
    CHECK(body.to_string().empty());
    CHECK(undo.undo());
    CHECK(body.to_string() == "<p dir=\"rtl\">words</p>");
    CHECK_FALSE(element->alive());  // it is another element
    Replica b(2);
    b.pull(a);
    CHECK(b.doc->xml_fragment("x").to_string() == "<p dir=\"rtl\">words</p>");
  }

  TEST_CASE("a key that somebody else has set since keeps that value") {
    Replica a(1);
    Replica b(2);
    Map map = a.doc->map("m");
    Undo undo(*a.doc, {map});
    CHECK(map.set("k", lib0::Any("old")).has_value());
    CHECK(map.set("k", lib0::Any("mine")).has_value());
    b.pull(a);
    CHECK(b.doc->map("m").set("k", lib0::Any("theirs")).has_value());
    a.pull(b);
    undo.undo();
    CHECK(std::get<lib0::Any>(*map.get("k")) == lib0::Any("theirs"));
  }

  TEST_CASE("a place in words that came back is found in them, by others where they were") {
    Replica a(1);
    CHECK(a.text().insert(0, "one two").has_value());
    Undo undo(*a.doc, {a.text()});
    const auto place = relative_position(a.text(), 5);
    CHECK(a.text().remove(4, 3).has_value());
    CHECK(undo.undo());
    CHECK(a.text().plain() == "one two");
    CHECK(absolute_position(*a.doc, *place)->index == 5);
    // The old words, all of them deleted, stand behind those that came back.
    CHECK(absolute_position(*a.doc, *place, false)->index == 7);
  }

  TEST_CASE("what can be taken back keeps its words, until the steps are forgotten") {
    Replica a(1);
    CHECK(a.text().insert(0, "a secret").has_value());
    const auto holds = [&a] {
      const Bytes full = a.doc->encode_state_as_update();
      return as_chars(full).find("secret") != std::string_view::npos;
    };
    {
      Undo undo(*a.doc, {a.text()});
      CHECK(a.text().remove(2, 6).has_value());
      CHECK(holds());
      undo.clear();
      CHECK_FALSE(undo.can_undo());
    }
    CHECK(a.text().insert(0, "other words").has_value());
    CHECK(a.text().remove(0, 1).has_value());
    Undo late(*a.doc, {a.text()});
    CHECK_FALSE(late.undo());
  }

  TEST_CASE("a new edit ends what could be done again") {
    Replica a(1);
    Undo undo(*a.doc, {a.text()});
    CHECK(a.text().insert(0, "a").has_value());
    CHECK(undo.undo());
    CHECK(undo.can_redo());
    CHECK(a.text().insert(0, "b").has_value());
    CHECK_FALSE(undo.can_redo());
    CHECK_FALSE(undo.redo());
    CHECK(a.text().plain() == "b");
  }
}
