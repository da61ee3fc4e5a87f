#include <cstdint>
#include <string>
#include <vector>

#include "document/canonical.hpp"
#include "document/inline_form.hpp"
#include "document/inline_writer.hpp"

namespace bossey::document {

namespace {

using Lines = std::vector<std::string>;

void append_split(const std::string& text, Lines& out) {
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  out.push_back(text.substr(begin));
}

/// Writes a section in normal form, block by block, as lines; containers put their prefix before the lines within.
class BlockWriter {
 public:
  std::string write(const Section& section) {
    std::string out = heading_line(1, {text_run(section.title)}) + "\n";
    Lines lines;
    add_blocks(section.body, lines);
    add_footnotes(lines);
    if (!lines.empty()) out += "\n";
    for (const std::string& line : lines) out += line + "\n";
    return out;
  }

 private:
  std::string inline_text(const std::vector<Inline>& inlines, InlinePlace place) {
    return write_inlines(normal_cells(inlines, next_bracket_), place, notes_);
  }

  std::string heading_line(int level, const std::vector<Inline>& inlines) {
    const std::string text = inline_text(inlines, InlinePlace::heading);
    return std::string(static_cast<std::size_t>(level), '#') + (text.empty() ? "" : " ") + text;
  }

  void add_blocks(const std::vector<Block>& blocks, Lines& out) {
    bool second_marker = false;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (i > 0) out.emplace_back();
      const Block& block = blocks[i];
      // Two lists of a kind next to each other are told apart by their marker.
      second_marker = i > 0 && blocks[i - 1].kind == block.kind && !second_marker;
      if (block.kind == BlockKind::paragraph && !(block.dir.empty() && block.lang.empty())) {
        i = add_directed(blocks, i, out);
      } else {
        add_block(block, second_marker, out);
      }
    }
  }

  /// Paragraphs with the same direction and language share one pair of tags. Gives the index of the last.
  std::size_t add_directed(const std::vector<Block>& blocks, std::size_t first, Lines& out) {
    const Block& start = blocks[first];
    std::string tag = "<div";
    if (!start.dir.empty()) tag += " dir=\"" + start.dir + "\"";
    if (!start.lang.empty()) tag += " lang=\"" + start.lang + "\"";
    out.push_back(tag + ">");
    std::size_t i = first;
    while (i < blocks.size() && blocks[i].kind == BlockKind::paragraph && blocks[i].dir == start.dir &&
           blocks[i].lang == start.lang) {
      out.emplace_back();
      append_split(inline_text(blocks[i].inlines, InlinePlace::lines), out);
      ++i;
    }
    out.emplace_back();
    out.emplace_back("</div>");
    return i - 1;
  }

  void add_block(const Block& block, bool second_marker, Lines& out) {
    switch (block.kind) {
      case BlockKind::heading:
        out.push_back(heading_line(block.level, block.inlines));
        break;
      case BlockKind::horizontal_rule:
        out.emplace_back("---");
        break;
      case BlockKind::bullet_list:
      case BlockKind::ordered_list:
        add_list(block, second_marker, out);
        break;
      case BlockKind::blockquote: {
        Lines inner;
        add_blocks(block.children, inner);
        for (const std::string& line : inner) out.push_back(line.empty() ? ">" : "> " + line);
        break;
      }
      case BlockKind::table:
        add_table(block, out);
        break;
      case BlockKind::paragraph:
      case BlockKind::list_item:
      case BlockKind::table_row:
      case BlockKind::table_header:
      case BlockKind::table_cell:
        append_split(inline_text(block.inlines, InlinePlace::lines), out);
        break;
    }
  }

  static bool is_plain_paragraph(const Block& block) {
    return block.kind == BlockKind::paragraph && block.dir.empty() && block.lang.empty();
  }

  void add_list(const Block& list, bool second_marker, Lines& out) {
    bool spaced = false;
    for (const Block& item : list.children)
      spaced = spaced || item.children.size() > 1 ||
               (item.children.size() == 1 && !is_plain_paragraph(item.children.front()));
    std::int64_t number = list.order;
    for (std::size_t i = 0; i < list.children.size(); ++i) {
      if (spaced && i > 0) out.emplace_back();
      std::string marker = second_marker ? "*" : "-";
      if (list.kind == BlockKind::ordered_list) marker = std::to_string(number++) + (second_marker ? ")" : ".");
      add_item(list.children[i], marker, out);
    }
  }

  void add_item(const Block& item, const std::string& marker, Lines& out) {
    Lines inner;
    add_blocks(item.children, inner);
    // Only words stand on the marker's line: "- - -" would be a rule.
    const bool words_first = !item.children.empty() && (is_plain_paragraph(item.children.front()) ||
                                                        item.children.front().kind == BlockKind::heading);
    std::size_t next = 0;
    out.push_back(words_first ? marker + " " + inner[next++] : marker);
    const std::string indent(marker.size() + 1, ' ');
    for (; next < inner.size(); ++next) out.push_back(inner[next].empty() ? std::string() : indent + inner[next]);
  }

  void add_table(const Block& table, Lines& out) {
    const auto row_line = [&](const Block& row) {
      std::string line = "|";
      for (const Block& cell : row.children) {
        const std::string text = inline_text(cell.inlines, InlinePlace::cell);
        line += text.empty() ? " |" : " " + text + " |";
      }
      return line;
    };
    for (std::size_t i = 0; i < table.children.size(); ++i) {
      out.push_back(row_line(table.children[i]));
      if (i > 0) continue;
      std::string line = "|";
      for (const Block& cell : table.children.front().children) {
        line += cell.align == Align::none     ? " --- |"
                : cell.align == Align::left   ? " :-- |"
                : cell.align == Align::center ? " :-: |"
                                              : " --: |";
      }
      out.push_back(line);
    }
  }

  void add_footnotes(Lines& out) {
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      if (!out.empty()) out.emplace_back();
      Lines inner;
      append_split(inline_text(notes_[i]->content, InlinePlace::lines), inner);
      const std::string mark = "[^" + std::to_string(i + 1) + "]:";
      out.push_back(inner.front().empty() ? mark : mark + " " + inner.front());
      for (std::size_t line = 1; line < inner.size(); ++line) out.push_back("    " + inner[line]);
    }
  }

  std::uint32_t next_bracket_ = 1;
  std::vector<const Inline*> notes_;
};

}  // namespace

std::string write_canonical(const Section& section) {
  const Section normal = normalize(section);
  return BlockWriter().write(normal);
}

Sha256 text_id(std::string_view canonical) {
  return sha256(canonical);
}

}  // namespace bossey::document
