#include "crdt/pending.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "crdt/merge_structs.hpp"
#include "crdt/struct_writer.hpp"

namespace bossey::crdt {
namespace {

/// Hands out structs of one client.
class SpanSource final : public StructSource {
 public:
  explicit SpanSource(std::span<UpdateStruct> structs) : structs_(structs) {}

  Result<bool> next(UpdateStruct& out) override {
    if (structs_.empty()) return false;
    out = std::move(structs_.front());
    structs_ = structs_.subspan(1);
    return true;
  }

 private:
  std::span<UpdateStruct> structs_;
};

void note_missing(MissingClocks& all, ClientId client, Clock clock) {
  Clock& wanted = all.try_emplace(client, clock).first->second;
  wanted = std::min(wanted, clock);
}

}  // namespace

bool PendingStructs::is_due(const StructStore& store, const std::vector<ClientIndex>& advanced) const {
  return std::any_of(advanced.begin(), advanced.end(), [&](ClientIndex client) {
    const Clock state = store.structs(client).state();
    const auto wanted = missing_.find(store.client(client));
    if (wanted != missing_.end() && wanted->second < state) return true;
    const auto queue = queues_.find(store.client(client));
    return queue != queues_.end() && queue->second.parked && queue->second.structs.begin()->first <= state;
  });
}

void PendingStructs::add(StructBatch rest, const MissingClocks& missing) {
  for (const auto& [client, clock] : missing) note_missing(missing_, client, clock);
  for (const StructQueue& queue : rest.queues)
    add(queue.client, std::span(rest.structs).subspan(queue.next, queue.end - queue.next), rest.words);
}

void PendingStructs::add(ClientId client, std::span<UpdateStruct> structs, const std::shared_ptr<const char[]>& words) {
  Queue& queue = queues_[client];
  queue.client = client;
  if (std::exchange(queue.parked, false)) note_missing(missing_, client, queue.structs.begin()->first - 1);
  active_.insert(client);
  const Clock start = structs.front().id.clock;
  const Clock end = structs.back().end();
  const auto next = queue.structs.lower_bound(start);  // the first that does not start before
  const bool apart = (next == queue.structs.end() || end <= next->first) &&
                     (next == queue.structs.begin() || std::prev(next)->second.what.end() <= start);
  if (apart) {
    for (UpdateStruct& one : structs) {
      if (one.kind() == ContentKind::skip) continue;
      const Clock clock = one.id.clock;
      queue.structs.emplace_hint(next, clock, Waiting{std::move(one), words});
      ++count_;
    }
  } else if (!is_known(queue, structs)) {
    merge(queue, structs);
  }
}

/// Whether what is there wins over all of these: it starts earlier, or with a struct of the same kind, and has no gap.
bool PendingStructs::is_known(const Queue& queue, std::span<const UpdateStruct> structs) {
  auto at = queue.structs.upper_bound(structs.front().id.clock);
  if (at == queue.structs.begin()) return false;
  --at;
  const bool starts_run = at == queue.structs.begin() || std::prev(at)->second.what.end() < at->first;
  const bool other_kind = (at->second.what.kind() == ContentKind::gc) != (structs.front().kind() == ContentKind::gc);
  if (starts_run && at->first == structs.front().id.clock && other_kind) return false;
  Clock known = at->first;
  for (; at != queue.structs.end() && at->first == known && known < structs.back().end(); ++at)
    known = at->second.what.end();
  return known >= structs.back().end();
}

void PendingStructs::merge(Queue& queue, std::span<UpdateStruct> structs) {
  std::vector<UpdateStruct> before;
  for (auto& [clock, one] : queue.structs) before.push_back(std::move(one.what));
  count_ -= before.size();
  SpanSource first(before);
  SpanSource second(structs);
  StructBatch merged;
  const auto result = merge_structs({&first, &second}, [&merged](UpdateStruct&& next) {
    if (next.kind() != ContentKind::skip) merged.structs.push_back(std::move(next));
  });
  BOSSEY_CHECK(result.has_value());  // reading from memory cannot fail
  merged.own_words();
  queue.structs.clear();
  count_ += merged.structs.size();
  for (UpdateStruct& one : merged.structs) {
    const Clock clock = one.id.clock;
    queue.structs.emplace_hint(queue.structs.end(), clock, Waiting{std::move(one), merged.words});
  }
}

void PendingStructs::begin(const StructStore& store, const std::vector<ClientIndex>& advanced) {
  for (const ClientIndex client : advanced) {
    const auto queue = queues_.find(store.client(client));
    if (queue == queues_.end() || !queue->second.parked) continue;
    queue->second.parked = false;
    active_.insert(queue->first);
  }
  at_ = active_.begin();
}

PendingStructs::Queue* PendingStructs::first_left() {
  for (; at_ != active_.end(); ++at_) {
    Queue& queue = queues_.at(*at_);
    if (!queue.given_up && !queue.structs.empty()) return &queue;
  }
  return nullptr;
}

PendingStructs::Queue* PendingStructs::find(ClientId client) {
  const auto found = queues_.find(client);
  if (found == queues_.end() || found->second.given_up || found->second.structs.empty()) return nullptr;
  // A parked queue would have been looked at, and given up, in its turn.
  if (found->second.parked && client > *at_) return nullptr;
  return &found->second;
}

void PendingStructs::pop(Queue& queue) {
  queue.structs.erase(queue.structs.begin());
  --count_;
}

void PendingStructs::give_up(Queue& queue, bool alone) {
  queue.given_up = true;
  queue.parked = alone;
  active_.insert(queue.client);
}

void PendingStructs::end(MissingClocks missing) {
  missing_ = std::move(missing);
  for (auto client = active_.begin(); client != active_.end();) {
    const auto queue = queues_.find(*client);
    queue->second.given_up = false;
    const bool done = queue->second.structs.empty();
    client = done || queue->second.parked ? active_.erase(client) : std::next(client);
    if (done) queues_.erase(queue);
  }
}

Bytes PendingStructs::encode(UpdateFormat format) const {
  const auto writer = StructWriter::make(format);
  for (const auto& [client, queue] : queues_) {
    Clock end = queue.structs.begin()->first;
    for (const auto& [clock, one] : queue.structs) {
      if (end < clock) writer->write(skip_struct(client, end, clock));
      writer->write(one.what);
      end = one.what.end();
    }
  }
  return writer->finish({});
}

void PendingDeletes::add(const DeleteSet& deletes) {
  for (const DeleteSet::ClientRanges& client : deletes.clients()) {
    Ranges& ranges = clients_[client.client];
    for (const DeleteSet::Range& range : client.ranges) add(ranges, range.clock, range.end());
  }
}

void PendingDeletes::add(Ranges& ranges, Clock start, Clock end) {
  auto next = ranges.upper_bound(start);
  if (next != ranges.begin() && std::prev(next)->second >= start) --next;
  while (next != ranges.end() && next->first <= end) {
    start = std::min(start, next->first);
    end = std::max(end, next->second);
    next = ranges.erase(next);
    --count_;
  }
  ranges.emplace(start, end);
  ++count_;
}

DeleteSet PendingDeletes::all() const {
  DeleteSet deletes;
  for (const auto& [client, ranges] : clients_) {
    for (const auto& [start, end] : ranges) deletes.add(client, start, end - start);
  }
  return deletes;
}

void PendingDeletes::take_due(ClientId client, Clock state, DeleteSet& due) {
  const auto found = clients_.find(client);
  if (found == clients_.end()) return;
  Ranges& ranges = found->second;
  while (!ranges.empty() && ranges.begin()->first < state) {
    const auto [start, end] = *ranges.begin();
    ranges.erase(ranges.begin());
    due.add(client, start, std::min(end, state) - start);
    if (end > state)
      ranges.emplace(state, end);
    else
      --count_;
  }
  if (ranges.empty()) clients_.erase(found);
}

}  // namespace bossey::crdt
