// What a transaction did to the shared types, as Yjs' events say it: changed keys, changed lists as deltas, and the
// path to each type. Given to observers (Doc::observe). Plain values; they stay right when the document goes on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crdt/types.hpp"

namespace bossey::crdt {

/// Who caused a transaction: a number of the caller's own, handed back to the observers.
struct Origin {
  std::uint64_t value = 0;
  friend bool operator==(Origin, Origin) = default;
};

/// One step from a type to one in it: a key, or the number of visible units before it.
using PathStep = std::variant<std::string, std::uint64_t>;

struct KeyChange {
  enum class Action : std::uint8_t { add, update, remove };
  std::string key;
  Action action;
  /// The value before; undefined for `add`. A type that was removed reads as empty.
  Element before;
};

/// One step of a change to a list or a text; lengths in elements, in texts in UTF-16 code units.
struct ChangeStep {
  struct Retain {
    std::uint64_t length;
  };
  struct Delete {
    std::uint64_t length;
  };
  /// Of a text: UTF-8.
  struct InsertText {
    std::string text;
  };
  /// Of a list; of a text one embed or type.
  struct InsertElements {
    std::vector<Element> elements;
  };
  std::variant<Retain, Delete, InsertText, InsertElements> step;
  Attributes attributes;  ///< Of texts. On Retain: marks that came, and with null those that went.
};

/// Change of one type.
struct TypeEvent {
  Shared target;
  std::vector<PathStep> path;     ///< From the observed type; empty for that type itself.
  std::vector<KeyChange> keys;    ///< Of its map or its attributes.
  std::vector<ChangeStep> delta;  ///< Of its list, from its start; without a Retain at the end.
};

/// Changes of an observed type in one transaction. With all that lies in it: those nearest to it first.
struct ChangeEvent {
  Origin origin;
  bool local = false;                ///< Made here, by transact or by the clean-up of formatting.
  bool formatting_clean_up = false;  ///< As in UpdateEvent.
  std::vector<TypeEvent> types;      ///< Never empty.
};

/// What is observed: the type itself, or all types in it as well.
enum class Depth : std::uint8_t { itself, all };

/// Names an observer, to end it.
struct ObserverId {
  std::uint64_t value = 0;
  friend bool operator==(ObserverId, ObserverId) = default;
};

}  // namespace bossey::crdt
