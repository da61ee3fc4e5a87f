#include "crdt/merge_order.hpp"

#include <algorithm>

namespace bossey::crdt {
namespace {

constexpr std::size_t kSmallMax = 63;  // V8 sorts shorter arrays by insertion alone

bool heap_less(const MergeHead* a, const MergeHead* b) {
  if (a->next.id.client != b->next.id.client) return a->next.id.client < b->next.id.client;
  if (a->next.id.clock != b->next.id.clock) return a->next.id.clock > b->next.id.clock;
  if (a->used != b->used) return a->used < b->used;
  return a->order > b->order;
}

/// Yjs' comparison. Not symmetric: at one clock, GC comes before an item and the item before GC.
bool comes_before(const MergeHead& a, const MergeHead& b) {
  if (a.next.id.client != b.next.id.client) return a.next.id.client > b.next.id.client;
  if (a.next.id.clock != b.next.id.clock) return a.next.id.clock < b.next.id.clock;
  return (a.next.kind() == ContentKind::gc) != (b.next.kind() == ContentKind::gc);
}

}  // namespace

Result<bool> MergeHead::advance() {
  do {
    BOSSEY_TRY(const bool more, source->next(next));
    if (!more) return false;
  } while (next.kind() == ContentKind::skip);
  return true;
}

MergeOrder::MergeOrder(std::vector<MergeHead*> heads) : small_(heads.size() <= kSmallMax), heads_(std::move(heads)) {
  if (small_)
    sort();
  else
    std::make_heap(heads_.begin(), heads_.end(), heap_less);
}

MergeHead& MergeOrder::first() {
  if (small_) return *heads_.front();
  std::pop_heap(heads_.begin(), heads_.end(), heap_less);
  heads_.back()->used = ++round_;
  return *heads_.back();
}

void MergeOrder::moved(bool more) {
  if (small_) {
    if (!more) heads_.erase(heads_.begin());
    sort();
  } else if (more) {
    std::push_heap(heads_.begin(), heads_.end(), heap_less);
  } else {
    heads_.pop_back();
    if (heads_.size() > kSmallMax) return;
    std::sort_heap(heads_.begin(), heads_.end(), heap_less);
    std::reverse(heads_.begin(), heads_.end());
    small_ = true;
    sort();
  }
}

/// A leading run, turned round if it falls; then each of the others is put in its place by halving.
void MergeOrder::sort() {
  if (heads_.size() < 2) return;
  const bool falling = comes_before(*heads_[1], *heads_[0]);
  std::size_t run = 2;
  while (run < heads_.size() && comes_before(*heads_[run], *heads_[run - 1]) == falling) ++run;
  if (falling) std::reverse(heads_.begin(), heads_.begin() + static_cast<std::ptrdiff_t>(run));
  for (std::size_t i = run; i < heads_.size(); ++i) {
    MergeHead* head = heads_[i];
    std::size_t from = 0;
    std::size_t to = i;
    while (from < to) {
      const std::size_t middle = from + (to - from) / 2;
      if (comes_before(*head, *heads_[middle]))
        to = middle;
      else
        from = middle + 1;
    }
    const auto begin = heads_.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(i),
                begin + static_cast<std::ptrdiff_t>(i + 1));
  }
}

}  // namespace bossey::crdt
