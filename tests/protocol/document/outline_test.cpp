#include "document/outline.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "document/split.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

SectionId id(const std::string& value) {
  return SectionId{value};
}

OutlineEntry entry(const std::string& value, SectionKind kind = SectionKind::section) {
  return {id(value), std::nullopt, kind, {}};
}

/// o, a(a1(a11), a2, box), b, x
Outline sample() {
  Outline outline;
  const auto put = [&](const OutlineEntry& one, const Place& place) { outline = add(outline, one, place).value(); };
  put(entry("o", SectionKind::opening), {});
  put(entry("a"), {std::nullopt, id("o")});
  put(entry("b"), {std::nullopt, id("a")});
  put(entry("x", SectionKind::annex), {std::nullopt, id("b")});
  put(entry("a1"), {id("a"), std::nullopt});
  put(entry("a2"), {id("a"), id("a1")});
  put(entry("a11"), {id("a1"), std::nullopt});
  put(entry("box", SectionKind::box), {id("a"), id("a2")});
  return outline;
}

std::string order(const Outline& outline) {
  std::string out;
  for (const OutlineEntry& one : outline.entries)
    out += (out.empty() ? "" : " ") + one.id.value + (one.parent ? "<" + one.parent->value : "");
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += part + ";";
  return out;
}

}  // namespace

TEST_SUITE("document/outline") {
  TEST_CASE("sections stand in reading order and are numbered by their place") {
    const Outline outline = sample();
    CHECK(order(outline) == "o a a1<a a11<a1 a2<a box<a b x");
    CHECK(joined(numbers(outline)) == ";1;1.1;1.1.1;1.2;Box 1.1;2;Annex 1;");
    CHECK(depths(outline) == std::vector<int>{0, 0, 1, 2, 1, 1, 0, 0});
    CHECK(children_of(outline, id("a")) == std::vector<std::size_t>{2, 4, 5});
    CHECK(joined(numbers(relabel(outline, id("a"), "I").value())) == ";I;I.1;I.1.1;I.2;Box I.1;2;Annex 1;");
  }

  TEST_CASE("a section moves with all it holds, and never into itself") {
    const Outline outline = sample();
    CHECK(order(move(outline, id("a"), {std::nullopt, id("b")}).value()) == "o b a a1<a a11<a1 a2<a box<a x");
    CHECK(order(move(outline, id("a1"), {id("b"), std::nullopt}).value()) == "o a a2<a box<a b a1<b a11<a1 x");
    CHECK(order(move(outline, id("b"), {}).value()) == "b o a a1<a a11<a1 a2<a box<a x");
    CHECK(move(outline, id("a"), {id("a11"), std::nullopt}).error().code == Errc::bad_input);
    CHECK(move(outline, id("a"), {std::nullopt, id("a")}).error().code == Errc::bad_input);
    CHECK(move(outline, id("a"), {id("b"), id("o")}).error().code == Errc::bad_input);
    CHECK(move(outline, id("none"), {}).error().code == Errc::not_found);
  }

  TEST_CASE("what a removed section held moves up, and what a merged one held goes along") {
    const Outline outline = sample();
    CHECK(order(remove(outline, id("a")).value()) == "o a1 a11<a1 a2 box b x");
    CHECK(order(merge(outline, id("a"), id("b")).value()) == "o b a1<b a11<a1 a2<b box<b x");
    CHECK(order(merge(outline, id("a1"), id("a2")).value()) == "o a a2<a a11<a2 box<a b x");
    CHECK(order(merge(outline, id("a1"), id("a")).value()) == "o a a2<a box<a a11<a b x");
    CHECK(merge(outline, id("a"), id("a11")).error().code == Errc::bad_input);
  }

  TEST_CASE("the new half of a split section stands after it and holds what it held") {
    CHECK(order(split(sample(), id("a"), id("n")).value()) == "o a n a1<n a11<a1 a2<n box<n b x");
    CHECK(split(sample(), id("a"), id("b")).error().code == Errc::bad_input);
  }

  TEST_CASE("an outline has bounds") {
    Outline deep;
    std::optional<SectionId> parent;
    for (int i = 0; i < kMaxOutlineDepth; ++i) {
      deep = add(deep, entry("d" + std::to_string(i)), {parent, std::nullopt}).value();
      parent = id("d" + std::to_string(i));
    }
    CHECK(add(deep, entry("more"), {parent, std::nullopt}).error().code == Errc::too_large);
    Outline wide;
    for (std::size_t i = 0; i < kMaxSections; ++i) wide.entries.push_back(entry("w" + std::to_string(i)));
    CHECK(check(wide).has_value());
    CHECK(add(wide, entry("more"), {}).error().code == Errc::too_large);
    CHECK(add(deep, entry("d0"), {}).error().code == Errc::bad_input);
    CHECK(relabel(deep, id("d0"), std::string(33, 'x')).error().code == Errc::bad_input);
  }

  TEST_CASE("any row of commands leaves an outline that is in order or says why not") {
    const unsigned seed = 7;
    CAPTURE(seed);
    std::mt19937 random(seed);
    Outline outline = sample();
    for (int step = 0; step < 4000; ++step) {
      const auto any = [&] { return outline.entries[random() % outline.entries.size()].id; };
      const auto place = [&]() -> Place {
        const SectionId sibling = any();
        if (random() % 2 == 0) return {outline.entries[*index_of(outline, sibling)].parent, sibling};
        return {sibling, std::nullopt};
      };
      Result<Outline> made = outline;
      const std::string fresh = "s" + std::to_string(step);
      switch (random() % 5) {
        case 0:
          made = add(outline, entry(fresh), place());
          break;
        case 1:
          made = move(outline, any(), place());
          break;
        case 2:
          if (outline.entries.size() > 5) made = remove(outline, any());
          break;
        case 3:
          made = split(outline, any(), id(fresh));
          break;
        default:
          if (outline.entries.size() > 5) made = merge(outline, any(), any());
      }
      if (!made) continue;
      REQUIRE(check(*made).has_value());
      REQUIRE(numbers(*made).size() == made->entries.size());
      outline = *made;
    }
  }

  TEST_CASE("a section is split between two blocks and joined again under its title") {
    Section section;
    section.title = "A";
    section.body = {paragraph("one"), paragraph("two")};
    const auto halves = split_section(section, 1, "B").value();
    CHECK(plain_text(halves.first) == "A\none\n");
    CHECK(plain_text(halves.second) == "B\ntwo\n");
    CHECK(plain_text(join_sections(halves.first, halves.second)) == "A\none\nB\ntwo\n");
    CHECK(split_section(section, 0, "B").error().code == Errc::bad_input);
    CHECK(split_section(section, 2, "B").error().code == Errc::bad_input);
  }
}
