#include "document/bracket_marks.hpp"

#include <doctest/doctest.h>

#include <random>

#include "document/canonical.hpp"
#include "document/section_document.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

struct Written {
  crdt::Doc doc{crdt::ClientId{7}};

  explicit Written(std::vector<Block> body) {
    Section section;
    section.title = "Forum";
    section.body = std::move(body);
    REQUIRE(write_section(doc, section));
  }
  [[nodiscard]] std::string canonical() { return write_canonical(read_section(doc)); }
  [[nodiscard]] std::vector<BracketText> marks() { return bracket_texts(read_section(doc)); }
};

Block list(std::vector<std::string> items) {
  Block out{.kind = BlockKind::bullet_list};
  for (std::string& item : items) {
    Block one{.kind = BlockKind::list_item};
    one.children.push_back(paragraph(std::move(item)));
    out.children.push_back(std::move(one));
  }
  return out;
}

}  // namespace

TEST_SUITE("document/bracket_marks") {
  TEST_CASE("a mark is put around words and lifted again, and no word moves") {
    Written text({paragraph("The group recommends a new forum, and a forum only.")});
    const std::string before = text.canonical();
    CHECK(count_occurrences(read_section(text.doc), "forum") == 2);
    REQUIRE(set_bracket(text.doc, "forum", 1, "b2"));
    CHECK(text.canonical() == "# Forum\n\nThe group recommends a new forum, and a [forum] only.\n");
    REQUIRE(set_bracket(text.doc, "recommends a new forum, and a forum", 0, "b1"));
    CHECK(text.marks() ==
          std::vector<BracketText>{{"b1", "recommends a new forum, and a forum", 0}, {"b2", "forum", 1}});
    CHECK(lift_brackets(text.doc, {"b1"}) == 1);
    CHECK(text.marks() == std::vector<BracketText>{{"b2", "forum", 0}});
    CHECK(lift_brackets(text.doc, {}) == 1);
    CHECK(text.canonical() == before);
    CHECK(lift_brackets(text.doc, {}) == 0);
  }

  TEST_CASE("one mark goes over paragraphs, list items and Arabic words") {
    Written text({paragraph("First words."), list({"توصي المجموعة", "second item"}), paragraph("Last words.")});
    REQUIRE(set_bracket(text.doc, "words.\nتوصي المجموعة\nsecond", 0, "b1"));
    const auto marks = text.marks();
    REQUIRE(marks.size() == 1);
    CHECK(marks.front().words == "words.\nتوصي المجموعة\nsecond");
    CHECK(lift_brackets(text.doc, {"b1"}) == 1);
    CHECK(text.marks().empty());
  }

  TEST_CASE("words that are not there, or none, set nothing") {
    Written text({paragraph("The group recommends.")});
    const std::string before = text.canonical();
    CHECK(set_bracket(text.doc, "the forum", 0, "b1").error().code == Errc::not_found);
    CHECK(set_bracket(text.doc, "group", 1, "b1").error().code == Errc::not_found);
    CHECK(set_bracket(text.doc, " \n", 0, "b1").error().code == Errc::bad_input);
    CHECK(text.canonical() == before);
  }

  TEST_CASE("any words of a text can be marked, and lifting all gives the text back") {
    constexpr unsigned kSeed = 20050618;
    INFO("seed ", kSeed);
    std::mt19937 random(kSeed);
    for (int round = 0; round < 100; ++round) {
      Written text(
          {paragraph("one two three four five"), paragraph("six seven 八 九 ten"), list({"eleven", "twelve"})});
      const std::string before = text.canonical();
      const std::vector<std::string> words{"one", "two three", "four five\nsix", "八 九", "ten\neleven", "twelve"};
      std::size_t set = 0;
      for (std::size_t i = 0; i < words.size(); ++i) {
        if (random() % 2 == 0) continue;
        REQUIRE(set_bracket(text.doc, words[i], 0, "b" + std::to_string(i)));
        ++set;
      }
      CHECK(text.marks().size() == set);
      CHECK(lift_brackets(text.doc, {}) == set);
      CHECK(text.canonical() == before);
    }
  }
}
