// Makes sure that cmark keeps every footnote: it drops those that nothing refers to and the second of two with one
// label. Internal to protocol/document: used by markdown_import alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bossey::document {

struct PreparedMarkdown {
  /// The file, after `added_lines` lines that refer to every footnote; a label that came before is made unique.
  std::string text;
  int added_lines = 0;
  struct Definition {
    std::string label;  ///< As cmark will see it.
    std::string given;  ///< As it stands in the file.
    int line = 0;       ///< In the file.
    bool repeated = false;
  };
  std::vector<Definition> definitions;
};

[[nodiscard]] PreparedMarkdown prepare_footnotes(std::string_view text);

/// The words of the footnote that begins in `line` of the file, up to the next blank line.
[[nodiscard]] std::string lines_from(std::string_view text, int line);

}  // namespace bossey::document
