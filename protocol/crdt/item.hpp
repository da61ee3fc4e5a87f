// The structs of a document and the types they hang in, as they are kept in memory: one Item for each run of units that
// one client made in one place. Internal to crdt: pointers to them never leave the library.
#pragma once

#include <cstdint>
#include <string>

#include "crdt/content.hpp"
#include "crdt/id.hpp"

namespace bossey::crdt {

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

/// A run of units. As GC it has an id and a length only and hangs in no type.
struct Item {
  LocalId id;
  LocalId origin;        ///< The unit to its left when it was made; none at the start.
  LocalId right_origin;  ///< The unit to its right when it was made; none at the end.
  std::uint32_t length = 0;
  bool is_deleted = false;
  Item* left = nullptr;  ///< Neighbours in the type, or in the chain of one key.
  Item* right = nullptr;
  SharedType* parent = nullptr;             ///< Null only as GC.
  const std::string* parent_sub = nullptr;  ///< Key in the parent's map, null in a list. Owned by the name table.
  Content content;

  [[nodiscard]] bool is_gc() const { return content.kind() == ContentKind::gc; }
  /// GC counts as deleted.
  [[nodiscard]] bool deleted() const { return is_deleted; }
  [[nodiscard]] bool visible() const { return !is_deleted && content.countable(); }
  [[nodiscard]] std::uint32_t end() const { return id.clock + length; }
  [[nodiscard]] LocalId last_id() const { return {id.client, id.clock + length - 1}; }
};

}  // namespace bossey::crdt
