#include <doctest/doctest.h>

#include <random>

#include "crdt/swallowed.hpp"
#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

namespace {

XmlText add_paragraph(Doc& doc, const std::string& words) {
  XmlFragment body = doc.xml_fragment("body");
  auto paragraph = body.insert_element(body.length(), "paragraph");
  REQUIRE(paragraph);
  auto text = paragraph->insert_text(0);
  REQUIRE(text);
  REQUIRE(text->insert(0, words));
  return *text;
}

XmlText text_of_paragraph(Doc& doc, std::size_t index) {
  const auto paragraph = XmlElement::from(std::get<Shared>(doc.xml_fragment("body").children().at(index)));
  REQUIRE(paragraph);
  const auto text = XmlText::from(std::get<Shared>(paragraph->children().at(0)));
  REQUIRE(text);
  return *text;
}

/// Two paragraphs that both have; then one deletes the second.
struct Meeting {
  Meeting() : here(1), there(2) {
    add_paragraph(*here.doc, "Stays.");
    add_paragraph(*here.doc, "Goes away.");
    there.pull(here);
    there.updates.clear();
  }
  void remove_second() { REQUIRE(here.doc->xml_fragment("body").remove(1)); }
  [[nodiscard]] Bytes offline() const { return there.doc->encode_state_as_update(here.doc->state_vector()); }
  [[nodiscard]] Swallowed ask() const {
    auto swallowed = swallowed_words(*here.doc, offline());
    REQUIRE(swallowed);
    return *swallowed;
  }
  Replica here;
  Replica there;
};

/// Units of an update that the document lacks.
DeleteSet new_units(const Doc& doc, BytesView update) {
  DeleteSet units;
  const auto ranges = struct_ranges(update);
  REQUIRE(ranges);
  for (const StructRange& range : *ranges) {
    const Clock from = std::max(range.clock, doc.state_vector().get(range.client));
    if (from < range.clock + range.length) units.add(range.client, from, range.clock + range.length - from);
  }
  units.normalize();
  return units;
}

}  // namespace

