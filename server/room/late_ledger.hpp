// What was late, for one document: ranges of structs and deletions that came after a decision and must not enter the
// document by sync, also after reopening. Kept by a room; filled from journal rows and from new late edits. A value:
// knows no sockets and no journal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "crdt/delete_set.hpp"
#include "crdt/doc.hpp"
#include "crdt/id.hpp"
#include "crdt/state_vector.hpp"

namespace bossey::room {

/// The part of an update that a document lacks.
struct NewParts {
  struct Range {
    crdt::ClientId client;
    crdt::Clock clock = 0;
    crdt::Clock end = 0;
    std::vector<crdt::ClientId> depends_on;
  };
  std::vector<Range> structs;
  crdt::DeleteSet deletes;  ///< Normalized.

  [[nodiscard]] bool empty() const { return structs.empty() && deletes.empty(); }
};

/// Errors as crdt::struct_ranges.
[[nodiscard]] Result<NewParts> new_parts(const crdt::Doc& doc, BytesView update);

/// Ranges of `from` that are not in `minus`; both normalized, and so is the result.
[[nodiscard]] crdt::DeleteSet subtract(const crdt::DeleteSet& from, const crdt::DeleteSet& minus);

/// One late edit: whose it is and which decision it came after.
struct LateEntry {
  std::uint64_t decision = 0;
  std::optional<PersonId> person;
};

class LateLedger {
 public:
  void add(const NewParts& parts, LateEntry entry);

  [[nodiscard]] bool empty() const { return structs_.empty() && deletes_.empty(); }

  /// The entry that already holds one of these structs, or one that they follow on without it, if any: whoever sends
  /// them holds late edits. `known` is the document's state vector.
  [[nodiscard]] const LateEntry* holder_of_structs(const NewParts& parts, const crdt::StateVector& known) const;
  /// The entry with one of these deletions, if any.
  [[nodiscard]] const LateEntry* holder_of_deletes(const NewParts& parts) const;
  /// The entry with structs that a client with this state vector has, and a document with `known` has not.
  [[nodiscard]] const LateEntry* holder_by_state(const crdt::StateVector& client, const crdt::StateVector& known) const;
  /// Whether any of these structs names a client that has late structs: it may depend on them.
  [[nodiscard]] bool may_depend(const NewParts& parts) const;
  /// Whether everything in it is late already.
  [[nodiscard]] bool covers(const NewParts& parts) const;

 private:
  struct Span {
    crdt::Clock clock = 0;
    crdt::Clock end = 0;
    std::size_t entry = 0;
  };
  std::vector<LateEntry> entries_;
  std::map<crdt::ClientId, std::vector<Span>> structs_;
  std::map<crdt::ClientId, std::vector<Span>> deletes_;
};

}  // namespace bossey::room
