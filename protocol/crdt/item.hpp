// The structs of a document as they are kept in memory: one Item for each run of units that one client made in one
// place. Items lie in slabs of an ItemPool and name each other by numbers of 32 bits; a reference to one stays valid
// until it is freed. Internal to crdt: pointers to them never leave the library.
#pragma once

#include <cstdint>
#include <string>

#include "crdt/content.hpp"
#include "crdt/id.hpp"
#include "crdt/text_arena.hpp"

namespace bossey::crdt {

class ItemPool;
struct SharedType;

/// A client by its place in the document's client table (StructStore). The table never shrinks.
using ClientIndex = std::uint32_t;
inline constexpr ClientIndex kNoClient = 0xFFFF'FFFF;

/// An Id within one document. Clocks fit: limits::kClockMax.
struct LocalId {
  ClientIndex client = kNoClient;
  std::uint32_t clock = 0;

  [[nodiscard]] bool none() const { return client == kNoClient; }
  friend bool operator==(LocalId, LocalId) = default;
};

/// What many items have in common, kept once: whose they are, whose units they were made between, where they hang.
struct Kin {
  ClientIndex client = kNoClient;
  ClientIndex origin_client = kNoClient;
  ClientIndex right_origin_client = kNoClient;
  SharedType* parent = nullptr;             ///< Null only for GC.
  const std::string* parent_sub = nullptr;  ///< Key in the parent's map, null in a list. Owned by the name table.
  friend bool operator==(const Kin&, const Kin&) = default;
};

/// A run of units. As GC it has an id and a length only and hangs in no type. Made and changed by ItemPool and
/// Transaction.
class Item {
 public:
  [[nodiscard]] const Kin& kin() const;
  [[nodiscard]] LocalId id() const { return {kin().client, clock_}; }
  [[nodiscard]] std::uint32_t clock() const { return clock_; }
  [[nodiscard]] ClientIndex client() const { return kin().client; }
  /// The unit to its left when it was made; none at the start.
  [[nodiscard]] LocalId origin() const { return {kin().origin_client, origin_clock_}; }
  /// The unit to its right when it was made; none at the end.
  [[nodiscard]] LocalId right_origin() const { return {kin().right_origin_client, right_origin_clock_}; }
  [[nodiscard]] SharedType* parent() const { return kin().parent; }
  [[nodiscard]] const std::string* parent_sub() const { return kin().parent_sub; }

  /// Neighbours in the type, or in the chain of one key; null at the ends.
  [[nodiscard]] Item* left() const;
  [[nodiscard]] Item* right() const;

  [[nodiscard]] std::uint32_t length() const { return has_length_only() ? content_ : shape_ >> kLengthShift; }
  [[nodiscard]] std::uint32_t end() const { return clock_ + length(); }
  [[nodiscard]] LocalId last_id() const { return {kin().client, end() - 1}; }
  [[nodiscard]] ContentKind kind() const {
    const std::uint32_t kind = shape_ & kKindBits;
    return kind == kWideString ? ContentKind::string : static_cast<ContentKind>(kind);
  }
  [[nodiscard]] bool is_gc() const { return (shape_ & kKindBits) == 0; }
  /// GC counts as deleted.
  [[nodiscard]] bool deleted() const { return (shape_ & kDeleted) != 0; }
  [[nodiscard]] bool countable() const { return is_countable(kind()); }
  [[nodiscard]] bool visible() const { return !deleted() && countable(); }

  /// The words of a string.
  [[nodiscard]] TextRun text() const;
  /// The content of all kinds but strings and those that have a length only.
  [[nodiscard]] Content& content() const;

 private:
  friend class ItemPool;
  static constexpr std::uint32_t kKindBits = 0xF;
  static constexpr std::uint32_t kWideString = 0xF;  // a string in UTF-16; any other kind as in ContentKind
  static constexpr std::uint32_t kDeleted = 0x10;
  static constexpr std::uint32_t kLengthShift = 5;

  [[nodiscard]] ItemPool& pool() const;
  [[nodiscard]] bool has_length_only() const {
    const std::uint32_t kind = shape_ & kKindBits;
    return kind == 0 || kind == static_cast<std::uint32_t>(ContentKind::deleted);
  }

  std::uint32_t kin_ = 0;  // in the pool's table
  std::uint32_t clock_ = 0;
  std::uint32_t origin_clock_ = 0;
  std::uint32_t right_origin_clock_ = 0;
  std::uint32_t left_ = 0;  // numbers of items; 0: none
  std::uint32_t right_ = 0;
  std::uint32_t shape_ = 0;    // kind, whether deleted, length unless it has a length only
  std::uint32_t content_ = 0;  // length, or place of the words, or number of the content
};

static_assert(sizeof(Item) == 32);

}  // namespace bossey::crdt

#include "crdt/item_pool.hpp"
