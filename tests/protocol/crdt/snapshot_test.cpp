#include "crdt/snapshot.hpp"

#include <doctest/doctest.h>

#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

TEST_SUITE("crdt/snapshot") {
  TEST_CASE("a document is made again as it was at each moment") {
    Replica a(7, false);
    Text text = a.text();
    Map map = a.doc->map("m");
    std::vector<Snapshot> moments;
    std::vector<std::string> texts;
    const auto note = [&] {
      moments.push_back(take_snapshot(*a.doc));
      texts.push_back(text.plain() + lib0::to_js_string(map.to_json().as_object()->find("k") == nullptr
                                                            ? lib0::Any()
                                                            : *map.to_json().as_object()->find("k")));
    };
    note();
    CHECK(text.insert(0, "worlds").has_value());
    note();
    CHECK(text.insert(6, " and more").has_value());  // one item with the word before
    note();
    CHECK(text.insert(0, "hello ").has_value());
    CHECK(map.set("k", lib0::Any("one")).has_value());
    note();
    CHECK(text.remove(2, 7).has_value());
    CHECK(map.set("k", lib0::Any("two")).has_value());
    note();
    for (std::size_t i = 0; i < moments.size(); ++i) {
      CAPTURE(i);
      auto then = doc_from_snapshot(*a.doc, moments[i], ClientId{9});
      REQUIRE(then.has_value());
      const lib0::Any json = then->map("m").to_json();
      const lib0::Any* value = json.as_object()->find("k");
      CHECK(then->text("t").plain() + lib0::to_js_string(value == nullptr ? lib0::Any() : *value) == texts[i]);
      CHECK(take_snapshot(*then) == moments[i]);
      CHECK(then->gc());
    }
  }

  TEST_CASE("a snapshot is read back as it was written, in both formats") {
    Replica a(3, false);
    CHECK(a.text().insert(0, "abcdefgh").has_value());
    CHECK(a.text().remove(1, 1).has_value());
    CHECK(a.text().remove(3, 2).has_value());
    Replica b(5);
    b.pull(a);
    CHECK(b.text().remove(0, 1).has_value());
    const Snapshot snapshot = take_snapshot(*b.doc);
    for (const auto format : {UpdateFormat::v1, UpdateFormat::v2}) {
      const auto again = Snapshot::decode(snapshot.encode(format), format);
      REQUIRE(again.has_value());
      CHECK(*again == snapshot);
    }
    CHECK(snapshot.encode(UpdateFormat::v1) != snapshot.encode(UpdateFormat::v2));
    CHECK_FALSE(snapshot == take_snapshot(*a.doc));
  }

  TEST_CASE("a snapshot contains what was known and deleted, and nothing later") {
    Replica a(3, false);
    CHECK(a.text().insert(0, "abc").has_value());
    const Snapshot before = take_snapshot(*a.doc);
    CHECK(a.text().remove(1, 1).has_value());
    const Snapshot after = take_snapshot(*a.doc);
    CHECK(contains(before, a.updates[0]) == true);
    CHECK(contains(before, a.updates[1]) == false);
    CHECK(contains(after, a.updates[1]) == true);
    CHECK(contains(after, as_bytes("?")).error().code == Errc::bad_input);
  }

  TEST_CASE("no document is made from one that drops what is deleted, nor from one that knows less") {
    Replica collecting(1);
    CHECK(collecting.text().insert(0, "a").has_value());
    CHECK(doc_from_snapshot(*collecting.doc, take_snapshot(*collecting.doc), ClientId{2}).error().code ==
          Errc::conflict);
    Replica keeping(1, false);
    CHECK(doc_from_snapshot(*keeping.doc, take_snapshot(*collecting.doc), ClientId{2}).error().code == Errc::bad_input);
  }

  TEST_CASE("what is no snapshot is refused") {
    for (const char* hex : {"", "00", "0000ff", "01", "010101", "0101010201", "00ffffffffffffffffff"}) {
      CAPTURE(hex);
      CHECK_FALSE(Snapshot::decode(from_hex(hex)).has_value());
      CHECK_FALSE(Snapshot::decode(from_hex(hex), UpdateFormat::v2).has_value());
    }
    CHECK(Snapshot::decode(from_hex("0000")) == Snapshot{});
  }
}
