#include "crdt/item_pool.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "base/error.hpp"
#include "crdt/shared_type.hpp"
#include "lib0/limits.hpp"

namespace bossey::crdt {
namespace {

constexpr std::size_t kSlabsAtOnceMax = 256;
constexpr std::uint32_t kUnitsMax = limits::kStructUnitsMax;
constexpr std::uint16_t kReplacement = 0xFFFD;

constexpr std::uint32_t bits(ContentKind kind) {
  return static_cast<std::uint32_t>(kind);
}

std::size_t hash(const Kin& kin) {
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15;
  std::uint64_t mixed = kin.client;
  for (const std::uint64_t part : {std::uint64_t{kin.origin_client}, std::uint64_t{kin.right_origin_client},
                                   static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(kin.parent)),
                                   static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(kin.parent_sub))}) {
    mixed = (mixed ^ part) * kOdd;
    mixed ^= mixed >> 32U;
  }
  return static_cast<std::size_t>(mixed);
}

void put_unit(char* at, std::uint32_t unit) {
  const auto narrow = static_cast<std::uint16_t>(unit);
  std::memcpy(at, &narrow, sizeof narrow);
}

/// Well-formed UTF-8 as UTF-16.
void decode_utf8(std::string_view utf8, char* out) {
  const auto octet = [&utf8](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(utf8[i])); };
  const auto put = [&out](std::uint32_t unit) {
    put_unit(out, unit);
    out += 2;
  };
  for (std::size_t i = 0; i < utf8.size();) {
    const std::uint32_t lead = octet(i);
    if (lead < 0x80) {
      put(lead);
      i += 1;
    } else if (lead < 0xE0) {
      put((lead & 0x1FU) << 6U | (octet(i + 1) & 0x3FU));
      i += 2;
    } else if (lead < 0xF0) {
      put((lead & 0xFU) << 12U | (octet(i + 1) & 0x3FU) << 6U | (octet(i + 2) & 0x3FU));
      i += 3;
    } else {
      const std::uint32_t code =
          (lead & 0x7U) << 18U | (octet(i + 1) & 0x3FU) << 12U | (octet(i + 2) & 0x3FU) << 6U | (octet(i + 3) & 0x3FU);
      put(0xD800U + ((code - 0x10000U) >> 10U));
      put(0xDC00U + ((code - 0x10000U) & 0x3FFU));
      i += 4;
    }
  }
}

}  // namespace

void ItemPool::SlabDeleter::operator()(std::byte* slabs) const {
  ::operator delete (slabs, std::align_val_t{kSlabOctets});
}

void ItemPool::add_slabs(std::size_t count) {
  auto* block = static_cast<std::byte*>(::operator new (count* kSlabOctets, std::align_val_t{kSlabOctets}));
  blocks_.emplace_back(block);
  for (std::size_t i = 0; i < count; ++i) {
    std::byte* slab = block + i * kSlabOctets;
    new (slab) SlabHead{this, static_cast<std::uint32_t>(slabs_.size())};
    slabs_.push_back(reinterpret_cast<Item*>(slab));
  }
}

void ItemPool::reserve(std::size_t items) {
  const std::size_t room = (slabs_.size() << kSlotBits) - unused_;
  if (items <= room) return;
  add_slabs((items - room + kSlabItems - 2) / (kSlabItems - 1));
}

Item* ItemPool::make(const Kin& kin, std::uint32_t clock, std::uint32_t origin_clock,
                     std::uint32_t right_origin_clock) {
  Item* place = at(free_);
  if (place != nullptr) {
    free_ = place->right_;
  } else {
    if ((unused_ & (kSlabItems - 1)) == 0) {
      if (unused_ >> kSlotBits == slabs_.size())
        add_slabs(std::clamp<std::size_t>(slabs_.size() / 2, 1, kSlabsAtOnceMax));
      ++unused_;  // a slab's head
    }
    place = slabs_[unused_ >> kSlotBits] + (unused_ & (kSlabItems - 1));
    ++unused_;
  }
  ++item_count_;
  auto* item = new (place) Item;
  item->kin_ = this->kin(kin);
  item->clock_ = clock;
  item->origin_clock_ = origin_clock;
  item->right_origin_clock_ = right_origin_clock;
  return item;
}

void ItemPool::free(Item* item) {
  drop_content(*item);
  item->right_ = free_;
  free_ = number(item);
  --item_count_;
}

std::uint32_t ItemPool::kin(const Kin& kin) {
  if (last_kin_ < kins_.size() && kins_[last_kin_] == kin) return last_kin_;
  if (kins_.size() * 2 >= kin_table_.size()) grow_kin_table();
  const std::size_t mask = kin_table_.size() - 1;
  std::size_t at = hash(kin) & mask;
  for (; kin_table_[at] != 0; at = (at + 1) & mask) {
    if (kins_[kin_table_[at] - 1] == kin) return last_kin_ = kin_table_[at] - 1;
  }
  kins_.push_back(kin);
  kin_table_[at] = static_cast<std::uint32_t>(kins_.size());
  return last_kin_ = kin_table_[at] - 1;
}

