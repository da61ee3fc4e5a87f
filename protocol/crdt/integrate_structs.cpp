// Application of the structs of an update in causal order, as yjs src/utils/encoding.js (integrateStructs).
#include <algorithm>
#include <utility>

#include "crdt/doc_state.hpp"
#include "crdt/integrate.hpp"
#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

/// The structs of an update that has come. To the applier it looks as PendingStructs does.
class FreshQueues {
 public:
  using Queue = StructQueue;
  explicit FreshQueues(StructBatch& batch) : batch_(batch), left_(batch.queues.size()) {}

  UpdateStruct& head(Queue& queue) { return batch_.structs[queue.next]; }
  static void pop(Queue& queue) { ++queue.next; }

  Queue* find(ClientId client) {
    const auto place = std::lower_bound(batch_.queues.begin(), batch_.queues.end(), client,
                                        [](const Queue& queue, ClientId wanted) { return queue.client < wanted; });
    return place != batch_.queues.end() && place->client == client && !is_empty(*place) ? &*place : nullptr;
  }
  /// Of the highest client with anything left.
  Queue* first_left() {
    while (left_ > 0 && is_empty(batch_.queues[left_ - 1])) --left_;
    return left_ == 0 ? nullptr : &batch_.queues[left_ - 1];
  }
  /// It goes to the rest.
  void give_up(Queue& queue, bool /*alone*/) {
    const auto begin = batch_.structs.begin();
    const std::size_t first = rest_.structs.size();
    rest_.structs.insert(rest_.structs.end(), std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(queue.next)),
                         std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(queue.end)));
    rest_.queues.push_back({queue.client, first, rest_.structs.size()});
    queue.next = queue.end;
  }
  [[nodiscard]] StructBatch& rest() { return rest_; }

 private:
  static bool is_empty(const Queue& queue) { return queue.next == queue.end; }

  StructBatch& batch_;
  StructBatch rest_;
  std::size_t left_;
};

template <class Queues>
class StructApplier {
 public:
  using Queue = typename Queues::Queue;
  StructApplier(Transaction& transaction, Queues& queues)
      : transaction_(transaction), store_(transaction.store), queues_(queues) {}

  /// Applies what can be applied, higher clients first; gives up the queues of the rest. Returns what that lacks.
  MissingClocks run() {
    for (Queue* queue = queues_.first_left(); queue != nullptr;) {
      const Step step = try_head(*queue);
      if (step == Step::applied) {
        queues_.pop(*queue);
        queue = next_queue();
      } else if (step == Step::waits) {
        queue = needed_;
      } else {
        for (Queue* waiting : stack_) {
          waiting->stacked = false;
          queues_.give_up(*waiting, at_gap_ && stack_.size() == 1);
        }
        stack_.clear();
        queue = queues_.first_left();
      }
    }
    return std::move(missing_);
  }

 private:
  enum class Step : std::uint8_t { applied, waits, stuck };

  /// What waits on the stack first.
  Queue* next_queue() {
    if (stack_.empty()) return queues_.first_left();
    Queue* queue = stack_.back();
    stack_.pop_back();
    queue->stacked = false;
    return queue;
  }

  Step try_head(Queue& queue) {
    UpdateStruct& head = queues_.head(queue);
    if (head.kind() == ContentKind::skip) return Step::applied;
    const Clock state = store_.state(head.id.client);
    at_gap_ = state < head.id.clock;
    if (at_gap_) {
      stack(queue);
      want(head.id.client, head.id.clock - 1);
      return Step::stuck;
    }
    const auto missing = missing_client(head);
    if (!missing) {
      apply(head, state - head.id.clock);
      return Step::applied;
    }
    stack(queue);
    needed_ = queues_.find(*missing);
    if (needed_ != nullptr && !needed_->stacked) return Step::waits;
    want(*missing, store_.state(*missing));
    return Step::stuck;
  }

  void stack(Queue& queue) {
    queue.stacked = true;
    stack_.push_back(&queue);
  }

  [[nodiscard]] std::optional<ClientId> missing_client(const UpdateStruct& head) const {
    const auto lacks = [&](const Id& id) { return id.client != head.id.client && id.clock >= store_.state(id.client); };
    if (head.origin && lacks(*head.origin)) return head.origin->client;
    if (head.right_origin && lacks(*head.right_origin)) return head.right_origin->client;
    if (head.is_item() && head.parent == UpdateStruct::Parent::item && lacks(head.parent_id))
      return head.parent_id.client;
    return std::nullopt;
  }

  void want(ClientId client, Clock clock) {
    Clock& wanted = missing_.try_emplace(client, clock).first->second;
    wanted = std::min(wanted, clock);
  }

  LocalId local(const Id& id) { return {store_.index_of(id.client), static_cast<std::uint32_t>(id.clock)}; }

