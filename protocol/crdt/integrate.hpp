// Where a new item goes: the integration rule (YATA, as yjs src/structs/Item.js), and the application of decoded
// structs and deletes in causal order. Internal to crdt.
#pragma once

#include <vector>

#include "crdt/transaction.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// Puts an item into its list or key, and into the store. It was made between `left` and `right` (those that hold its
/// origins; null at the ends).
void integrate(Transaction& transaction, Item* item, Item* left, Item* right);

/// A new item of this document's own client between two neighbours, integrated. `bare_length` is that of content which
/// has a length only.
Item* insert_local(Transaction& transaction, SharedType& parent, const std::string* parent_sub, Item* left, Item* right,
                   Content content, std::uint32_t bare_length = 0);

/// Applies what can be applied, higher clients first. What lacks something becomes pending. `retry` says whether what
/// was pending before should be tried again.
void integrate_structs(Transaction& transaction, StructBatch& batch, bool& retry);
/// Applies what can be applied of what is pending, now that these clients got structs.
void retry_pending(Transaction& transaction, const std::vector<ClientIndex>& advanced);

/// Deletes what is known; the rest comes back.
[[nodiscard]] DeleteSet apply_deletes(Transaction& transaction, const DeleteSet& deletes);

}  // namespace bossey::crdt
