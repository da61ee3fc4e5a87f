#include "crdt/array_sort.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace bossey::crdt {
namespace {

constexpr std::size_t kShort = 64;        // no run is made longer than this by insertion
constexpr std::size_t kWinsToGallop = 7;  // so often in a row: look for the end of the row by doubling steps

using Heads = std::span<MergeHead*>;

class ArraySort {
 public:
  ArraySort(Heads all, bool (*comes_before)(const MergeHead&, const MergeHead&))
      : all_(all), comes_before_(comes_before) {}

  void run() {
    const std::size_t least = least_run(all_.size());
    for (std::size_t from = 0; from < all_.size();) {
      const Heads left = all_.subspan(from);
      std::size_t length = natural_run(left);
      if (length < least) {
        const std::size_t wanted = std::min(least, left.size());
        insert_rest(left.first(wanted), length);
        length = wanted;
      }
      runs_.push_back({from, length});
      merge_while_unbalanced();
      from += length;
    }
    while (runs_.size() > 1) merge_at(before_last(runs_.size() - 2));
  }

 private:
  struct Run {
    std::size_t from;
    std::size_t length;
  };

  [[nodiscard]] bool less(const MergeHead* a, const MergeHead* b) const { return comes_before_(*a, *b); }

  /// The count divided by a power of two, rounded up, so that it is at most kShort.
  static std::size_t least_run(std::size_t count) {
    std::size_t odd = 0;
    for (; count >= kShort; count /= 2) odd |= count & 1U;
    return count + odd;
  }

  /// Length of the run at the start; one that falls is turned round.
  std::size_t natural_run(Heads heads) const {
    if (heads.size() == 1) return 1;
    const bool falls = less(heads[1], heads[0]);
    std::size_t length = 2;
    while (length < heads.size() && less(heads[length], heads[length - 1]) == falls) ++length;
    if (falls) std::reverse(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(length));
    return length;
  }

  /// Puts each behind the first `sorted` into its place, by halving.
  void insert_rest(Heads heads, std::size_t sorted) const {
    for (; sorted < heads.size(); ++sorted) {
      const std::size_t to =
          halve(heads, 0, sorted, [&](const MergeHead* other) { return !less(heads[sorted], other); });
      const auto place = heads.begin() + static_cast<std::ptrdiff_t>(to);
      const auto end = heads.begin() + static_cast<std::ptrdiff_t>(sorted) + 1;
      std::rotate(place, end - 1, end);
    }
  }

  /// The place between the two from which on `is_left` is false.
  template <class IsLeft>
  static std::size_t halve(Heads heads, std::size_t from, std::size_t to, IsLeft is_left) {
    while (from < to) {
      const std::size_t middle = from + (to - from) / 2;
      if (is_left(heads[middle]))
        from = middle + 1;
      else
        to = middle;
    }
    return from;
  }

  /// The same over all, in steps that double from `hint`, then by halving.
  template <class IsLeft>
  static std::size_t gallop(Heads heads, std::size_t hint, IsLeft is_left) {
    std::size_t passed = 0;
    std::size_t step = 1;
    if (is_left(heads[hint])) {
      const std::size_t most = heads.size() - hint;
      for (; step < most && is_left(heads[hint + step]); step = step * 2 + 1) passed = step;
      return halve(heads, hint + passed + 1, hint + std::min(step, most), is_left);
    }
    const std::size_t most = hint + 1;
    for (; step < most && !is_left(heads[hint - step]); step = step * 2 + 1) passed = step;
    return halve(heads, hint + 1 - std::min(step, most), hint - passed, is_left);
  }
  /// How many of the heads come before the key; of equals none.
  [[nodiscard]] std::size_t gallop_left(const MergeHead* key, Heads heads, std::size_t hint) const {
    return gallop(heads, hint, [&](const MergeHead* other) { return less(other, key); });
  }
  /// How many of the heads come before the key; of equals all.
  [[nodiscard]] std::size_t gallop_right(const MergeHead* key, Heads heads, std::size_t hint) const {
    return gallop(heads, hint, [&](const MergeHead* other) { return !less(key, other); });
  }

  /// Whether a run is longer than the two after it, of which the last is number `last`.
  [[nodiscard]] bool is_balanced(std::size_t last) const {
    return last < 2 || runs_[last - 2].length > runs_[last - 1].length + runs_[last].length;
  }
  /// Of the runs around `at`, the first of the pair to merge.
  [[nodiscard]] std::size_t before_last(std::size_t at) const {
    return at > 0 && runs_[at - 1].length < runs_[at + 1].length ? at - 1 : at;
  }
  void merge_while_unbalanced() {
    while (runs_.size() > 1) {
      const std::size_t at = runs_.size() - 2;
      if (!is_balanced(at + 1) || !is_balanced(at))
        merge_at(before_last(at));
      else if (runs_[at].length <= runs_[at + 1].length)
        merge_at(at);
      else
        break;
    }
  }

