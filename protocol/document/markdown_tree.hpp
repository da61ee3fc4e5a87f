// From cmark's tree to blocks and inlines, with a note for each thing that the schema does not hold. Internal to
// protocol/document: used by markdown_import alone.
#pragma once

#include <cmark-gfm.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/body.hpp"
#include "document/markdown_import.hpp"

namespace bossey::document {

/// A footnote of the file, found at the end of cmark's tree.
struct FootnoteDefinition {
  std::string label;
  int line = 0;
  std::vector<Inline> content;
  std::size_t bytes = 0;
  int uses = 0;
};

/// Converts the blocks of one file. Lines are those of cmark minus `line_offset`.
class MarkdownTree {
 public:
  explicit MarkdownTree(int line_offset) : line_offset_(line_offset) {}

  [[nodiscard]] int line_of(cmark_node* node) const;
  void note(int line, std::string message);
  /// Once a line.
  void note_brackets(int line);

  /// Takes the definitions, which stand as children of the root, in the order of their numbers. cmark does not tell
  /// their labels: `labels` gives them by line.
  void take_footnotes(cmark_node* root, const std::unordered_map<int, std::string>& labels);
  [[nodiscard]] std::vector<FootnoteDefinition>& footnotes() { return footnotes_; }

  /// The block `node` and what it holds, appended to `out`.
  void add_block(cmark_node* node, std::vector<Block>& out);
  /// The inline content of a paragraph, heading or cell.
  [[nodiscard]] std::vector<Inline> inlines_of(cmark_node* node);

  [[nodiscard]] std::vector<ImportNote> take_notes();

 private:
  class InlineWalk;

  void add_children(cmark_node* node, std::vector<Block>& out);
  void add_list(cmark_node* node, std::vector<Block>& out);
  void add_table(cmark_node* node, std::vector<Block>& out);
  void add_code(cmark_node* node, std::vector<Block>& out);
  void add_html(cmark_node* node, std::vector<Block>& out);
  /// `[ ]` or `[x]` before the words of a task.
  void mark_task(cmark_node* item, Block& made);
  [[nodiscard]] std::vector<Inline> footnote_content(cmark_node* definition);
  /// A use of footnote `number`, or nothing if it cannot be put here.
  [[nodiscard]] bool use_footnote(int number, int line, std::vector<Inline>& out);

  int line_offset_;
  bool within_footnote_ = false;
  std::size_t copied_bytes_ = 0;
  std::string dir_, lang_;  ///< From an open <div dir="" lang="">.
  std::vector<FootnoteDefinition> footnotes_;
  std::vector<ImportNote> notes_;
  std::size_t notes_left_out_ = 0;
  int last_bracket_line_ = 0;
};

/// Lines of a text as inlines with hard breaks between them.
[[nodiscard]] std::vector<Inline> lines_as_inlines(std::string_view text);

}  // namespace bossey::document
