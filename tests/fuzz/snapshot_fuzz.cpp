// Any octets as a snapshot: refused, or read, written again to the same in both formats, and a document made of it.
#include <cstddef>
#include <cstdint>

#include "crdt/snapshot.hpp"

using namespace bossey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto format : {crdt::UpdateFormat::v1, crdt::UpdateFormat::v2}) {
    const auto snapshot = crdt::Snapshot::decode({data, size}, format);
    if (!snapshot) continue;
    for (const auto other : {crdt::UpdateFormat::v1, crdt::UpdateFormat::v2}) {
      const auto again = crdt::Snapshot::decode(snapshot->encode(other), other);
      BOSSEY_CHECK(again.has_value() && *again == *snapshot);
    }
    crdt::Doc doc(crdt::ClientId{1}, false);
    static_cast<void>(doc.text("t").insert(0, "a😀bc"));
    static_cast<void>(doc.text("t").remove(1, 1));
    auto then = crdt::doc_from_snapshot(doc, *snapshot, crdt::ClientId{2});
    if (then) BOSSEY_CHECK(then->state_vector().get(crdt::ClientId{1}) == snapshot->states.get(crdt::ClientId{1}));
  }
  return 0;
}
