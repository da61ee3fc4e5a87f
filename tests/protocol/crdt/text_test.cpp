#include <doctest/doctest.h>

#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

namespace {

Attributes bold(bool on = true) {
  Attributes attributes;
  attributes.set("bold", on ? lib0::Any(true) : lib0::Any(lib0::Null{}));
  return attributes;
}

std::string marked(const Text& text) {
  std::string out;
  for (const DeltaInsert& piece : text.to_delta()) {
    const auto* words = std::get_if<std::string>(&piece.insert);
    out += "[" + (words != nullptr ? *words : std::string("*"));
    for (const auto& [key, value] : piece.attributes) out += "|" + key + "=" + lib0::to_js_string(value);
    out += "]";
  }
  return out;
}

}  // namespace

TEST_SUITE("crdt/text") {
  TEST_CASE("two replicas that insert at one place agree on the order, the smaller client first") {
    Replica a(1);
    Replica b(2);
    CHECK(a.text().insert(0, "one ").has_value());
    CHECK(b.text().insert(0, "two ").has_value());
    a.pull(b);
    b.pull(a);
    CHECK(a.text().plain() == "one two ");
    CHECK(b.text().plain() == a.text().plain());
    CHECK(a.state() == b.state());
  }

  TEST_CASE("words typed at the same place by two people are all kept, each in one piece") {
    Replica a(1);
    Replica b(2);
    for (const char c : std::string_view("hello"))
      CHECK(a.text().insert(a.text().length_utf16(), std::string(1, c)).has_value());
    for (const char c : std::string_view("world"))
      CHECK(b.text().insert(b.text().length_utf16(), std::string(1, c)).has_value());
    a.pull(b);
    b.pull(a);
    CHECK(a.text().plain() == "helloworld");
    CHECK(a.state() == b.state());
  }

  TEST_CASE("positions are UTF-16 code units") {
    Replica a(1);
    CHECK(a.text().insert(0, "a😀é").has_value());
    CHECK(a.text().length_utf16() == 4);
    CHECK(a.text().insert(3, "|").has_value());
    CHECK(a.text().plain() == "a😀|é");
  }

  TEST_CASE("a surrogate pair that is cut becomes two replacement characters") {
    Replica a(1);
    CHECK(a.text().insert(0, "😀").has_value());
    CHECK(a.text().insert(1, "x").has_value());
    CHECK(a.text().plain() == "\xEF\xBF\xBDx\xEF\xBF\xBD");
    CHECK(a.text().length_utf16() == 3);
  }

  TEST_CASE("text that is not UTF-8 is refused and nothing changes") {
    Replica a(1);
    CHECK(a.text().insert(0, "\xFF").error().code == Errc::bad_input);
    CHECK(a.updates.empty());
  }

  TEST_CASE("a position or a length beyond the end means the end") {
    Replica a(1);
    CHECK(a.text().insert(100, "ab").has_value());
    CHECK(a.text().remove(1, 100).has_value());
    CHECK(a.text().insert(50, "c").has_value());
    CHECK(a.text().plain() == "ac");
    CHECK(a.text().remove(10, 5).has_value());
    CHECK(a.text().plain() == "ac");
  }

  TEST_CASE("inserted text takes the marks of its place, or exactly those given") {
    Replica a(1);
    CHECK(a.text().insert(0, "ab", bold()).has_value());
    CHECK(a.text().insert(1, "x").has_value());
    CHECK(marked(a.text()) == "[axb|bold=true]");
    CHECK(a.text().insert(1, "y", Attributes{}).has_value());
    CHECK(marked(a.text()) == "[a|bold=true][y][xb|bold=true]");
    CHECK(a.text().insert_embed(0, lib0::Any(7)).has_value());
    CHECK(marked(a.text()) == "[*][a|bold=true][y][xb|bold=true]");
  }

  TEST_CASE("formatting on and off again leaves no marks behind in the delta") {
    Replica a(1);
    CHECK(a.text().insert(0, "abcdef").has_value());
    CHECK(a.text().format(1, 3, bold()).has_value());
    CHECK(marked(a.text()) == "[a][bcd|bold=true][ef]");
    CHECK(a.text().format(0, 6, bold(false)).has_value());
    CHECK(marked(a.text()) == "[abcdef]");
  }

  TEST_CASE("concurrent equal formatting is cleaned up in a transaction of its own") {
    Replica a(1);
    Replica b(2);
    CHECK(a.text().insert(0, "abcdef").has_value());
    b.pull(a);
    CHECK(a.text().format(0, 6, bold()).has_value());
    CHECK(b.text().format(0, 6, bold()).has_value());
    b.events.clear();
    b.pull(a);
    CHECK(marked(b.text()) == "[abcdef|bold=true]");
    REQUIRE(b.events.size() == 2);
    CHECK_FALSE(b.events[0].local);
    CHECK_FALSE(b.events[0].formatting_clean_up);
    CHECK(b.events[1].local);
    CHECK(b.events[1].formatting_clean_up);
    // The clean-up brings nothing but deletions of marks.
    Doc other(ClientId{3});
    REQUIRE(other.apply_update(a.doc->encode_state_as_update()).has_value());
    REQUIRE(other.apply_update(b.updates[0]).has_value());
    CHECK(struct_ranges(b.updates.back())->empty());
    CHECK(deletes_only_formatting(other, b.updates.back()) == true);
    CHECK(contains(other, b.updates.back()) == false);
  }

  TEST_CASE("edits in one transaction make one update") {
    Replica a(1);
    a.doc->transact(
        [&] {
          CHECK(a.text().insert(0, "abc").has_value());
          CHECK(a.text().remove(1, 1).has_value());
          a.doc->transact([&] { CHECK(a.text().insert(0, "x").has_value()); });
        },
        Origin{9});
    REQUIRE(a.updates.size() == 1);
    CHECK(a.events[0].origin == Origin{9});
    CHECK(a.events[0].local);
    Replica b(2);
    b.receive(a.updates[0]);
    CHECK(b.text().plain() == "xac");
  }

  TEST_CASE("a transaction that changes nothing is not told") {
    Replica a(1);
    a.doc->transact([] {});
    CHECK(a.text().remove(0, 3).has_value());
    CHECK(a.text().insert(0, "").has_value());
    CHECK(a.updates.empty());
    CHECK(a.receive(Bytes{0, 0}).changed == false);
  }

  TEST_CASE("a delta is applied like the same steps by hand") {
    Replica a(1);
    const std::vector<DeltaOp> delta{{DeltaOp::Insert{std::string("Hello ")}, {}},
                                     {DeltaOp::Insert{std::string("World")}, bold()}};
    CHECK(a.text().apply_delta(delta).has_value());
    CHECK(marked(a.text()) == "[Hello ][World|bold=true]");
    CHECK(
        a.text()
            .apply_delta({{DeltaOp::Retain{6}, {}}, {DeltaOp::Delete{1}, {}}, {DeltaOp::Insert{std::string("w")}, {}}})
            .has_value());
    CHECK(marked(a.text()) == "[Hello ][w][orld|bold=true]");
  }

  TEST_CASE("edits all over a long text stay right") {
    Replica a(1);
    std::string expected;
    std::uint32_t state = 12345;
    const auto below = [&state](std::size_t n) {
      state = state * 1664525U + 1013904223U;
      return static_cast<std::size_t>(state >> 8U) % n;
    };
    for (int i = 0; i < 3000; ++i) {
      const std::size_t at = below(expected.size() + 1);
      if (below(3) == 0 && at < expected.size()) {
        const std::size_t length = std::min(expected.size() - at, below(5) + 1);
        expected.erase(at, length);
        CHECK(a.text().remove(at, length).has_value());
      } else {
        const std::string piece(below(4) + 1, static_cast<char>('a' + below(26)));
        expected.insert(at, piece);
        CHECK(a.text().insert(at, piece).has_value());
      }
    }
    CHECK(a.text().plain() == expected);
    Replica b(2);
    for (const Bytes& update : a.updates) b.receive(update);
    CHECK(b.text().plain() == expected);
    CHECK(b.state() == a.state());
  }

  TEST_CASE("a removal behind the end changes nothing, and the next edit goes where it should") {
    Replica a(1);
    CHECK(a.text().insert(0, "abcd").has_value());
    CHECK(a.text().remove(6, 3).has_value());
    CHECK(a.text().remove(3, 3).has_value());
    CHECK(a.text().plain() == "abc");
    CHECK(a.text().remove(9, 1).has_value());
    CHECK(a.text().insert(1, "X").has_value());
    CHECK(a.text().plain() == "aXbc");
    // Nor are marks cleaned that lie behind the end.
    Attributes strong;
    strong.set("strong", true);
    CHECK(a.text().format(0, 4, strong).has_value());
    CHECK(a.text().format(4, 0, strong).has_value());
    Replica b(2);
    b.pull(a);
    CHECK(b.text().insert(4, "Y", strong).has_value());
    CHECK(b.text().remove(4, 1).has_value());
    const std::size_t before = b.updates.size();
    CHECK(b.text().remove(7, 2).has_value());
    CHECK(b.updates.size() == before);
  }
}
