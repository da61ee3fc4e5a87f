#include "document/redline.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <random>
#include <string>

#include "document/canonical.hpp"
#include "document/html.hpp"
#include "protocol/document/random_section.hpp"

using namespace bossey::document;

namespace {

Section section_of(std::vector<Block> body, std::string title = "T") {
  Section section;
  section.title = std::move(title);
  section.body = std::move(body);
  return section;
}

/// Runs as text: inserted words as {+ +}, deleted as {- -}, changes of marks with a star.
std::string shown(const std::vector<RedlineRun>& runs) {
  std::string out;
  for (const RedlineRun& run : runs) {
    std::string text = run.text;
    if (run.kind == RunKind::hard_break) text = "/";
    if (run.kind == RunKind::footnote) text = "(" + shown(run.note) + ")";
    const std::string star = run.format_only ? "*" : "";
    if (run.op == RunOp::same) out += text;
    if (run.op == RunOp::inserted) out += "{+" + star + text + "+}";
    if (run.op == RunOp::deleted) out += "{-" + star + text + "-}";
  }
  return out;
}

std::string compared(std::vector<Inline> before, std::vector<Inline> after) {
  const Redline made = redline(section_of({paragraph(std::move(before))}), section_of({paragraph(std::move(after))}));
  REQUIRE(made.blocks.size() == 1);
  return shown(made.blocks.front().runs);
}

std::string compared(const std::string& before, const std::string& after) {
  return compared(std::vector<Inline>{text_run(before)}, std::vector<Inline>{text_run(after)});
}

/// The words of one side, straight out of the redline.
std::string side(const std::vector<RedlineRun>& runs, RunOp op) {
  std::string out;
  for (const RedlineRun& run : runs) {
    if (run.op != RunOp::same && run.op != op) continue;
    out += run.kind == RunKind::hard_break ? "\n" : run.text;
    if (run.kind == RunKind::footnote) out += "(" + side(run.note, op) + ")";
  }
  return out;
}

/// All words of a section in the same form, brackets as signs.
std::string words_of(const Section& section, RunOp op) {
  const Redline made = op == RunOp::inserted ? redline(Section{}, section) : redline(section, Section{});
  std::string out = side(made.title, op) + "\n";
  for (const RedlineBlock& block : made.blocks) {
    out += side(block.runs, op);
    for (const RedlineCell& cell : block.cells) out += side(cell.runs, op) + "|";
    out += "\n";
  }
  return out;
}

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_SUITE("document/redline") {
  TEST_CASE("changed words are shown, and words beside them are not") {
    CHECK(compared("The group shall meet.", "The group should meet.") == "The group {-shall-}{+should+} meet.");
    CHECK(compared("One two three", "One three") == "One {-two -}three");
    CHECK(compared("same", "same") == "same");
    CHECK(compared("a big old cat sat", "a small new cat sat") == "a {-big old-}{+small new+} cat sat");
  }

  TEST_CASE("Chinese is compared word by word") {
    CHECK(compared("互联网治理工作组应当报告", "互联网治理工作组可以报告") == "互联网治理工作组{-应当-}{+可以+}报告");
  }

  TEST_CASE("Arabic is compared word by word") {
    CHECK(compared("حوكمة الإنترنت العالمية", "حوكمة الإنترنت الدولية") == "حوكمة الإنترنت {-العالمية-}{+الدولية+}");
  }

  TEST_CASE("lifted brackets are shown as changes, and the words between them as the same") {
    Marks bracket;
    bracket.brackets = {"a"};
    CHECK(compared({text_run("It "), text_run("shall", bracket), text_run(" go")}, {text_run("It shall go")}) ==
          "It {-[-}shall{-]-} go");
    const Redline made =
        redline(section_of({paragraph({text_run("shall", bracket)})}), section_of({paragraph("shall")}));
    CHECK(made.differs);
    CHECK(made.words_changed == 0);
  }

  TEST_CASE("a change of marks is shown but not counted") {
    Marks strong;
    strong.strong = true;
    CHECK(compared({text_run("a b c")}, {text_run("a "), text_run("b", strong), text_run(" c")}) == "a {-*b-}{+*b+} c");
    const Redline made = redline(section_of({paragraph("b")}), section_of({paragraph({text_run("b", strong)})}));
    CHECK(made.differs);
    CHECK(made.words_inserted == 0);
    CHECK(made.words_changed == 0);
  }

  TEST_CASE("footnotes and line breaks are compared, too") {
    CHECK(compared({text_run("a"), footnote({text_run("old note")}), text_run(" b")},
                   {text_run("a"), footnote({text_run("new note")}), text_run(" b")}) == "a({-old-}{+new+} note) b");
    CHECK(compared({text_run("a b")}, {text_run("a b"), footnote({text_run("n")})}) == "a b{+({+n+})+}");
    CHECK(compared({text_run("a"), hard_break(), text_run("b")}, {text_run("a b")}) == "a{-/-}{+ +}b");
  }

  TEST_CASE("words are counted at each place") {
    const Redline made = redline(section_of({paragraph("one two three four"), paragraph("the same again")}),
                                 section_of({paragraph("one 2 3 three four five"), paragraph("the same again")}));
    CHECK(made.words_deleted == 1);
    CHECK(made.words_inserted == 3);
    CHECK(made.words_changed == 3);
    CHECK_FALSE(redline(section_of({paragraph("a")}), section_of({paragraph(" a ")})).differs);
    CHECK(redline(section_of({}, "Old title"), section_of({}, "New title")).words_changed == 1);
  }

  TEST_CASE("added, removed, moved and reshaped blocks are told apart") {
    const auto p = [](const char* text) { return paragraph(text); };
    Block heading = p("alpha beta gamma");
    heading.kind = BlockKind::heading;
    const Redline made = redline(section_of({p("one long paragraph to move elsewhere"), p("stays where it is"),
                                             p("alpha beta gamma"), p("gone words")}),
                                 section_of({p("stays where it is"), heading, p("entirely fresh thing"),
                                             p("one long paragraph to move elsewhere")}));
    std::vector<BlockChange> changes;
    for (const RedlineBlock& block : made.blocks) changes.push_back(block.change);
    CHECK(changes == std::vector<BlockChange>{BlockChange::moved_from, BlockChange::same, BlockChange::changed,
                                              BlockChange::deleted, BlockChange::inserted, BlockChange::moved_to});
    CHECK(made.blocks[2].shape_changed);
    CHECK(made.words_inserted == 3);
    CHECK(made.words_deleted == 2);
  }

  TEST_CASE("an item added to a list is shown within the list") {
    const auto item = [](const char* text) {
      Block block;
      block.kind = BlockKind::list_item;
      block.children = {paragraph(text)};
      return block;
    };
    Block before;
    before.kind = BlockKind::bullet_list;
    before.children = {item("first thing"), item("dropped entry"), item("third thing")};
    Block after = before;
    after.children = {item("first thing"), item("third thing"), item("newly written")};
    const std::string html = html_of(redline(section_of({before}), section_of({after})));
    CHECK(occurrences(html, "<ul") == 1);
    CHECK(occurrences(html, "<li>") == 4);
    CHECK(html.find("<del>dropped entry</del>") != std::string::npos);
    CHECK(html.find("<ins>newly written</ins>") != std::string::npos);
  }

  TEST_CASE("cells of a table are compared one by one") {
    const auto row = [](const std::vector<const char*>& cells) {
      Block made;
      made.kind = BlockKind::table_row;
      for (const char* text : cells) {
        Block cell = paragraph(text);
        cell.kind = BlockKind::table_cell;
        made.children.push_back(cell);
      }
      return made;
    };
    Block before;
    before.kind = BlockKind::table;
    before.children = {row({"Name", "Share"}), row({"Upper basin", "10"}), row({"Lower basin", "20"})};
    Block after = before;
    after.children[2] = row({"Lower basin", "25"});
    after.children.push_back(row({"Delta", "5"}));
    const Redline made = redline(section_of({before}), section_of({after}));
    REQUIRE(made.blocks.size() == 4);
    CHECK(made.blocks[1].change == BlockChange::same);
    CHECK(shown(made.blocks[2].cells[1].runs) == "{-20-}{+25+}");
    CHECK(made.blocks[3].change == BlockChange::inserted);
    const std::string html = html_of(made);
    CHECK(occurrences(html, "<table") == 1);
    CHECK(occurrences(html, "<tr") == 4);
  }

  TEST_CASE("both texts can be read out of any redline, and an equal text shows no change") {
    for (std::uint64_t seed = 1; seed < 300; ++seed) {
      CAPTURE(seed);
      testing::RandomSection random(seed);
      const Section before = random.make();
      const Section after = seed % 3 == 0 ? random.make() : random.change(before);
      const Redline made = redline(before, after);
      std::string old_words = side(made.title, RunOp::deleted) + "\n";
      std::string new_words = side(made.title, RunOp::inserted) + "\n";
      for (const RedlineBlock& block : made.blocks) {
        const bool old_side = block.change != BlockChange::inserted && block.change != BlockChange::moved_to;
        const bool new_side = block.change != BlockChange::deleted && block.change != BlockChange::moved_from;
        const auto add = [&](std::string& out, RunOp op) {
          out += side(block.runs, op);
          for (const RedlineCell& cell : block.cells) out += side(cell.runs, op) + "|";
          out += "\n";
        };
        if (old_side) add(old_words, RunOp::deleted);
        if (new_side) add(new_words, RunOp::inserted);
      }
      // Cells that are on one side only leave an empty place on the other.
      const auto squeezed = [](std::string text) {
        std::erase(text, '|');
        return text;
      };
      REQUIRE(squeezed(old_words) == squeezed(words_of(before, RunOp::deleted)));
      REQUIRE(squeezed(new_words) == squeezed(words_of(after, RunOp::inserted)));
      REQUIRE(made.differs == (write_canonical(before) != write_canonical(after)));
      REQUIRE_FALSE(redline(before, before).differs);
    }
  }

  TEST_CASE("sixty thousand words are compared within bounds") {
    std::mt19937 random(5);
    const auto word = [&] { return "w" + std::to_string(random() % 4000) + " "; };
    const auto text = [&](std::size_t words) {
      std::string out;
      for (std::size_t i = 0; i < words; ++i) out += word();
      return out;
    };
    std::vector<Block> many;
    for (int i = 0; i < 600; ++i) many.push_back(paragraph(text(100)));
    std::vector<Block> changed = many;
    for (int i = 0; i < 600; i += 7) changed[static_cast<std::size_t>(i)].inlines.front().text += " more";
    const std::clock_t begin = std::clock();  // Of this process alone: others may be at work.
    CHECK(redline(section_of(many), section_of(changed)).words_inserted == 86);
    CHECK(redline(section_of({paragraph(text(60000))}), section_of({paragraph(text(60000))})).differs);
    std::vector<Block> other;
    for (int i = 0; i < 600; ++i) other.push_back(paragraph(text(100)));
    CHECK(redline(section_of(many), section_of(other)).differs);
    const auto took_ms = (std::clock() - begin) * 1000 / CLOCKS_PER_SEC;
    MESSAGE("three comparisons of 60,000 words took " << took_ms << " ms");
    CHECK(took_ms < 20000);
  }
}
