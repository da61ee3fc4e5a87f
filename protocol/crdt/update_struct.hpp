// One struct of an update as it is on the wire, apart from any document. Made by the readers, merged and written by the
// functions on updates, turned into items when applied. Names and words are views: they live as long as the update's
// octets and its reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "crdt/content.hpp"
#include "crdt/id.hpp"
#include "lib0/limits.hpp"

namespace bossey::crdt {

/// Bits of a struct's info octet, beside the kind.
inline constexpr std::uint8_t kHasParentSub = 0x20;
inline constexpr std::uint8_t kHasRightOrigin = 0x40;
inline constexpr std::uint8_t kHasOrigin = 0x80;

struct UpdateStruct {
  /// Where the parent of an item is said: nowhere (it is that of the origin), by a root's name, or by an item's id.
  enum class Parent : std::uint8_t { of_origin, root, item };

  Id id;
  Clock length = 0;
  std::optional<Id> origin;
  std::optional<Id> right_origin;
  Parent parent = Parent::of_origin;
  Id parent_id;
  std::string_view parent_root;
  std::optional<std::string_view> parent_sub;
  Content content;

  [[nodiscard]] ContentKind kind() const { return content.kind(); }
  [[nodiscard]] bool is_item() const { return kind() != ContentKind::gc && kind() != ContentKind::skip; }
  [[nodiscard]] Clock end() const { return id.clock + length; }

  /// Takes `units` off the front (in place): what is left has the unit before it as origin.
  void drop_front(Clock units);
};

/// Structs of one client within a list of structs: ascending and without gaps (gaps are Skip structs).
struct StructQueue {
  ClientId client;
  std::size_t next = 0;  ///< The first that has not been applied.
  std::size_t end = 0;
  bool stacked = false;  ///< The next one waits for another queue.
};

/// Structs of an update, on their way into a document.
struct StructBatch {
  std::vector<UpdateStruct> structs;
  std::vector<StructQueue> queues;      ///< One a client, ascending.
  std::shared_ptr<const char[]> words;  ///< What the structs have views of; null if that is kept elsewhere.

  /// Copies all that the structs have views of.
  void own_words();
};

}  // namespace bossey::crdt
