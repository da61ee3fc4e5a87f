// Functions on updates as octets, without a document: merge, cut, convert, look into. Used by the journal's compaction,
// by fan-out (merging what is queued) and by the rules on read-only and closed texts. Nothing here changes a document.
// All functions give bad_input or too_large for octets that are no update.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/delete_set.hpp"
#include "crdt/doc.hpp"
#include "crdt/id.hpp"
#include "crdt/state_vector.hpp"

namespace bossey::crdt {

/// One update with the content of all; gaps become Skip structs. One update alone comes back as it is.
[[nodiscard]] Result<Bytes> merge_updates(const std::vector<BytesView>& updates,
                                          UpdateFormat format = UpdateFormat::v1);

/// What a replica with this state vector lacks of the update. All its deletes stay in.
[[nodiscard]] Result<Bytes> diff_update(BytesView update, const StateVector& known,
                                        UpdateFormat format = UpdateFormat::v1);

/// The state vector of a document that holds this update alone: only runs that start at clock 0 count, up to the first
/// gap. Encoded, with the clients in the update's order as Yjs writes it.
[[nodiscard]] Result<Bytes> encode_state_vector_from_update(BytesView update, UpdateFormat format = UpdateFormat::v1);

[[nodiscard]] Result<Bytes> convert_update(BytesView update, UpdateFormat from, UpdateFormat to);

/// A run of structs of one client in an update.
struct StructRange {
  ClientId client;
  Clock clock = 0;
  Clock length = 0;
  /// Other clients whose structs these name as origin, right origin or parent. Ascending, without doubles.
  std::vector<ClientId> depends_on;
};

/// What the update adds: one range for each client and run; gaps (Skip) separate runs.
[[nodiscard]] Result<std::vector<StructRange>> struct_ranges(BytesView update, UpdateFormat format = UpdateFormat::v1);

/// What the update deletes, normalized.
[[nodiscard]] Result<DeleteSet> delete_set_of(BytesView update, UpdateFormat format = UpdateFormat::v1);

/// Whether applying the update would change nothing: all structs and all deletes are known.
[[nodiscard]] Result<bool> contains(const Doc& doc, BytesView update, UpdateFormat format = UpdateFormat::v1);

/// Whether Doc::apply_update would take the update now: its error if not. For whoever must store it first.
[[nodiscard]] Result<void> check_applies(const Doc& doc, BytesView update, UpdateFormat format = UpdateFormat::v1);

/// Whether the update adds no struct that the document lacks, and each new deletion hits a format mark only: what the
/// clean-up of a page that merely reads sends. True also if there is nothing new at all.
[[nodiscard]] Result<bool> deletes_only_formatting(const Doc& doc, BytesView update,
                                                   UpdateFormat format = UpdateFormat::v1);

}  // namespace bossey::crdt
