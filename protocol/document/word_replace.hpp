// Other words in place of some words of a section: what a correction does, "colour" for "color". Called by group on the
// value of a canonical text. Finds words as a reader sees them, across marks but not across paragraphs.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "document/body.hpp"

namespace bossey::document {

/// The section with `replace` where `find` stood, in the marks of its first word. Runs of spaces count as one. In the
/// title, a paragraph, a heading, a cell or a footnote; `find` must stand there exactly once. Errc::not_found
/// (nowhere), conflict (more than once), bad_input (no words to find).
[[nodiscard]] Result<Section> replace_words(const Section& section, std::string_view find, std::string_view replace);

}  // namespace bossey::document
