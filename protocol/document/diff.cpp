#include "document/diff.hpp"

#include <algorithm>
#include <unordered_map>

namespace bossey::document {

namespace {

using Sequence = std::span<const std::uint32_t>;

/// A run of equal elements: a[a_begin + i] == b[b_begin + i].
struct Match {
  std::size_t a_begin, b_begin, length;
};

/// Below this size (both together) Myers' algorithm is run at once.
constexpr std::size_t kAnchorSize = 3000;

class Differ {
 public:
  Differ(Sequence a, Sequence b) : a_(a), b_(b) {}

  std::vector<Match> run() {
    between(0, a_.size(), 0, b_.size(), 0);
    return std::move(matches_);
  }
  [[nodiscard]] bool gave_up() const { return gave_up_; }

 private:
  void add(std::size_t a, std::size_t b, std::size_t length) {
    if (length > 0) matches_.push_back({a, b, length});
  }

  void between(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end, int depth) {
    std::size_t prefix = 0;
    while (a_begin + prefix < a_end && b_begin + prefix < b_end && a_[a_begin + prefix] == b_[b_begin + prefix])
      ++prefix;
    add(a_begin, b_begin, prefix);
    a_begin += prefix;
    b_begin += prefix;
    std::size_t suffix = 0;
    while (a_begin + suffix < a_end && b_begin + suffix < b_end && a_[a_end - 1 - suffix] == b_[b_end - 1 - suffix])
      ++suffix;
    a_end -= suffix;
    b_end -= suffix;
    if (a_begin < a_end && b_begin < b_end) middle(a_begin, a_end, b_begin, b_end, depth);
    add(a_end, b_end, suffix);
  }

  void middle(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end, int depth) {
    constexpr int kMaxAnchorDepth = 12;
    if ((a_end - a_begin) + (b_end - b_begin) > kAnchorSize && depth < kMaxAnchorDepth) {
      const std::vector<Match> anchors = unique_anchors(a_begin, a_end, b_begin, b_end);
      if (!anchors.empty()) {
        for (const Match& anchor : anchors) {
          between(a_begin, anchor.a_begin, b_begin, anchor.b_begin, depth + 1);
          add(anchor.a_begin, anchor.b_begin, 1);
          a_begin = anchor.a_begin + 1;
          b_begin = anchor.b_begin + 1;
        }
        between(a_begin, a_end, b_begin, b_end, depth + 1);
        return;
      }
    }
    myers(a_begin, a_end, b_begin, b_end);
  }

  /// Elements that occur once on either side, as many as are in the same order on both (longest ascending row).
  std::vector<Match> unique_anchors(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end) {
    struct Seen {
      std::size_t in_a = 0, in_b = 0, at_b = 0;
    };
    std::unordered_map<std::uint32_t, Seen> seen;
    for (std::size_t i = a_begin; i < a_end; ++i) ++seen[a_[i]].in_a;
    for (std::size_t i = b_begin; i < b_end; ++i) {
      Seen& one = seen[b_[i]];
      ++one.in_b;
      one.at_b = i;
    }
    std::vector<Match> common;
    for (std::size_t i = a_begin; i < a_end; ++i) {
      const Seen& one = seen[a_[i]];
      if (one.in_a == 1 && one.in_b == 1) common.push_back({i, one.at_b, 1});
    }
    return longest_ascending(common);
  }

  static std::vector<Match> longest_ascending(const std::vector<Match>& common) {
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::vector<std::size_t> last_of_length;
    std::vector<std::size_t> before(common.size(), kNone);
    for (std::size_t i = 0; i < common.size(); ++i) {
      const auto at = std::lower_bound(last_of_length.begin(), last_of_length.end(), common[i].b_begin,
                                       [&](std::size_t index, std::size_t b) { return common[index].b_begin < b; });
      if (at != last_of_length.begin()) before[i] = *std::prev(at);
      if (at == last_of_length.end()) {
        last_of_length.push_back(i);
      } else {
        *at = i;
      }
    }
    std::vector<Match> row;
    if (last_of_length.empty()) return row;
    for (std::size_t i = last_of_length.back(); i != kNone; i = before[i]) row.push_back(common[i]);
    std::reverse(row.begin(), row.end());
    return row;
  }

