// The bracket marks of a section's living document, by their ids: which there are, and putting and lifting them by
// edits of formatting alone, so that no word and no other mark is touched. Called by group, inside a room's edit. Does
// not decide who may. Canonical text knows no ids: there a mark over two paragraphs is two.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "crdt/doc.hpp"
#include "document/body.hpp"

namespace bossey::document {

struct BracketText {
  std::string id;
  std::string words;        ///< Blocks are parted by a line end.
  std::uint32_t depth = 0;  ///< How many other marks are around it where it begins.
  friend bool operator==(const BracketText&, const BracketText&) = default;
};

/// By where they begin, outermost first. Of a section as read_section gives it: with the ids of the document.
[[nodiscard]] std::vector<BracketText> bracket_texts(const Section& section);

/// How often `words` stand in the body; blocks are parted by a line end, runs of spaces count as one.
[[nodiscard]] std::size_t count_occurrences(const Section& section, std::string_view words);

/// Puts a mark with this id around the occurrence number `nth` (from 0) of `words`. Errors: bad_input (no words),
/// not_found (they do not stand there).
Result<void> set_bracket(crdt::Doc& doc, std::string_view words, std::size_t nth, const std::string& id);

/// Takes the marks with these ids away, or every mark when there are none. Their words stay. The number of ids lifted.
Result<std::size_t> lift_brackets(crdt::Doc& doc, const std::set<std::string>& ids);

}  // namespace bossey::document
