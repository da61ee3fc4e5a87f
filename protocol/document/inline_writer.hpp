// Inline content as canonical Markdown. Internal to protocol/document; the grammar is docs/formats/canonical.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "document/inline_form.hpp"

namespace bossey::document {

/// Where the content stands decides what has to be escaped and whether lines may end.
enum class InlinePlace : std::uint8_t {
  lines,    ///< A paragraph or a footnote: one sentence a line.
  heading,  ///< One line, `#` escaped.
  cell,     ///< One line, `|` escaped.
};

/// Lines are separated by LF; the last has none. Footnotes are numbered on from `notes.size() + 1` and added to
/// `notes`.
[[nodiscard]] std::string write_inlines(const Cells& cells, InlinePlace place, std::vector<const Inline*>& notes);

}  // namespace bossey::document
