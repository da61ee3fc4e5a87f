// The content hash: SHA-256 of a plain serialisation of a section's title and body as they stand in the Yjs document,
// nothing normalised, the same in C++ and TypeScript. Rooms compare it with what a page shows (heartbeat, Agree).
// The grammar is docs/formats/content-hash.md; it covers nodes, marks and values that the schema does not know.
#pragma once

#include <string>

#include "base/sha256.hpp"
#include "crdt/doc.hpp"

namespace bossey::document {

/// Names of the roots in a section's document.
inline constexpr std::string_view kTitleRoot = "title";
inline constexpr std::string_view kBodyRoot = "body";

/// The serialisation itself, for tests and vectors. Names the two roots of the document as text and XML fragment.
[[nodiscard]] std::string serialize_content(crdt::Doc& doc);

[[nodiscard]] Sha256 content_hash(crdt::Doc& doc);

}  // namespace bossey::document
