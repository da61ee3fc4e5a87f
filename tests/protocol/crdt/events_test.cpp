#include "crdt/events.hpp"

#include <doctest/doctest.h>

#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

namespace {

Attributes mark(const char* key, lib0::Any value) {
  Attributes attributes;
  attributes.set(key, std::move(value));
  return attributes;
}

/// A delta in short: =3 -2 +words, marks in brackets.
std::string in_short(const std::vector<ChangeStep>& delta) {
  std::string text;
  for (const ChangeStep& step : delta) {
    if (!text.empty()) text += " ";
    if (const auto* retain = std::get_if<ChangeStep::Retain>(&step.step)) text += "=" + std::to_string(retain->length);
    if (const auto* removal = std::get_if<ChangeStep::Delete>(&step.step))
      text += "-" + std::to_string(removal->length);
    if (const auto* words = std::get_if<ChangeStep::InsertText>(&step.step)) text += "+" + words->text;
    if (const auto* list = std::get_if<ChangeStep::InsertElements>(&step.step))
      text += "+[" + std::to_string(list->elements.size()) + "]";
    for (const auto& [key, value] : step.attributes)
      text.append("{").append(key).append(":").append(lib0::to_js_string(value)).append("}");
  }
  return text;
}

}  // namespace

TEST_SUITE("crdt/events") {
  TEST_CASE("a change of a text is told as a delta, of others as well as of one's own") {
    Replica a(1);
    Replica b(2);
    std::vector<std::string> told;
    b.doc->observe(b.text(), Depth::itself, [&](const ChangeEvent& event) {
      CHECK(event.types.size() == 1);
      CHECK(event.types[0].target == b.text());
      CHECK(event.types[0].path.empty());
      told.push_back((event.local ? "own " : "") + in_short(event.types[0].delta));
    });
    CHECK(a.text().insert(0, "one two").has_value());
    b.pull(a);
    CHECK(b.text().remove(3, 1).has_value());
    CHECK(b.text().format(0, 3, mark("b", true)).has_value());
    CHECK(b.text().insert_embed(3, lib0::Any(mark("i", 1)), mark("b", true)).has_value());
    a.pull(b);
    CHECK(a.text().format(0, 2, mark("b", lib0::Null{})).has_value());
    b.pull(a);
    CHECK(told ==
          std::vector<std::string>{"+one two", "own =3 -1", "own =3{b:true}", "own =3 +[1]{b:true}", "=2{b:null}"});
  }

  TEST_CASE("changed keys are told with what was there before") {
    Replica a(1);
    Map map = a.doc->map("m");
    std::vector<std::string> told;
    a.doc->observe(map, Depth::itself, [&](const ChangeEvent& event) {
      for (const KeyChange& change : event.types.at(0).keys) {
        told.push_back(change.key + " " + std::to_string(static_cast<int>(change.action)) + " " +
                       lib0::to_js_string(std::get<lib0::Any>(change.before)));
      }
    });
    CHECK(map.set("k", lib0::Any(1)).has_value());
    CHECK(map.set("k", lib0::Any(2)).has_value());
    a.doc->transact([&] {
      CHECK(map.set("k", lib0::Any(3)).has_value());
      CHECK(map.remove("k").has_value());
      CHECK(map.set("l", lib0::Any(4)).has_value());
      CHECK(map.remove("l").has_value());
    });
    CHECK(told == std::vector<std::string>{"k 0 undefined", "k 1 1", "k 2 2"});
  }

  TEST_CASE("what changes deep inside is told with the path to it, the nearest first") {
    Replica a(1);
    XmlFragment body = a.doc->xml_fragment("x");
    auto table = body.insert_element(0, "table");
    auto cell = table->insert_element(0, "cell");
    auto text = cell->insert_text(0);
    CHECK(body.insert_element(0, "p").has_value());
    std::vector<std::size_t> depths;
    std::vector<PathStep> last;
    a.doc->observe(body, Depth::all, [&](const ChangeEvent& event) {
      for (const TypeEvent& type : event.types) {
        depths.push_back(type.path.size());
        last = type.path;
      }
    });
    a.doc->transact([&] {
      CHECK(text->insert(0, "w").has_value());
      CHECK(table->set_attribute("a", 1).has_value());
      CHECK(body.insert_element(2, "p").has_value());
    });
    CHECK(depths == std::vector<std::size_t>{0, 1, 3});
    CHECK(last == std::vector<PathStep>{std::uint64_t{1}, std::uint64_t{0}, std::uint64_t{0}});
  }

  TEST_CASE("nothing is told of a type that goes, nor to an observer that was ended") {
    Replica a(1);
    XmlFragment body = a.doc->xml_fragment("x");
    auto paragraph = body.insert_element(0, "p");
    int of_paragraph = 0;
    int of_body = 0;
    a.doc->observe(*paragraph, Depth::all, [&](const ChangeEvent&) { ++of_paragraph; });
    const ObserverId id = a.doc->observe(body, Depth::itself, [&](const ChangeEvent&) { ++of_body; });
    CHECK(paragraph->insert_text(0).has_value());
    CHECK(of_paragraph == 1);
    CHECK(of_body == 0);
    CHECK(body.remove(0).has_value());
    CHECK(of_paragraph == 1);
    CHECK(of_body == 1);
    a.doc->unobserve(id);
    CHECK(body.insert_element(0, "p").has_value());
    CHECK(of_body == 1);
  }

  TEST_CASE("an observer may edit and end itself, and its edit is told after what it heard") {
    Replica a(1);
    std::vector<std::string> told;
    ObserverId first;
    first = a.doc->observe(a.text(), Depth::itself, [&](const ChangeEvent& event) {
      told.push_back("first " + in_short(event.types[0].delta));
      a.doc->unobserve(first);
      CHECK(a.text().insert(0, "2").has_value());
    });
    a.doc->observe(a.text(), Depth::itself,
                   [&](const ChangeEvent& event) { told.push_back("second " + in_short(event.types[0].delta)); });
    CHECK(a.text().insert(0, "1").has_value());
    CHECK(told == std::vector<std::string>{"first +1", "second +1", "second +2"});
    CHECK(a.text().plain() == "21");
    CHECK(a.updates.size() == 2);
  }

  TEST_CASE("an observer that another one ends hears nothing of the change under way") {
    Replica a(1);
    int heard = 0;
    ObserverId second;
    a.doc->observe(a.text(), Depth::itself, [&](const ChangeEvent&) { a.doc->unobserve(second); });
    second = a.doc->observe(a.text(), Depth::itself, [&](const ChangeEvent&) { ++heard; });
    CHECK(a.text().insert(0, "1").has_value());
    CHECK(heard == 0);
  }

  TEST_CASE("an observer that throws costs neither the update nor the next observer's news") {
    Replica a(1);
    int heard = 0;
    a.doc->observe(a.text(), Depth::itself, [](const ChangeEvent&) { throw 1; });
    a.doc->observe(a.text(), Depth::itself, [&](const ChangeEvent&) { ++heard; });
    CHECK_THROWS(static_cast<void>(a.text().insert(0, "1")));
    CHECK(a.updates.size() == 1);
    CHECK_THROWS(static_cast<void>(a.text().insert(0, "2")));
    CHECK(heard == 1);
    CHECK(a.text().plain() == "21");
  }

  TEST_CASE("the clean-up of formatting is told as a change of its own") {
    Replica a(1);
    Replica b(2);
    Replica c(3);
    c.text();
    CHECK(a.text().insert(0, "abcdX").has_value());
    b.pull(a);
    c.pull(a);
    CHECK(a.text().format(0, 4, mark("m", true)).has_value());
    CHECK(b.text().remove(0, 4).has_value());
    std::vector<bool> clean_up;
    c.doc->observe(c.text(), Depth::itself,
                   [&](const ChangeEvent& event) { clean_up.push_back(event.formatting_clean_up); });
    c.pull(b);
    c.pull(a);
    CHECK(clean_up.size() >= 2);
    CHECK(clean_up.back());
  }
}
