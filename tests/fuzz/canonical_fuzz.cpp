// Octets as a canonical text. What the strict reader takes must be written with the same bytes; what it refuses must
// have a reason. Whatever comes, a value made from the same octets must survive the way to bytes and back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "document/canonical.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// A section whose texts are slices of the input, with marks taken from its octets.
Section section_from(std::string_view input) {
  Section section;
  section.title = std::string(input.substr(0, input.size() / 8));
  Block block;
  for (std::size_t at = 0; at < input.size();) {
    const auto octet = static_cast<unsigned char>(input[at]);
    const std::size_t length = 1 + octet % 13U;
    Marks marks;
    marks.strong = (octet & 1U) != 0;
    marks.em = (octet & 2U) != 0;
    if ((octet & 4U) != 0) marks.link = "https://" + std::string(input.substr(at, 6));
    if ((octet & 8U) != 0) marks.brackets.push_back(std::to_string(octet >> 5U));
    if ((octet & 16U) != 0) marks.brackets.push_back(std::to_string(octet >> 6U));
    block.inlines.push_back(text_run(std::string(input.substr(at, length)), marks));
    if (octet % 11 == 0) block.inlines.push_back(hard_break());
    if (octet % 13 == 0) block.inlines.push_back(footnote({text_run(std::string(input.substr(at, 9)), marks)}));
    if (octet % 17 == 0) {
      block.kind = octet % 2 == 0 ? BlockKind::heading : BlockKind::paragraph;
      section.body.push_back(block);
      block = Block{};
    }
    at += length;
  }
  section.body.push_back(block);
  return section;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto read = read_canonical(input)) {
    require(write_canonical(*read) == input);
  } else {
    require(!read.error().detail.empty());
  }
  const std::string text = write_canonical(section_from(input));
  const auto again = read_canonical(text);
  require(again.has_value());
  require(write_canonical(*again) == text);
  return 0;
}
