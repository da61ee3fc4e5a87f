// The lines of settings between two `---` at the top of a Markdown file, which editors and site builders put there.
// cmark would read them as a rule and a heading. Internal to protocol/document: used by markdown_import alone.
#pragma once

#include <string>
#include <string_view>

namespace bossey::document {

struct FrontMatter {
  std::string words;  ///< The lines between, as they stand. Empty if there is no front matter.
  std::string title;  ///< Of the setting `title`, without quotes.
  std::string rest;   ///< The file with those lines emptied, so that the others keep their numbers.
};

[[nodiscard]] FrontMatter take_front_matter(std::string_view text);

}  // namespace bossey::document
