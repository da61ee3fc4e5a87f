// Takes back what was done here, and nothing that others did (Yjs' UndoManager). For whoever edits a document locally:
// import tools, tests. What it takes back or does again are ordinary edits to all others.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "crdt/delete_set.hpp"
#include "crdt/doc.hpp"
#include "crdt/events.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

class DocState;
struct Transaction;

struct UndoOptions {
  /// Local transactions with these origins can be undone. Edits outside of Doc::transact have Origin{}.
  std::vector<Origin> tracked_origins = {Origin{}};
  /// Of the transactions that undo and redo make.
  Origin origin = {};
  /// The time in milliseconds. Without: each transaction is a step of its own.
  std::function<std::uint64_t()> now_ms = {};
  /// Transactions within so much time of the last one go into its step.
  std::uint64_t capture_timeout_ms = 500;
};

/// Must not outlive its document. As long as it is there, what its steps deleted keeps its content in the document
/// (and in the updates that are encoded), also with gc.
class Undo {
 public:
  /// `scope`: types of the document; what changes in them, however deep, can be undone.
  Undo(Doc& doc, std::vector<Shared> scope, UndoOptions options = {});
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo();

  /// Takes back the last step that has any effect. False if there is none. A value of a key that somebody else has set
  /// since is not touched. Types that lie more than limits::kTypeDepthMax deep in deleted types are not made again.
  bool undo();
  /// Takes back the last undo.
  bool redo();
  [[nodiscard]] bool can_undo() const { return !undo_steps_.empty(); }
  [[nodiscard]] bool can_redo() const { return !redo_steps_.empty(); }
  /// The next transaction starts a new step, however soon it comes.
  void stop_capturing() { last_change_ms_ = 0; }
  /// Forgets all steps; from now on their deleted content may be collected.
  void clear();

 private:
  friend class DocState;
  struct Step {
    DeleteSet deletions;
    DeleteSet insertions;
  };
  enum class Doing : std::uint8_t { nothing, undo, redo };

  bool take_back(std::vector<Step>& steps, Doing doing);
  bool apply(Transaction& transaction, const Step& step);
  /// At the end of each transaction, before its tidying.
  void note(Transaction& transaction);
  [[nodiscard]] bool tracks(const Transaction& transaction) const;
  void forget(Transaction& transaction, std::vector<Step>& steps);
  [[nodiscard]] std::vector<const SharedType*> scope_types() const;
  [[nodiscard]] bool deleted_by_steps(Id id) const;

  DocState* state_;
  std::vector<Shared> scope_;
  UndoOptions options_;
  std::vector<Step> undo_steps_;
  std::vector<Step> redo_steps_;
  Doing doing_ = Doing::nothing;
  std::uint64_t last_change_ms_ = 0;
};

}  // namespace bossey::crdt
