#include "document/split.hpp"

namespace bossey::document {

Result<std::pair<Section, Section>> split_section(const Section& section, std::size_t at_block,
                                                  const std::string& title) {
  if (at_block == 0 || at_block >= section.body.size()) {
    return fail(Errc::bad_input,
                "Both halves need text. Choose a paragraph after the first as the beginning of the new section.");
  }
  const auto middle = section.body.begin() + static_cast<std::ptrdiff_t>(at_block);
  Section first = section;
  first.body.assign(section.body.begin(), middle);
  Section second = section;
  second.title = title;
  second.body.assign(middle, section.body.end());
  return std::pair{std::move(first), std::move(second)};
}

Section join_sections(const Section& section, const Section& added) {
  Section joined = section;
  joined.has_unknown = section.has_unknown || added.has_unknown;
  if (!added.title.empty()) {
    Block heading;
    heading.kind = BlockKind::heading;
    heading.inlines = {text_run(added.title)};
    joined.body.push_back(std::move(heading));
  }
  joined.body.insert(joined.body.end(), added.body.begin(), added.body.end());
  return joined;
}

}  // namespace bossey::document
