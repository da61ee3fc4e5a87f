// What a Doc is inside: store, roots, pending, and the running transaction. Doc and the handles are thin wrappers of
// it. Internal to crdt.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crdt/doc.hpp"
#include "crdt/observers.hpp"
#include "crdt/pending.hpp"
#include "crdt/shared_type.hpp"
#include "crdt/struct_reader.hpp"
#include "crdt/struct_store.hpp"
#include "crdt/transaction.hpp"

namespace bossey::crdt {

class DocState {
 public:
  DocState(ClientId client_id_, bool gc_) : client_id(client_id_), gc(gc_) {}

  ClientId client_id;
  bool gc;
  bool client_id_taken = false;
  StructStore store;
  PendingStructs pending;
  PendingDeletes pending_deletes;
  std::vector<ClientIndex> advanced;  ///< Clients that got structs since pending ones were last looked at.
  std::map<std::string, std::unique_ptr<SharedType>, std::less<>> roots;
  std::function<void(const UpdateEvent&)> observer;
  Observers observers;
  std::vector<Undo*> undos;
  std::uint64_t type_epoch = 0;  ///< Grows when a type is freed: handles then look their type up anew.

  /// Nothing to note while nothing waits.
  void note_advanced(ClientIndex client) {
    if (pending.empty() && pending_deletes.empty()) return;
    if (advanced.empty() || advanced.back() != client) advanced.push_back(client);
  }

  /// The root of that name, made untyped if it is not there.
  [[nodiscard]] SharedType& root(std::string_view name);
  /// The same, of that kind from now on.
  [[nodiscard]] SharedType& root(std::string_view name, SharedKind kind);

  Result<ApplyOutcome> apply_update(BytesView update, UpdateFormat format, Origin origin);

  /// What apply_update would answer, without applying.
  [[nodiscard]] Result<void> check_update(BytesView update, UpdateFormat format) const;

  /// Runs `edit(Transaction&)` in the running transaction, or in one of its own. True if something changed by its end.
  template <class Edit>
  bool transact(Origin origin, bool local, Edit&& edit) {
    if (running_ != nullptr) {
      edit(*running_);
      return running_->changed_anything();
    }
    Transaction transaction(*this, store, origin, local, ++transactions_);
    static_cast<TransactionLists&>(transaction) = std::exchange(lists_, {});
    running_ = &transaction;
    try {
      edit(transaction);
    } catch (...) {  // a caller's function threw: what it did up to there stands, as in Yjs
      running_ = nullptr;
      finish(transaction);
      throw;
    }
    running_ = nullptr;
    finish(transaction);
    const bool changed = transaction.changed_anything();
    lists_ = std::move(static_cast<TransactionLists&>(transaction));
    lists_.clear();
    return changed;
  }

  [[nodiscard]] StateVector state_vector() const;
  [[nodiscard]] DeleteSet delete_set() const;
  [[nodiscard]] Bytes encode(const StateVector& known, UpdateFormat format);
  [[nodiscard]] Bytes encode(const Transaction& transaction, UpdateFormat format) const;

  /// Handles for what an item holds.
  [[nodiscard]] Shared handle(SharedType* type) { return Shared(this, type); }
  template <class Handle>
  [[nodiscard]] Handle handle_as(SharedType* type) {
    return Handle(this, type);
  }

 private:
  /// Octets of all deletes, for one client after the other that comes back.
  struct WrittenDeletes {
    std::uint64_t transactions = ~std::uint64_t{0};  ///< How many there had been.
    Bytes octets;
  };

  void finish(Transaction& transaction);
  [[nodiscard]] const Bytes& written_deletes(UpdateFormat format);
  void emit(const Transaction& transaction) const;
  [[nodiscard]] Result<void> check_room_for(const DecodedUpdate& update, std::size_t octets) const;

  Transaction* running_ = nullptr;
  DecodedUpdate decoded_;
  TransactionLists lists_;
  std::uint64_t transactions_ = 0;
  WrittenDeletes written_deletes_v1_;
  WrittenDeletes written_deletes_v2_;
  std::size_t pending_octets_ = 0;  // of the updates that brought what is pending
};

}  // namespace bossey::crdt
