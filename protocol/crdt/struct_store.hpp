// All structs of a document: for each client its items in the order of their clocks, without gaps. Owns the items (in
// a pool) and the names they use. Internal to crdt; it links nothing into types and knows no transactions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "crdt/id.hpp"
#include "crdt/item.hpp"
#include "crdt/undo_marks.hpp"

namespace bossey::crdt {

/// The items of one client by clock. A list with a gap where it was last changed: what follows in the same place moves
/// little, and appending moves nothing.
class ClientStructs {
 public:
  ClientStructs(ClientId client, const ItemPool& pool) : client_(client), pool_(&pool) {}

  [[nodiscard]] ClientId client() const { return client_; }
  /// First clock not known.
  [[nodiscard]] std::uint32_t state() const { return empty() ? 0 : (*this)[size() - 1]->end(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const { return entries_.size() - gap_size_; }
  [[nodiscard]] Item* operator[](std::size_t index) const { return pool_->at(entry(index).number); }

  /// Index of the item that holds the clock, which must be below state().
  [[nodiscard]] std::size_t index_of(std::uint32_t clock) const;

  void push_back(Item* item) { entries_.push_back({item->clock(), ItemPool::number(item)}); }
  void insert(std::size_t index, Item* item);
  void erase(std::size_t first, std::size_t last);
  /// Gives back room that much erasing has left.
  void trim();
  /// Makes room for so many items more at the end.
  void reserve(std::size_t items);

  /// Where the client stood before the transaction with this number; see Transaction.
  std::uint64_t touched_in = 0;
  std::uint32_t state_before = 0;

 private:
  /// The clock stands beside the item's number, so that the search touches no items.
  struct Entry {
    std::uint32_t clock;
    std::uint32_t number;
  };

  [[nodiscard]] const Entry& entry(std::size_t index) const {
    return entries_[index < gap_at_ ? index : index + gap_size_];
  }
  [[nodiscard]] std::uint32_t clock_at(std::size_t index) const { return entry(index).clock; }
  void move_gap(std::size_t index);

  ClientId client_;
  const ItemPool* pool_;
  std::vector<Entry> entries_;
  std::size_t gap_at_ = 0;
  std::size_t gap_size_ = 0;
  mutable std::size_t found_ = 0;  // where index_of ended last; only a guess
};

class StructStore {
 public:
  StructStore() = default;
  StructStore(const StructStore&) = delete;
  StructStore& operator=(const StructStore&) = delete;

  /// Number of a client in this document; a new client is added to the table.
  [[nodiscard]] ClientIndex index_of(ClientId client) {
    const ClientIndex known = find_client(client);
    return known != kNoClient ? known : add_client(client);
  }
  /// kNoClient if the client is not in the table.
  [[nodiscard]] ClientIndex find_client(ClientId client) const {
    return last_ != kNoClient && clients_[last_].client() == client ? last_ : look_up_client(client);
  }
  [[nodiscard]] ClientId client(ClientIndex index) const { return clients_[index].client(); }
  [[nodiscard]] ClientStructs& structs(ClientIndex index) { return clients_[index]; }
  [[nodiscard]] const ClientStructs& structs(ClientIndex index) const { return clients_[index]; }
  /// All clients of the table, also those that have no structs.
  [[nodiscard]] const std::vector<ClientStructs>& clients() const { return clients_; }

  /// First clock not known of the client.
  [[nodiscard]] std::uint32_t state(ClientId client) const {
    const ClientIndex index = find_client(client);
    return index == kNoClient ? 0 : clients_[index].state();
  }
  [[nodiscard]] Item* find(LocalId id) const { return clients_[id.client][clients_[id.client].index_of(id.clock)]; }
  [[nodiscard]] Id global(LocalId id) const { return {client(id.client), id.clock}; }

  /// A pointer that stays valid and is the same for the same name.
  [[nodiscard]] const std::string* name(std::string_view text);
  /// nullptr if nobody has used the name.
  [[nodiscard]] const std::string* find_name(std::string_view text) const;

  [[nodiscard]] UndoMarks& undo_marks() { return undo_marks_; }
  [[nodiscard]] const UndoMarks& undo_marks() const { return undo_marks_; }

  [[nodiscard]] ItemPool& pool() { return pool_; }
  [[nodiscard]] const ItemPool& pool() const { return pool_; }
  /// Moves the words together if much of their room is no longer used. Views of words end.
  void compact();

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  [[nodiscard]] ClientIndex add_client(ClientId client);
  [[nodiscard]] ClientIndex look_up_client(ClientId client) const;

  std::vector<ClientStructs> clients_;
  std::unordered_map<ClientId, ClientIndex> indices_;
  mutable ClientIndex last_ = kNoClient;  // found last: runs of one client are the rule
  std::unordered_set<std::string, NameHash, std::equal_to<>> names_;
  ItemPool pool_;
  UndoMarks undo_marks_;
};

}  // namespace bossey::crdt
