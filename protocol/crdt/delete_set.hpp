// Which units are deleted: for each client a list of clock ranges. Part of every update; the other half of a snapshot.
// A plain value; it must not depend on a document.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "crdt/id.hpp"

namespace bossey::crdt {

class DeleteSet {
 public:
  DeleteSet() = default;
  DeleteSet(const DeleteSet& other) : clients_(other.clients_) { index(); }
  DeleteSet(DeleteSet&&) noexcept = default;
  DeleteSet& operator=(DeleteSet other) noexcept {
    clients_.swap(other.clients_);
    places_.swap(other.places_);
    return *this;
  }
  ~DeleteSet() = default;

  struct Range {
    Clock clock;
    Clock length;
    [[nodiscard]] Clock end() const { return clock + length; }
    friend bool operator==(const Range&, const Range&) = default;
  };
  struct ClientRanges {
    ClientId client;
    std::vector<Range> ranges;
    friend bool operator==(const ClientRanges&, const ClientRanges&) = default;
  };

  /// Appends, without sorting.
  void add(ClientId client, Clock clock, Clock length);
  /// Sorts each client's ranges and joins those that touch or overlap, as Yjs' sortAndMergeDeleteSet.
  void normalize();
  /// Both sets in one, normalized.
  void merge(const DeleteSet& other);

  /// Whether the unit is deleted. Only on a normalized set.
  [[nodiscard]] bool contains(Id id) const;
  /// Whether all of `other` is deleted here. Only on normalized sets.
  [[nodiscard]] bool covers(const DeleteSet& other) const;

  /// Ranges of a client, nullptr if none.
  [[nodiscard]] const std::vector<Range>* find(ClientId client) const;
  /// In the order in which the clients were first added.
  [[nodiscard]] const std::vector<ClientRanges>& clients() const { return clients_; }
  [[nodiscard]] bool empty() const { return clients_.empty(); }
  [[nodiscard]] std::size_t range_count() const;
  void clear();

  /// The same ranges for the same clients, in whatever order of clients.
  friend bool operator==(const DeleteSet& a, const DeleteSet& b);

 private:
  [[nodiscard]] std::vector<Range>& ranges_of(ClientId client);
  [[nodiscard]] std::size_t place_of(ClientId client) const;
  /// Makes places_ if there are many clients.
  void index();

  std::vector<ClientRanges> clients_;
  std::unique_ptr<std::unordered_map<ClientId, std::size_t>> places_;  // once there are many clients
};

}  // namespace bossey::crdt
