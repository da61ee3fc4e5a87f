// The bridge between a section's Yjs document and the plain value: reading, first writing, and putting other words into
// a living document. Node, attribute and mark names are those of y-prosemirror 1.3 (docs/formats/section-document.md).
// Called by rooms on their own thread. Does not decide who may write.
#pragma once

#include "base/error.hpp"
#include "crdt/doc.hpp"
#include "document/body.hpp"

namespace bossey::document {

/// Total: what the schema does not hold becomes paragraphs with its words and sets has_unknown. Not const because
/// asking a document for a root names the root's type.
[[nodiscard]] Section read_section(crdt::Doc& doc);

/// Fills a document whose title and body are empty, in one transaction. Errors: conflict if it holds text already.
Result<void> write_section(crdt::Doc& doc, const Section& section, crdt::Origin origin = {});

/// Makes the living document say `section`, by ordinary edits in one transaction: equal blocks stay untouched, in
/// changed ones only the words that differ are replaced. Never rebuilds, so it merges with what others type meanwhile.
/// Afterwards read_section gives a value with the same canonical text. An Error leaves the edits made so far.
Result<void> replace_section(crdt::Doc& doc, const Section& section, crdt::Origin origin = {});

/// As replace_section, for the title alone.
Result<void> replace_title(crdt::Doc& doc, std::string_view title, crdt::Origin origin = {});

}  // namespace bossey::document
