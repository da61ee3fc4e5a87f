// Octets as a Markdown file to import: an error with words, or sections whose canonical text reads back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "document/canonical.hpp"
#include "document/markdown_import.hpp"

using namespace bossey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto report = document::import_markdown({data, size});
  if (!report) {
    if (report.error().detail.empty()) std::abort();
    return 0;
  }
  for (const auto& one : report->sections) {
    const std::string text = document::write_canonical(one.section);
    const auto read = document::read_canonical(text);
    if (!read || *read != one.section) std::abort();
  }
  return 0;
}
