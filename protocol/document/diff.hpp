// The shortest way from one sequence of small numbers to another: Myers' greedy algorithm, with unique common elements
// as anchors for long input and a bound on effort. Used for the words of a redline and for putting words into a living
// document. Knows nothing of words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bossey::document {

/// A stretch of the result: both stretches are equal, or one replaces the other (either may be empty).
struct DiffPart {
  bool equal = false;
  std::size_t a_begin = 0, a_end = 0;
  std::size_t b_begin = 0, b_end = 0;

  friend bool operator==(const DiffPart&, const DiffPart&) = default;
};

/// Parts in order that cover both sequences; equal and unequal parts alternate. Never fails: beyond its bound a stretch
/// is given as replaced. Time O((n + m) D), D bounded by kMaxDiffEdits.
/// `bounded` is set to true if that happened, and left alone if not.
[[nodiscard]] std::vector<DiffPart> diff(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                                         bool* bounded = nullptr);

inline constexpr std::size_t kMaxDiffEdits = 1200;

}  // namespace bossey::document
