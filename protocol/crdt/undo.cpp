#include "crdt/undo.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "crdt/doc_state.hpp"
#include "crdt/handle_factory.hpp"
#include "crdt/redo_items.hpp"
#include "crdt/shared_type.hpp"
#include "crdt/type_changes.hpp"

namespace bossey::crdt {
namespace {

bool in_scope(const Item& item, const std::vector<const SharedType*>& scope) {
  for (const SharedType* at = item.parent();; at = at->item->parent()) {
    if (std::find(scope.begin(), scope.end(), at) != scope.end()) return true;
    if (at->item == nullptr) return false;
  }
}

}  // namespace

Undo::Undo(Doc& doc, std::vector<Shared> scope, UndoOptions options)
    : state_(const_cast<DocState*>(&doc.state())),  // the document is not const, only this way to it is
      scope_(std::move(scope)),
      options_(std::move(options)) {
  state_->undos.push_back(this);
}

Undo::~Undo() {
  std::erase(state_->undos, this);
}

std::vector<const SharedType*> Undo::scope_types() const {
  std::vector<const SharedType*> types;
  for (const Shared& shared : scope_) {
    if (const SharedType* type = HandleFactory::type_of(shared)) types.push_back(type);
  }
  return types;
}

bool Undo::undo() {
  return take_back(undo_steps_, Doing::undo);
}

bool Undo::redo() {
  return take_back(redo_steps_, Doing::redo);
}

bool Undo::take_back(std::vector<Step>& steps, Doing doing) {
  if (doing_ != Doing::nothing) return false;  // an observer of the one asks for the other
  bool done = false;
  struct Busy {  // an observer may throw
    Doing& doing;
    ~Busy() { doing = Doing::nothing; }
  } const busy{doing_};
  doing_ = doing;
  state_->transact(options_.origin, true, [&](Transaction& transaction) {
    transaction.undo = this;
    while (!steps.empty() && !done) {
      const Step step = std::move(steps.back());
      steps.pop_back();
      done = apply(transaction, step);
    }
  });
  return done;
}

bool Undo::deleted_by_steps(Id id) const {
  const auto deletes = [id](const Step& step) { return step.deletions.contains(id); };
  return std::any_of(undo_steps_.begin(), undo_steps_.end(), deletes) ||
         std::any_of(redo_steps_.begin(), redo_steps_.end(), deletes);
}

bool Undo::apply(Transaction& transaction, const Step& step) {
  const std::vector<const SharedType*> scope = scope_types();
  StructStore& store = transaction.store;
  std::vector<Item*> to_delete;
  each_item(transaction, step.insertions, [&](Item& inserted) {
    Item* item = &inserted;
    if (store.undo_marks().redone(item->id())) item = transaction.item_clean_start(follow_redone(store, item->id()));
    if (!item->deleted() && in_scope(*item, scope)) to_delete.push_back(item);
  });
  std::vector<Item*> to_redo;
  std::unordered_set<const Item*> all_to_redo;
  each_item(transaction, step.deletions, [&](Item& item) {
    // What came and went in the same step stays gone.
    if (!in_scope(item, scope) || step.insertions.contains(store.global(item.id()))) return;
    if (all_to_redo.insert(&item).second) to_redo.push_back(&item);
  });
  bool changed = false;
  ItemRedoer redoer(transaction, all_to_redo, step.insertions, [this](Id id) { return deleted_by_steps(id); });
  for (Item* item : to_redo) changed = redoer.redo(item) != nullptr || changed;
  // Children before parents.
  for (auto item = to_delete.rbegin(); item != to_delete.rend(); ++item) {
    transaction.remove(*item);
    changed = true;
  }
  return changed;
}

bool Undo::tracks(const Transaction& transaction) const {
  if (transaction.undo != nullptr) return transaction.undo == this;
  const Origin origin = transaction.formatting_clean_up ? Origin{} : transaction.origin;  // as in Yjs
  return transaction.local && std::find(options_.tracked_origins.begin(), options_.tracked_origins.end(), origin) !=
                                  options_.tracked_origins.end();
}

void Undo::note(Transaction& transaction) {
  if (!tracks(transaction)) return;
  const std::vector<const SharedType*> scope = scope_types();
  const std::vector<SharedType*> changed = changed_types(transaction);
  const bool concerned = std::any_of(changed.begin(), changed.end(), [&scope](const SharedType* type) {
    return std::any_of(scope.begin(), scope.end(), [type](const SharedType* one) { return lies_in(*type, *one); });
  });
  if (!concerned) return;
  if (doing_ == Doing::undo) stop_capturing();
  if (doing_ == Doing::nothing) forget(transaction, redo_steps_);

  Step step{transaction.deletes, {}};
  for (const ClientStart& start : transaction.touched) {
    const ClientStructs& structs = transaction.store.structs(start.client);
    step.insertions.add(structs.client(), start.clock, structs.state() - start.clock);
  }
  std::vector<Step>& steps = doing_ == Doing::undo ? redo_steps_ : undo_steps_;
  const std::uint64_t now = options_.now_ms ? options_.now_ms() : 0;
  const bool soon = last_change_ms_ > 0 && now - last_change_ms_ < options_.capture_timeout_ms;
  if (soon && doing_ == Doing::nothing && !steps.empty()) {
    steps.back().deletions.merge(step.deletions);
    steps.back().insertions.merge(step.insertions);
  } else {
    steps.push_back(std::move(step));
  }
  if (doing_ == Doing::nothing) last_change_ms_ = now;
  const DeleteSet deletes = transaction.deletes;
  each_item(transaction, deletes, [&](const Item& item) {
    if (in_scope(item, scope)) keep_item(transaction.store, &item, true);
  });
}

void Undo::forget(Transaction& transaction, std::vector<Step>& steps) {
  const std::vector<const SharedType*> scope = scope_types();
  for (const Step& step : steps) {
    each_item(transaction, step.deletions, [&](const Item& item) {
      if (in_scope(item, scope)) keep_item(transaction.store, &item, false);
    });
  }
  steps.clear();
}

void Undo::clear() {
  state_->transact({}, true, [this](Transaction& transaction) {
    forget(transaction, undo_steps_);
    forget(transaction, redo_steps_);
  });
}

}  // namespace bossey::crdt
