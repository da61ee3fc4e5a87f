// Canonical text: the exact bytes of sections/<id>.md, which text_id is the SHA-256 of. Called by rooms (git,
// decisions) and by whoever reads a revision back. The grammar is docs/formats/canonical.md; what is written today must
// be written for ever, so nothing here may depend on the version of a library. cmark is not used: foreign Markdown is
// imported.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "document/body.hpp"

namespace bossey::document {

/// A canonical file above this size is refused by the reader.
inline constexpr std::size_t kMaxCanonicalBytes = 8U << 20U;

/// The value that the canonical text stands for: NFC, runs of spaces as one, no empty blocks, marks without the
/// spaces at their edges, brackets nested properly and named "1", "2", … in order, tables rectangular, links http,
/// https or mailto. Total: every value has a normal form. `has_unknown` is kept.
[[nodiscard]] Section normalize(const Section& section);

/// `# title`, a blank line, the body; UTF-8, NFC, LF, one final newline. Total and deterministic.
[[nodiscard]] std::string write_canonical(const Section& section);

/// Reads only what write_canonical writes: for every x, write_canonical(*read_canonical(x)) == x. The value is in
/// normal form. Errors: bad_input (not canonical; the detail names the first line that differs), too_large.
[[nodiscard]] Result<Section> read_canonical(std::string_view bytes);

/// SHA-256 of exactly these bytes.
[[nodiscard]] Sha256 text_id(std::string_view canonical);

}  // namespace bossey::document
