#include "crdt/snapshot.hpp"

#include <algorithm>

#include "crdt/struct_reader.hpp"
#include "crdt/struct_writer.hpp"
#include "lib0/encoder.hpp"

namespace bossey::crdt {

Result<Snapshot> Snapshot::decode(BytesView bytes, UpdateFormat format) {
  BOSSEY_TRY(LeadingDeleteSet leading, decode_leading_delete_set(bytes, format));
  Snapshot snapshot;
  snapshot.deletes = std::move(leading.deletes);
  snapshot.deletes.normalize();
  BOSSEY_TRY(snapshot.states, StateVector::decode(bytes.subspan(leading.size)));
  return snapshot;
}

Bytes Snapshot::encode(UpdateFormat format) const {
  lib0::Encoder out;
  write_delete_set(out, deletes, format);
  out.bytes(states.encode());
  return out.take();
}

Snapshot take_snapshot(const Doc& doc) {
  return {doc.delete_set(), doc.state_vector()};
}

Result<Doc> doc_from_snapshot(const Doc& origin, const Snapshot& snapshot, ClientId client_id) {
  if (origin.gc()) return fail(Errc::conflict, "a document that drops what is deleted cannot go back");
  const StateVector known = origin.state_vector();
  for (const StateVector::Entry& entry : snapshot.states.entries()) {
    if (entry.clock > known.get(entry.client)) return fail(Errc::bad_input, "a snapshot of what is not known here");
  }
  // v2, because the JSON of v1 does not hold all values.
  const Bytes whole = origin.encode_state_as_update({}, UpdateFormat::v2);
  BOSSEY_TRY(const auto reader, UpdateReader::open(whole, UpdateFormat::v2));
  const auto writer = StructWriter::make(UpdateFormat::v2);
  for (UpdateStruct next;;) {
    BOSSEY_TRY(const bool more, reader->next(next));
    if (!more) break;
    const Clock end = snapshot.states.get(next.id.client);
    if (next.id.clock >= end) continue;
    if (next.end() > end) {
      next.length = end - next.id.clock;
      static_cast<void>(next.content.split(next.length));
    }
    writer->write(next);
  }
  Doc doc(client_id);
  BOSSEY_TRY_VOID(doc.apply_update(writer->finish(snapshot.deletes), UpdateFormat::v2));
  return doc;
}

Result<bool> contains(const Snapshot& snapshot, BytesView update, UpdateFormat format) {
  BOSSEY_TRY(const auto reader, UpdateReader::open(update, format));
  bool all_known = true;
  for (UpdateStruct next;;) {
    BOSSEY_TRY(const bool more, reader->next(next));
    if (!more) break;
    all_known = all_known && next.end() <= snapshot.states.get(next.id.client);
  }
  BOSSEY_TRY(DeleteSet deletes, reader->read_delete_set());
  if (!all_known) return false;
  deletes.normalize();
  return snapshot.deletes.covers(deletes);
}

}  // namespace bossey::crdt
