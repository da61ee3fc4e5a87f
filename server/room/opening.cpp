// A room from what the journal has, and its snapshots back into the journal.
#include <utility>

#include "base/sha256.hpp"
#include "document/content_hash.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {

Result<void> RoomParts::load(const journal::Loaded& loaded, const std::vector<journal::StoredLate>& late) {
  // Typed before anything is applied, so that the clean-up of formatting runs here as in the pages.
  if (kind == DocumentKind::section) {
    static_cast<void>(doc.text(document::kTitleRoot));
    static_cast<void>(doc.xml_fragment(document::kBodyRoot));
  }
  if (loaded.snapshot) {
    const auto applied = doc.apply_update(loaded.snapshot->bytes, crdt::UpdateFormat::v2);
    if (!applied)
      return fail(Errc::corrupt, "the snapshot of '" + document.value + "' is damaged: " + applied.error().detail);
  }
  for (const journal::StoredUpdate& row : loaded.updates) {
    // What the document refused when it came was never acknowledged, and is refused again.
    static_cast<void>(doc.apply_update(row.bytes));
    bytes_since_snapshot_ += row.bytes.size();
  }
  rows_since_snapshot_ = loaded.updates.size();
  last_applied = loaded.last_seq();
  last_appended = last_applied;
  durable = last_applied;
  for (const journal::StoredLate& row : late) {
    last_appended = std::max(last_appended, row.seq);
    // Words that landed in nothing are in the document: nobody has to be kept from sending them.
    if (row.decision_no == 0) {
      remember_kept(row.proposal, row.person, row.bytes);
      continue;
    }
    const auto parts = new_parts(doc, row.bytes);
    if (parts) ledger.add(*parts, {row.decision_no, row.person});
  }
  durable = last_appended;
  return {};
}

void RoomParts::start(Room& room) {
  room_ = &room;
  // A proposal and its section are merged one day: were the server the same client in both, its edits of the two would
  // count as one and the same.
  const Sha256 name = sha256(document.value);
  for (std::size_t i = 0; i < 4; ++i) own_client_.value ^= std::uint64_t{name.octets[i]} << (8 * i);
  // A client id of an earlier start that chance gave us again must not be used again.
  const crdt::StateVector known = doc.state_vector();
  while (own_client_.value == 0 || known.get(own_client_) != 0) ++own_client_.value;
  doc.set_client_id(own_client_);
  doc.on_update([this](const crdt::UpdateEvent& event) { on_update(event); });
}

void RoomParts::snapshot_if_due(std::size_t rows_min) {
  const bool due = rows_since_snapshot_ >= rows_min || bytes_since_snapshot_ >= around.options.snapshot_bytes;
  // An edit that is in the journal but not yet in the document would be missing.
  if (!due || rows_since_snapshot_ == 0 || editing_ || kind == DocumentKind::events) return;
  around.journal.put_snapshot(document, last_applied, doc.encode_state_as_update({}, crdt::UpdateFormat::v2));
  rows_since_snapshot_ = 0;
  bytes_since_snapshot_ = 0;
}

}  // namespace bossey::room
