#include <cmark-gfm-core-extensions.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "document/markdown_tree.hpp"

namespace bossey::document {

namespace {

std::string_view literal_of(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

bool is_type(cmark_node* node, std::string_view name) {
  return name == cmark_node_get_type_string(node);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && (text.front() == '\n' || text.front() == ' ')) text.remove_prefix(1);
  return text;
}

std::string attribute(std::string_view tag, const std::string& name) {
  const std::string key = " " + name + "=\"";
  const std::size_t at = tag.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  const std::size_t end = tag.find('"', begin);
  return end == std::string_view::npos ? std::string() : std::string(tag.substr(begin, end - begin));
}

}  // namespace

void MarkdownTree::take_footnotes(cmark_node* root, const std::unordered_map<int, std::string>& labels) {
  for (cmark_node* node = cmark_node_first_child(root); node != nullptr; node = cmark_node_next(node)) {
    if (cmark_node_get_type(node) != CMARK_NODE_FOOTNOTE_DEFINITION) continue;
    FootnoteDefinition definition;
    definition.line = line_of(node);
    if (const auto label = labels.find(definition.line); label != labels.end()) definition.label = label->second;
    footnotes_.push_back(std::move(definition));
  }
  std::size_t index = 0;
  within_footnote_ = true;
  for (cmark_node* node = cmark_node_first_child(root); node != nullptr; node = cmark_node_next(node)) {
    if (cmark_node_get_type(node) != CMARK_NODE_FOOTNOTE_DEFINITION) continue;
    FootnoteDefinition& definition = footnotes_[index++];
    definition.content = footnote_content(node);
    for (const Inline& one : definition.content) definition.bytes += one.text.size();
  }
  within_footnote_ = false;
}

std::vector<Inline> MarkdownTree::footnote_content(cmark_node* definition) {
  std::vector<Inline> out;
  cmark_node* first = cmark_node_first_child(definition);
  if (first != nullptr && (cmark_node_next(first) != nullptr || cmark_node_get_type(first) != CMARK_NODE_PARAGRAPH)) {
    note(line_of(definition), "A footnote of several paragraphs or with a list was joined into one, with line breaks.");
  }
  std::vector<Block> blocks;
  for (cmark_node* child = first; child != nullptr; child = cmark_node_next(child)) add_block(child, blocks);
  const auto collect = [&out](const auto& self, const std::vector<Block>& from) -> void {
    for (const Block& block : from) {
      if (!block.inlines.empty()) {
        if (!out.empty()) out.push_back(hard_break());
        out.insert(out.end(), block.inlines.begin(), block.inlines.end());
      }
      self(self, block.children);
    }
  };
  collect(collect, blocks);
  return out;
}

void MarkdownTree::add_children(cmark_node* node, std::vector<Block>& out) {
  for (cmark_node* child = cmark_node_first_child(node); child != nullptr; child = cmark_node_next(child))
    add_block(child, out);
}

void MarkdownTree::add_block(cmark_node* node, std::vector<Block>& out) {
  Block made;
  switch (cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
      made.inlines = inlines_of(node);
      made.dir = dir_;
      made.lang = lang_;
      out.push_back(std::move(made));
      return;
    case CMARK_NODE_HEADING:
      made.kind = BlockKind::heading;
      made.level = std::max(3, cmark_node_get_heading_level(node) - 1);
      made.inlines = inlines_of(node);
      out.push_back(std::move(made));
      return;
    case CMARK_NODE_THEMATIC_BREAK:
      made.kind = BlockKind::horizontal_rule;
      out.push_back(std::move(made));
      return;
    case CMARK_NODE_BLOCK_QUOTE:
      made.kind = BlockKind::blockquote;
      add_children(node, made.children);
      out.push_back(std::move(made));
      return;
    case CMARK_NODE_LIST:
      add_list(node, out);
      return;
    case CMARK_NODE_CODE_BLOCK:
      add_code(node, out);
      return;
    case CMARK_NODE_HTML_BLOCK:
      add_html(node, out);
      return;
    default:
      is_type(node, "table") ? add_table(node, out) : add_children(node, out);
  }
}

void MarkdownTree::add_list(cmark_node* node, std::vector<Block>& out) {
  Block list;
  list.kind = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? BlockKind::ordered_list : BlockKind::bullet_list;
  if (list.kind == BlockKind::ordered_list) list.order = cmark_node_get_list_start(node);
  for (cmark_node* child = cmark_node_first_child(node); child != nullptr; child = cmark_node_next(child)) {
    Block item;
    item.kind = BlockKind::list_item;
    add_children(child, item.children);
    if (is_type(child, "tasklist")) mark_task(child, item);
    list.children.push_back(std::move(item));
  }
  out.push_back(std::move(list));
}

void MarkdownTree::mark_task(cmark_node* item, Block& made) {
  note(line_of(item), "A task box was kept as plain characters.");
  if (made.children.empty() || made.children.front().kind != BlockKind::paragraph)
    made.children.insert(made.children.begin(), Block{});
  std::vector<Inline>& words = made.children.front().inlines;
  words.insert(words.begin(), text_run(cmark_gfm_extensions_get_tasklist_item_checked(item) ? "[x] " : "[ ] "));
}

void MarkdownTree::add_table(cmark_node* node, std::vector<Block>& out) {
  Block table;
  table.kind = BlockKind::table;
  const std::uint8_t* aligns = cmark_gfm_extensions_get_table_alignments(node);
  const std::size_t columns = cmark_gfm_extensions_get_table_columns(node);
  for (cmark_node* row = cmark_node_first_child(node); row != nullptr; row = cmark_node_next(row)) {
    Block made_row;
    made_row.kind = BlockKind::table_row;
    for (cmark_node* cell = cmark_node_first_child(row); cell != nullptr; cell = cmark_node_next(cell)) {
      Block made;
      made.kind = table.children.empty() ? BlockKind::table_header : BlockKind::table_cell;
      const std::size_t column = made_row.children.size();
      const char align = aligns != nullptr && column < columns ? static_cast<char>(aligns[column]) : '\0';
      made.align = align == 'l'   ? Align::left
                   : align == 'c' ? Align::center
                   : align == 'r' ? Align::right
                                  : Align::none;
      made.inlines = inlines_of(cell);
      made_row.children.push_back(std::move(made));
    }
    table.children.push_back(std::move(made_row));
  }
  out.push_back(std::move(table));
}

void MarkdownTree::add_code(cmark_node* node, std::vector<Block>& out) {
  note(line_of(node), "A block of code was kept as a paragraph with its line breaks.");
  const char* info = cmark_node_get_fence_info(node);
  std::vector<Inline> words;
  if (info != nullptr && *info != '\0') words.push_back(text_run(info));
  std::vector<Inline> lines = lines_as_inlines(literal_of(node));
  if (!words.empty() && !lines.empty()) words.push_back(hard_break());
  words.insert(words.end(), lines.begin(), lines.end());
  out.push_back(paragraph(std::move(words)));
}

void MarkdownTree::add_html(cmark_node* node, std::vector<Block>& out) {
  const std::string_view html = trimmed(literal_of(node));
  // The form in which canonical text gives direction and language.
  const bool one_tag = html.find('<', 1) == std::string_view::npos && html.ends_with('>');
  if (one_tag && html.starts_with("<div ")) {
    dir_ = attribute(html, "dir");
    lang_ = attribute(html, "lang");
    if (!dir_.empty() || !lang_.empty()) return;
  }
  if (html == "</div>" && !(dir_.empty() && lang_.empty())) {
    dir_.clear();
    lang_.clear();
    return;
  }
  note(line_of(node), "A block of HTML was kept as a paragraph of plain words.");
  out.push_back(paragraph(lines_as_inlines(html)));
}

std::vector<ImportNote> MarkdownTree::take_notes() {
  std::stable_sort(notes_.begin(), notes_.end(),
                   [](const ImportNote& a, const ImportNote& b) { return a.line < b.line; });
  if (notes_left_out_ > 0) {
    notes_.push_back({notes_.back().line, "There is more of the same kind: " + std::to_string(notes_left_out_) +
                                              " further notes are not listed."});
  }
  return std::move(notes_);
}

}  // namespace bossey::document
