#include <algorithm>
#include <cctype>
#include <cstdint>
#include <utility>

#include "document/canonical.hpp"
#include "document/inline_form.hpp"

namespace bossey::document {

namespace {

constexpr std::int64_t kMaxOrder = 999'999'999;

bool is_language_tag(const std::string& lang) {
  if (lang.empty() || lang.size() > 35) return false;
  std::size_t part = 0;
  for (const char c : lang) {
    if (c == '-') {
      if (part == 0) return false;
      part = 0;
    } else {
      const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letter_or_digit || ++part > 8) return false;
    }
  }
  return part > 0;
}

/// Builds the normal form of a body, block after block.
class Normalizer {
 public:
  void add_blocks(const std::vector<Block>& blocks, int depth, std::vector<Block>& out) {
    for (const Block& block : blocks) add_block(block, depth, out);
  }

 private:
  std::vector<Inline> normal(const std::vector<Inline>& inlines) {
    const Cells cells = normal_cells(inlines, next_bracket_);
    return to_inlines(cells, next_bracket_);
  }

  void add_leaf(const Block& block, BlockKind kind, std::vector<Block>& out) {
    Block made;
    made.inlines = normal(block.inlines);
    if (made.inlines.empty()) return;
    made.kind = kind;
    if (kind == BlockKind::heading) made.level = std::clamp(block.level, 3, 6);
    if (kind == BlockKind::paragraph) {
      if (block.dir == "ltr" || block.dir == "rtl") made.dir = block.dir;
      if (is_language_tag(block.lang)) made.lang = block.lang;
    }
    out.push_back(std::move(made));
  }

  void add_block(const Block& block, int depth, std::vector<Block>& out) {
    switch (block.kind) {
      case BlockKind::paragraph:
      case BlockKind::heading:
        add_leaf(block, block.kind, out);
        add_blocks(block.children, depth, out);
        break;
      case BlockKind::horizontal_rule:
        out.push_back(Block{.kind = BlockKind::horizontal_rule});
        break;
      case BlockKind::bullet_list:
      case BlockKind::ordered_list:
      case BlockKind::blockquote:
        if (depth >= kMaxBlockDepth) {
          flatten(block, out);
        } else if (block.kind == BlockKind::blockquote) {
          add_quote(block, depth, out);
        } else {
          add_list(block, depth, out);
        }
        break;
      case BlockKind::table:
        add_table(block, out);
        break;
      case BlockKind::list_item:
      case BlockKind::table_row:
      case BlockKind::table_header:
      case BlockKind::table_cell:
        // Out of place: the words stay, where they are.
        add_leaf(block, BlockKind::paragraph, out);
        add_blocks(block.children, depth, out);
        break;
    }
  }

  void flatten(const Block& block, std::vector<Block>& out) {
    add_leaf(block, BlockKind::paragraph, out);
    for (const Block& child : block.children) flatten(child, out);
  }

  void add_quote(const Block& block, int depth, std::vector<Block>& out) {
    Block made{.kind = BlockKind::blockquote};
    add_leaf(block, BlockKind::paragraph, made.children);
    add_blocks(block.children, depth + 1, made.children);
    if (!made.children.empty()) out.push_back(std::move(made));
  }

  void add_list(const Block& block, int depth, std::vector<Block>& out) {
    Block made{.kind = block.kind};
    if (!block.inlines.empty()) {
      Block item{.kind = BlockKind::list_item};
      add_leaf(block, BlockKind::paragraph, item.children);
      made.children.push_back(std::move(item));
    }
    for (const Block& child : block.children) {
      Block item{.kind = BlockKind::list_item};
      if (child.kind == BlockKind::list_item) {
        add_leaf(child, BlockKind::paragraph, item.children);
        add_blocks(child.children, depth + 1, item.children);
      } else {
        add_block(child, depth + 1, item.children);
      }
      made.children.push_back(std::move(item));
    }
    if (made.children.empty()) return;
    const auto last = block.order + static_cast<std::int64_t>(made.children.size());
    if (block.kind == BlockKind::ordered_list && block.order >= 0 && block.order <= kMaxOrder && last <= kMaxOrder)
      made.order = block.order;
    out.push_back(std::move(made));
  }

  /// The words of a cell, paragraphs within it (which the schema does not have) as lines.
  static void collect(const Block& block, std::vector<Inline>& out) {
    if (!block.inlines.empty()) {
      if (!out.empty()) out.push_back(hard_break());
      out.insert(out.end(), block.inlines.begin(), block.inlines.end());
    }
    for (const Block& child : block.children) collect(child, out);
  }

  void add_table(const Block& block, std::vector<Block>& out) {
    Block made{.kind = BlockKind::table};
    std::size_t columns = 0;
    for (const Block& row : block.children) {
      Block made_row{.kind = BlockKind::table_row};
      const auto add_cell = [&](const Block& cell) {
        std::vector<Inline> words;
        collect(cell, words);
        Block made_cell{.kind = BlockKind::table_cell};
        made_cell.align = cell.align;
        made_cell.inlines = normal(words);
        made_row.children.push_back(std::move(made_cell));
      };
      if (row.kind == BlockKind::table_row) {
        if (!row.inlines.empty()) add_cell(paragraph(row.inlines));
        for (const Block& cell : row.children) add_cell(cell);
      } else {
        add_cell(row);
      }
      if (made_row.children.empty()) made_row.children.push_back(Block{.kind = BlockKind::table_cell});
      columns = std::max(columns, made_row.children.size());
      made.children.push_back(std::move(made_row));
    }
    if (made.children.empty()) return;
    // The first row is the header and as long as the longest: that is what a table in Markdown can say.
    std::vector<Block>& header = made.children.front().children;
    header.resize(columns, Block{.kind = BlockKind::table_cell});
    for (Block& row : made.children)
      for (std::size_t i = 0; i < row.children.size(); ++i) row.children[i].align = header[i].align;
    for (Block& cell : header) cell.kind = BlockKind::table_header;
    out.push_back(std::move(made));
  }

  std::uint32_t next_bracket_ = 1;
};

}  // namespace

Section normalize(const Section& section) {
  Section made;
  made.title = normal_line(section.title);
  made.has_unknown = section.has_unknown;
  Normalizer().add_blocks(section.body, 0, made.body);
  return made;
}

}  // namespace bossey::document
