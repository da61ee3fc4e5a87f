// Structs and deletes that came before what they build on. Kept decoded; joined only when they are written or tried
// again, so that a flood of them costs linear work. Internal to crdt.
#pragma once

#include <cstddef>
#include <map>
#include <unordered_map>
#include <vector>

#include "crdt/delete_set.hpp"
#include "crdt/id.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// Clients and clocks: when a client's state passes its clock, trying again may help.
using MissingClocks = std::unordered_map<ClientId, Clock>;

/// Structs that could not be applied, and which clocks would help.
struct RestStructs {
  std::vector<ClientSection> sections;  ///< Descending by client.
  MissingClocks missing;
};

class PendingStructs {
 public:
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  /// Doubles count until they are joined.
  [[nodiscard]] std::size_t struct_count() const { return count_; }
  [[nodiscard]] const MissingClocks& missing() const { return missing_; }

  void add(RestStructs rest);
  /// All structs, one section for each client (descending), gaps as Skip.
  [[nodiscard]] const std::vector<ClientSection>& sections();
  /// The same, and nothing is pending any more.
  [[nodiscard]] std::vector<ClientSection> take();
  /// Makes one of all parts; drops doubles.
  void join();

 private:
  std::vector<std::vector<ClientSection>> parts_;
  MissingClocks missing_;
  std::size_t count_ = 0;
  std::size_t joined_count_ = 0;  // count_ after the last join
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
