// Which of some old blocks has become which of some new ones, judged by their words. Used by the redline and by putting
// words into a living document. Internal to protocol/document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "document/body.hpp"

namespace bossey::document {

/// A block reduced to what is compared.
struct BlockWords {
  BlockKind kind = BlockKind::paragraph;
  std::vector<std::uint64_t> words;  ///< Hashes of its words, sorted.
  bool pairs = true;                 ///< false: it is no partner for anything.
};

[[nodiscard]] BlockWords block_words(const Block& block);

/// From 0, nothing in common, to 1. Blocks of different kinds have nothing in common, except paragraphs and headings.
[[nodiscard]] double similarity(const BlockWords& a, const BlockWords& b);

/// Pairs (index of old, index of new), ascending in both: those that are most alike together. Two blocks pair from a
/// similarity of one third on; an old block without words pairs with a new one of its kind if nothing better does.
[[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> pair_blocks(const std::vector<BlockWords>& before,
                                                                           const std::vector<BlockWords>& after);

/// Equal for blocks that say the same in the same form, whatever the ids of brackets: text, marks, attributes,
/// children. Empty paragraphs and headings do not count; of one alone the key is empty.
[[nodiscard]] std::string block_key(const Block& block);

}  // namespace bossey::document
