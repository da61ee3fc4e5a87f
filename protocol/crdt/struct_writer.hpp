// Writes structs and delete sets in either format: of a document (StoreWriter) and of updates (StructWriter). The forms
// differ from Yjs' in nothing.
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "crdt/delete_set.hpp"
#include "crdt/id.hpp"
#include "crdt/item.hpp"
#include "crdt/update_encoder.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

class StructStore;

/// Writes an update struct by struct, in the order given; sections start where the client changes.
class StructWriter {
 public:
  [[nodiscard]] static std::unique_ptr<StructWriter> make(UpdateFormat format);
  virtual ~StructWriter() = default;

  /// Without the first `offset` units.
  virtual void write(const UpdateStruct& next, Clock offset = 0) = 0;
  /// Ends the update.
  [[nodiscard]] virtual Bytes finish(const DeleteSet& deletes) = 0;
};

/// What to write of one client of a store: everything from `clock` on.
struct ClientStart {
  ClientIndex client;
  Clock clock;
};

/// The update of these parts of a store, sections in descending order of clients.
[[nodiscard]] Bytes write_store(const StructStore& store, std::vector<ClientStart> starts, const DeleteSet& deletes,
                                UpdateFormat format);
/// The same with the octets that write_delete_set gave in this format.
[[nodiscard]] Bytes write_store(const StructStore& store, std::vector<ClientStart> starts, BytesView written_deletes,
                                UpdateFormat format);

/// A delete set alone, as snapshots have it.
void write_delete_set(lib0::Encoder& out, const DeleteSet& deletes, UpdateFormat format);

}  // namespace bossey::crdt
