// Computes what a transaction did to a type, before its tidying drops what was deleted (yjs src/utils/YEvent.js and
// YTextEvent in src/types/YText.js). Used for observers. Internal to crdt.
#pragma once

#include <vector>

#include "crdt/events.hpp"
#include "crdt/transaction.hpp"

namespace bossey::crdt {

/// The types that the transaction changed, as far as observers are concerned; in the order of their first change.
[[nodiscard]] std::vector<SharedType*> changed_types(const Transaction& transaction);
/// Whether the type lies in the other, or is it.
[[nodiscard]] bool lies_in(const SharedType& type, const SharedType& outer);

[[nodiscard]] std::vector<KeyChange> key_changes(const Transaction& transaction, const SharedType& type);
/// The transaction's deletes must be normalized.
[[nodiscard]] std::vector<ChangeStep> list_changes(const Transaction& transaction, const SharedType& type);
/// From `outer`, in which the type lies.
[[nodiscard]] std::vector<PathStep> path_to(const SharedType& type, const SharedType& outer);

}  // namespace bossey::crdt
