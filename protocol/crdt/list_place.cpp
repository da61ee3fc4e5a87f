#include "crdt/list_place.hpp"

#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

struct Walk {
  Item* left = nullptr;
  Item* item = nullptr;
  std::uint64_t before = 0;  // visible units left of `item`
};

/// From the cursor (or the start) to where the index is: `item` holds it, or stands directly after the unit before it,
/// or is null at the end.
Walk walk_to(SharedType& type, std::uint64_t index) {
  Walk at{nullptr, type.start, 0};
  const Cursor& cursor = type.cursor;
  if (cursor.item != nullptr && (cursor.index <= index || cursor.index - index < index)) {
    at = {cursor.item->left(), cursor.item, cursor.index};
  }
  // Back until the unit before the index is reached, so that what is invisible at the index lies ahead.
  while (at.left != nullptr && (at.before > index || (at.before == index && !at.left->visible()))) {
    at.item = at.left;
    at.left = at.item->left();
    if (at.item->visible()) at.before -= at.item->length();
  }
  while (at.item != nullptr && at.before < index) {
    const std::uint64_t length = at.item->visible() ? at.item->length() : 0;
    if (at.before + length > index) break;
    at.before += length;
    at.left = at.item;
    at.item = at.item->right();
  }
  return at;
}

}  // namespace

void set_cursor(SharedType& type, Item* item, std::uint64_t index) {
  type.cursor = {item, index};
}

ListPlace find_place(Transaction& transaction, SharedType& type, std::uint64_t index) {
  if (index == 0) return {nullptr, type.start};
  const Walk at = walk_to(type, index);
  if (at.item == nullptr || at.before >= index) return {at.left, at.item};
  Item* right = transaction.item_clean_start(
      {at.item->client(), at.item->clock() + static_cast<std::uint32_t>(index - at.before)});
  return {right->left(), right};
}

ListUnit find_unit(SharedType& type, std::uint64_t index) {
  const Walk at = walk_to(type, index);
  ListUnit unit{at.item, at.before};
  while (unit.item != nullptr && !unit.item->visible()) unit.item = unit.item->right();
  return unit;
}

}  // namespace bossey::crdt
