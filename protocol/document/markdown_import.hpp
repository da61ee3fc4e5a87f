// Foreign Markdown becomes an outline of sections. Called by `bossey import` and by the import of the page.
// Nothing is dropped in silence: what the schema does not hold is kept as words and noted with its line
// (docs/formats/import.md). Makes values only; creating documents and files is the caller's work. May run on
// several threads at once.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "document/body.hpp"
#include "document/outline.hpp"

namespace bossey::document {

inline constexpr std::size_t kMaxImportBytes = 4U << 20U;
inline constexpr std::size_t kMaxImportNesting = 100;  ///< Lists and quotes within one another.

/// Something a person should look at. `line` counts from 1 in the file that was given.
struct ImportNote {
  int line = 0;
  std::string message;  ///< A sentence without a place name, as "An image was replaced by its text and address."

  friend bool operator==(const ImportNote&, const ImportNote&) = default;
};

struct ImportedSection {
  int depth = 0;  ///< 0 for a chapter, 1 for a section in it, …
  SectionKind kind = SectionKind::section;
  Section section;
  int line = 0;  ///< Of its heading.
};

struct ImportedReport {
  std::string title;  ///< From the first `#` heading; "Untitled report" if there is none.
  std::vector<ImportedSection>
      sections;                   ///< Reading order; the first is the opening if there is text before a heading.
  std::vector<ImportNote> notes;  ///< By line.
  std::size_t footnotes = 0;
};

/// Errors: bad_input (broken UTF-8, binary, nothing in it, nested too deeply), too_large (bytes, sections). The detail
/// says what to do.
[[nodiscard]] Result<ImportedReport> import_markdown(BytesView markdown);

}  // namespace bossey::document
