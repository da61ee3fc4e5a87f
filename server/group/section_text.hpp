// What one section says, computed from its document once and kept: overviews of long reports need no open rooms.
// Made by Group, by imports and at start. A plain value; it does not follow the document.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/sha256.hpp"
#include "crdt/doc.hpp"
#include "document/body.hpp"
#include "document/bracket_marks.hpp"

namespace bossey::group {

struct SectionText {
  std::string canonical;
  Sha256 text_id{};
  Sha256 content_hash{};
  std::string title;
  std::vector<std::string> brackets;         ///< The words of each, in order.
  std::vector<document::BracketText> marks;  ///< The same by their ids: over two paragraphs one mark.
  bool unknown = false;
  std::uint32_t words = 0;       ///< Of title and body.
  std::uint32_t body_words = 0;  ///< 0: a heading without text of its own.
  friend bool operator==(const SectionText&, const SectionText&) = default;
};

/// Reads a document. Names its roots, which is why it is not const; the content is not changed.
[[nodiscard]] SectionText text_of(crdt::Doc& doc);

/// A new document with these words, and what it then says.
struct NewDocument {
  Bytes update;  ///< Yjs update, format v1.
  SectionText text;
};
/// `client_id`: random, 32 bits, not 0. Errors as document::write_section.
[[nodiscard]] Result<NewDocument> new_document(const document::Section& section, std::uint64_t client_id);

}  // namespace bossey::group
