// Application of the structs of an update in causal order, as yjs src/utils/encoding.js (integrateStructs).
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "crdt/doc_state.hpp"
#include "crdt/integrate.hpp"
#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

class StructApplier {
 public:
  StructApplier(Transaction& transaction, std::vector<ClientSection> sections)
      : transaction_(transaction), store_(transaction.store) {
    // A client named twice: the later section counts, as in Yjs.
    const auto before = [](const ClientSection& a, const ClientSection& b) { return a.client < b.client; };
    if (sections.size() > 1) std::stable_sort(sections.begin(), sections.end(), before);
    queues_.reserve(sections.size());
    for (ClientSection& section : sections) {
      if (!queues_.empty() && queues_.back().client == section.client)
        queues_.back().structs = std::move(section.structs);
      else
        queues_.push_back({section.client, std::move(section.structs)});
    }
    queues_left_ = queues_.size();
  }

  std::optional<RestStructs> run() {
    for (UpdateStruct* head = next_head(); head != nullptr;) {
      if (UpdateStruct* needed = try_apply(*head))
        head = needed;
      else
        head = next_head();
    }
    if (rest_.empty()) return std::nullopt;
    RestStructs rest;
    std::sort(rest_.begin(), rest_.end(), [](const Rest& a, const Rest& b) { return a.client > b.client; });
    for (Rest& part : rest_) {
      part.structs.erase(part.structs.begin(), part.structs.begin() + static_cast<std::ptrdiff_t>(part.first));
      rest.sections.push_back({part.client, std::move(part.structs)});
    }
    rest.missing = std::move(missing_);
    return rest;
  }

 private:
  struct Queue {
    ClientId client;
    std::vector<UpdateStruct> structs;
    std::size_t next = 0;
    bool removed = false;
  };
  struct Rest {
    ClientId client;
    std::vector<UpdateStruct> structs;
    std::size_t first;
  };

  Queue* find_queue(ClientId client) {
    const auto place = std::lower_bound(queues_.begin(), queues_.end(), client,
                                        [](const Queue& queue, ClientId wanted) { return queue.client < wanted; });
    return place != queues_.end() && place->client == client ? &*place : nullptr;
  }

  /// What waits on the stack first, then the queue in hand, then the queue of the next lower client.
  UpdateStruct* next_head() {
    if (!stack_.empty()) {
      UpdateStruct* head = stack_.back();
      stack_.pop_back();
      return head;
    }
    for (; queues_left_ > 0; --queues_left_) {
      Queue& queue = queues_[queues_left_ - 1];
      if (queue.next < queue.structs.size()) return &queue.structs[queue.next++];
    }
    return nullptr;
  }

