// Where a new item goes: the integration rule (YATA, as yjs src/structs/Item.js), and the application of decoded
// structs and deletes in causal order. Internal to crdt.
#pragma once

#include <optional>
#include <vector>

#include "crdt/pending.hpp"
#include "crdt/transaction.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// Puts an item with parent, neighbours and origins into its list or key, and into the store.
void integrate(Transaction& transaction, Item* item);

/// A new item of this document's own client between two neighbours, integrated.
Item* insert_local(Transaction& transaction, SharedType& parent, const std::string* parent_sub, Item* left, Item* right,
                   Content content);

/// Applies what can be applied, higher clients first. What lacks something comes back.
[[nodiscard]] std::optional<RestStructs> integrate_structs(Transaction& transaction,
                                                           std::vector<ClientSection> sections);

/// Deletes what is known; the rest comes back.
[[nodiscard]] DeleteSet apply_deletes(Transaction& transaction, const DeleteSet& deletes);

}  // namespace bossey::crdt
