// Which of several updates the next struct of a merge is taken from: higher clients first, then lower clocks. Internal
// to crdt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "crdt/struct_reader.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// The next struct of one update.
struct MergeHead {
  StructSource* source;
  std::size_t order;       ///< Place of the update in the list.
  std::uint64_t used = 0;  ///< When it was last read from, in rounds.
  UpdateStruct next{};

  /// The next struct that is no gap; false at the end.
  [[nodiscard]] Result<bool> advance();
};

/// Heads with something left, in order. Where two stand at the same clock, which one comes first decides what is
/// written (one may be split or collected, the other not), and Yjs leaves that to Array.sort with a comparison that
/// calls GC and an item unequal whichever comes first. Up to 63 updates this follows V8's sort step by step; beyond,
/// the one read last comes first, which differs from Yjs in that case only.
class MergeOrder {
 public:
  explicit MergeOrder(std::vector<MergeHead*> heads);

  [[nodiscard]] bool empty() const { return heads_.empty(); }
  /// The first, to be read from; then call moved().
  [[nodiscard]] MergeHead& first();
  /// The first has moved on; without `more` it is done.
  void moved(bool more);

 private:
  void sort();

  bool small_;
  std::uint64_t round_ = 0;
  std::vector<MergeHead*> heads_;  // sorted, or a heap with its first at the back while it is read
};

}  // namespace bossey::crdt