  /// Applies the struct, or puts it on the stack and returns the one it needs first, or gives it up.
  UpdateStruct* try_apply(UpdateStruct& head) {
    if (head.kind() == ContentKind::skip) return nullptr;
    const Clock state = store_.state(head.id.client);
    if (state < head.id.clock) {
      stack_.push_back(&head);
      want(head.id.client, head.id.clock - 1);
      give_up_stack();
      return nullptr;
    }
    if (const auto missing = missing_client(head)) {
      stack_.push_back(&head);
      Queue* queue = find_queue(*missing);
      if (queue != nullptr && queue->next < queue->structs.size()) return &queue->structs[queue->next++];
      want(*missing, store_.state(*missing));
      give_up_stack();
      return nullptr;
    }
    apply(head, state - head.id.clock);
    return nullptr;
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

  /// Nothing on the stack can be applied now: it goes to the rest with all that follows it.
  void give_up_stack() {
    for (UpdateStruct* item : stack_) {
      Queue* queue = find_queue(item->id.client);
      const ClientId client = item->id.client;
      if (queue != nullptr && !queue->removed) {
        set_rest(client, std::move(queue->structs), queue->next - 1);
        queue->structs.clear();
        queue->next = 0;
        queue->removed = true;
      } else {
        std::vector<UpdateStruct> alone;
        alone.push_back(std::move(*item));
        set_rest(client, std::move(alone), 0);
      }
    }
    stack_.clear();
  }

  void set_rest(ClientId client, std::vector<UpdateStruct> structs, std::size_t first) {
    const auto [place, is_new] = rest_places_.try_emplace(client, rest_.size());
    if (is_new) {
      rest_.push_back({client, std::move(structs), first});
      return;
    }
    // Only an update that contradicts itself comes here. The stack may still point into what is replaced.
    Rest& part = rest_[place->second];
    replaced_.push_back(std::exchange(part.structs, std::move(structs)));
    part.first = first;
  }

  LocalId local(const Id& id) { return {store_.index_of(id.client), static_cast<std::uint32_t>(id.clock)}; }

  void apply(UpdateStruct& head, Clock offset) {
    if (head.kind() == ContentKind::gc) {
      if (offset < head.length) apply_gc(head, offset);
      return;
    }
    // As in Yjs the neighbours are cut clean even if the struct turns out to be known.
    Item* left = head.origin ? transaction_.item_clean_end(local(*head.origin)) : nullptr;
    Item* right = head.right_origin ? transaction_.item_clean_start(local(*head.right_origin)) : nullptr;
    if (offset >= head.length) return;
    const std::string* parent_sub = nullptr;
    SharedType* parent = find_parent(head, left, right, parent_sub);
    if (offset > 0) {
      head.drop_front(offset);
      left = transaction_.item_clean_end(local(*head.origin));
    }
    if (parent == nullptr) {
      apply_gc(head, 0);
      return;
    }
    Item* item = store_.pool().make();
    item->id = local(head.id);
    if (head.origin) item->origin = local(*head.origin);
    if (head.right_origin) item->right_origin = local(*head.right_origin);
    item->length = static_cast<std::uint32_t>(head.length);
    item->left = left;
    item->right = right;
    item->parent = parent;
    item->parent_sub = parent_sub;
    item->content = std::move(head.content);
    integrate(transaction_, item);
  }

  /// nullptr if the place was collected.
  SharedType* find_parent(const UpdateStruct& head, const Item* left, const Item* right,
                          const std::string*& parent_sub) {
    if ((left != nullptr && left->is_gc()) || (right != nullptr && right->is_gc())) return nullptr;
    if (head.parent == UpdateStruct::Parent::of_origin) {
      const Item* neighbour = left != nullptr ? left : right;
      parent_sub = neighbour->parent_sub;
      return neighbour->parent;
    }
    if (head.parent_sub) parent_sub = store_.name(*head.parent_sub);
    if (head.parent == UpdateStruct::Parent::root) return &transaction_.doc.root(head.parent_root);
    const Item* holder = store_.find(local(head.parent_id));
    return holder->content.kind() == ContentKind::type ? holder->content.type() : nullptr;
  }

  void apply_gc(const UpdateStruct& head, Clock offset) {
    Item* item = store_.pool().make();
    item->id = local({head.id.client, head.id.clock + offset});
    item->length = static_cast<std::uint32_t>(head.length - offset);
    item->is_deleted = true;
    transaction_.add_struct(item);
  }

  Transaction& transaction_;
  StructStore& store_;
  std::vector<Queue> queues_;  // ascending by client
  std::size_t queues_left_ = 0;
  std::vector<UpdateStruct*> stack_;
  std::vector<Rest> rest_;
  std::unordered_map<ClientId, std::size_t> rest_places_;
  std::vector<std::vector<UpdateStruct>> replaced_;
  MissingClocks missing_;
};

}  // namespace

std::optional<RestStructs> integrate_structs(Transaction& transaction, std::vector<ClientSection> sections) {
  if (sections.empty()) return std::nullopt;
  StructApplier applier(transaction, std::move(sections));
  return applier.run();
}

}  // namespace bossey::crdt