TEST_SUITE("crdt/swallowed") {
  TEST_CASE("words typed into a paragraph that lives are not swallowed") {
    Meeting meeting;
    meeting.remove_second();
    REQUIRE(text_of_paragraph(*meeting.there.doc, 0).insert(6, " And more."));
    CHECK(meeting.ask().text.empty());
    CHECK(meeting.ask().update.empty());
  }

  TEST_CASE(
      "words typed into a paragraph that was deleted are swallowed, in order and without what was deleted again") {
    Meeting meeting;
    XmlText text = text_of_paragraph(*meeting.there.doc, 1);
    REQUIRE(text.insert(10, " We object"));
    REQUIRE(text.insert(14, "firmly "));
    REQUIRE(text.insert(11, "xx"));
    REQUIRE(text.remove(11, 2));
    REQUIRE(text.insert(text.length_utf16(), " \xF0\x9F\x98\x80."));
    CHECK(meeting.ask().text.empty());
    meeting.remove_second();
    const Swallowed swallowed = meeting.ask();
    CHECK(swallowed.text == " We firmly object \xF0\x9F\x98\x80.");
    CHECK(*inserted_text(swallowed.update) == swallowed.text);
    meeting.here.receive(meeting.offline());
    CHECK(meeting.ask().text.empty());  // nothing new
  }

  TEST_CASE("only what is swallowed is given, and places are parted by line breaks") {
    Meeting meeting;
    REQUIRE(text_of_paragraph(*meeting.there.doc, 0).insert(0, "This "));
    REQUIRE(text_of_paragraph(*meeting.there.doc, 1).insert(0, "It "));
    REQUIRE(text_of_paragraph(*meeting.there.doc, 1).insert(7, "surely "));
    add_paragraph(*meeting.there.doc, "A new one.");
    meeting.remove_second();
    CHECK(meeting.ask().text == "It \nsurely ");
  }

  TEST_CASE("marks within the words do not part them") {
    Meeting meeting;
    Attributes strong;
    strong.set("strong", true);
    XmlText text = text_of_paragraph(*meeting.there.doc, 1);
    REQUIRE(text.insert(10, " plain"));
    REQUIRE(text.insert(16, " bold", strong));
    REQUIRE(text.insert(21, " plain", {}));
    meeting.remove_second();
    CHECK(meeting.ask().text == " plain bold plain");
  }

  TEST_CASE("a paragraph made within a deleted list is swallowed with its words") {
    Replica here(1);
    Replica there(2);
    auto list = here.doc->xml_fragment("body").insert_element(0, "bullet_list");
    REQUIRE(list);
    there.pull(here);
    auto theirs = XmlElement::from(std::get<Shared>(there.doc->xml_fragment("body").children().at(0)));
    for (const std::string words : {"One", "Two"}) {
      auto item = theirs->insert_element(theirs->length(), "list_item");
      REQUIRE(item);
      REQUIRE(item->insert_text(0)->insert(0, words));
    }
    REQUIRE(here.doc->xml_fragment("body").remove(0));
    const auto swallowed = swallowed_words(*here.doc, there.doc->encode_state_as_update(here.doc->state_vector()));
    CHECK(swallowed->text == "One\nTwo");
  }

  TEST_CASE("swallowed updates that follow each other merge into one text") {
    Meeting meeting;
    meeting.remove_second();
    XmlText text = text_of_paragraph(*meeting.there.doc, 1);
    REQUIRE(text.insert(10, " We"));
    REQUIRE(text.insert(13, " object."));
    std::vector<Bytes> kept;
    for (const Bytes& update : meeting.there.updates) {
      const auto swallowed = swallowed_words(*meeting.here.doc, update);
      REQUIRE(swallowed);
      kept.push_back(swallowed->update);
      meeting.here.receive(update);
    }
    REQUIRE(kept.size() == 2);
    const auto merged = merge_updates({kept.begin(), kept.end()});
    REQUIRE(merged);
    CHECK(*inserted_text(*merged) == " We object.");
  }

  TEST_CASE("octets that are no update are refused") {
    const Doc doc(ClientId{1});
    CHECK(swallowed_words(doc, Bytes{7, 255, 255}).error().code == Errc::bad_input);
    CHECK(inserted_text(Bytes{7, 255, 255}).error().code == Errc::bad_input);
  }

  TEST_CASE("exactly what the engine deletes at once is foretold, whatever is typed and deleted") {
    for (unsigned seed = 1; seed <= 150; ++seed) {
      CAPTURE(seed);
      std::mt19937 random(seed);
      const auto below = [&random](std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
      };
      Replica here(below(2) == 0 ? 1 : 9);
      Replica there(5);
      for (const char* words : {"alpha", "beta", "gamma", "delta"}) add_paragraph(*here.doc, words);
      there.pull(here);
      for (int i = 0; i < 6; ++i) {
        XmlText text = text_of_paragraph(*there.doc, below(4));
        REQUIRE(text.insert(below(text.length_utf16() + 1), "w" + std::to_string(i)));
        if (below(4) == 0) add_paragraph(*there.doc, "new");
      }
      for (int i = 0; i < 2; ++i) REQUIRE(here.doc->xml_fragment("body").remove(below(3), 1 + below(1)));
      if (below(2) == 0) {
        XmlText text = text_of_paragraph(*here.doc, 0);
        REQUIRE(text.remove(0, text.length_utf16()));
      }
      const Bytes update = there.doc->encode_state_as_update(here.doc->state_vector());
      const auto swallowed = swallowed_words(*here.doc, update);
      REQUIRE(swallowed);
      const DeleteSet foretold = swallowed->update.empty() ? DeleteSet{} : new_units(*here.doc, swallowed->update);
      const DeleteSet arrived = new_units(*here.doc, update);
      here.receive(update);
      std::size_t deleted = 0;
      const DeleteSet now = here.doc->delete_set();
      for (const auto& client : arrived.clients())
        for (const auto& range : client.ranges)
          for (Clock clock = range.clock; clock < range.end(); ++clock) {
            const Id id{client.client, clock};
            CHECK(now.contains(id) == foretold.contains(id));
            deleted += now.contains(id) ? 1 : 0;
          }
      CHECK((deleted == 0) == swallowed->text.empty());
    }
  }
}
