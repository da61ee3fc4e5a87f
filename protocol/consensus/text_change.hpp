// What a proposal does to the words: ranges of a base text, each replaced by other words. Called by group with the
// ranges that document's diff finds on canonical text; used to find rivals, to say what a changed section has overtaken
// and to try out what adopting would give. Knows bytes only, never a living document: what is adopted there is compared
// with what this says.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace bossey::consensus {

/// `[begin, end)` in octets of the base is replaced by `words`; an insertion has begin == end.
struct TextChange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string words;
  friend bool operator==(const TextChange&, const TextChange&) = default;
};
/// In order, within the base, not touching each other. `well_formed` is the invariant.
using TextChanges = std::vector<TextChange>;

[[nodiscard]] bool well_formed(std::span<const TextChange> changes, std::size_t base_bytes);

/// Whether two changes of one base are rivals: their ranges overlap or touch, so that no order of the two is meant by
/// both. Words that stand alone between them keep them apart.
[[nodiscard]] bool rivals(const TextChange& a, const TextChange& b);
[[nodiscard]] bool rivals(std::span<const TextChange> a, std::span<const TextChange> b);

/// The base with the changes made.
[[nodiscard]] std::string with_changes(std::string_view base, std::span<const TextChange> changes);

/// The one change that makes `after` of `before`: what is between their common beginning and end, in whole characters
/// of UTF-8. None if they are equal.
[[nodiscard]] TextChanges single_change(std::string_view before, std::string_view after);

/// Changes of a base, carried over to that base after `moved` was made to it. A change that meets one of `moved` is
/// overtaken: it is left out, and its index in `changes` is given. One that `moved` has made already, word for word, is
/// done: left out, and not overtaken.
struct Rebased {
  TextChanges kept;
  std::vector<std::size_t> overtaken;
  std::vector<std::size_t> done;
};
[[nodiscard]] Rebased rebase(std::span<const TextChange> changes, std::span<const TextChange> moved);

}  // namespace bossey::consensus
