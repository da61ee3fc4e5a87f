#include "document/body.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "document/canonical.hpp"
#include "document/characters.hpp"

namespace bossey::document {

namespace {

constexpr std::array<std::pair<BlockKind, std::string_view>, 11> kNames{{
    {BlockKind::paragraph, "paragraph"},
    {BlockKind::heading, "heading"},
    {BlockKind::bullet_list, "bullet_list"},
    {BlockKind::ordered_list, "ordered_list"},
    {BlockKind::list_item, "list_item"},
    {BlockKind::blockquote, "blockquote"},
    {BlockKind::horizontal_rule, "horizontal_rule"},
    {BlockKind::table, "table"},
    {BlockKind::table_row, "table_row"},
    {BlockKind::table_header, "table_header"},
    {BlockKind::table_cell, "table_cell"},
}};

/// Calls `visit` with each inline of the blocks, footnotes themselves included but not their content.
template <class Visit>
void each_inline(const std::vector<Block>& blocks, Visit&& visit) {
  for (const Block& block : blocks) {
    for (const Inline& one : block.inlines) visit(one);
    each_inline(block.children, visit);
  }
}

void append_words(const std::vector<Inline>& inlines, std::string& out, std::vector<const Inline*>* notes) {
  for (const Inline& one : inlines) {
    switch (one.kind) {
      case InlineKind::text:
        out += one.text;
        break;
      case InlineKind::hard_break:
        out += '\n';
        break;
      case InlineKind::footnote:
        if (notes != nullptr) notes->push_back(&one);
        break;
    }
  }
}

void append_blocks(const std::vector<Block>& blocks, std::string& out, std::vector<const Inline*>& notes) {
  for (const Block& block : blocks) {
    append_words(block.inlines, out, &notes);
    if (!block.inlines.empty()) out += '\n';
    append_blocks(block.children, out, notes);
  }
}

/// One pass over text in reading order that collects the words of each bracket.
struct BracketCollector {
  std::vector<std::string> words;

  void add(const std::vector<Inline>& inlines) {
    for (const Inline& one : inlines) {
      if (one.kind == InlineKind::footnote) add(one.content);
      if (one.kind != InlineKind::text) continue;
      for (const std::string& id : one.marks.brackets) {
        // The value is in normal form: ids are "1", "2", … in order of opening.
        const auto index = static_cast<std::size_t>(std::stoul(id)) - 1;
        if (index >= words.size()) words.resize(index + 1);
        words[index] += one.text;
      }
    }
  }
  void add(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      add(block.inlines);
      add(block.children);
    }
  }
};

}  // namespace

bool operator==(const Inline& a, const Inline& b) {
  return a.kind == b.kind && a.text == b.text && a.marks == b.marks && a.content == b.content;
}

bool operator==(const Block& a, const Block& b) {
  return a.kind == b.kind && a.level == b.level && a.order == b.order && a.align == b.align && a.dir == b.dir &&
         a.lang == b.lang && a.unknown == b.unknown && a.inlines == b.inlines && a.children == b.children;
}

std::string_view name_of(BlockKind kind) {
  return kNames[static_cast<std::size_t>(kind)].second;
}

std::optional<BlockKind> block_kind_from(std::string_view name) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& row) { return row.second == name; });
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

std::string_view name_of(Align align) {
  switch (align) {
    case Align::none:
      return "";
    case Align::left:
      return "left";
    case Align::center:
      return "center";
    case Align::right:
      return "right";
  }
  return "";
}

Inline text_run(std::string text, Marks marks) {
  Inline one;
  one.text = std::move(text);
  one.marks = std::move(marks);
  return one;
}

Inline footnote(std::vector<Inline> content) {
  Inline one;
  one.kind = InlineKind::footnote;
  one.content = std::move(content);
  return one;
}

Inline hard_break() {
  Inline one;
  one.kind = InlineKind::hard_break;
  return one;
}

Block paragraph(std::vector<Inline> inlines) {
  Block block;
  block.inlines = std::move(inlines);
  return block;
}

Block paragraph(std::string text) {
  std::vector<Inline> inlines;
  inlines.push_back(text_run(std::move(text)));
  return paragraph(std::move(inlines));
}

bool is_allowed_link(std::string_view href) {
  constexpr std::array<std::string_view, 3> kSchemes{"http://", "https://", "mailto:"};
  return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
    return href.size() > scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), href.begin(), [](char expected, char c) {
             return expected == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
           });
  });
}

std::string plain_text(const std::vector<Inline>& inlines) {
  std::string out;
  append_words(inlines, out, nullptr);
  return out;
}

std::string plain_text(const Section& section) {
  std::string out = section.title + "\n";
  std::vector<const Inline*> notes;
  append_blocks(section.body, out, notes);
  for (const Inline* note : notes) {
    append_words(note->content, out, nullptr);
    out += '\n';
  }
  return out;
}

std::size_t count_words(const Section& section) {
  std::size_t count = 0;
  bool in_word = false;
  for (const char32_t c : decode_utf8(plain_text(section))) {
    if (is_ideographic(c)) {
      ++count;
      in_word = false;
    } else if (c == U'\'' || c == U'\u2019' || c == U'-' || c == U'\u2011') {
      // Within a word these join: "don't", "twenty-one".
    } else if (is_wide_space(c) || is_control(c) || is_punctuation_or_symbol(c)) {
      in_word = false;
    } else {
      if (!in_word) ++count;
      in_word = true;
    }
  }
  return count;
}

std::vector<std::string> bracketed_words(const Section& section) {
  BracketCollector collector;
  collector.add(normalize(section).body);
  return collector.words;
}

std::size_t count_footnotes(const Section& section) {
  std::size_t count = 0;
  each_inline(section.body, [&](const Inline& one) { count += one.kind == InlineKind::footnote ? 1 : 0; });
  return count;
}

}  // namespace bossey::document
