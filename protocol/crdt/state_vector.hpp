// For each client how much of it is known: the first clock not known. Sent by clients to ask for what they lack.
// A plain value; it must not depend on a document.
#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/id.hpp"

namespace bossey::crdt {

class StateVector {
 public:
  struct Entry {
    ClientId client;
    Clock clock;  ///< First clock not known.
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  /// Reads lib0's form. Errors: bad_input, too_large. A client named twice keeps the later clock, as in Yjs.
  [[nodiscard]] static Result<StateVector> decode(BytesView bytes);
  /// In any order; of several entries for one client the last counts.
  [[nodiscard]] static StateVector from_entries(std::vector<Entry> entries);
  /// Clients in descending order, as Yjs writes it.
  [[nodiscard]] Bytes encode() const;

  /// 0 for a client not known.
  [[nodiscard]] Clock get(ClientId client) const;
  void set(ClientId client, Clock clock);

  /// Ascending by client.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  friend bool operator==(const StateVector&, const StateVector&) = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace bossey::crdt
