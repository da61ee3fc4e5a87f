#include "room/late_ledger.hpp"

#include <algorithm>
#include <utility>

#include "crdt/updates.hpp"

namespace bossey::room {
namespace {

using Ranges = std::vector<crdt::DeleteSet::Range>;

/// Calls `keep(clock, end)` for each piece of [clock, end) that no range of `minus` (sorted) covers.
template <class Keep>
void for_uncovered(crdt::Clock clock, crdt::Clock end, const Ranges* minus, Keep keep) {
  if (minus != nullptr) {
    for (const auto& range : *minus) {
      if (range.end() <= clock) continue;
      if (range.clock >= end) break;
      if (range.clock > clock) keep(clock, range.clock);
      clock = std::max(clock, range.end());
      if (clock >= end) return;
    }
  }
  if (clock < end) keep(clock, end);
}

/// The first span that overlaps [clock, end).
template <class Spans>
auto* overlap(Spans& spans, crdt::Clock clock, crdt::Clock end) {
  const auto at =
      std::find_if(spans.begin(), spans.end(), [&](const auto& span) { return span.clock < end && clock < span.end; });
  return at == spans.end() ? nullptr : &*at;
}

/// Whether the spans, in any order, cover [clock, end).
template <class Spans>
bool covered(const Spans& spans, crdt::Clock clock, crdt::Clock end) {
  while (clock < end) {
    const auto* span = overlap(spans, clock, clock + 1);
    if (span == nullptr) return false;
    clock = span->end;
  }
  return true;
}

}  // namespace

crdt::DeleteSet subtract(const crdt::DeleteSet& from, const crdt::DeleteSet& minus) {
  crdt::DeleteSet left;
  for (const auto& [client, ranges] : from.clients()) {
    const Ranges* taken = minus.find(client);
    for (const auto& range : ranges)
      for_uncovered(range.clock, range.end(), taken,
                    [&, client = client](crdt::Clock clock, crdt::Clock end) { left.add(client, clock, end - clock); });
  }
  left.normalize();
  return left;
}

Result<NewParts> new_parts(const crdt::Doc& doc, BytesView update) {
  BOSSEY_TRY(std::vector<crdt::StructRange> ranges, crdt::struct_ranges(update));
  BOSSEY_TRY(const crdt::DeleteSet deletes, crdt::delete_set_of(update));
  const crdt::StateVector known = doc.state_vector();
  NewParts parts;
  for (crdt::StructRange& range : ranges) {
    const crdt::Clock end = range.clock + range.length;
    const crdt::Clock start = std::max(range.clock, known.get(range.client));
    if (start < end) parts.structs.push_back({range.client, start, end, std::move(range.depends_on)});
  }
  parts.deletes = subtract(deletes, doc.delete_set());
  return parts;
}

void LateLedger::add(const NewParts& parts, LateEntry entry) {
  if (parts.empty()) return;
  const std::size_t index = entries_.size();
  entries_.push_back(entry);
  for (const auto& range : parts.structs) structs_[range.client].push_back({range.clock, range.end, index});
  for (const auto& [client, ranges] : parts.deletes.clients())
    for (const auto& range : ranges) deletes_[client].push_back({range.clock, range.end(), index});
}

const LateEntry* LateLedger::holder_of_structs(const NewParts& parts, const crdt::StateVector& known) const {
  for (const auto& range : parts.structs) {
    const auto late = structs_.find(range.client);
    if (late == structs_.end()) continue;
    // From what the document knows on: a gap that late structs fill is theirs, too.
    const auto* span = overlap(late->second, std::min(known.get(range.client), range.clock), range.end);
    if (span != nullptr) return &entries_[span->entry];
  }
  return nullptr;
}

const LateEntry* LateLedger::holder_of_deletes(const NewParts& parts) const {
  for (const auto& [client, ranges] : parts.deletes.clients()) {
    const auto late = deletes_.find(client);
    if (late == deletes_.end()) continue;
    for (const auto& range : ranges)
      if (const auto* span = overlap(late->second, range.clock, range.end())) return &entries_[span->entry];
  }
  return nullptr;
}

const LateEntry* LateLedger::holder_by_state(const crdt::StateVector& client, const crdt::StateVector& known) const {
  for (const auto& [id, spans] : structs_)
    for (const Span& span : spans)
      if (client.get(id) > span.clock && known.get(id) <= span.clock) return &entries_[span.entry];
  return nullptr;
}

bool LateLedger::may_depend(const NewParts& parts) const {
  for (const auto& range : parts.structs)
    for (const crdt::ClientId client : range.depends_on)
      if (structs_.contains(client)) return true;
  return false;
}

bool LateLedger::covers(const NewParts& parts) const {
  for (const auto& range : parts.structs) {
    const auto late = structs_.find(range.client);
    if (late == structs_.end() || !covered(late->second, range.clock, range.end)) return false;
  }
  for (const auto& [client, ranges] : parts.deletes.clients()) {
    const auto late = deletes_.find(client);
    if (late == deletes_.end()) return false;
    for (const auto& range : ranges)
      if (!covered(late->second, range.clock, range.end())) return false;
  }
  return true;
}

}  // namespace bossey::room