  /// E. Myers, "An O(ND) difference algorithm": furthest[k] is the largest x reached on diagonal x - y = k with d
  /// edits. All rows are kept to walk back, which the bound on d keeps small.
  void myers(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end) {
    const auto n = static_cast<std::ptrdiff_t>(a_end - a_begin);
    const auto m = static_cast<std::ptrdiff_t>(b_end - b_begin);
    const auto bound = std::min<std::ptrdiff_t>(n + m, static_cast<std::ptrdiff_t>(kMaxDiffEdits));
    const auto equal = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
      return a_[a_begin + static_cast<std::size_t>(x)] == b_[b_begin + static_cast<std::size_t>(y)];
    };
    std::vector<std::vector<std::ptrdiff_t>> rows;  // rows[d][k + d]
    for (std::ptrdiff_t d = 0; d <= bound; ++d) {
      std::vector<std::ptrdiff_t> row(static_cast<std::size_t>(2 * d + 1));
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t x = d == 0 ? 0 : step(rows.back(), d, k);
        while (x < n && x - k < m && x - k >= 0 && equal(x, x - k)) ++x;
        row[static_cast<std::size_t>(k + d)] = x;
        if (x >= n && x - k >= m) {
          rows.push_back(std::move(row));
          walk_back(rows, n, m, a_begin, b_begin);
          return;
        }
      }
      rows.push_back(std::move(row));
    }
    gave_up_ = true;
  }

  static std::ptrdiff_t at(const std::vector<std::ptrdiff_t>& row, std::ptrdiff_t d, std::ptrdiff_t k) {
    return row[static_cast<std::size_t>(k + d)];
  }

  /// Where diagonal k starts with d edits: down from k + 1 or right from k - 1 of the row before.
  static std::ptrdiff_t step(const std::vector<std::ptrdiff_t>& previous, std::ptrdiff_t d, std::ptrdiff_t k) {
    return comes_from_above(previous, d, k) ? at(previous, d - 1, k + 1) : at(previous, d - 1, k - 1) + 1;
  }
  static bool comes_from_above(const std::vector<std::ptrdiff_t>& previous, std::ptrdiff_t d, std::ptrdiff_t k) {
    return k == -d || (k != d && at(previous, d - 1, k - 1) < at(previous, d - 1, k + 1));
  }

  void walk_back(const std::vector<std::vector<std::ptrdiff_t>>& rows, std::ptrdiff_t x, std::ptrdiff_t y,
                 std::size_t a_begin, std::size_t b_begin) {
    std::vector<Match> found;
    for (auto d = static_cast<std::ptrdiff_t>(rows.size()) - 1; d >= 0; --d) {
      const std::ptrdiff_t k = x - y;
      const std::ptrdiff_t start = d == 0 ? 0 : step(rows[static_cast<std::size_t>(d) - 1], d, k);
      if (x > start)
        found.push_back({a_begin + static_cast<std::size_t>(start), b_begin + static_cast<std::size_t>(start - k),
                         static_cast<std::size_t>(x - start)});
      if (d == 0) break;
      const bool above = comes_from_above(rows[static_cast<std::size_t>(d) - 1], d, k);
      x = above ? start : start - 1;
      y = above ? start - k - 1 : start - k;
    }
    std::reverse(found.begin(), found.end());
    matches_.insert(matches_.end(), found.begin(), found.end());
  }

  Sequence a_;
  Sequence b_;
  std::vector<Match> matches_;
  bool gave_up_ = false;
};

}  // namespace

std::vector<DiffPart> diff(Sequence a, Sequence b, bool* bounded) {
  std::vector<DiffPart> parts;
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  const auto replaced_until = [&](std::size_t a_end, std::size_t b_end) {
    if (at_a < a_end || at_b < b_end) parts.push_back({false, at_a, a_end, at_b, b_end});
    at_a = a_end;
    at_b = b_end;
  };
  Differ differ(a, b);
  const std::vector<Match> matches = differ.run();
  if (bounded != nullptr && differ.gave_up()) *bounded = true;
  for (const Match& match : matches) {
    replaced_until(match.a_begin, match.b_begin);
    at_a += match.length;
    at_b += match.length;
    if (!parts.empty() && parts.back().equal) {
      parts.back().a_end = at_a;
      parts.back().b_end = at_b;
    } else {
      parts.push_back({true, match.a_begin, at_a, match.b_begin, at_b});
    }
  }
  replaced_until(a.size(), b.size());
  return parts;
}

}  // namespace bossey::document
