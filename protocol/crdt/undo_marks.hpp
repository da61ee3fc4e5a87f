// What undo has to remember of a document's units: which deleted ones are kept from collection, and which were made
// anew under another id. Empty in documents without undo. Internal to crdt.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "crdt/item.hpp"

namespace bossey::crdt {

class UndoMarks {
 public:
  [[nodiscard]] bool empty() const { return kept_.empty() && redone_.empty(); }

  [[nodiscard]] bool is_kept(LocalId unit) const;
  void set_kept(LocalId start, std::uint32_t length, bool kept);
  /// Two neighbours become one: kept if one of them was.
  void join(LocalId left, std::uint32_t left_length, std::uint32_t right_length);

  /// The unit that stands for this one now.
  [[nodiscard]] std::optional<LocalId> redone(LocalId unit) const;
  void set_redone(LocalId start, std::uint32_t length, LocalId as);

 private:
  struct Redone {
    std::uint32_t end;
    LocalId as;
  };

  using Ranges = std::map<std::uint32_t, std::uint32_t>;  // start and end, apart from one another
  std::unordered_map<ClientIndex, Ranges> kept_;
  std::unordered_map<ClientIndex, std::map<std::uint32_t, Redone>> redone_;
};

}  // namespace bossey::crdt
