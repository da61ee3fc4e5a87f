// Reading of shared types: elements, deltas, and JavaScript's toString() and toJSON(). Used by the handles. Internal to
// crdt.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crdt/doc_state.hpp"
#include "crdt/shared_type.hpp"
#include "crdt/types.hpp"
#include "lib0/any.hpp"

namespace bossey::crdt {

/// Visible elements of a list; text comes as one string for each UTF-16 code unit, as in Yjs.
[[nodiscard]] std::vector<Element> list_elements(DocState& state, const SharedType& list);
/// The unit of a visible item with this offset.
[[nodiscard]] Element element_at(DocState& state, const Item& item, std::uint64_t offset);
/// Value of a key, nullopt if there is none.
[[nodiscard]] std::optional<Element> map_value(DocState& state, const Item* last);
/// Plain values of all keys.
[[nodiscard]] Attributes plain_attributes(const SharedType& type);

[[nodiscard]] std::string plain_text(const SharedType& text);
[[nodiscard]] std::vector<DeltaInsert> text_delta(DocState& state, const SharedType& text);

/// Types nested deeper than limits::kTypeDepthMax are left out.
[[nodiscard]] std::string type_to_string(DocState& state, const SharedType& type, int depth = 0);
[[nodiscard]] lib0::Any type_to_json(DocState& state, const SharedType& type, int depth = 0);

}  // namespace bossey::crdt
