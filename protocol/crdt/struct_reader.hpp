// Reads the structs and the delete set of an update, one at a time and fully checked: clocks and lengths within bounds,
// known kinds of content. Used to apply updates and by the functions on updates.
#pragma once

#include <cstddef>
#include <memory>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/delete_set.hpp"
#include "crdt/id.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// Structs in the order of an update, from octets or from memory.
class StructSource {
 public:
  virtual ~StructSource() = default;
  /// False at the end. Otherwise `out` is overwritten.
  [[nodiscard]] virtual Result<bool> next(UpdateStruct& out) = 0;
};

/// An update as octets, which must outlive the reader. First all structs, then the delete set.
class UpdateReader : public StructSource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<UpdateReader>> open(BytesView update, UpdateFormat format);
  /// Only after `next` gave false. Ranges as they are written, not normalized. Octets too many are an error.
  [[nodiscard]] virtual Result<DeleteSet> read_delete_set() = 0;
};

/// A whole update in memory. Views of the update's octets, which must outlive it.
struct DecodedUpdate {
  StructBatch batch;  ///< A client named twice: the later structs count, as in Yjs.
  DeleteSet deletes;
  std::unique_ptr<UpdateReader> reader;  ///< Owns words that are not as they stand in the octets.
};

/// Overwrites `out`, whose room is used again.
[[nodiscard]] Result<void> decode_update(BytesView update, UpdateFormat format, DecodedUpdate& out);

/// A delete set in front of other octets, as snapshots have it. Not normalized.
struct LeadingDeleteSet {
  DeleteSet deletes;
  std::size_t size = 0;  ///< Octets that it takes.
};
[[nodiscard]] Result<LeadingDeleteSet> decode_leading_delete_set(BytesView octets, UpdateFormat format);

}  // namespace bossey::crdt
