// HTML fragments of a section and of a redline: the static rendering that the page, the print view and the public page
// share. Everything is escaped; no scripts, styles or ids except those of footnotes. Knows no status and no disclaimer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/body.hpp"
#include "document/redline.hpp"

namespace bossey::document {

/// `&`, `<`, `>`, `"` and `'` as entities; control characters as U+FFFD. For text and for quoted attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

struct HtmlOptions {
  std::string id_prefix;  ///< Before the ids of footnotes, so that they stay unique on a page with many sections.
  std::size_t first_footnote = 1;  ///< Number of the first footnote.
  bool footnotes_at_end = true;    ///< A list after the body; without it only the numbers are written.
  int heading_shift = 0;           ///< Added to heading levels; the result stays within 1 to 6.
};

/// The body. Paragraphs as <p> (dir="auto" unless set), brackets as <span class="bracket"> with visible `[` and `]`.
[[nodiscard]] std::string html_of(const Section& section, const HtmlOptions& options = {});
/// <section class="footnotes"> with the section's footnotes, or nothing.
[[nodiscard]] std::string footnotes_html(const Section& section, const HtmlOptions& options = {});

/// The redline in one column, with <ins> and <del>; the title as <h2>.
[[nodiscard]] std::string html_of(const Redline& redline);

/// One row of the side-by-side view: HTML of either side, empty where there is nothing.
struct SideBySideRow {
  std::string before;
  std::string after;
  BlockChange change = BlockChange::same;
};
[[nodiscard]] std::vector<SideBySideRow> side_by_side_rows(const Redline& redline);
/// The same as one <table class="side-by-side">.
[[nodiscard]] std::string side_by_side_html(const Redline& redline);

}  // namespace bossey::document
