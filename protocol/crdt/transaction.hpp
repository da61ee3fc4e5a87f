// A change to a document while it is made: what it adds, deletes and touches, and the tidying at its end. Made by
// DocState only. Internal to crdt.
#pragma once

#include <cstdint>
#include <vector>

#include "crdt/delete_set.hpp"
#include "crdt/doc.hpp"
#include "crdt/item.hpp"
#include "crdt/struct_store.hpp"
#include "crdt/struct_writer.hpp"

namespace bossey::crdt {

class Undo;

/// Lists of a transaction; a document lends the same to one after the other.
struct TransactionLists {
  std::vector<ClientStart> touched;    ///< Clients that got structs, and their states before.
  std::vector<SharedType*> changed;    ///< Those whose changed_in is still the transaction's number count.
  std::vector<LocalId> merge_structs;  ///< Split or freed neighbours: to be joined again at the end.

  /// Keeps the room, unless it is much.
  void clear() {
    constexpr std::size_t kKeptMax = 256;
    if (touched.capacity() + changed.capacity() + merge_structs.capacity() > kKeptMax) *this = {};
    touched.clear();
    changed.clear();
    merge_structs.clear();
  }
};

struct Transaction : TransactionLists {
  Transaction(DocState& doc_, StructStore& store_, Origin origin_, bool local_, std::uint64_t number_)
      : doc(doc_), store(store_), origin(origin_), local(local_), number(number_) {}

  DocState& doc;
  StructStore& store;
  Origin origin;
  bool local;
  bool formatting_clean_up = false;
  const Undo* undo = nullptr;  ///< Whose undo or redo it is.
  std::uint64_t number;        ///< Never 0; no two transactions of a document share one.

  DeleteSet deletes;

  /// First clock of the client that was not known when the transaction began.
  [[nodiscard]] std::uint32_t state_before(ClientIndex client) const {
    const ClientStructs& structs = store.structs(client);
    return structs.touched_in == number ? structs.state_before : structs.state();
  }
  [[nodiscard]] bool changed_anything() const { return !touched.empty() || !deletes.empty(); }

  /// Appends to its client's structs, whose state must be the item's clock.
  void add_struct(Item* item);
  /// Notes that observers of the type would be told, unless the type is itself new or deleted.
  void mark_changed(SharedType& type);
  /// Deletes a live item, and all in it if it is a type.
  void remove(Item* item);

  /// Cuts an item; what starts at `units` is returned and stands to its right.
  Item* split(Item* item, std::uint32_t units);
  /// The item that starts (ends) with this unit, cut if need be. GC is never cut.
  Item* item_clean_start(LocalId id);
  Item* item_clean_end(LocalId id);

  /// The end: drop the content of what is deleted (with `gc`), join neighbours.
  void tidy(bool gc);

 private:
  [[nodiscard]] SharedType* mark_deleted(Item* item);
  void collect();
  void merge_deleted();
  void merge_added();
  void merge_split();
};

/// Joins the struct at `index` with those to its left as far as they go on from one another.
/// Returns how many were joined away.
std::size_t merge_with_lefts(StructStore& store, ClientStructs& structs, std::size_t index);

}  // namespace bossey::crdt
