// Any octets, cut into updates, merged and cut by state vectors: never a crash, and what comes out is an update.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "crdt/updates.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bossey;
  std::vector<BytesView> updates;
  BytesView left(data, size);
  while (left.size() > 2) {
    const std::size_t length = std::min<std::size_t>(left[0], left.size() - 1);
    const BytesView update = left.subspan(1, length);
    if (crdt::struct_ranges(update).has_value()) updates.push_back(update);
    left = left.subspan(1 + length);
  }
  const auto merged = crdt::merge_updates(updates);
  BOSSEY_CHECK(merged.has_value());
  BOSSEY_CHECK(crdt::convert_update(*merged, crdt::UpdateFormat::v1, crdt::UpdateFormat::v2).has_value());
  crdt::StateVector known;
  known.set(crdt::ClientId{1}, 3);
  known.set(crdt::ClientId{5}, 1);
  const auto diff = crdt::diff_update(*merged, known);
  BOSSEY_CHECK(diff.has_value() && crdt::struct_ranges(*diff).has_value());
  return 0;
}
