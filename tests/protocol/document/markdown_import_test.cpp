#include "document/markdown_import.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "document/canonical.hpp"
#include "document/characters.hpp"
#include "protocol/document/random_section.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

ImportedReport imported(std::string_view markdown) {
  auto report = import_markdown(as_bytes(markdown));
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().detail));
  return std::move(*report);
}

Error refused(std::string_view markdown) {
  auto report = import_markdown(as_bytes(markdown));
  REQUIRE_FALSE(report.has_value());
  return report.error();
}

/// Body of a section as canonical text, without the title.
std::string body(const ImportedSection& section) {
  const std::string text = write_canonical(section.section);
  const std::size_t end = text.find("\n\n");
  return end == std::string::npos ? "" : text.substr(end + 2);
}

bool noted(const ImportedReport& report, int line, std::string_view words) {
  return std::any_of(report.notes.begin(), report.notes.end(), [&](const ImportNote& note) {
    return note.line == line && note.message.find(words) != std::string::npos;
  });
}

/// How often each run of letters and digits occurs.
std::map<std::string, int> words_in(std::string_view text) {
  std::map<std::string, int> words;
  std::string word;
  for (const char32_t c : decode_utf8(std::string(text) + " ")) {
    if (is_ascii_alnum(c) || (c >= 0xC0 && !is_punctuation(c))) {
      append_utf8(word, c);
    } else if (!word.empty()) {
      ++words[word];
      word.clear();
    }
  }
  return words;
}

