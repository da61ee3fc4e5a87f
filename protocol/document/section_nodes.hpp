// Names and forms of nodes and marks in a section's Yjs document, as y-prosemirror 1.3 writes them. Internal to
// protocol/document: shared by reading and writing (docs/formats/section-document.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crdt/types.hpp"
#include "document/body.hpp"

namespace bossey::document {

inline constexpr std::string_view kHardBreakNode = "hard_break";
inline constexpr std::string_view kFootnoteNode = "footnote";

struct MarksRead {
  Marks marks;
  bool known = true;  ///< No mark outside the schema.
};
[[nodiscard]] MarksRead marks_from(const crdt::Attributes& attributes);

/// The key without the suffix that tells apart marks which overlap themselves.
[[nodiscard]] std::string mark_name(const std::string& key);

/// The attributes of a run of text. A bracket's key ends in a hash of the mark, which y-prosemirror computes alike.
[[nodiscard]] crdt::Attributes attributes_of(const Marks& marks);

/// A node between blocks as a value, before any normalising.
[[nodiscard]] Block read_block(const crdt::Shared& node, bool& unknown);
[[nodiscard]] std::vector<Inline> read_inline_content(const crdt::XmlFragment& parent, bool& unknown);

/// Inserts nodes before the child at `index`; `index` is moved behind them.
Result<void> insert_block(crdt::XmlFragment& parent, std::uint64_t& index, const Block& block);
Result<void> insert_inlines(crdt::XmlFragment& parent, std::uint64_t& index, const std::vector<Inline>& inlines);
/// Attributes of the node as the block has them; those of default value are taken away.
Result<void> set_block_attributes(crdt::XmlElement& element, const Block& block);

}  // namespace bossey::document
