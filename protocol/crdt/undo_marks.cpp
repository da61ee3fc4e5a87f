#include "crdt/undo_marks.hpp"

#include <algorithm>
#include <iterator>

namespace bossey::crdt {
namespace {

/// The entry that starts at the clock or before it; end() if there is none.
template <class Entries>
auto entry_at(const Entries& entries, std::uint32_t clock) {
  const auto after = entries.upper_bound(clock);
  return after == entries.begin() ? entries.end() : std::prev(after);
}

}  // namespace

bool UndoMarks::is_kept(LocalId unit) const {
  const auto ranges = kept_.find(unit.client);
  if (ranges == kept_.end()) return false;
  const auto range = entry_at(ranges->second, unit.clock);
  return range != ranges->second.end() && unit.clock < range->second;
}

void UndoMarks::set_kept(LocalId start, std::uint32_t length, bool kept) {
  Ranges& ranges = kept_[start.client];
  std::uint32_t from = start.clock;
  std::uint32_t to = from + length;
  auto next = ranges.upper_bound(from);
  if (next != ranges.begin() && std::prev(next)->second >= from) --next;
  while (next != ranges.end() && next->first <= to) {  // what touches or overlaps
    const auto [old_from, old_to] = *next;
    next = ranges.erase(next);
    if (kept) {
      from = std::min(from, old_from);
      to = std::max(to, old_to);
      continue;
    }
    if (old_from < from) ranges.emplace(old_from, from);
    if (old_to > to) next = std::next(ranges.emplace(std::max(to, old_from), old_to).first);
  }
  if (kept) ranges.emplace(from, to);
  if (ranges.empty()) kept_.erase(start.client);
}

void UndoMarks::join(LocalId left, std::uint32_t left_length, std::uint32_t right_length) {
  if (is_kept(left) != is_kept({left.client, left.clock + left_length}))
    set_kept(left, left_length + right_length, true);
}

std::optional<LocalId> UndoMarks::redone(LocalId unit) const {
  const auto entries = redone_.find(unit.client);
  if (entries == redone_.end()) return std::nullopt;
  const auto entry = entry_at(entries->second, unit.clock);
  if (entry == entries->second.end() || unit.clock >= entry->second.end) return std::nullopt;
  return LocalId{entry->second.as.client, entry->second.as.clock + (unit.clock - entry->first)};
}

void UndoMarks::set_redone(LocalId start, std::uint32_t length, LocalId as) {
  redone_[start.client].insert_or_assign(start.clock, Redone{start.clock + length, as});
}

}  // namespace bossey::crdt
