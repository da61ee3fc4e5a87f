// Any octets as an update v1: decoded or refused, and what is decoded is written and read again to the same.
#include <cstddef>
#include <cstdint>

#include "crdt/updates.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bossey;
  const BytesView update(data, size);
  const auto v2 = crdt::convert_update(update, crdt::UpdateFormat::v1, crdt::UpdateFormat::v2);
  if (!v2) return 0;
  const auto v1 = crdt::convert_update(*v2, crdt::UpdateFormat::v2, crdt::UpdateFormat::v1);
  BOSSEY_CHECK(v1.has_value());
  const auto again = crdt::convert_update(*v1, crdt::UpdateFormat::v1, crdt::UpdateFormat::v1);
  BOSSEY_CHECK(again.has_value() && *again == *v1);
  BOSSEY_CHECK(crdt::struct_ranges(update).has_value());
  BOSSEY_CHECK(crdt::delete_set_of(update).has_value());
  BOSSEY_CHECK(crdt::encode_state_vector_from_update(update).has_value());
  return 0;
}