void ItemPool::grow_kin_table() {
  kin_table_.assign(std::max<std::size_t>(16, kin_table_.size() * 2), 0);
  const std::size_t mask = kin_table_.size() - 1;
  for (std::size_t i = 0; i < kins_.size(); ++i) {
    std::size_t at = hash(kins_[i]) & mask;
    while (kin_table_[at] != 0) at = (at + 1) & mask;
    kin_table_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

std::uint32_t ItemPool::box(Content content) {
  if (free_boxes_.empty()) {
    boxes_.push_back(std::move(content));
    return static_cast<std::uint32_t>(boxes_.size() - 1);
  }
  const std::uint32_t number = free_boxes_.back();
  free_boxes_.pop_back();
  boxes_[number] = std::move(content);
  return number;
}

void ItemPool::set_bare(Item& item, ContentKind kind, std::uint32_t length) {
  set_shape(item, bits(kind), 0);
  item.content_ = length;
}

void ItemPool::fill(Item& item, Content content, std::uint32_t length, const Item* after) {
  const ContentKind kind = content.kind();
  if (kind == ContentKind::gc || kind == ContentKind::deleted) {
    set_bare(item, kind, length);
  } else if (kind == ContentKind::string) {
    const std::string_view utf8 = content.text();
    const bool wide = utf8.size() != length;
    const TextArena::Place behind = after == nullptr || after->kind() != ContentKind::string
                                        ? 0
                                        : after->content_ + static_cast<TextArena::Place>(after->text().octets());
    item.content_ = texts_.add(wide ? std::size_t{length} * 2 : length, behind);
    if (wide)
      decode_utf8(utf8, texts_.at(item.content_));
    else
      std::memcpy(texts_.at(item.content_), utf8.data(), utf8.size());
    set_shape(item, wide ? Item::kWideString : bits(kind), length);
  } else {
    item.content_ = box(std::move(content));
    set_shape(item, bits(kind), length);
  }
}

void ItemPool::drop_content(Item& item) {
  if (item.has_length_only()) return;
  if (item.kind() == ContentKind::string) {
    texts_.drop(item.content_, item.text().octets());
  } else {
    boxes_[item.content_] = Content();
    free_boxes_.push_back(item.content_);
  }
}

void ItemPool::empty(Item& item) {
  const std::uint32_t length = item.length();
  drop_content(item);
  set_bare(item, ContentKind::deleted, length);
}

Content ItemPool::take(Item& item) {
  const std::uint32_t length = item.length();
  Content content = std::move(boxes_[item.content_]);
  free_boxes_.push_back(item.content_);
  set_bare(item, ContentKind::deleted, length);
  return content;
}

void ItemPool::make_gc(Item& item) {
  const std::uint32_t length = item.length();
  drop_content(item);
  item.kin_ = kin({.client = item.client()});
  item.origin_clock_ = item.right_origin_clock_ = item.left_ = item.right_ = 0;
  item.shape_ |= Item::kDeleted;
  set_bare(item, ContentKind::gc, length);
}

void ItemPool::split(Item& left, Item& right, std::uint32_t units) {
  const std::uint32_t rest = left.length() - units;
  if (left.has_length_only()) {
    set_bare(right, left.kind(), rest);
    left.content_ = units;
    return;
  }
  if (left.kind() == ContentKind::string) {
    const TextRun run = left.text();
    const std::uint32_t cut = left.content_ + static_cast<std::uint32_t>(std::size_t{units} << (run.wide ? 1U : 0U));
    if (run.wide && (run.unit(units - 1) & 0xFC00U) == 0xD800U) {
      put_unit(texts_.at(cut - 2), kReplacement);
      put_unit(texts_.at(cut), kReplacement);
    }
    right.content_ = cut;
  } else {
    Content behind = boxes_[left.content_].split(units);
    right.content_ = box(std::move(behind));
  }
  set_shape(right, left.shape_ & Item::kKindBits, rest);
  set_shape(left, left.shape_ & Item::kKindBits, units);
}

bool ItemPool::can_append(const Item& left, const Item& right) {
  const ContentKind kind = left.kind();
  if (kind != right.kind()) return false;
  if (kind == ContentKind::deleted || kind == ContentKind::gc) return true;
  return (kind == ContentKind::string || kind == ContentKind::any || kind == ContentKind::json) &&
         right.length() <= kUnitsMax - left.length();
}

void ItemPool::append(Item& left, Item* right) {
  const std::uint32_t length = left.length() + right->length();
  if (left.has_length_only()) {
    left.content_ = length;
  } else if (left.kind() == ContentKind::string) {
    if (left.text().wide != right->text().wide) widen(left.text().wide ? *right : left);
    left.content_ = texts_.join(left.content_, left.text().octets(), right->content_, right->text().octets());
    set_shape(left, left.shape_ & Item::kKindBits, length);
    set_bare(*right, ContentKind::deleted, 0);  // its words are the left's now
  } else {
    boxes_[left.content_].append(std::move(boxes_[right->content_]));
    set_shape(left, left.shape_ & Item::kKindBits, length);
  }
  free(right);
}

void ItemPool::widen(Item& item) {
  const std::uint32_t length = item.length();
  const TextArena::Place narrow = item.content_;
  item.content_ = texts_.add(std::size_t{length} * 2, 0);
  for (std::uint32_t i = 0; i < length; ++i)
    put_unit(texts_.at(item.content_ + i * 2), static_cast<unsigned char>(*texts_.at(narrow + i)));
  texts_.drop(narrow, length);
  set_shape(item, Item::kWideString, length);
}

void ItemPool::move_text(Item& item, const TextArena& old) {
  if (item.kind() != ContentKind::string) return;
  const std::size_t octets = item.text().octets();
  const char* from = old.at(item.content_);
  item.content_ = texts_.add(octets, 0);
  std::memcpy(texts_.at(item.content_), from, octets);
}

}  // namespace bossey::crdt
