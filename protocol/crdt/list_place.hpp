// Places in lists by their visible index, found from the type's cursor: editing goes on where it was, so most searches
// are short however long the list is. Internal to crdt.
#pragma once

#include <cstdint>

#include "crdt/transaction.hpp"

namespace bossey::crdt {

/// Between two neighbours of a list.
struct ListPlace {
  Item* left = nullptr;
  Item* right = nullptr;
};

/// Directly after `index` visible units (an item is cut if need be); at the end if there are fewer.
[[nodiscard]] ListPlace find_place(Transaction& transaction, SharedType& type, std::uint64_t index);

/// The visible item that holds the unit with this index, and the number of units before it; null if there is none.
struct ListUnit {
  Item* item = nullptr;
  std::uint64_t before = 0;
};
[[nodiscard]] ListUnit find_unit(SharedType& type, std::uint64_t index);

/// Lets the next search in the type start at the item.
void set_cursor(SharedType& type, Item* item, std::uint64_t index);

}  // namespace bossey::crdt
