// Which of several updates the next struct of a merge is taken from: higher clients first, then lower clocks. Internal
// to crdt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "crdt/struct_reader.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// The next struct of one update.
struct MergeHead {
  StructSource* source;
  std::size_t order;       ///< Place among the heads: of the update in the list, or when they were last sorted.
  std::uint64_t used = 0;  ///< When it was last read from, in rounds.
  UpdateStruct next{};

  /// The next struct that is no gap; false at the end.
  [[nodiscard]] Result<bool> advance();
};

/// Heads with something left, in order. Where GC of one and an item of another stand at one clock, which one comes
/// first decides what is written, and Yjs leaves that to Array.sort, of all heads before each step, with a comparison
/// that calls the two unequal whichever comes first. So this sorts as V8 does, wherever there are such clashes or few
/// updates. Elsewhere a heap gives the same order for less; also beyond limits::kMergeComparisonsMax, where it may not
/// be the same.
class MergeOrder {
 public:
  explicit MergeOrder(std::vector<MergeHead*> heads);

  [[nodiscard]] bool empty() const { return heads_.empty(); }
  /// The first, to be read from; then call moved().
  [[nodiscard]] MergeHead& first();
  /// The first has moved on; without `more` it is done.
  void moved(bool more);

 private:
  enum class Kept : std::uint8_t {
    sorted_for_good,  ///< Few.
    sorted,
    as_heap,  ///< Its first at the back while it is read.
  };
  /// Heads that stand at one clock.
  struct Meeting {
    std::size_t gc = 0;
    std::size_t items = 0;
    [[nodiscard]] bool clashes() const { return gc != 0 && items != 0; }
  };
  struct IdHash {
    std::size_t operator()(const Id& id) const noexcept {
      return std::hash<std::uint64_t>{}(id.client.value * 0x9E37'79B9'7F4A'7C15 + id.clock);
    }
  };

  void sort();
  void sorted_to_heap();
  void note(const MergeHead& head);
  void forget(const MergeHead& head);
  void note_all();

  Kept kept_;
  std::uint64_t round_ = 0;
  std::uint64_t comparisons_left_;
  std::vector<MergeHead*> heads_;
  std::unordered_map<Id, Meeting, IdHash> meetings_;  // empty as long as no head is GC, or the heads are few
  std::size_t clashes_ = 0;
};

}  // namespace bossey::crdt
