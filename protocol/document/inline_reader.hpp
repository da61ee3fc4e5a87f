// Canonical Markdown back to inline content. Internal to protocol/document. Lenient where it costs nothing:
// read_canonical checks afterwards that the result is written with the same bytes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "document/body.hpp"

namespace bossey::document {

/// A footnote comes as a footnote whose content is one text with its number. Lines are separated by LF. Brackets get
/// numbers from `next_bracket` on. Errors: bad_input.
[[nodiscard]] Result<std::vector<Inline>> read_inlines(std::string_view markdown, std::uint32_t& next_bracket);

}  // namespace bossey::document