  void apply(UpdateStruct& head, Clock offset) {
    if (head.kind() == ContentKind::gc) {
      if (offset < head.length) apply_gc(head, offset);
      return;
    }
    // As in Yjs the neighbours are cut clean even if the struct turns out to be known.
    LocalId origin = head.origin ? local(*head.origin) : LocalId{};
    const LocalId right_origin = head.right_origin ? local(*head.right_origin) : LocalId{};
    Item* left = head.origin ? transaction_.item_clean_end(origin) : nullptr;
    Item* right = head.right_origin ? find_right(left, right_origin) : nullptr;
    if (offset >= head.length) return;
    Kin kin;
    find_parent(head, left, right, kin);
    if (offset > 0) {
      head.drop_front(offset);
      origin = local(*head.origin);
      left = transaction_.item_clean_end(origin);
    }
    if (kin.parent == nullptr) {
      apply_gc(head, 0);
      return;
    }
    kin.client = store_.index_of(head.id.client);
    kin.origin_client = origin.client;
    kin.right_origin_client = right_origin.client;
    Item* item = store_.pool().make(kin, static_cast<std::uint32_t>(head.id.clock), origin.clock, right_origin.clock);
    const ClientStructs& structs = store_.structs(kin.client);
    const bool goes_on = !structs.empty() && left == structs[structs.size() - 1];
    store_.pool().fill(*item, std::move(head.content), static_cast<std::uint32_t>(head.length),
                       goes_on ? left : nullptr);
    integrate(transaction_, item, left, right);
  }

  /// Mostly it still stands directly behind the origin.
  Item* find_right(const Item* left, LocalId right_origin) {
    Item* next = left != nullptr ? left->right() : nullptr;
    return next != nullptr && next->id() == right_origin ? next : transaction_.item_clean_start(right_origin);
  }

  /// No parent if the place was collected.
  void find_parent(const UpdateStruct& head, const Item* left, const Item* right, Kin& kin) {
    if ((left != nullptr && left->is_gc()) || (right != nullptr && right->is_gc())) return;
    if (head.parent == UpdateStruct::Parent::of_origin) {
      const Kin& neighbour = (left != nullptr ? left : right)->kin();
      kin.parent = neighbour.parent;
      kin.parent_sub = neighbour.parent_sub;
      return;
    }
    if (head.parent_sub) kin.parent_sub = store_.name(*head.parent_sub);
    if (head.parent == UpdateStruct::Parent::root) {
      kin.parent = &transaction_.doc.root(head.parent_root);
      return;
    }
    const Item* holder = store_.find(local(head.parent_id));
    if (holder->kind() == ContentKind::type) kin.parent = holder->content().type();
  }

  void apply_gc(const UpdateStruct& head, Clock offset) {
    ItemPool& pool = store_.pool();
    Item* item = pool.make({.client = store_.index_of(head.id.client)},
                           static_cast<std::uint32_t>(head.id.clock + offset), 0, 0);
    pool.fill(*item, Content(ContentKind::gc), static_cast<std::uint32_t>(head.length - offset), nullptr);
    pool.set_deleted(*item);
    transaction_.add_struct(item);
  }

  Transaction& transaction_;
  StructStore& store_;
  Queues& queues_;
  std::vector<Queue*> stack_;
  Queue* needed_ = nullptr;
  bool at_gap_ = false;
  MissingClocks missing_;
};

/// Room for many structs at once, as when a document is loaded.
void make_room(StructStore& store, const StructBatch& batch) {
  constexpr std::size_t kMany = 64;
  if (batch.structs.size() < kMany) return;
  std::size_t octets = 0;
  for (const UpdateStruct& next : batch.structs) {
    if (next.kind() == ContentKind::string)
      octets += next.length == next.content.text().size() ? next.length : next.length * 2;
  }
  store.pool().reserve(batch.structs.size());
  store.pool().texts().reserve(octets);
  for (const StructQueue& queue : batch.queues) {
    if (queue.end - queue.next >= kMany) store.structs(store.index_of(queue.client)).reserve(queue.end - queue.next);
  }
}

}  // namespace

void integrate_structs(Transaction& transaction, StructBatch& batch, bool& retry) {
  make_room(transaction.store, batch);
  FreshQueues queues(batch);
  const MissingClocks missing = StructApplier(transaction, queues).run();
  DocState& doc = transaction.doc;
  retry = doc.pending.is_due(doc.store, doc.advanced);
  if (missing.empty()) return;
  StructBatch& rest = queues.rest();
  rest.own_words();
  doc.pending.add(std::move(rest), missing);
}

void retry_pending(Transaction& transaction, const std::vector<ClientIndex>& advanced) {
  PendingStructs& pending = transaction.doc.pending;
  pending.begin(transaction.store, advanced);
  pending.end(StructApplier(transaction, pending).run());
}

}  // namespace bossey::crdt
