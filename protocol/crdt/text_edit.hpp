// Local edits of texts, as yjs src/types/YText.js makes them: the same items in the same order. Used by the handles.
// Internal to crdt. Positions and lengths are UTF-16 code units.
#pragma once

#include <cstdint>
#include <vector>

#include "crdt/transaction.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

/// Content is a string, an embed or a type. Null attributes: those of the place.
void insert_text(Transaction& transaction, SharedType& text, std::uint64_t index, Content content,
                 const Attributes* attributes);
void remove_text(Transaction& transaction, SharedType& text, std::uint64_t index, std::uint64_t length);
void format_text(Transaction& transaction, SharedType& text, std::uint64_t index, std::uint64_t length,
                 const Attributes& attributes);
void apply_text_delta(Transaction& transaction, SharedType& text, const std::vector<DeltaOp>& delta);

}  // namespace bossey::crdt
