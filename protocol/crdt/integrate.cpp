#include "crdt/integrate.hpp"

#include <algorithm>
#include <unordered_map>

#include "crdt/doc_state.hpp"
#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

/// The items passed while looking for a place, and which of them still compete for it.
class PassedItems {
 public:
  void add(Item* item) {
    if (!places_.empty()) places_.emplace(item, items_.size());
    items_.push_back(item);
    if (places_.empty() && items_.size() > kScanned) {
      for (std::size_t i = 0; i < items_.size(); ++i) places_.emplace(items_[i], i);
    }
  }
  /// All passed so far lie left of the new item.
  void settle() { competing_from_ = items_.size(); }
  [[nodiscard]] bool contains(const Item* item) const { return place(item) < items_.size(); }
  [[nodiscard]] bool competes(const Item* item) const {
    const std::size_t at = place(item);
    return at < items_.size() && at >= competing_from_;
  }

 private:
  static constexpr std::size_t kScanned = 16;  // looked through rather than hashed

  [[nodiscard]] std::size_t place(const Item* item) const {
    if (!places_.empty()) {
      const auto found = places_.find(item);
      return found == places_.end() ? items_.size() : found->second;
    }
    return static_cast<std::size_t>(std::find(items_.begin(), items_.end(), item) - items_.begin());
  }

  std::vector<Item*> items_;
  std::unordered_map<const Item*, std::size_t> places_;
  std::size_t competing_from_ = 0;
};

/// First item of a list, or of the chain of a key.
Item* first_of(const SharedType& parent, const std::string* key) {
  if (key == nullptr) return parent.start;
  Item* item = parent.map.find(key);
  for (Item* left = item; left != nullptr; left = left->left()) item = left;
  return item;
}

/// Whether others were put between the neighbours that the item was made between.
bool has_competitors(const Item* left, const Item* right) {
  if (left != nullptr) return left->right() != right;
  return right == nullptr || right->left() != nullptr;
}

/// The left neighbour among competitors: origins never cross, and of equals the smaller client comes first.
Item* find_left(const StructStore& store, const Item& item, Item* left, const Item* right) {
  Item* other = left != nullptr ? left->right() : first_of(*item.parent(), item.parent_sub());
  PassedItems passed;
  for (; other != nullptr && other != right; other = other->right()) {
    passed.add(other);
    if (other->origin() == item.origin()) {
      if (store.client(other->client()) < store.client(item.client())) {
        left = other;
        passed.settle();
      } else if (other->right_origin() == item.right_origin()) {
        break;
      }
    } else if (const Item* origin = other->origin().none() ? nullptr : store.find(other->origin());
               passed.contains(origin)) {
      if (!passed.competes(origin)) {
        left = other;
        passed.settle();
      }
    } else {
      break;
    }
  }
  return left;
}

/// Connects the item with its neighbours, its parent and its key.
void link(Transaction& transaction, Item& item, Item* left) {
  ItemPool& pool = transaction.store.pool();
  SharedType& parent = *item.parent();
  const std::string* key = item.parent_sub();
  Item* right = left != nullptr ? left->right() : first_of(parent, key);
  pool.set_left(item, left);
  pool.set_right(item, right);
  if (left != nullptr)
    pool.set_right(*left, &item);
  else if (key == nullptr)
    parent.start = &item;
  if (right != nullptr) {
    pool.set_left(*right, &item);
  } else if (key != nullptr) {
    parent.map.set(key, &item);
    if (left != nullptr) transaction.remove(left);  // it was the value of the key
  }
}

void integrate_content(Transaction& transaction, Item& item) {
  switch (item.kind()) {
    case ContentKind::deleted:
      transaction.deletes.add(transaction.store.client(item.client()), item.clock(), item.length());
      transaction.store.pool().set_deleted(item);
      break;
    case ContentKind::format:
      item.parent()->has_formatting = true;
      break;
    case ContentKind::type:
      item.content().type()->item = &item;
      break;
    default:
      break;
  }
}

}  // namespace

void integrate(Transaction& transaction, Item* item, Item* left, Item* right) {
  if (has_competitors(left, right)) left = find_left(transaction.store, *item, left, right);
  link(transaction, *item, left);
  SharedType& parent = *item->parent();
  const bool in_list = item->parent_sub() == nullptr;
  if (in_list) {
    if (item->countable()) parent.length += item->length();
    parent.cursor = {};
  }
  transaction.add_struct(item);
  integrate_content(transaction, *item);
  transaction.mark_changed(parent);
  const bool superseded = !in_list && item->right() != nullptr;
  if (parent.gone() || superseded) transaction.remove(item);
}

Item* insert_local(Transaction& transaction, SharedType& parent, const std::string* parent_sub, Item* left, Item* right,
                   Content content, std::uint32_t bare_length) {
  StructStore& store = transaction.store;
  const ClientIndex client = store.index_of(transaction.doc.client_id);
  const ClientStructs& structs = store.structs(client);
  const LocalId origin = left != nullptr ? left->last_id() : LocalId{};
  const LocalId right_origin = right != nullptr ? right->id() : LocalId{};
  Item* item = store.pool().make({client, origin.client, right_origin.client, &parent, parent_sub}, structs.state(),
                                 origin.clock, right_origin.clock);
  const auto length = bare_length + static_cast<std::uint32_t>(content.length());
  const bool goes_on = !structs.empty() && left == structs[structs.size() - 1];
  store.pool().fill(*item, std::move(content), length, goes_on ? left : nullptr);
  integrate(transaction, item, left, right);
  return item;
}

DeleteSet apply_deletes(Transaction& transaction, const DeleteSet& deletes) {
  DeleteSet unknown;
  for (const DeleteSet::ClientRanges& client : deletes.clients()) {
    const ClientIndex index = transaction.store.find_client(client.client);
    const std::uint32_t state = index == kNoClient ? 0 : transaction.store.structs(index).state();
    for (const DeleteSet::Range& range : client.ranges) {
      if (range.clock >= state) {
        unknown.add(client.client, range.clock, range.length);
        continue;
      }
      if (range.end() > state) unknown.add(client.client, state, range.end() - state);
      ClientStructs& structs = transaction.store.structs(index);
      const auto clock = static_cast<std::uint32_t>(range.clock);
      std::size_t i = structs.index_of(clock);
      if (!structs[i]->deleted() && structs[i]->clock() < clock) {
        structs.insert(i + 1, transaction.split(structs[i], clock - structs[i]->clock()));
        ++i;
      }
      for (; i < structs.size() && structs[i]->clock() < range.end(); ++i) {
        Item* item = structs[i];
        if (item->deleted()) continue;
        if (range.end() < item->end()) {
          structs.insert(i + 1, transaction.split(item, static_cast<std::uint32_t>(range.end()) - item->clock()));
        }
        transaction.remove(item);
      }
    }
  }
  return unknown;
}

}  // namespace bossey::crdt
