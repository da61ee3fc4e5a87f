// Random sections for tests: every kind of block and mark, texts in several scripts, and characters that look like
// Markdown. The same seed gives the same section.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "document/body.hpp"

namespace bossey::document::testing {

class RandomSection {
 public:
  explicit RandomSection(std::uint64_t seed) : random_(seed) {}

  Section make() {
    Section section;
    section.title = chance(90) ? words(4) : std::string();
    section.body = blocks(below(7), 0);
    return section;
  }

  /// The section with a few words, marks or blocks changed.
  Section change(Section section) {
    for (std::size_t i = 0, n = 1 + below(4); i < n; ++i) change_one(section.body, 0);
    if (chance(20)) section.title += words(2);
    return section;
  }

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  bool chance(unsigned percent) { return below(100) < percent; }

  std::string words(std::size_t most) {
    static const std::array<const char*, 74> kPieces{
        "the",   "Group",  "shall",     "report",   "Dr",   "No",         "e",        "a",
        "B",     "x",      "X",         "12",       "1",    "9",          "2005",     " ",
        " ",     " ",      " ",         "  ",       ".",    ". ",         ". ",       "! ",
        "? ",    "。",     "。 ",       "！",       "」",   "”",          "“",        "(",
        ")",     ":",      "^",         "[",        "]",    "*",          "**",       "_",
        "__",    "`",      "~~",        "<",        ">",    "<br>",       "<strong>", "&",
        "&amp;", "&#x78;", "#",         "### ",     "-",    "- ",         "+ ",       "= ",
        "---",   "1. ",    "1) ",       "|",        "\\",   "!",          "\xC2\xA0", "\xE2\x80\xA8",
        "\t",    "\n",     "e\xCC\x81", "\xCC\xB8", "中文", "互联网治理", "الحوكمة",  "؟ ",
        "ไทย",   "😀"};
    std::string out;
    for (std::size_t i = 0, n = below(most + 1); i < n; ++i) out += kPieces[below(kPieces.size())];
    return out;
  }

  std::vector<Inline> inlines(std::size_t most, bool notes = true) {
    std::vector<Inline> out;
    for (std::size_t i = 0, n = below(most + 1); i < n; ++i) {
      const std::size_t kind = below(20);
      if (kind == 0) {
        out.push_back(hard_break());
      } else if (kind == 1 && notes) {
        out.push_back(footnote(inlines(3, false)));
      } else {
        out.push_back(text_run(words(6), marks()));
      }
    }
    return out;
  }

 private:
  Marks marks() {
    static const std::array<const char*, 7> kLinks{"http://a.example/b_c?d=1&e=2",
                                                   "https://a.example/(x)|y",
                                                   "mailto:a@b.example",
                                                   "javascript:alert(1)",
                                                   "http://a b<c>\\d&lt;",
                                                   "http://中文.example",
                                                   "/local"};
    Marks marks;
    marks.strong = chance(25);
    marks.em = chance(25);
    if (chance(15)) marks.link = kLinks[below(kLinks.size())];
    // Ids stay the same for a while, so that brackets span several runs and overlap.
    for (std::string& id : open_ids_)
      if (chance(20)) id = std::to_string(random_());
    for (const std::string& id : open_ids_)
      if (chance(25)) marks.brackets.push_back(id);
    return marks;
  }

  std::vector<Block> blocks(std::size_t count, int depth) {
    std::vector<Block> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(block(depth));
    return out;
  }

  Block container(BlockKind kind, std::vector<Block> children) {
    Block block;
    block.kind = kind;
    block.children = std::move(children);
    return block;
  }

  Block block(int depth) {
    Block made;
    switch (below(depth > 3 ? 4 : 9)) {
      case 0:
        made.kind = BlockKind::heading;
        made.level = static_cast<int>(below(8));
        made.inlines = inlines(3);
        return made;
      case 1:
        made.kind = BlockKind::horizontal_rule;
        return made;
      case 4:
      case 5: {
        std::vector<Block> items;
        for (std::size_t i = 0, n = below(4); i < n; ++i)
          items.push_back(container(BlockKind::list_item, blocks(below(3), depth + 1)));
        made = container(chance(50) ? BlockKind::bullet_list : BlockKind::ordered_list, std::move(items));
        if (chance(30)) made.order = static_cast<std::int64_t>(below(1200)) - 3;
        return made;
      }
      case 6:
        return container(BlockKind::blockquote, blocks(below(3), depth + 1));
      case 7:
        return table();
      default:
        made = paragraph(inlines(5));
        if (chance(20)) made.dir = chance(50) ? "rtl" : "ltr";
        if (chance(10)) made.lang = chance(70) ? "ar" : "x y";
        return made;
    }
  }

  Block table() {
    std::vector<Block> rows;
    for (std::size_t i = 0, n = below(4); i < n; ++i) {
      std::vector<Block> cells;
      for (std::size_t j = 0, m = below(4); j < m; ++j) {
        Block cell = container(i == 0 ? BlockKind::table_header : BlockKind::table_cell, {});
        cell.inlines = inlines(2);
        cell.align = static_cast<Align>(below(4));
        cells.push_back(std::move(cell));
      }
      rows.push_back(container(BlockKind::table_row, std::move(cells)));
    }
    return container(BlockKind::table, std::move(rows));
  }

  void change_one(std::vector<Block>& blocks, int depth) {
    if (blocks.empty() || chance(15)) {
      blocks.insert(blocks.begin() + static_cast<std::ptrdiff_t>(below(blocks.size() + 1)), block(depth));
      return;
    }
    const std::size_t at = below(blocks.size());
    Block& picked = blocks[at];
    if (chance(15)) {
      blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (chance(10) && blocks.size() > 1 && blocks[0].kind == picked.kind) {
      std::swap(blocks[0], blocks[at]);
    } else if (!picked.children.empty() &&
               (picked.kind == BlockKind::blockquote || picked.kind == BlockKind::list_item)) {
      change_one(picked.children, depth + 1);
    } else if (!picked.children.empty()) {
      Block& child = picked.children[below(picked.children.size())];
      if (child.children.empty()) {
        if (child.kind == BlockKind::table_cell || child.kind == BlockKind::table_header) child.inlines = inlines(2);
      } else {
        change_one(child.children, depth + 1);
      }
    } else if (!picked.inlines.empty()) {
      Inline& one = picked.inlines[below(picked.inlines.size())];
      if (one.kind == InlineKind::text && chance(60)) {
        one.text.insert(0, words(3));
      } else if (one.kind == InlineKind::text) {
        one.marks = marks();
      } else if (one.kind == InlineKind::footnote) {
        one.content = inlines(2, false);
      }
    }
  }

  std::mt19937_64 random_;
  std::array<std::string, 3> open_ids_{"p", "q", "r"};
};

}  // namespace bossey::document::testing
