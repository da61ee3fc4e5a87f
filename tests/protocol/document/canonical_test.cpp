#include "document/canonical.hpp"

#include <doctest/doctest.h>

#include <string>

#include "document/characters.hpp"
#include "protocol/document/random_section.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

Section section_of(std::vector<Block> body, std::string title = "T") {
  Section section;
  section.title = std::move(title);
  section.body = std::move(body);
  return section;
}

Marks strong() {
  Marks marks;
  marks.strong = true;
  return marks;
}
Marks em() {
  Marks marks;
  marks.em = true;
  return marks;
}
Marks in_brackets(std::vector<std::string> ids) {
  Marks marks;
  marks.brackets = std::move(ids);
  return marks;
}

Block container(BlockKind kind, std::vector<Block> children) {
  Block block;
  block.kind = kind;
  block.children = std::move(children);
  return block;
}

/// Canonical text of a body, without the title and its blank line.
std::string body_of(std::vector<Block> body) {
  return write_canonical(section_of(std::move(body))).substr(5);
}

/// The text is written so, and read back as the same bytes.
void check_body(std::vector<Block> body, const std::string& expected) {
  const Section section = section_of(std::move(body));
  const std::string text = write_canonical(section);
  CHECK(text == "# T\n\n" + expected);
  const auto read = read_canonical(text);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().detail) << "\n" << text);
  CHECK(*read == normalize(section));
}

}  // namespace

