// Where the items of a document live, with what they hold. Slabs of items are aligned, so that an item finds its pool,
// and numbered, so that items name each other by 32 bits. Internal to crdt; knows nothing of clients' orders or lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "crdt/content.hpp"
#include "crdt/item.hpp"
#include "crdt/text_arena.hpp"

namespace bossey::crdt {

class ItemPool {
 public:
  ItemPool() = default;
  ItemPool(const ItemPool&) = delete;
  ItemPool& operator=(const ItemPool&) = delete;

  /// Makes room for so many items more.
  void reserve(std::size_t items);
  [[nodiscard]] TextArena& texts() { return texts_; }
  [[nodiscard]] const TextArena& texts() const { return texts_; }

  /// A new item without content or neighbours. Clocks of units that its kin does not have are 0.
  [[nodiscard]] Item* make(const Kin& kin, std::uint32_t clock, std::uint32_t origin_clock,
                           std::uint32_t right_origin_clock);
  /// Drops its content, too. Frees are used again.
  void free(Item* item);

  /// Fills an item without content. Words go directly behind `after`, if there is room (for those that go on from it).
  void fill(Item& item, Content content, std::uint32_t length, const Item* after);
  /// Empties an item: deleted content (or GC, which hangs nowhere) of the same length.
  void empty(Item& item);
  void make_gc(Item& item);
  /// Takes the content out of an item, which is then as emptied.
  [[nodiscard]] Content take(Item& item);
  /// Moves what is behind the first `units` units from `left` to `right`, which has no content. A surrogate pair that
  /// is cut becomes two U+FFFD.
  void split(Item& left, Item& right, std::uint32_t units);
  /// Whether one item can hold the content of both.
  [[nodiscard]] static bool can_append(const Item& left, const Item& right);
  /// Moves the content of the right to the end of the left, and frees the right.
  void append(Item& left, Item* right);

  void set_left(Item& item, const Item* left) { item.left_ = number(left); }
  void set_right(Item& item, const Item* right) { item.right_ = number(right); }
  void set_deleted(Item& item) { item.shape_ |= Item::kDeleted; }

  [[nodiscard]] static std::uint32_t number(const Item* item) {
    if (item == nullptr) return 0;
    const auto address = reinterpret_cast<std::uintptr_t>(item);
    return slab_of(item).number << kSlotBits | static_cast<std::uint32_t>((address & (kSlabOctets - 1)) / sizeof(Item));
  }
  /// nullptr for 0.
  [[nodiscard]] Item* at(std::uint32_t number) const {
    return number == 0 ? nullptr : slabs_[number >> kSlotBits] + (number & (kSlabItems - 1));
  }

  /// Much of the arena is no longer used: the words should be moved to a new one, `each_item(visit)` visiting all
  /// items.
  [[nodiscard]] bool has_waste() const { return texts_.unused() > texts_.size() / 2 + item_count_ + kWasteFree; }
  template <class EachItem>
  void compact(EachItem&& each_item) {
    const TextArena old = std::exchange(texts_, TextArena());
    texts_.reserve(old.size() - old.unused());
    each_item([&](Item& item) { move_text(item, old); });
  }

 private:
  friend class Item;
  static constexpr std::size_t kSlabOctets = 4096;
  static constexpr unsigned kSlotBits = 7;
  static constexpr std::size_t kSlabItems = kSlabOctets / sizeof(Item);  // the first place holds a SlabHead
  static constexpr std::size_t kWasteFree = 4096;
  static_assert(kSlabItems == 1U << kSlotBits);

  struct SlabHead {
    ItemPool* pool;
    std::uint32_t number;
  };
  static_assert(sizeof(SlabHead) <= sizeof(Item));

  struct SlabDeleter {
    void operator()(std::byte* slabs) const;
  };

  [[nodiscard]] static SlabHead& slab_of(const Item* item) {
    auto* octets = reinterpret_cast<std::byte*>(const_cast<Item*>(item));
    return *reinterpret_cast<SlabHead*>(octets - (reinterpret_cast<std::uintptr_t>(item) & (kSlabOctets - 1)));
  }
  void add_slabs(std::size_t count);
  [[nodiscard]] std::uint32_t kin(const Kin& kin);
  void grow_kin_table();
  [[nodiscard]] std::uint32_t box(Content content);
  void set_shape(Item& item, std::uint32_t kind, std::uint32_t length) {
    item.shape_ = (item.shape_ & Item::kDeleted) | kind | length << Item::kLengthShift;
  }
  void set_bare(Item& item, ContentKind kind, std::uint32_t length);
  void drop_content(Item& item);
  void widen(Item& item);
  void move_text(Item& item, const TextArena& old);

  std::vector<std::unique_ptr<std::byte, SlabDeleter>> blocks_;
  std::vector<Item*> slabs_;
  std::uint32_t unused_ = 0;  // number of the first place that was never used
  std::uint32_t free_ = 0;    // chained by right_
  std::size_t item_count_ = 0;

  std::vector<Kin> kins_;
  std::vector<std::uint32_t> kin_table_;  // open addressing; number of the kin plus one
  std::uint32_t last_kin_ = 0;

  TextArena texts_;
  std::vector<Content> boxes_;
  std::vector<std::uint32_t> free_boxes_;
};

inline ItemPool& Item::pool() const {
  return *ItemPool::slab_of(this).pool;
}
inline const Kin& Item::kin() const {
  return pool().kins_[kin_];
}
inline Item* Item::left() const {
  return left_ == 0 ? nullptr : pool().at(left_);
}
inline Item* Item::right() const {
  return right_ == 0 ? nullptr : pool().at(right_);
}
inline TextRun Item::text() const {
  return {pool().texts_.at(content_), shape_ >> kLengthShift, (shape_ & kKindBits) == kWideString};
}
inline Content& Item::content() const {
  return pool().boxes_[content_];
}

}  // namespace bossey::crdt
