// One struct of an update as it is on the wire, apart from any document. Made by the readers, merged and written by the
// functions on updates, turned into items when applied.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crdt/content.hpp"
#include "crdt/id.hpp"
#include "lib0/limits.hpp"

namespace bossey::crdt {

struct UpdateStruct {
  /// Where the parent of an item is said: nowhere (it is that of the origin), by a root's name, or by an item's id.
  enum class Parent : std::uint8_t { of_origin, root, item };

  Id id;
  Clock length = 0;
  std::optional<Id> origin;
  std::optional<Id> right_origin;
  Parent parent = Parent::of_origin;
  Id parent_id;
  std::string parent_root;
  std::optional<std::string> parent_sub;
  Content content;

  [[nodiscard]] ContentKind kind() const { return content.kind(); }
  [[nodiscard]] bool is_item() const { return kind() != ContentKind::gc && kind() != ContentKind::skip; }
  [[nodiscard]] Clock end() const { return id.clock + length; }

  /// Takes `units` off the front (in place): what is left has the unit before it as origin.
  void drop_front(Clock units);
};

/// Structs of one client, ascending and without gaps (gaps are Skip structs).
struct ClientSection {
  ClientId client;
  std::vector<UpdateStruct> structs;
};

}  // namespace bossey::crdt