  /// Makes one of a run and the next.
  void merge_at(std::size_t at) {
    Heads a = all_.subspan(runs_[at].from, runs_[at].length);
    Heads b = all_.subspan(runs_[at + 1].from, runs_[at + 1].length);
    runs_[at].length += runs_[at + 1].length;
    runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    a = a.subspan(gallop_right(b.front(), a, 0));
    if (a.empty()) return;
    b = b.first(gallop_left(a.back(), b, b.size() - 1));
    if (b.empty()) return;
    const Heads both(a.data(), a.size() + b.size());
    if (a.size() <= b.size())
      merge_from_left(both, a.size());
    else
      merge_from_right(both, a.size());
  }

  static void copy(Heads from, MergeHead** to) {
    if (from.data() != to) std::copy(from.begin(), from.end(), to);
  }
  static void copy_back(Heads from, MergeHead** to) {
    if (from.data() != to) std::copy_backward(from.begin(), from.end(), to + from.size());
  }

  /// The first of b comes first, the last of a comes last.
  void merge_from_left(Heads both, std::size_t split) {
    spare_.assign(both.begin(), both.begin() + static_cast<std::ptrdiff_t>(split));
    Heads a(spare_);
    Heads b = both.subspan(split);
    MergeHead** out = both.data();
    const auto take = [&out](Heads& from, std::size_t count) {
      copy(from.first(count), out);
      out += count;
      from = from.subspan(count);
    };
    const auto done = [&] { return b.empty() || a.size() <= 1; };
    take(b, 1);
    while (!done()) {
      std::size_t wins_a = 0;
      std::size_t wins_b = 0;
      while (!done() && wins_a < wins_to_gallop_ && wins_b < wins_to_gallop_) {
        const bool b_first = less(b.front(), a.front());
        take(b_first ? b : a, 1);
        wins_a = b_first ? 0 : wins_a + 1;
        wins_b = b_first ? wins_b + 1 : 0;
      }
      if (done()) break;
      ++wins_to_gallop_;
      do {
        wins_to_gallop_ = std::max<std::size_t>(1, wins_to_gallop_ - 1);
        wins_a = gallop_right(b.front(), a, 0);
        take(a, wins_a);
        if (wins_a > 0 && done()) break;
        take(b, 1);
        if (b.empty()) break;
        wins_b = gallop_left(a.front(), b, 0);
        take(b, wins_b);
        if (b.empty()) break;
        take(a, 1);
      } while (!done() && (wins_a >= kWinsToGallop || wins_b >= kWinsToGallop));
      if (!done()) ++wins_to_gallop_;
    }
    take(b, b.size());  // nothing, or all before the last of a
    take(a, a.size());
  }

  /// The last of a comes last, the first of b comes first.
  void merge_from_right(Heads both, std::size_t split) {
    spare_.assign(both.begin() + static_cast<std::ptrdiff_t>(split), both.end());
    Heads a = both.first(split);
    Heads b(spare_);
    MergeHead** out = both.data() + both.size();
    const auto take = [&out](Heads& from, std::size_t count) {
      out -= count;
      copy_back(from.last(count), out);
      from = from.first(from.size() - count);
    };
    const auto done = [&] { return a.empty() || b.size() <= 1; };
    take(a, 1);
    while (!done()) {
      std::size_t wins_a = 0;
      std::size_t wins_b = 0;
      while (!done() && wins_a < wins_to_gallop_ && wins_b < wins_to_gallop_) {
        const bool a_last = less(b.back(), a.back());
        take(a_last ? a : b, 1);
        wins_a = a_last ? wins_a + 1 : 0;
        wins_b = a_last ? 0 : wins_b + 1;
      }
      if (done()) break;
      ++wins_to_gallop_;
      do {
        wins_to_gallop_ = std::max<std::size_t>(1, wins_to_gallop_ - 1);
        wins_a = a.size() - gallop_right(b.back(), a, a.size() - 1);
        take(a, wins_a);
        if (a.empty()) break;
        take(b, 1);
        if (b.size() == 1) break;
        wins_b = b.size() - gallop_left(a.back(), b, b.size() - 1);
        take(b, wins_b);
        if (wins_b > 0 && done()) break;
        take(a, 1);
      } while (!done() && (wins_a >= kWinsToGallop || wins_b >= kWinsToGallop));
      if (!done()) ++wins_to_gallop_;
    }
    take(a, a.size());  // nothing, or all behind the first of b
    take(b, b.size());
  }

  Heads all_;
  bool (*comes_before_)(const MergeHead&, const MergeHead&);
  std::vector<Run> runs_;
  std::vector<MergeHead*> spare_;
  std::size_t wins_to_gallop_ = kWinsToGallop;
};

}  // namespace

void array_sort(std::vector<MergeHead*>& heads, bool (*comes_before)(const MergeHead&, const MergeHead&)) {
  ArraySort(heads, comes_before).run();
}

}  // namespace bossey::crdt
