// Any octets as a relative position: refused, or read, written again to the same and looked up without harm.
#include <cstddef>
#include <cstdint>

#include "crdt/relative_position.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bossey;
  const auto place = crdt::RelativePosition::decode(BytesView(data, size));
  if (!place) return 0;
  const auto again = crdt::RelativePosition::decode(place->encode());
  BOSSEY_CHECK(again.has_value() && *again == *place);
  crdt::Doc doc(crdt::ClientId{1});
  static_cast<void>(doc.text("t").insert(0, "words"));
  static_cast<void>(doc.text("t").remove(1, 2));
  static_cast<void>(doc.array("a").insert(0, {crdt::SharedKind::text}));
  if (const auto now = crdt::absolute_position(doc, *place)) {
    static_cast<void>(crdt::relative_position(now->type, now->index, place->assoc));
  }
  return 0;
}
