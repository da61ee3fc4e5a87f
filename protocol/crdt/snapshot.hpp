// A moment of a document, named by what was known and what was deleted then: small, and enough to make the document of
// that moment again from one that has kept what it deletes (gc off). Yjs' Snapshot. A plain value.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/delete_set.hpp"
#include "crdt/doc.hpp"
#include "crdt/id.hpp"
#include "crdt/state_vector.hpp"

namespace bossey::crdt {

struct Snapshot {
  DeleteSet deletes;
  StateVector states;

  /// bad_input if it is none; too_large.
  [[nodiscard]] static Result<Snapshot> decode(BytesView bytes, UpdateFormat format = UpdateFormat::v1);
  [[nodiscard]] Bytes encode(UpdateFormat format = UpdateFormat::v1) const;

  /// The same clocks and the same ranges of deletes; a client named with clock 0 is not one left out, as in Yjs.
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

/// The document as it is now. What is pending does not count.
[[nodiscard]] Snapshot take_snapshot(const Doc& doc);

/// A new document (gc on) with what `origin` held at that moment. Errors: conflict if `origin` drops what is deleted,
/// bad_input if the snapshot knows more than `origin` does.
[[nodiscard]] Result<Doc> doc_from_snapshot(const Doc& origin, const Snapshot& snapshot, ClientId client_id);

/// Whether the moment lies behind the update: all its structs were known and all its deletes done.
[[nodiscard]] Result<bool> contains(const Snapshot& snapshot, BytesView update, UpdateFormat format = UpdateFormat::v1);

}  // namespace bossey::crdt
