#include "crdt/merge_order.hpp"

#include <algorithm>

#include "crdt/array_sort.hpp"
#include "lib0/limits.hpp"

namespace bossey::crdt {
namespace {

constexpr std::size_t kFew = 63;  // sorting them costs no more than a heap

bool is_gc(const MergeHead* head) {
  return head->next.kind() == ContentKind::gc;
}

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
  return is_gc(&a) != is_gc(&b);
}

}  // namespace

Result<bool> MergeHead::advance() {
  do {
    BOSSEY_TRY(const bool more, source->next(next));
    if (!more) return false;
  } while (next.kind() == ContentKind::skip);
  return true;
}

MergeOrder::MergeOrder(std::vector<MergeHead*> heads)
    : kept_(heads.size() <= kFew ? Kept::sorted_for_good : Kept::sorted),
      comparisons_left_(limits::kMergeComparisonsMax),
      heads_(std::move(heads)) {
  array_sort(heads_, comes_before);
  if (kept_ == Kept::sorted_for_good) return;
  if (std::any_of(heads_.begin(), heads_.end(), is_gc)) note_all();
  if (clashes_ == 0) sorted_to_heap();
}

MergeHead& MergeOrder::first() {
  if (kept_ == Kept::as_heap) std::pop_heap(heads_.begin(), heads_.end(), heap_less);
  MergeHead& head = kept_ == Kept::as_heap ? *heads_.back() : *heads_.front();
  head.used = ++round_;
  if (!meetings_.empty()) forget(head);
  return head;
}

void MergeOrder::moved(bool more) {
  if (more) {
    const MergeHead* head = kept_ == Kept::as_heap ? heads_.back() : heads_.front();
    if (!meetings_.empty())
      note(*head);
    else if (kept_ != Kept::sorted_for_good && is_gc(head))
      note_all();
  }
  if (kept_ != Kept::as_heap) {
    if (!more) heads_.erase(heads_.begin());
    sort();
    if (heads_.size() <= kFew)
      kept_ = Kept::sorted_for_good;
    else if (kept_ == Kept::sorted && (clashes_ == 0 || comparisons_left_ == 0))
      sorted_to_heap();
    return;
  }
  if (!more) heads_.pop_back();
  if (heads_.size() > kFew && (clashes_ == 0 || comparisons_left_ == 0)) {
    if (more) std::push_heap(heads_.begin(), heads_.end(), heap_less);
    return;
  }
  // The one that has moved stands in front of the others, as it did when it was taken.
  const auto rest = heads_.end() - (more ? 1 : 0);
  std::sort_heap(heads_.begin(), rest, heap_less);
  std::reverse(heads_.begin(), heads_.end());
  kept_ = heads_.size() <= kFew ? Kept::sorted_for_good : Kept::sorted;
  sort();
}

void MergeOrder::sort() {
  comparisons_left_ -= std::min<std::uint64_t>(comparisons_left_, heads_.size());
  array_sort(heads_, comes_before);
}

void MergeOrder::sorted_to_heap() {
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    heads_[i]->order = i;
    heads_[i]->used = 0;
  }
  std::reverse(heads_.begin(), heads_.end());
  std::make_heap(heads_.begin(), heads_.end(), heap_less);
  kept_ = Kept::as_heap;
}

void MergeOrder::note(const MergeHead& head) {
  Meeting& meeting = meetings_[head.next.id];
  const bool clashed = meeting.clashes();
  ++(is_gc(&head) ? meeting.gc : meeting.items);
  if (!clashed && meeting.clashes()) ++clashes_;
}

void MergeOrder::forget(const MergeHead& head) {
  const auto at = meetings_.find(head.next.id);
  Meeting& meeting = at->second;
  const bool clashed = meeting.clashes();
  --(is_gc(&head) ? meeting.gc : meeting.items);
  if (clashed && !meeting.clashes()) --clashes_;
  if (meeting.gc == 0 && meeting.items == 0) meetings_.erase(at);
}

void MergeOrder::note_all() {
  for (const MergeHead* head : heads_) note(*head);
}

}  // namespace bossey::crdt
