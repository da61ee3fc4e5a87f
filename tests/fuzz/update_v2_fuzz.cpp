// Any octets as an update v2: decoded or refused, and what is decoded is written and read again to the same.
#include <cstddef>
#include <cstdint>

#include "crdt/updates.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bossey;
  const BytesView update(data, size);
  const auto v2 = crdt::convert_update(update, crdt::UpdateFormat::v2, crdt::UpdateFormat::v2);
  if (!v2) return 0;
  const auto again = crdt::convert_update(*v2, crdt::UpdateFormat::v2, crdt::UpdateFormat::v2);
  BOSSEY_CHECK(again.has_value() && *again == *v2);
  const auto v1 = crdt::convert_update(*v2, crdt::UpdateFormat::v2, crdt::UpdateFormat::v1);
  BOSSEY_CHECK(v1.has_value());
  BOSSEY_CHECK(crdt::convert_update(*v1, crdt::UpdateFormat::v1, crdt::UpdateFormat::v2).has_value());
  return 0;
}
