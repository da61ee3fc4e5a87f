// Octets as an update to a section's document: whatever comes to stand in it has a canonical text that reads back, a
// content hash, and can be replaced by ordinary edits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "crdt/doc.hpp"
#include "document/canonical.hpp"
#include "document/content_hash.hpp"
#include "document/section_document.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  crdt::Doc doc(crdt::ClientId{4242});
  // Rooms name the roots before anything is applied.
  static_cast<void>(doc.text(kTitleRoot));
  static_cast<void>(doc.xml_fragment(kBodyRoot));
  if (!doc.apply_update({data, size})) return 0;
  require(content_hash(doc) == content_hash(doc));
  const std::string text = write_canonical(read_section(doc));
  const auto read = read_canonical(text);
  require(read.has_value());
  require(write_canonical(*read) == text);
  Section other;
  other.title = "T";
  other.body = {paragraph("known words")};
  require(replace_section(doc, other).has_value());
  const Section now = read_section(doc);
  require(!now.has_unknown);
  require(write_canonical(now) == write_canonical(other));
  require(replace_section(doc, *read).has_value());
  require(write_canonical(read_section(doc)) == text);
  return 0;
}
