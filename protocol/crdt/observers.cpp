#include "crdt/observers.hpp"

#include <algorithm>
#include <utility>

#include "crdt/doc_state.hpp"
#include "crdt/handle_factory.hpp"
#include "crdt/type_changes.hpp"

namespace bossey::crdt {
namespace {

/// What changed in each type, computed once for all observers.
class TransactionChanges {
 public:
  explicit TransactionChanges(const Transaction& transaction) : transaction_(transaction) {
    for (SharedType* type : changed_types(transaction)) types_.push_back({type, std::nullopt});
  }

  [[nodiscard]] std::vector<TypeEvent> within(const SharedType& outer, Depth depth) {
    std::vector<TypeEvent> events;
    for (Change& change : types_) {
      if (change.type != &outer && (depth == Depth::itself || !lies_in(*change.type, outer))) continue;
      if (!change.event) change.event = describe(*change.type);
      events.push_back(*change.event);
      events.back().path = path_to(*change.type, outer);
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const TypeEvent& a, const TypeEvent& b) { return a.path.size() < b.path.size(); });
    return events;
  }

 private:
  struct Change {
    SharedType* type;
    std::optional<TypeEvent> event;
  };

  [[nodiscard]] TypeEvent describe(SharedType& type) const {
    return {transaction_.doc.handle(&type), {}, key_changes(transaction_, type), list_changes(transaction_, type)};
  }

  const Transaction& transaction_;
  std::vector<Change> types_;
};

}  // namespace

ObserverId Observers::add(const Shared& type, Depth depth, Callback callback) {
  const ObserverId id{++last_id_};
  observers_.push_back(std::make_shared<Observer>(Observer{id, type, depth, std::move(callback)}));
  return id;
}

void Observers::remove(ObserverId id) {
  const auto found =
      std::find_if(observers_.begin(), observers_.end(), [id](const auto& one) { return one->id == id; });
  if (found == observers_.end()) return;
  (*found)->ended = true;  // notices may still name it
  observers_.erase(found);
}

void Observers::note(const Transaction& transaction) {
  if (observers_.empty() || transaction.changed.empty()) return;
  TransactionChanges changes(transaction);
  for (const auto& observer : observers_) {
    const SharedType* type = HandleFactory::type_of(observer->type);
    if (type == nullptr || type->gone()) continue;
    std::vector<TypeEvent> events = changes.within(*type, observer->depth);
    if (events.empty()) continue;
    notices_.push_back(
        {observer, {transaction.origin, transaction.local, transaction.formatting_clean_up, std::move(events)}});
  }
}

void Observers::deliver() {
  if (delivering_) return;  // an observer edits: the call that called it goes on with what that gives
  struct Delivering {
    bool& flag;
    explicit Delivering(bool& f) : flag(f) { flag = true; }
    ~Delivering() { flag = false; }
    Delivering(const Delivering&) = delete;
    Delivering& operator=(const Delivering&) = delete;
  } const delivering(delivering_);
  while (!notices_.empty()) {
    const Notice notice = std::move(notices_.front());
    notices_.pop_front();
    if (!notice.observer->ended) notice.observer->callback(notice.event);
  }
}

}  // namespace bossey::crdt