TEST_SUITE("document/canonical") {
  TEST_CASE("every value has a canonical text that reads back as the same value and the same bytes") {
    const std::uint64_t first = 1;
    for (std::uint64_t seed = first; seed < first + 2500; ++seed) {
      CAPTURE(seed);
      const Section section = testing::RandomSection(seed).make();
      const std::string text = write_canonical(section);
      const Section normal = normalize(section);
      REQUIRE(write_canonical(normal) == text);
      REQUIRE(normalize(normal) == normal);
      const auto read = read_canonical(text);
      REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().detail) << "\n" << text);
      REQUIRE(*read == normal);
      REQUIRE(encode_utf8(to_nfc(decode_utf8(text))) == text);
      REQUIRE(text.find(" \n") == std::string::npos);
      REQUIRE(text.back() == '\n');
      REQUIRE((text.size() < 2 || text[text.size() - 2] != '\n'));
    }
  }

  TEST_CASE("a section without text is its title alone") {
    CHECK(write_canonical(section_of({}, "Aim")) == "# Aim\n");
    CHECK(write_canonical(section_of({paragraph("  \t ")}, " A \n b ")) == "# A b\n");
    CHECK(write_canonical(Section{}) == "#\n");
    CHECK(read_canonical("#\n").value() == Section{});
  }

  TEST_CASE("each sentence stands on its own line") {
    check_body({paragraph("One two. Three four! “Five six?” Seven (eight.) Nine.")},
               "One two.\nThree four!\n“Five six?”\nSeven (eight.)\nNine.\n");
    check_body({paragraph("See Dr. Smith, No. 5, pp. 6, U.N. bodies and J. Doe. then e.g. this.")},
               "See Dr. Smith, No. 5, pp. 6, U.N. bodies and J. Doe. then e.g. this.\n");
    check_body({paragraph("1. The group met.  It\nended.")}, "1\\. The group met.\nIt ended.\n");
    check_body({paragraph("نص أول. نص ثان؟ نص ثالث.")}, "نص أول.\nنص ثان؟\nنص ثالث.\n");
  }

  TEST_CASE("a line end after a Chinese full stop stands for nothing, and a real space there keeps the line") {
    check_body({paragraph("第一句。第二句！“第三句。”第四句")}, "第一句。\n第二句！\n“第三句。”\n第四句\n");
    check_body({paragraph("第一句。 第二句。")}, "第一句。 第二句。\n");
    check_body({paragraph({text_run("第一句。"), footnote({text_run("注。完")}), text_run("第二句")})},
               "第一句。[^1]\n第二句\n\n[^1]: 注。\n    完\n");
  }

  TEST_CASE("brackets are bare, literal brackets are escaped, and what would change their meaning is escaped") {
    check_body({paragraph({text_run("It "), text_run("shall", in_brackets({"a"})), text_run("(not) [sic]")})},
               "It [shall]\\(not) \\[sic\\]\n");
    check_body({paragraph({text_run("^1", in_brackets({"a"})), text_run(": b!"), text_run("c", in_brackets({"b"}))})},
               "[\\^1]\\: b\\![c]\n");
    check_body({paragraph({text_run("a", in_brackets({"a"})), text_run("b", in_brackets({"b"}))})}, "[a][b]\n");
    check_body({paragraph({text_run("x", in_brackets({"a"})), text_run(" y")})}, "[&#x78;] y\n");
  }

  TEST_CASE("brackets nest, and one that overlaps another is split") {
    check_body({paragraph({text_run("a ", in_brackets({"1"})), text_run("b", in_brackets({"2", "1"}))})}, "[a [b]]\n");
    check_body({paragraph({text_run("a", in_brackets({"1"})), text_run("b", in_brackets({"1", "2"})),
                           text_run("c", in_brackets({"2"}))})},
               "[a[b]][c]\n");
    Marks linked = in_brackets({"1"});
    linked.strong = true;
    linked.link = "https://a.example/";
    check_body({paragraph({text_run("a", linked)})}, "[[**a**](https://a.example/)]\n");
  }

  TEST_CASE("bracket ids and the order in which they are given are not part of the text") {
    const auto one = paragraph({text_run("a", in_brackets({"p", "q"})), text_run("b", in_brackets({"p"}))});
    const auto other = paragraph({text_run("a", in_brackets({"z", "y"})), text_run("b", in_brackets({"y"}))});
    CHECK(body_of({one}) == body_of({other}));
  }

  TEST_CASE("spaces, breaks and footnotes at the edge of a mark do not belong to it") {
    check_body({paragraph({text_run("a"), text_run(" b ", strong()), text_run("c")})}, "a **b** c\n");
    check_body({paragraph({text_run("a", strong()), hard_break(), text_run("b", strong()), footnote({text_run("n")}),
                           text_run(" c")})},
               "**a\\\nb**[^1] c\n\n[^1]: n\n");
  }

  TEST_CASE("strong and em are tags where asterisks would not be read as such") {
    check_body({paragraph({text_run("中文"), text_run("“强”", strong()), text_run("文")})},
               "中文<strong>“强”</strong>文\n");
    check_body({paragraph({text_run("ab"), text_run("cd", strong()), text_run("ef")})}, "ab**cd**ef\n");
    Marks both = strong();
    both.em = true;
    check_body({paragraph({text_run("a", both), text_run(" b", strong()), text_run("c", em())})},
               "**<em>a</em> b**<em>c</em>\n");
    check_body({paragraph({text_run("a", both)})}, "***a***\n");
  }

  TEST_CASE("what looks like Markdown at the start of a line is escaped") {
    check_body({paragraph("# a"), paragraph("- b"), paragraph("+ c"), paragraph("1) d"), paragraph("> e"),
                paragraph("=== f"), paragraph("| g"), paragraph("--- hand. - Item. 2. J")},
               "\\# a\n\n\\- b\n\n\\+ c\n\n1\\) d\n\n\\> e\n\n\\=== f\n\n\\| g\n\n\\--- hand.\n\\- Item.\n2\\.\nJ\n");
    check_body({paragraph("*a* _b_ `c` <d> &amp; &x ~e~ \\f snake_case 2.5")},
               "\\*a\\* \\_b\\_ \\`c\\` \\<d> \\&amp; &x \\~e\\~ \\\\f snake_case 2.5\n");
  }

  TEST_CASE("lists keep their numbers, and neighbours of a kind are told apart") {
    const auto item = [](const char* text) { return container(BlockKind::list_item, {paragraph(text)}); };
    check_body({container(BlockKind::bullet_list, {item("a. B"), item("")}),
                container(BlockKind::bullet_list, {item("c")}), container(BlockKind::bullet_list, {item("d")})},
               "- a. B\n-\n\n* c\n\n- d\n");
    Block ordered = container(BlockKind::ordered_list, {item("One. Two."), item("b")});
    ordered.order = 9;
    check_body({ordered}, "9. One. Two.\n10. b\n");
    check_body(
        {container(BlockKind::bullet_list,
                   {container(BlockKind::list_item, {paragraph("a"), container(BlockKind::bullet_list, {item("b")})}),
                    container(BlockKind::list_item, {container(BlockKind::bullet_list, {item("c")})})})},
        "- a\n\n  - b\n\n-\n  - c\n");
  }

  TEST_CASE("tables have a header row, cells on one line, and bars escaped") {
    Block head = container(BlockKind::table_header, {});
    head.inlines = {text_run("A|B"), hard_break(), text_run("C")};
    head.align = Align::right;
    Block cell = container(BlockKind::table_cell, {});
    cell.inlines = {text_run("One. Two. \\|")};
    const Block table = container(
        BlockKind::table, {container(BlockKind::table_row, {head}),
                           container(BlockKind::table_row, {cell, Block(cell)}), container(BlockKind::table_row, {})});
    check_body({table}, "| A\\|B<br>C | |\n| --: | --- |\n| One. Two. \\\\\\| | One. Two. \\\\\\| |\n| |\n");
  }

  TEST_CASE("direction and language of paragraphs are written once for neighbours") {
    Block arabic = paragraph("نص");
    arabic.dir = "rtl";
    arabic.lang = "ar";
    check_body({arabic, arabic, paragraph("b")}, "<div dir=\"rtl\" lang=\"ar\">\n\nنص\n\nنص\n\n</div>\n\nb\n");
  }

  TEST_CASE("footnotes are numbered in order and stand at the end") {
    check_body({paragraph({text_run("a"), footnote({text_run("One. Two.")}), text_run(" b"), footnote({})})},
               "a[^1] b[^2]\n\n[^1]: One. Two.\n\n[^2]:\n");
    check_body({paragraph({text_run("a"), footnote({text_run("The one. The two."), hard_break(), text_run("- c")})})},
               "a[^1]\n\n[^1]: The one.\n    The two.\\\n    \\- c\n");
  }

  TEST_CASE("a footnote mark that begins a line is no footnote, whatever follows in the line") {
    check_body({paragraph({footnote({text_run("n")}), text_run("[x]: one")})}, "[^1]\\[x\\]: one\n\n[^1]: n\n");
    check_body({paragraph({footnote({text_run("n")}), text_run(": one")})}, "[^1]\\: one\n\n[^1]: n\n");
  }

  TEST_CASE("links other than http, https and mailto are words only") {
    Marks bad;
    bad.link = "javascript:alert(1)";
    Marks good;
    good.link = "https://a.example/(b)?c=1&d=2";
    check_body({paragraph({text_run("a", bad), text_run("b", good)})}, "a[b](<https://a.example/(b)?c=1&amp;d=2>)\n");
  }

  TEST_CASE("text that is equal under NFC has the same text_id") {
    const Section composed = section_of({paragraph("caf\xC3\xA9")});
    const Section decomposed = section_of({paragraph({text_run("cafe"), text_run("\xCC\x81")})});
    CHECK(text_id(write_canonical(composed)) == text_id(write_canonical(decomposed)));
    CHECK(text_id(write_canonical(composed)) != text_id(write_canonical(section_of({paragraph("cafe")}))));
  }

  TEST_CASE("a deeply nested value still has a canonical text") {
    Block block = paragraph("deep");
    for (int i = 0; i < 200; ++i) block = container(BlockKind::blockquote, {std::move(block)});
    const std::string text = write_canonical(section_of({block}));
    CHECK(text.find("deep") != std::string::npos);
    CHECK(read_canonical(text).has_value());
  }

  TEST_CASE("a file that the server would not write is refused, with its line") {
    for (const char* text : {"", "# T", "T\n", "# T\n\na  b\n", "# T\n\na\nb\n", "# T\n\n* a\n", "# T\n\na \n",
                             "# T\n\n[^1]\n", "# T\n\n[^1]: x\n", "# T\n\n**a\n", "# T\n\n[a\n", "# T\r\n",
                             "# T\n\n\xFF\n", "# T\n\n<b>\n", "# T\n\n\n\na\n", "# T\n\ncafe\xCC\x81\n"}) {
      CAPTURE(text);
      const auto read = read_canonical(text);
      REQUIRE_FALSE(read.has_value());
      CHECK(read.error().code == Errc::bad_input);
    }
    CHECK(read_canonical("# T\n\na\n\nb  c\n").error().detail.find("line 5") != std::string::npos);
  }
}
