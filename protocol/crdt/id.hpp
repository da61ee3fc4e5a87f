// Names of things in a Yjs document: who made them and the how-manieth they are. Plain values, used everywhere.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace bossey::crdt {

/// A replica that makes changes. Random, up to 53 bits; never reused for another replica of the same document.
struct ClientId {
  std::uint64_t value = 0;
  friend auto operator<=>(ClientId, ClientId) = default;
};

/// A position in, or a length of, what one client made. One for each UTF-16 code unit of text, element or mark.
using Clock = std::uint64_t;

/// One unit of content: its client and its place among all that this client made.
struct Id {
  ClientId client;
  Clock clock = 0;
  friend auto operator<=>(const Id&, const Id&) = default;
};

/// The two binary forms of updates. v1 is what providers speak; v2 is smaller for large states.
enum class UpdateFormat : std::uint8_t { v1, v2 };

}  // namespace bossey::crdt

template <>
struct std::hash<bossey::crdt::ClientId> {
  std::size_t operator()(bossey::crdt::ClientId id) const noexcept { return std::hash<std::uint64_t>{}(id.value); }
};
