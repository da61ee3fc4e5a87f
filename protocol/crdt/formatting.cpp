#include "crdt/formatting.hpp"

#include <algorithm>
#include <unordered_set>

#include "crdt/shared_type.hpp"

namespace bossey::crdt {

void AttributeMap::set(std::string_view key, const lib0::Any& value) {
  for (Entry& entry : entries_) {
    if (entry.first == key) {
      entry.second = value;
      return;
    }
  }
  entries_.emplace_back(key, value);
}

void AttributeMap::erase(std::string_view key) {
  std::erase_if(entries_, [key](const Entry& entry) { return entry.first == key; });
}

const lib0::Any* AttributeMap::find(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.first == key) return &entry.second;
  }
  return nullptr;
}

lib0::Any AttributeMap::value_or_null(std::string_view key) const {
  const lib0::Any* value = find(key);
  return value == nullptr || value->is_undefined() ? lib0::Any(lib0::Null{}) : *value;
}

void AttributeMap::apply(const FormatMark& mark) {
  if (mark.value.is_null())
    erase(mark.key);
  else
    set(mark.key, mark.value);
}

namespace {

bool is_live_mark(const Item& item) {
  return !item.deleted() && item.kind() == ContentKind::format;
}

/// The last mark of each key between `start` and the next content.
class LastMarks {
 public:
  explicit LastMarks(const Item* start) {
    for (end_ = start; end_ != nullptr && !end_->visible(); end_ = end_->right()) {
      if (is_live_mark(*end_)) last_[end_->content().mark().key] = end_;
    }
  }
  [[nodiscard]] const Item* end() const { return end_; }
  [[nodiscard]] bool is_last(const Item& item) const { return last_.at(item.content().mark().key) == &item; }

 private:
  std::unordered_map<std::string_view, const Item*> last_;
  const Item* end_ = nullptr;
};

/// Between two pieces of content the same key needs one mark only: the right-most. Deletes the others around `item`.
void clean_gap_without_context(Transaction& transaction, Item* item) {
  while (item->right() != nullptr && !item->right()->visible()) item = item->right();
  std::unordered_set<std::string_view> keys;
  for (; item != nullptr && !item->visible(); item = item->left()) {
    if (is_live_mark(*item) && !keys.insert(item->content().mark().key).second) transaction.remove(item);
  }
}

/// Yjs walks through the whole type here, but behind its first content the walk has no effect: a gap that starts at
/// content counts as empty. So only the marks before the first content are cleaned.
void clean_type_start(Transaction& transaction, const SharedType& type) {
  AttributeMap current;
  const Item* content = type.start;
  for (; content != nullptr && !content->visible(); content = content->right()) {
    if (is_live_mark(*content)) current.apply(content->content().mark());
  }
  if (content != nullptr) clean_gap(transaction, type.start, content, {}, current);
}

/// Types in the order in which they were found.
class TypesToClean {
 public:
  void add(SharedType* type) {
    if (set_.insert(type).second) order_.push_back(type);
  }
  [[nodiscard]] bool contains(SharedType* type) const { return set_.contains(type); }
  [[nodiscard]] const std::vector<SharedType*>& types() const { return order_; }

 private:
  std::unordered_set<SharedType*> set_;
  std::vector<SharedType*> order_;
};

void find_types_with_new_marks(const Transaction& cause, TypesToClean& types) {
  for (const ClientStart& start : cause.touched) {
    const ClientStructs& structs = cause.store.structs(start.client);
    for (std::size_t i = structs.index_of(static_cast<std::uint32_t>(start.clock)); i < structs.size(); ++i) {
      if (is_live_mark(*structs[i])) types.add(structs[i]->parent());
    }
  }
}

}  // namespace

void clean_gap(Transaction& transaction, Item* start, const Item* place, const AttributeMap& at_start,
               AttributeMap& current) {
  const LastMarks marks(start);
  bool passed_place = false;
  for (Item* item = start; item != marks.end(); item = item->right()) {
    if (item == place) passed_place = true;
    if (!is_live_mark(*item)) continue;
    const FormatMark& mark = item->content().mark();
    const lib0::Any before = at_start.value_or_null(mark.key);
    if (!marks.is_last(*item) || lib0::Any::same(before, mark.value)) {
      transaction.remove(item);
      if (!passed_place && lib0::Any::same(current.value_or_null(mark.key), mark.value) &&
          !lib0::Any::same(before, mark.value)) {
        if (before.is_null())
          current.erase(mark.key);
        else
          current.set(mark.key, before);
      }
    } else if (!passed_place) {
      current.apply(mark);
    }
  }
}

bool needs_clean_up(const Transaction& cause) {
  if (cause.local) return false;
  return std::any_of(cause.changed.begin(), cause.changed.end(), [&cause](const SharedType* type) {
    return type->changed_in == cause.number && type->is_text() && type->has_formatting && !type->gone();
  });
}

void clean_up_formatting(const Transaction& cause, Transaction& transaction) {
  TypesToClean types;
  find_types_with_new_marks(cause, types);
  for (const DeleteSet::ClientRanges& client : cause.deletes.clients()) {
    const ClientStructs& structs = cause.store.structs(cause.store.find_client(client.client));
    for (const DeleteSet::Range& range : client.ranges) {
      for (std::size_t i = structs.index_of(static_cast<std::uint32_t>(range.clock));
           i < structs.size() && structs[i]->clock() < range.end(); ++i) {
        Item* item = structs[i];
        if (item->is_gc() || !item->parent()->has_formatting || types.contains(item->parent())) continue;
        if (item->kind() == ContentKind::format)
          types.add(item->parent());
        else
          clean_gap_without_context(transaction, item);
      }
    }
  }
  for (SharedType* type : types.types()) clean_type_start(transaction, *type);
}

}  // namespace bossey::crdt
