#include "crdt/transaction.hpp"

#include <algorithm>

#include "crdt/doc_state.hpp"
#include "crdt/shared_type.hpp"

namespace bossey::crdt {

void Transaction::add_struct(Item* item) {
  ClientStructs& structs = store.structs(item->client());
  BOSSEY_CHECK(structs.state() == item->clock());
  if (structs.touched_in != number) {
    structs.touched_in = number;
    structs.state_before = structs.state();
    touched.push_back({item->client(), structs.state_before});
  }
  doc.note_advanced(item->client());
  structs.push_back(item);
}

void Transaction::mark_changed(SharedType& type) {
  if (type.changed_in == number) return;
  const Item* holder = type.item;
  if (holder != nullptr && (holder->deleted() || holder->clock() >= state_before(holder->client()))) return;
  type.changed_in = number;
  changed.push_back(&type);
}

/// The type within the item, if there is one to go on with.
SharedType* Transaction::mark_deleted(Item* item) {
  SharedType& parent = *item->parent();
  if (item->parent_sub() == nullptr) {
    if (item->countable()) parent.length -= item->length();
    parent.cursor = {};
  }
  store.pool().set_deleted(*item);
  deletes.add(store.client(item->client()), item->clock(), item->length());
  mark_changed(parent);
  return item->kind() == ContentKind::type ? item->content().type() : nullptr;
}

void Transaction::remove(Item* item) {
  if (item->deleted()) return;
  struct Level {
    SharedType* type;
    Item* next;       // in the list
    std::size_t key;  // then in the map
  };
  std::vector<Level> levels;  // not recursion: types can be nested as deep as an update likes
  const auto enter = [&levels](SharedType* type) {
    if (type != nullptr) levels.push_back({type, type->start, 0});
  };
  enter(mark_deleted(item));
  while (!levels.empty()) {
    Level& level = levels.back();
    Item* child = nullptr;
    if (level.next != nullptr) {
      child = level.next;
      level.next = child->right();
    } else if (level.key < level.type->map.entries().size()) {
      child = level.type->map.entries()[level.key++].second;
    } else {
      level.type->changed_in = 0;
      levels.pop_back();
      continue;
    }
    if (!child->deleted()) enter(mark_deleted(child));
    // Deleted before: it is not in `deletes`, yet it can be joined with its neighbours once all are gone.
    else if (child->clock() < state_before(child->client()))
      merge_structs.push_back(child->id());
  }
}

Item* Transaction::split(Item* item, std::uint32_t units) {
  ItemPool& pool = store.pool();
  Kin kin = item->kin();
  kin.origin_client = kin.client;
  const std::uint32_t clock = item->clock() + units;
  Item* right = pool.make(kin, clock, clock - 1, item->right_origin().clock);
  pool.split(*item, *right, units);
  if (item->deleted()) pool.set_deleted(*right);
  Item* next = item->right();
  pool.set_left(*right, item);
  pool.set_right(*right, next);
  pool.set_right(*item, right);
  if (next != nullptr)
    pool.set_left(*next, right);
  else if (kin.parent_sub != nullptr)
    kin.parent->map.set(kin.parent_sub, right);
  merge_structs.push_back(right->id());
  return right;
}

Item* Transaction::item_clean_start(LocalId id) {
  ClientStructs& structs = store.structs(id.client);
  const std::size_t index = structs.index_of(id.clock);
  Item* item = structs[index];
  if (item->clock() == id.clock || item->is_gc()) return item;
  Item* right = split(item, id.clock - item->clock());
  structs.insert(index + 1, right);
  return right;
}

Item* Transaction::item_clean_end(LocalId id) {
  ClientStructs& structs = store.structs(id.client);
  const std::size_t index = structs.index_of(id.clock);
  Item* item = structs[index];
  if (id.clock + 1 != item->end() && !item->is_gc()) {
    structs.insert(index + 1, split(item, id.clock - item->clock() + 1));
  }
  return item;
}

void Transaction::tidy(bool gc) {
  if (gc) collect();
  merge_deleted();
  merge_added();
  merge_split();
  for (const ClientStart& start : touched) store.structs(start.client).trim();
  store.compact();
}

namespace {

/// Makes GC of all that a deleted type holds, however deep, and frees the types.
void collect_children(Transaction& transaction, Content content) {
  ItemPool& pool = transaction.store.pool();
  std::vector<Content> types;
  types.push_back(std::move(content));
  const auto collect_item = [&](Item& item) {
    if (item.kind() == ContentKind::type) types.push_back(pool.take(item));
    pool.make_gc(item);
  };
  while (!types.empty()) {
    const Content holder = std::move(types.back());
    types.pop_back();
    SharedType& type = *holder.type();
    for (Item* item = type.start; item != nullptr;) {
      Item* next = item->right();
      collect_item(*item);
      item = next;
    }
    for (const auto& [key, last] : type.map.entries()) {
      for (Item* item = last; item != nullptr;) {
        Item* next = item->left();
        collect_item(*item);
        item = next;
      }
    }
    ++transaction.doc.type_epoch;
  }
}

bool can_merge(const UndoMarks& marks, const Item& left, const Item& right) {
  if (left.is_gc() || right.is_gc()) return left.is_gc() && right.is_gc();
  if (!marks.empty() && (marks.redone(left.id()) || marks.redone(right.id()))) return false;
  return left.deleted() == right.deleted() && left.right() == &right && right.origin() == left.last_id() &&
         left.right_origin() == right.right_origin() && ItemPool::can_append(left, right);
}

/// Takes `right`, its neighbour in clocks and in the list, into `left`.
void absorb(StructStore& store, Item& left, Item* right) {
  ItemPool& pool = store.pool();
  if (!left.is_gc()) {
    SharedType& parent = *right->parent();
    const std::string* key = right->parent_sub();
    if (key != nullptr && parent.map.find(key) == right) parent.map.set(key, &left);
    if (parent.cursor.item == right)
      parent.cursor = {&left, parent.cursor.index - (left.visible() ? left.length() : 0)};
    Item* next = right->right();
    pool.set_right(left, next);
    if (next != nullptr) pool.set_left(*next, &left);
    if (!store.undo_marks().empty()) store.undo_marks().join(left.id(), left.length(), right->length());
  }
  pool.append(left, right);
}

}  // namespace

void Transaction::collect() {
  ItemPool& pool = store.pool();
  for (const DeleteSet::ClientRanges& client : deletes.clients()) {
    const ClientStructs& structs = store.structs(store.find_client(client.client));
    for (auto range = client.ranges.rbegin(); range != client.ranges.rend(); ++range) {
      for (std::size_t i = structs.index_of(static_cast<std::uint32_t>(range->clock));
           i < structs.size() && structs[i]->clock() < range->end(); ++i) {
        Item* item = structs[i];
        if (!item->deleted() || item->is_gc() || item->kind() == ContentKind::deleted) continue;
        if (!store.undo_marks().empty() && store.undo_marks().is_kept(item->id())) continue;
        if (item->kind() == ContentKind::type)
          collect_children(*this, pool.take(*item));
        else
          pool.empty(*item);
      }
    }
  }
}

void Transaction::merge_deleted() {
  for (const DeleteSet::ClientRanges& client : deletes.clients()) {
    ClientStructs& structs = store.structs(store.find_client(client.client));
    for (auto range = client.ranges.rbegin(); range != client.ranges.rend(); ++range) {
      std::size_t i = std::min(structs.size() - 1, 1 + structs.index_of(static_cast<std::uint32_t>(range->end() - 1)));
      while (i > 0 && structs[i]->clock() >= range->clock) {
        const std::size_t step = 1 + merge_with_lefts(store, structs, i);
        i -= std::min(i, step);
      }
    }
  }
}

void Transaction::merge_added() {
  for (const ClientStart& start : touched) {
    ClientStructs& structs = store.structs(start.client);
    const std::size_t first = std::max<std::size_t>(structs.index_of(static_cast<std::uint32_t>(start.clock)), 1);
    for (std::size_t i = structs.size() - 1; i >= first;) {
      const std::size_t step = 1 + merge_with_lefts(store, structs, i);
      i -= std::min(i, step);
    }
  }
}

void Transaction::merge_split() {
  for (auto id = merge_structs.rbegin(); id != merge_structs.rend(); ++id) {
    ClientStructs& structs = store.structs(id->client);
    const std::size_t index = structs.index_of(id->clock);
    if (index + 1 < structs.size() && merge_with_lefts(store, structs, index + 1) > 1) continue;
    if (index > 0) merge_with_lefts(store, structs, index);
  }
}

std::size_t merge_with_lefts(StructStore& store, ClientStructs& structs, std::size_t index) {
  std::size_t first = index;
  while (first > 0 && can_merge(store.undo_marks(), *structs[first - 1], *structs[first])) --first;
  if (first == index) return 0;
  Item& left = *structs[first];
  for (std::size_t i = first + 1; i <= index; ++i) absorb(store, left, structs[i]);
  structs.erase(first + 1, index + 1);
  return index - first;
}

}  // namespace bossey::crdt
