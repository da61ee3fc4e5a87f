// Any octets, cut into updates, applied to a document that is not empty: never a crash, and the state that comes
// out can be loaded, edited and read.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "crdt/doc.hpp"
#include "crdt/undo.hpp"
#include "crdt/updates.hpp"

namespace {

using namespace bossey;

crdt::Doc start() {
  crdt::Doc doc(crdt::ClientId{1});
  crdt::Text text = doc.text("t");
  static_cast<void>(text.insert(0, "a😀bcdef"));
  crdt::Attributes mark;
  mark.set("b", true);
  static_cast<void>(text.format(1, 4, mark));
  static_cast<void>(text.remove(2, 2));
  static_cast<void>(
      doc.array("a").insert(0, {lib0::Any(1), lib0::Any("two"), crdt::SharedKind::text, crdt::SharedKind::map}));
  static_cast<void>(doc.map("m").set("k", lib0::Any(1)));
  static_cast<void>(doc.map("m").set("k", lib0::Any(2)));
  auto element = doc.xml_fragment("x").insert_element(0, "p");
  auto words = element->insert_text(0);
  static_cast<void>(words->insert(0, "words", mark));
  return doc;
}

void read_all(crdt::Doc& doc) {
  static_cast<void>(doc.text("t").to_delta());
  static_cast<void>(doc.text("t").to_string());
  static_cast<void>(doc.array("a").to_json());
  static_cast<void>(doc.map("m").to_json());
  static_cast<void>(doc.xml_fragment("x").to_string());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  crdt::Doc doc = start();
  doc.on_update([](const crdt::UpdateEvent& event) {
    static_cast<void>(event.encode(crdt::UpdateFormat::v1));
    static_cast<void>(event.encode(crdt::UpdateFormat::v2));
  });
  const crdt::Shared seen[] = {doc.text("t"), doc.array("a"), doc.map("m"), doc.xml_fragment("x")};
  for (const crdt::Shared& type : seen) {
    doc.observe(type, crdt::Depth::all, [](const crdt::ChangeEvent& event) { BOSSEY_CHECK(!event.types.empty()); });
  }
  crdt::Undo undo(doc, {std::begin(seen), std::end(seen)});
  BytesView left(data, size);
  while (left.size() > 2) {
    const std::size_t length = std::min<std::size_t>(left[0], left.size() - 1);
    const BytesView update = left.subspan(1, length);
    const auto format = left[0] % 2 == 0 ? crdt::UpdateFormat::v1 : crdt::UpdateFormat::v2;
    left = left.subspan(1 + length);
    static_cast<void>(doc.apply_update(update, format));
    static_cast<void>(crdt::contains(doc, update, format));
    static_cast<void>(crdt::deletes_only_formatting(doc, update, format));
  }
  read_all(doc);
  static_cast<void>(doc.text("t").insert(2, "x"));
  static_cast<void>(doc.text("t").remove(1, 3));
  static_cast<void>(doc.array("a").remove(0, std::min<std::uint64_t>(1, doc.array("a").length())));
  static_cast<void>(doc.map("m").remove("k"));
  while (undo.undo()) continue;
  undo.redo();
  for (const auto format : {crdt::UpdateFormat::v1, crdt::UpdateFormat::v2}) {
    crdt::Doc loaded(crdt::ClientId{2});
    BOSSEY_CHECK(loaded.apply_update(doc.encode_state_as_update({}, format), format).has_value());
    // What waits may contradict what is known (a struct of 41 units at clock 1 of a client of whom 12 are known, in a
    // type that nobody has). Its end no longer names that type when it is cut off, and is taken, as in Yjs. Nothing may
    // get lost.
    const crdt::StateVector known = doc.state_vector();
    const crdt::StateVector again = loaded.state_vector();
    for (const auto& entry : known.entries()) BOSSEY_CHECK(again.get(entry.client) >= entry.clock);
    if (!doc.has_pending()) BOSSEY_CHECK(again == known);
    read_all(loaded);
  }
  return 0;
}
