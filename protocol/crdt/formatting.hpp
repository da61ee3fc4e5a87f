// Marks in texts: the attributes at a place, and the clean-up of marks without effect that every Yjs replica does
// (yjs src/types/YText.js). Internal to crdt.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crdt/transaction.hpp"
#include "lib0/any.hpp"

namespace bossey::crdt {

/// Marks by key in the order in which they were set: JavaScript's Map.
class AttributeMap {
 public:
  using Entry = std::pair<std::string, lib0::Any>;

  void set(std::string_view key, const lib0::Any& value);
  void erase(std::string_view key);
  [[nodiscard]] const lib0::Any* find(std::string_view key) const;
  /// Null for a mark that is not there.
  [[nodiscard]] lib0::Any value_or_null(std::string_view key) const;
  /// What passing the mark does: null takes the key away.
  void apply(const FormatMark& mark);
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

/// Deletes marks between two pieces of content that have no effect, from `start` on. `current` holds the attributes at
/// `place` and is corrected.
void clean_gap(Transaction& transaction, Item* start, const Item* place, const AttributeMap& at_start,
               AttributeMap& current);

/// Whether texts with marks saw a remote change, so that the clean-up has to follow.
[[nodiscard]] bool needs_clean_up(const Transaction& cause);

/// The clean-up after `cause`, made in `transaction`.
void clean_up_formatting(const Transaction& cause, Transaction& transaction);

}  // namespace bossey::crdt
