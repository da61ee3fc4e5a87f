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
  while (item != nullptr && item->left != nullptr) item = item->left;
  return item;
}

/// Whether others were put between the neighbours that the item was made between.
bool has_competitors(const Item& item) {
  if (item.left != nullptr) return item.left->right != item.right;
  return item.right == nullptr || item.right->left != nullptr;
}

/// The left neighbour among competitors: origins never cross, and of equals the smaller client comes first.
Item* find_left(const StructStore& store, const Item& item) {
  Item* left = item.left;
  Item* other = left != nullptr ? left->right : first_of(*item.parent, item.parent_sub);
  PassedItems passed;
  for (; other != nullptr && other != item.right; other = other->right) {
    passed.add(other);
    if (other->origin == item.origin) {
      if (store.client(other->id.client) < store.client(item.id.client)) {
        left = other;
        passed.settle();
      } else if (other->right_origin == item.right_origin) {
        break;
      }
    } else if (const Item* origin = other->origin.none() ? nullptr : store.find(other->origin);
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
void link(Transaction& transaction, Item& item) {
  SharedType& parent = *item.parent;
  if (item.left != nullptr) {
    item.right = item.left->right;
    item.left->right = &item;
  } else {
    item.right = first_of(parent, item.parent_sub);
    if (item.parent_sub == nullptr) parent.start = &item;
  }
  if (item.right != nullptr) {
    item.right->left = &item;
  } else if (item.parent_sub != nullptr) {
    parent.map.set(item.parent_sub, &item);
    if (item.left != nullptr) transaction.remove(item.left);  // it was the value of the key
  }
}

void integrate_content(Transaction& transaction, Item& item) {
  switch (item.content.kind()) {
    case ContentKind::deleted:
      transaction.deletes.add(transaction.store.client(item.id.client), item.id.clock, item.length);
      item.is_deleted = true;
      break;
    case ContentKind::format:
      item.parent->has_formatting = true;
      break;
    case ContentKind::type:
      item.content.type()->item = &item;
      break;
    default:
      break;
  }
}

}  // namespace

void integrate(Transaction& transaction, Item* item) {
  if (has_competitors(*item)) item->left = find_left(transaction.store, *item);
  link(transaction, *item);
  SharedType& parent = *item->parent;
  if (item->parent_sub == nullptr) {
    if (item->content.countable()) parent.length += item->length;
    parent.cursor = {};
  }
  transaction.add_struct(item);
  integrate_content(transaction, *item);
  transaction.mark_changed(parent);
  const bool superseded = item->parent_sub != nullptr && item->right != nullptr;
  if (parent.gone() || superseded) transaction.remove(item);
}

Item* insert_local(Transaction& transaction, SharedType& parent, const std::string* parent_sub, Item* left, Item* right,
                   Content content) {
  StructStore& store = transaction.store;
  Item* item = store.pool().make();
  item->id.client = store.index_of(transaction.doc.client_id);
  item->id.clock = store.structs(item->id.client).state();
  item->length = static_cast<std::uint32_t>(content.length());
  item->left = left;
  item->right = right;
  if (left != nullptr) item->origin = left->last_id();
  if (right != nullptr) item->right_origin = right->id;
  item->parent = &parent;
  item->parent_sub = parent_sub;
  item->content = std::move(content);
  integrate(transaction, item);
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
      if (!structs[i]->deleted() && structs[i]->id.clock < clock) {
        structs.insert(i + 1, transaction.split(structs[i], clock - structs[i]->id.clock));
        ++i;
      }
      for (; i < structs.size() && structs[i]->id.clock < range.end(); ++i) {
        Item* item = structs[i];
        if (item->deleted()) continue;
        if (range.end() < item->end()) {
          structs.insert(i + 1, transaction.split(item, static_cast<std::uint32_t>(range.end()) - item->id.clock));
        }
        transaction.remove(item);
      }
    }
  }
  return unknown;
}

}  // namespace bossey::crdt
