// Local edits of arrays, XML children and maps, as yjs src/types/AbstractType.js makes them. Used by the handles.
// Internal to crdt.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "crdt/transaction.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

/// bad_input if the index is behind the end or an element cannot stand in a list.
[[nodiscard]] Result<void> check_list_insert(const SharedType& list, std::uint64_t index,
                                             const std::vector<NewElement>& elements);

/// Neighbouring plain values become one item. What was checked above.
void insert_elements(Transaction& transaction, SharedType& list, std::uint64_t index,
                     const std::vector<NewElement>& elements);
/// Behind everything, deleted items too.
void push_elements(Transaction& transaction, SharedType& list, const std::vector<NewElement>& elements);
/// A shared type at an index within the list. Returns it.
SharedType* insert_type(Transaction& transaction, SharedType& list, std::uint64_t index,
                        std::unique_ptr<SharedType> type);
/// A range within the list.
void remove_elements(Transaction& transaction, SharedType& list, std::uint64_t index, std::uint64_t length);

void set_key(Transaction& transaction, SharedType& map, std::string_view key, const NewElement& value);
void remove_key(Transaction& transaction, SharedType& map, std::string_view key);

}  // namespace bossey::crdt
