// The normal form of a block's inline content, character by character: what normalize, the canonical writer and the
// redline have in common. Internal to protocol/document.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "document/body.hpp"

namespace bossey::document {

/// A hard break among characters; spaces of this kind do not occur in normal form.
inline constexpr char32_t kHardBreak = U'\u2028';

/// One character, hard break or footnote. Marks are small numbers: 0 is none, others index the tables of Cells.
struct Cell {
  char32_t c = 0;
  bool strong = false;
  bool em = false;
  std::uint32_t link = 0;
  std::uint32_t brackets = 0;
  const Inline* note = nullptr;  ///< Of a footnote (c is kAtom); belongs to the value the cells were made from.

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// The inline content of a block in normal form. Bracket ids are numbers, outermost first.
struct Cells {
  std::vector<Cell> cells;
  std::vector<std::string> links{{}};
  std::vector<std::vector<std::uint32_t>> brackets{{}};

  /// The characters alone, for the sentence rule.
  [[nodiscard]] std::u32string characters() const;
  [[nodiscard]] Marks marks_of(const Cell& cell) const;
};

/// Whether two cells carry the same marks.
[[nodiscard]] inline bool same_marks(const Cell& a, const Cell& b) {
  return a.strong == b.strong && a.em == b.em && a.link == b.link && a.brackets == b.brackets;
}

/// Makes the normal form. Brackets get the numbers from `next_bracket` on, which is moved on. `inlines` must outlive
/// the result.
[[nodiscard]] Cells normal_cells(const std::vector<Inline>& inlines, std::uint32_t& next_bracket);

/// One line of plain text, as a title: NFC, control characters replaced, spaces as one, none at the ends.
[[nodiscard]] std::string normal_line(std::string_view text);

/// Back to runs; footnotes get their content in normal form, too.
[[nodiscard]] std::vector<Inline> to_inlines(const Cells& cells, std::uint32_t& next_bracket);

}  // namespace bossey::document
