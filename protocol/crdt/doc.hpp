// A Yjs document: applies updates, keeps pending ones, edits locally, writes updates and snapshots. The rooms hold one
// for each open section. Not for use by two threads at once; does no I/O and takes its client id from the caller.
// Behaves as Yjs 13.6, byte for byte; see docs/formats/update.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/delete_set.hpp"
#include "crdt/events.hpp"
#include "crdt/id.hpp"
#include "crdt/state_vector.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

struct Transaction;

/// A transaction that changed the document, shown to the observer. Valid only during the call.
class UpdateEvent {
 public:
  Origin origin;                     ///< As given to apply_update or transact. That of a clean-up is that of its cause.
  bool local = false;                ///< Made here: by transact, or by the clean-up of formatting.
  bool formatting_clean_up = false;  ///< Follows a remote change; must be stored and sent like any other change.
  /// The update that brings another replica from before this transaction to after it.
  [[nodiscard]] Bytes encode(UpdateFormat format = UpdateFormat::v1) const;

 private:
  friend class DocState;
  const DocState* state_ = nullptr;
  const Transaction* transaction_ = nullptr;
};

/// What applying an update did.
struct ApplyOutcome {
  bool changed = false;      ///< Something was added or deleted: the observer was called at least once.
  bool has_pending = false;  ///< The document now waits for something that has not come.
};

class Doc {
 public:
  /// With `gc`, the content of what is deleted is dropped at the end of each transaction, as Yjs does by default.
  explicit Doc(ClientId client_id, bool gc = true);
  Doc(Doc&&) noexcept;
  Doc& operator=(Doc&&) noexcept;
  ~Doc();

  [[nodiscard]] bool gc() const;
  [[nodiscard]] ClientId client_id() const;
  /// For local edits from now on. Take a new random one if `client_id_taken()`.
  void set_client_id(ClientId client_id);
  /// A remote update brought structs under this document's own client id.
  [[nodiscard]] bool client_id_taken() const;

  /// Decodes the whole update, then applies it; on error nothing has changed. What lacks its predecessors is kept
  /// and applied when they come. Errors: bad_input (malformed, or contradicting what is known), too_large (limits.hpp).
  Result<ApplyOutcome> apply_update(BytesView update, UpdateFormat format = UpdateFormat::v1, Origin origin = {});

  /// All that a replica with this state vector lacks, pending structs and deletes included.
  [[nodiscard]] Bytes encode_state_as_update(const StateVector& known = {},
                                             UpdateFormat format = UpdateFormat::v1) const;
  [[nodiscard]] StateVector state_vector() const;
  [[nodiscard]] Bytes encode_state_vector() const { return state_vector().encode(); }
  /// All that is deleted, normalized.
  [[nodiscard]] DeleteSet delete_set() const;
  [[nodiscard]] bool has_pending() const;
  [[nodiscard]] std::size_t pending_struct_count() const;

  /// Root types by name; made on first use. A root has one kind for ever: asking for another is a programming error.
  [[nodiscard]] Text text(std::string_view name);
  [[nodiscard]] Array array(std::string_view name);
  [[nodiscard]] Map map(std::string_view name);
  [[nodiscard]] XmlFragment xml_fragment(std::string_view name);

  /// Groups the edits that `edit` makes through handles into one update. Transactions within one another are one.
  void transact(const std::function<void()>& edit, Origin origin = {});

  /// One observer; called after each transaction that changed something. It must not edit the document.
  void on_update(std::function<void(const UpdateEvent&)> observer);

  /// Calls `observer` after each transaction that changed the type (or, with Depth::all, one that lies in it), when
  /// all is done: it may read and edit the document, and end observers. What it edits is told of after this. Of a type
  /// that is deleted nothing is told any more.
  ObserverId observe(const Shared& type, Depth depth, std::function<void(const ChangeEvent&)> observer);
  /// Ends an observer; from then on it is not called. An id that is not known does nothing.
  void unobserve(ObserverId observer);

  /// A copy with all content, pending included, and no observers. Same client id unless set anew.
  [[nodiscard]] Doc clone() const;

  /// For the functions of updates.hpp.
  [[nodiscard]] const DocState& state() const { return *state_; }

 private:
  std::unique_ptr<DocState> state_;
};

}  // namespace bossey::crdt