/// All that a person can read in an imported report, addresses of links included.
std::string everything(const ImportedReport& report) {
  std::string out = report.title + "\n";
  for (const ImportedSection& one : report.sections) {
    out += one.kind == SectionKind::opening ? "\n" : one.section.title + "\n";
    out += body(one) + "\n";
  }
  return out;
}

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_SUITE("document/markdown_import") {
  TEST_CASE("headings become an outline and text before the first section its opening") {
    const auto report =
        imported("# Title *here*\n\nBy nobody\n\n## One\n\na\n\n### One one\n\nb\n\n#### Deep\n\n## Two\n");
    CHECK(report.title == "Title here");
    REQUIRE(report.sections.size() == 4);
    CHECK(report.sections[0].kind == SectionKind::opening);
    CHECK(body(report.sections[0]) == "By nobody\n");
    CHECK(report.sections[1].section.title == "One");
    CHECK(report.sections[1].depth == 0);
    CHECK(report.sections[1].line == 5);
    CHECK(report.sections[2].section.title == "One one");
    CHECK(report.sections[2].depth == 1);
    CHECK(body(report.sections[2]) == "b\n\n### Deep\n");
    CHECK(report.sections[3].section.title == "Two");
    CHECK(report.sections[3].depth == 0);
    CHECK(noted(report, 1, "Emphasis"));
  }

  TEST_CASE("a file with several top headings has a title and chapters") {
    const auto report = imported("# Title\n\n# One\n\n## A\n\n# Two\n");
    CHECK(report.title == "Title");
    REQUIRE(report.sections.size() == 3);
    CHECK(report.sections[0].depth == 0);
    CHECK(report.sections[1].depth == 1);
    CHECK(report.sections[2].depth == 0);
    CHECK(imported("a").title == "Untitled report");
    CHECK(noted(imported("a"), 1, "no heading"));
  }

  TEST_CASE("blocks and marks that the schema holds come through whole") {
    const auto report = imported(
        "## S\n\nA *b* **c** [d](https://e.example/) <http://f.example>\nsoft\\\nhard\n\n- x\n  1. y\n\n> q\n\n---\n\n"
        "| h | i |\n|:-:|--:|\n| j | **k** |\n");
    CHECK(body(report.sections[0]) ==
          "A *b* **c** [d](https://e.example/) [http://f.example](http://f.example) soft\\\nhard\n\n- x\n\n  1. y\n\n"
          "> q\n\n---\n\n| h | i |\n| :-: | --: |\n| j | **k** |\n");
    CHECK(report.notes.size() == 1);  // No title.
  }

  TEST_CASE("what the schema does not hold is kept as words and noted with its line") {
    const auto report = imported(
        "# T\n\n## S\n\n![alt](pic.png)\n\n`code` and ~~struck~~\n\n```cpp\nint x;\n  y\n```\n\n<p "
        "align=\"left\">raw</p>\n\n"
        "- [x] done\n\na <u>b</u> [c](ftp://d) [e](f.html \"g\")\n");
    const std::string text = body(report.sections[0]);
    for (const char* words :
         {"alt (pic.png)", "code and \\~\\~struck\\~\\~", "cpp\\\nint x;\\\ny", "\\<p align=\"left\">raw\\</p>",
          "- \\[x\\] done", "a \\<u>b\\</u> c (ftp://d) e (f.html) (g)"}) {
      CAPTURE(words);
      CAPTURE(text);
      CHECK(text.find(words) != std::string::npos);
    }
    CHECK(noted(report, 5, "image"));
    CHECK(noted(report, 7, "Code"));
    CHECK(noted(report, 7, "struck"));
    CHECK(noted(report, 9, "code"));
    CHECK(noted(report, 14, "HTML"));
    CHECK(noted(report, 16, "task"));
    CHECK(noted(report, 18, "HTML"));
    CHECK(noted(report, 18, "neither http"));
    CHECK(noted(report, 18, "title"));
  }

  TEST_CASE("literal brackets stay literal and are listed") {
    const auto report = imported("# T\n\n## S\n\nThe group [sic] met.\nThen \\[again\\].\n");
    CHECK(body(report.sections[0]) == "The group \\[sic\\] met.\nThen \\[again\\].\n");
    CHECK(bracketed_words(report.sections[0].section).empty());
    CHECK(noted(report, 5, "brackets"));
    CHECK(noted(report, 6, "brackets"));
  }

  TEST_CASE("footnotes stay with their section, whatever their labels") {
    const auto report =
        imported("# T\n\n## A\n\nx[^1] y[^b]\n\n## B\n\nz[^c]\n\n[^b]: Bee.\n[^1]: One.\n\n[^c]: See.\n");
    CHECK(body(report.sections[0]) == "x[^1] y[^2]\n\n[^1]: One.\n\n[^2]: Bee.\n");
    CHECK(body(report.sections[1]) == "z[^1]\n\n[^1]: See.\n");
    CHECK(report.footnotes == 3);
    CHECK(report.notes.empty());
  }

  TEST_CASE("unreferenced, repeated, doubled and long footnotes are kept and noted") {
    const auto report = imported(
        "# T\n\n## A\n\nx[^1] y[^1]\n\n[^1]: One.\n\n[^2]: Nobody\n    refers.\n\n## B\n\n[^1]: Second one.\n\nw[^3] "
        "[^4]\n\n"
        "[^3]: First.\n\n    Second with [^1].\n\n    - item\n");
    CHECK(body(report.sections[0]) == "x[^1] y[^2]\n\n[^3]\n\n[^1]: One.\n\n[^2]: One.\n\n[^3]: Nobody refers.\n");
    CHECK(noted(report, 5, "used again"));
    CHECK(noted(report, 9, "Nothing refers"));
    CHECK(noted(report, 14, "two footnotes"));
    CHECK(noted(report, 18, "several paragraphs"));
    const std::string second = body(report.sections[1]);
    CHECK(second.find("Second one.") != std::string::npos);
    CHECK(second.find("First.\\\n    Second with \\[^1\\].\\\n    item") != std::string::npos);
    CHECK(second.find("\\[^4\\]") != std::string::npos);
  }

  TEST_CASE("unclosed code at the end swallows no footnotes") {
    const auto report = imported("# T\n\n## A\n\nx[^1]\n\n[^1]: One.\n\n```\n[^2]: code\n");
    CHECK(report.footnotes == 1);
    CHECK(everything(report).find("code") != std::string::npos);
  }

  TEST_CASE("the footnote of a heading is kept under it") {
    const auto report = imported("# T[^1]\n\n## A[^2]\n\n[^1]: One.\n\n[^2]: Two.\n");
    REQUIRE(report.sections.size() == 2);
    CHECK(body(report.sections[0]) == "[^1]\n\n[^1]: One.\n");
    CHECK(body(report.sections[1]) == "[^1]\n\n[^1]: Two.\n");
    CHECK(noted(report, 3, "footnote of a heading"));
  }

  TEST_CASE("settings at the top of a file are kept as words and are no heading") {
    const auto report =
        imported("---\ntitle: \"River data\"\ntags:\n  - water\n---\n\n## One\n\na[^1]\n\n[^1]: b [c]\n");
    CHECK(report.title == "River data");
    REQUIRE(report.sections.size() == 2);
    CHECK(report.sections[0].kind == SectionKind::opening);
    CHECK(body(report.sections[0]) == "title: \"River data\"\\\ntags:\\\n\\- water\n");
    CHECK(report.sections[1].line == 7);
    CHECK(noted(report, 1, "settings"));
    CHECK(noted(report, 11, "brackets"));
    CHECK(body(imported("---\n\na\n\n---\n").sections[0]) == "---\n\na\n\n---\n");
    CHECK(body(imported("---\nOne. Two words\n---\n").sections[0]).starts_with("---\n"));
  }

  TEST_CASE("a line end within Chinese text is no space") {
    const auto report = imported("## S\n\n互联网\n治理。\n第二句\nand\n");
    CHECK(body(report.sections[0]) == "互联网治理。\n第二句 and\n");
  }

  TEST_CASE("canonical text of a section is read by a foreign reader as the same words, marks and blocks") {
    // Brackets are plain characters to it, and so they are made plain here before comparing.
    for (std::uint64_t seed = 1; seed < 1000; ++seed) {
      CAPTURE(seed);
      Section section = document::testing::RandomSection(seed).make();
      section.title = "T";
      const auto plain = [](const auto& self, std::vector<Inline>& inlines) -> void {
        for (Inline& one : inlines) {
          one.marks.brackets.clear();
          self(self, one.content);
        }
      };
      const auto all = [&](const auto& self, std::vector<Block>& blocks) -> void {
        for (Block& block : blocks) {
          block.level = std::max(4, block.level);
          plain(plain, block.inlines);
          self(self, block.children);
        }
      };
      all(all, section.body);
      const std::string text = write_canonical(section);
      const auto report = imported(text);
      Section again = report.sections.empty() ? Section{} : report.sections.front().section;
      again.title = "T";
      // The importer lifts `####` to `###`.
      Section expected = normalize(section);
      const auto lift = [](const auto& self, std::vector<Block>& blocks) -> void {
        for (Block& block : blocks) {
          if (block.kind == BlockKind::heading) --block.level;
          // A foreign reader makes all rows as long as the header.
          if (block.kind == BlockKind::table) {
            const std::size_t columns = block.children.front().children.size();
            for (Block& row : block.children) {
              for (std::size_t i = row.children.size(); i < columns; ++i) {
                row.children.push_back(Block{.kind = BlockKind::table_cell});
                row.children.back().align = block.children.front().children[i].align;
              }
            }
          }
          self(self, block.children);
        }
      };
      lift(lift, expected.body);
      REQUIRE_MESSAGE(write_canonical(again) == write_canonical(expected), text);
    }
  }

  TEST_CASE("files that are no Markdown are refused with advice") {
    CHECK(refused("").detail.find("empty") != std::string::npos);
    CHECK(refused(" \n\n").code == Errc::bad_input);
    CHECK(refused("# T\n\na\xFFz\n").detail.find("Line 3 is not UTF-8") != std::string::npos);
    CHECK(refused(std::string_view("PK\x03\x04\0\0", 6)).detail.find("not text") != std::string::npos);
    CHECK(refused("\xFF\xFEh").detail.find("UTF-16") != std::string::npos);
    CHECK(refused(std::string(50U << 20U, 'a')).code == Errc::too_large);
    const Error headings = refused(repeated("## x\n\n", 10000));
    CHECK(headings.code == Errc::too_large);
    CHECK(headings.detail.find("2,000") != std::string::npos);
    CHECK(refused(repeated("> ", 10000) + "x").detail.find("nested") != std::string::npos);
    CHECK(imported("\xEF\xBB\xBF# T\r\n\r\na\r\n").title == "T");
  }

  TEST_CASE("lists ten thousand deep are refused or kept, and never crash") {
    std::string deep;
    for (std::size_t i = 0; i < 10000; ++i) deep += std::string(2 * std::min<std::size_t>(i, 150), ' ') + "- x\n";
    const auto report = import_markdown(as_bytes(deep));
    CHECK((report.has_value() || report.error().detail.find("nested") != std::string::npos));
    const auto line = import_markdown(as_bytes(repeated("- ", 10000) + "x"));
    CHECK((line.has_value() || line.error().detail.find("nested") != std::string::npos));
    CHECK(import_markdown(as_bytes(repeated("*a _b ", 20000))).has_value());
    CHECK(import_markdown(as_bytes(repeated("[", 50000))).has_value());
  }

  TEST_CASE("a megabyte is imported in less than a second in a release build") {
    std::string text = "# T\n\n";
    for (int i = 0; text.size() < (1U << 20U); ++i) {
      text += "## Section " + std::to_string(i) + "\n\n" +
              repeated("A sentence with *some* words[^" + std::to_string(i) + "]. ", 1) +
              repeated("Another sentence of the group on the matter. ", 40) + "\n\n[^" + std::to_string(i) +
              "]: Note.\n\n";
    }
    const std::clock_t begin = std::clock();  // Of this process alone: others may be at work.
    CHECK(imported(text).sections.size() > 500);
    const auto took_ms = (std::clock() - begin) * 1000 / CLOCKS_PER_SEC;
    MESSAGE("1 MB imported in " << took_ms << " ms");
    CHECK(took_ms < 5000);
  }

  TEST_CASE("the real report comes through whole: title, opening, 8 chapters, 25 footnotes, every word") {
    const std::string text = file(std::string(BOSSEY_SOURCE_DIR) + "/../shared/data/reports/wgig-history.md");
    if (text.empty()) {
      MESSAGE("skipped: the report is not there");
      return;
    }
    const auto report = imported(text);
    CHECK(report.title == "A Brief History of WGIG");
    REQUIRE(report.sections.size() == 9);
    CHECK(report.sections[0].kind == SectionKind::opening);
    CHECK(body(report.sections[0]).starts_with("*Don MacLean*\n"));
    CHECK(report.sections[8].section.title == "Conclusion");
    CHECK(report.footnotes == 25);
    auto given = words_in(text);
    const auto kept = words_in(everything(report));
    for (const auto& [word, count] : given) {
      // Numbers of footnotes are made anew, and an automatic link is written with its address twice.
      if (std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
      CAPTURE(word);
      const auto found = kept.find(word);
      CHECK((found != kept.end() && found->second >= count));
    }
    for (const ImportedSection& one : report.sections) {
      const std::string canonical = write_canonical(one.section);
      const auto read = read_canonical(canonical);
      REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().detail));
      CHECK(*read == one.section);
    }
  }

  TEST_CASE("the sample report comes through whole and needs no note") {
    const std::string text = file(std::string(BOSSEY_SOURCE_DIR) + "/server/app/sample_report.md");
    REQUIRE_FALSE(text.empty());
    const auto report = imported(text);
    CHECK(report.notes.empty());
    CHECK(report.footnotes == 5);
    CHECK(std::count_if(report.sections.begin(), report.sections.end(),
                        [](const ImportedSection& one) { return one.depth == 0; }) == 7);
    CHECK(std::count_if(report.sections.begin(), report.sections.end(),
                        [](const ImportedSection& one) { return one.depth == 1; }) == 12);
    const auto kept = words_in(everything(report));
    for (const auto& [word, count] : words_in(text)) {
      if (std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
      CAPTURE(word);
      const auto found = kept.find(word);
      CHECK((found != kept.end() && found->second >= count));
    }
  }
}
