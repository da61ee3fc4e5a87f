// Places that stay where they are while others edit: named by the unit they stand at, not by a number. For cursors and
// for comments on a passage. The binary form is that of Yjs (encodeRelativePosition).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/doc.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

struct RelativePosition {
  std::optional<Id> item;           ///< The unit at the place; none at the end of its type.
  std::optional<std::string> root;  ///< At the end (or start) of a root: its name.
  std::optional<Id> type;           ///< At the end (or start) of another type: the item that holds it.
  std::int64_t assoc = 0;           ///< From 0 on: goes with the unit to its right; below: with that to its left.

  /// bad_input if it is none.
  [[nodiscard]] static Result<RelativePosition> decode(BytesView bytes);
  [[nodiscard]] Bytes encode() const;

  friend bool operator==(const RelativePosition&, const RelativePosition&) = default;
};

/// The place before the visible unit with this index (UTF-16 code units in texts); behind the last one, the end. Time
/// grows with the number of items before it. nullopt if the type is gone.
[[nodiscard]] std::optional<RelativePosition> relative_position(const Shared& type, std::uint64_t index,
                                                                std::int64_t assoc = 0);

struct AbsolutePosition {
  Shared type;
  std::uint64_t index;  ///< Visible units before the place.
};

/// Where the place is now. nullopt if the document does not know it yet or has collected it. What was deleted and made
/// anew by undo here is followed there; without `follow_undone` all replicas answer alike.
[[nodiscard]] std::optional<AbsolutePosition> absolute_position(Doc& doc, const RelativePosition& place,
                                                                bool follow_undone = true);

}  // namespace bossey::crdt
