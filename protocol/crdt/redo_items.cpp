#include "crdt/redo_items.hpp"

#include <string>
#include <utility>

#include "crdt/doc_state.hpp"
#include "crdt/integrate.hpp"
#include "crdt/shared_type.hpp"
#include "crdt/undo_marks.hpp"
#include "lib0/limits.hpp"

namespace bossey::crdt {
namespace {

/// A copy of what the item holds, in `words` if it is text. A type is made anew and empty.
Content copy_content(const Item& item, std::string& words) {
  switch (item.kind()) {
    case ContentKind::string:
      item.text().append_to(words);
      return Content::text(words);
    case ContentKind::json:
    case ContentKind::any:
      return Content::list(item.kind(), item.content().elements());
    case ContentKind::binary:
      return Content::binary(item.content().octets());
    case ContentKind::embed:
      return Content::embed(item.content().embed());
    case ContentKind::format:
      return Content::format(item.content().mark());
    case ContentKind::type: {
      const SharedType& type = *item.content().type();
      return Content::type(std::make_unique<SharedType>(type.kind, type.name));
    }
    case ContentKind::doc:
      return Content::subdocument(item.content().subdocument());
    default:
      return Content(item.kind());
  }
}

const Item* holder_of(const Item& item) {
  return item.parent()->item;
}

}  // namespace

LocalId follow_redone(const StructStore& store, LocalId unit) {
  while (!store.find(unit)->is_gc()) {
    const auto next = store.undo_marks().redone(unit);
    if (!next) break;
    unit = *next;
  }
  return unit;
}

void keep_item(StructStore& store, const Item* item, bool keep) {
  UndoMarks& marks = store.undo_marks();
  for (; item != nullptr && marks.is_kept(item->id()) != keep; item = holder_of(*item))
    marks.set_kept(item->id(), item->length(), keep);
}

std::optional<LocalId> ItemRedoer::redone(const Item& item) const {
  return item.is_gc() ? std::nullopt : transaction_.store.undo_marks().redone(item.id());
}

/// The item, or what was made of it, as far as it lies in a type of that holder.
Item* ItemRedoer::trace(Item* item, const Item* parent_item) {
  while (item != nullptr && !item->is_gc() && holder_of(*item) != parent_item) {
    const auto next = redone(*item);
    item = next ? transaction_.item_clean_start(*next) : nullptr;
  }
  return item != nullptr && item->is_gc() ? nullptr : item;
}

Item* ItemRedoer::nearest(Item* item, const Item* parent_item, bool to_the_left) {
  for (; item != nullptr; item = to_the_left ? item->left() : item->right()) {
    if (Item* found = trace(item, parent_item)) return found;
  }
  return nullptr;
}

Item* ItemRedoer::left_of_value(Item* item, const SharedType& parent, bool& clash) {
  Item* left = item;
  if (item->right() == nullptr) {
    left = parent.map.find(item->parent_sub());
  } else {
    const auto goes = [this](const Item& right) {
      const Id id = transaction_.store.global(right.id());
      return redone(right).has_value() || insertions_.contains(id) || by_steps_(id);
    };
    while (left->right() != nullptr && goes(*left->right())) {
      left = left->right();
      while (const auto next = redone(*left)) left = transaction_.item_clean_start(*next);
    }
    clash = left->right() != nullptr;
  }
  // One of another type would lead the others astray.
  if (left != nullptr && !left->is_gc() && holder_of(*left) == parent.item) return left;
  return parent.map.find(item->parent_sub());
}

Item* ItemRedoer::redo(Item* item, int depth) {
  if (const auto done = redone(*item)) return transaction_.item_clean_start(*done);
  SharedType* parent = item->parent();
  if (Item* holder = parent->item; holder != nullptr && holder->deleted()) {
    if (!redone(*holder) &&
        (depth >= limits::kTypeDepthMax || !items_.contains(holder) || redo(holder, depth + 1) == nullptr)) {
      return nullptr;
    }
    while (const auto next = redone(*holder)) holder = transaction_.item_clean_start(*next);
    if (holder->kind() != ContentKind::type) return nullptr;
    parent = holder->content().type();
  }
  Item* left = nullptr;
  Item* right = nullptr;
  if (item->parent_sub() == nullptr) {
    left = nearest(item->left(), parent->item, true);
    right = nearest(item, parent->item, false);
  } else {
    bool clash = false;
    left = left_of_value(item, *parent, clash);
    if (clash) return nullptr;
  }
  StructStore& store = transaction_.store;
  const ClientIndex own = store.index_of(transaction_.doc.client_id);
  const std::uint32_t length = item->length();
  store.undo_marks().set_redone(item->id(), length, {own, store.structs(own).state()});
  std::string words;
  Content content = copy_content(*item, words);
  const std::uint32_t bare_length = content.length() == 0 ? length : 0;
  Item* made = insert_local(transaction_, *parent, item->parent_sub(), left, right, std::move(content), bare_length);
  keep_item(store, made, true);
  return made;
}

}  // namespace bossey::crdt
