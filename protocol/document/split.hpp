// Taking a section's text apart and putting two together, for the commands `split` and `merge` of the outline.
// Called by the group. Pure values: the living documents are changed by replace_section.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "document/body.hpp"

namespace bossey::document {

/// Blocks before `at_block` stay, the rest goes to a section called `title`. Errors: bad_input unless both halves
/// hold at least one block.
[[nodiscard]] Result<std::pair<Section, Section>> split_section(const Section& section, std::size_t at_block,
                                                                const std::string& title);

/// The words of `added` after those of `section`, its title as a heading between them.
[[nodiscard]] Section join_sections(const Section& section, const Section& added);

}  // namespace bossey::document
