// A word-level comparison of two texts of a section. Called for reviewers, exports and "changed since". Pure and
// bounded: very different or very long texts get a coarser answer, never a slow one. The blocks come flat, in reading
// order, each with the containers it stands in, so that JSON and HTML are written in one pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "document/body.hpp"

namespace bossey::document {

enum class RunOp : std::uint8_t { same, inserted, deleted };
enum class RunKind : std::uint8_t {
  text,
  bracket,     ///< `text` is "[" or "]": an edge of a bracket mark, compared like a word.
  hard_break,  ///< `text` is empty.
  footnote     ///< `note` holds its words, compared in turn.
};

struct RedlineRun {
  RunOp op = RunOp::same;
  RunKind kind = RunKind::text;
  std::string text;
  bool strong = false;
  bool em = false;
  std::string link;          ///< Address, or empty.
  bool format_only = false;  ///< The same words stand beside it with other marks: not counted as changed words.
  std::vector<RedlineRun> note;

  friend bool operator==(const RedlineRun&, const RedlineRun&);
};

enum class BlockChange : std::uint8_t { same, changed, inserted, deleted, moved_from, moved_to };

/// A list, list item, quote or table that a block stands in. Equal keys are one and the same container.
struct Container {
  BlockKind kind = BlockKind::bullet_list;
  std::size_t key = 0;
  std::int64_t order = 1;  ///< Of an ordered list.

  friend bool operator==(const Container&, const Container&) = default;
};

struct RedlineCell {
  bool header = false;
  Align align = Align::none;
  std::vector<RedlineRun> runs;
};

/// A paragraph, a heading, a rule or a row of a table.
struct RedlineBlock {
  BlockChange change = BlockChange::same;
  BlockKind kind = BlockKind::paragraph;  ///< paragraph, heading, horizontal_rule or table_row.
  int level = 3;
  std::string dir, lang;
  /// The kind, place, level or direction changed, perhaps beside the words.
  bool shape_changed = false;
  std::vector<Container> containers;  ///< Outermost first.
  std::vector<RedlineRun> runs;       ///< Not of a row.
  std::vector<RedlineCell> cells;     ///< Of a row.
};

struct Redline {
  std::vector<RedlineRun> title;
  std::vector<RedlineBlock> blocks;
  std::size_t words_inserted = 0;
  std::size_t words_deleted = 0;
  /// "4 words changed": at each place the larger of the two numbers. Words that only moved are not counted.
  std::size_t words_changed = 0;
  bool differs = false;  ///< Something differs, be it words, marks or shape.
  bool coarse = false;   ///< A limit was met: whole paragraphs are shown as replaced.
};

/// Compares the normal forms. Words are found by ICU, so Chinese and Thai are compared word by word, too.
[[nodiscard]] Redline redline(const Section& before, const Section& after);

/// Everything in `after` as inserted: for a section without an earlier text. `deleted_all` is the opposite.
[[nodiscard]] Redline inserted_all(const Section& after);
[[nodiscard]] Redline deleted_all(const Section& before);

}  // namespace bossey::document
