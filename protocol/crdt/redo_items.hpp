// Makes deleted items anew where they were, as yjs src/structs/Item.js (redoItem). Used by undo. Internal to crdt.
#pragma once

#include <functional>
#include <unordered_set>

#include "crdt/delete_set.hpp"
#include "crdt/transaction.hpp"

namespace bossey::crdt {

/// The item that stands for this unit now, however often it was made anew; GC where it was collected.
[[nodiscard]] LocalId follow_redone(const StructStore& store, LocalId unit);

class ItemRedoer {
 public:
  /// `items`: all that will be made anew; `insertions`: what will be deleted; `by_steps`: whether a step of undo
  /// deleted it.
  ItemRedoer(Transaction& transaction, const std::unordered_set<const Item*>& items, const DeleteSet& insertions,
             std::function<bool(Id)> by_steps)
      : transaction_(transaction), items_(items), insertions_(insertions), by_steps_(std::move(by_steps)) {}

  /// nullptr if it cannot be: its place is gone, or its key has another value.
  Item* redo(Item* item, int depth = 0);

 private:
  [[nodiscard]] std::optional<LocalId> redone(const Item& item) const;
  [[nodiscard]] Item* trace(Item* item, const Item* parent_item);
  [[nodiscard]] Item* nearest(Item* item, const Item* parent_item, bool to_the_left);
  /// The item after which a value of a key goes; `clash` if somebody else has set the key.
  [[nodiscard]] Item* left_of_value(Item* item, const SharedType& parent, bool& clash);

  Transaction& transaction_;
  const std::unordered_set<const Item*>& items_;
  const DeleteSet& insertions_;
  std::function<bool(Id)> by_steps_;
};

/// Keeps an item, and those it lies in, from collection; or no longer.
void keep_item(StructStore& store, const Item* item, bool keep);

/// Calls `each(Item&)` for the items of these ranges, cut so that they lie in them. GC is left out.
template <class Each>
void each_item(Transaction& transaction, const DeleteSet& ranges, Each&& each) {
  for (const DeleteSet::ClientRanges& client : ranges.clients()) {
    const ClientIndex index = transaction.store.find_client(client.client);
    if (index == kNoClient) continue;
    const Clock state = transaction.store.structs(index).state();
    for (const DeleteSet::Range& range : client.ranges) {
      for (Clock clock = range.clock; clock < range.end() && clock < state;) {
        Item* item = transaction.item_clean_start({index, static_cast<std::uint32_t>(clock)});
        if (range.end() < item->end())
          static_cast<void>(transaction.item_clean_start({index, static_cast<std::uint32_t>(range.end())}));
        clock = item->end();
        if (!item->is_gc()) each(*item);
      }
    }
  }
}

}  // namespace bossey::crdt
