// Where a line of canonical text may end: sentence breaking by a small fixed rule of our own, version 1.
// Called by the canonical writer and reader. Never ICU: a change of rule would change text_ids, so a new version of
// this rule may only ever be used for texts that are written from then on (docs/formats/canonical.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace bossey::document {

inline constexpr int kSentenceRuleVersion = 1;

/// Stands in the text for a footnote mark or another thing that is no character.
inline constexpr char32_t kAtom = U'\uFFFC';

enum class SentenceBreak : std::uint8_t {
  none,
  at_space,    ///< The space at this place becomes a line end.
  before_char  ///< A line end that stands for nothing goes before this character (after a Chinese full stop).
};

/// What to do at place `at` of a block's characters.
[[nodiscard]] SentenceBreak sentence_break(std::span<const char32_t> text, std::size_t at);

/// Whether a line end before `at` stands for nothing (true) or for one space (false): the reader's half of the rule.
[[nodiscard]] bool joins_without_space(std::span<const char32_t> text, std::size_t at);

}  // namespace bossey::document
