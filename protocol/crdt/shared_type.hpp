// A shared type as the engine keeps it: where its list starts, the last item of each key. Internal to crdt; the handles
// of types.hpp are the way in from outside.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "crdt/item.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

/// Last item of each key, in the order in which the keys came first. Keys are pointers of the name table.
class KeyMap {
 public:
  using Entry = std::pair<const std::string*, Item*>;

  [[nodiscard]] Item* find(const std::string* key) const;
  void set(const std::string* key, Item* item);
  void clear();
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  std::unique_ptr<std::unordered_map<const std::string*, std::size_t>> places_;  // once there are many
};

/// A place in a list found lately, from which the next search starts. Null when unknown.
struct Cursor {
  Item* item = nullptr;
  std::uint64_t index = 0;  ///< Visible units before the item.
};

struct SharedType {
  explicit SharedType(SharedKind kind_, std::string name_ = {}) : kind(kind_), name(std::move(name_)) {}

  SharedKind kind;
  bool has_formatting = false;  ///< A format mark was integrated since the type has its kind.
  std::string name;             ///< Node or hook name; of a root its own name.
  Item* item = nullptr;         ///< Holds the type; null for a root.
  Item* start = nullptr;        ///< First of the list.
  KeyMap map;
  std::uint64_t length = 0;      ///< Visible units of the list.
  std::uint64_t changed_in = 0;  ///< Number of the last transaction that changed it, as far as observers are concerned.
  Cursor cursor;

  [[nodiscard]] bool is_text() const { return kind == SharedKind::text || kind == SharedKind::xml_text; }
  [[nodiscard]] bool gone() const { return item != nullptr && item->deleted(); }
};

/// typeRef numbers of the wire are those of SharedKind, but Text and its neighbours stand in another order.
[[nodiscard]] std::uint8_t type_ref(SharedKind kind);
/// untyped if there is no such type.
[[nodiscard]] SharedKind kind_of_type_ref(std::uint64_t ref);

}  // namespace bossey::crdt
