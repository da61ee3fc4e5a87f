// Structs and deletes that came before what they build on. Kept by client and clock, so that a flood of them costs
// little: trying again looks at the first of each client only. Internal to crdt.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "crdt/delete_set.hpp"
#include "crdt/id.hpp"
#include "crdt/struct_store.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// Clients and clocks: when a client's state passes its clock, trying again may help.
using MissingClocks = std::map<ClientId, Clock>;  // mostly empty, which costs nothing

/// The structs of all updates that could not be applied, merged as they came: a queue for each client. They are tried
/// again when Yjs would try, which is not always as soon as it would help.
class PendingStructs {
 public:
  struct Waiting {
    UpdateStruct what;
    std::shared_ptr<const char[]> words;  ///< What it has views of.
  };
  struct Queue {
    ClientId client;
    std::map<Clock, Waiting> structs;
    bool stacked = false;   ///< As in StructQueue.
    bool given_up = false;  ///< For this time.
    bool parked = false;    ///< Only what is missing before its first struct can help: not looked at until that comes.
  };

  [[nodiscard]] bool empty() const { return queues_.empty(); }
  [[nodiscard]] std::size_t struct_count() const { return count_; }
  [[nodiscard]] std::size_t client_count() const { return queues_.size(); }

  /// Whether these clients, of which structs were added, make trying again worth while.
  [[nodiscard]] bool is_due(const StructStore& store, const std::vector<ClientIndex>& advanced) const;
  /// `rest` owns its words.
  void add(StructBatch rest, const MissingClocks& missing);

  /// For trying again, as the applier does it: begin, take from the queues or give them up, say what is missing now.
  void begin(const StructStore& store, const std::vector<ClientIndex>& advanced);
  /// Of the highest client that has anything left to look at.
  [[nodiscard]] Queue* first_left();
  /// nullptr also if it has been given up.
  [[nodiscard]] Queue* find(ClientId client);
  [[nodiscard]] static UpdateStruct& head(Queue& queue) { return queue.structs.begin()->second.what; }
  void pop(Queue& queue);
  /// `alone`: nothing else came to the gap before it.
  void give_up(Queue& queue, bool alone);
  void end(MissingClocks missing);

  /// All structs as one update.
  [[nodiscard]] Bytes encode(UpdateFormat format) const;

 private:
  void add(ClientId client, std::span<UpdateStruct> structs, const std::shared_ptr<const char[]>& words);
  [[nodiscard]] static bool is_known(const Queue& queue, std::span<const UpdateStruct> structs);
  void merge(Queue& queue, std::span<UpdateStruct> structs);

  using Active = std::set<ClientId, std::greater<>>;

  std::map<ClientId, Queue, std::greater<>> queues_;
  Active active_;  // those not parked
  Active::iterator at_;
  MissingClocks missing_;
  std::size_t count_ = 0;
};

/// Deletes of structs that are not there yet.
class PendingDeletes {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t range_count() const { return count_; }
  void add(const DeleteSet& deletes);
  [[nodiscard]] DeleteSet all() const;
  /// Takes out what lies below the client's state and appends it to `due`.
  void take_due(ClientId client, Clock state, DeleteSet& due);

 private:
  using Ranges = std::map<Clock, Clock>;  // start and end, apart from one another

  void add(Ranges& ranges, Clock start, Clock end);

  std::unordered_map<ClientId, Ranges> clients_;
  std::size_t count_ = 0;
};

}  // namespace bossey::crdt
