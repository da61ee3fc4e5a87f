#include "crdt/pending.hpp"

#include <algorithm>
#include <iterator>

#include "crdt/merge_structs.hpp"

namespace bossey::crdt {
namespace {

/// Parts that came in and doubled what was there are joined, so that what is sent again and again does not pile up.
constexpr std::size_t kJoinAtLeast = 4096;

/// Hands out the structs of a part.
class PartSource final : public StructSource {
 public:
  explicit PartSource(std::vector<ClientSection>& sections) : sections_(sections) {}

  Result<bool> next(UpdateStruct& out) override {
    while (section_ < sections_.size() && at_ == sections_[section_].structs.size()) {
      ++section_;
      at_ = 0;
    }
    if (section_ == sections_.size()) return false;
    out = std::move(sections_[section_].structs[at_++]);
    return true;
  }

 private:
  std::vector<ClientSection>& sections_;
  std::size_t section_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

void PendingStructs::add(RestStructs rest) {
  for (const auto& [client, clock] : rest.missing) {
    Clock& wanted = missing_.try_emplace(client, clock).first->second;
    wanted = std::min(wanted, clock);
  }
  for (const ClientSection& section : rest.sections) count_ += section.structs.size();
  parts_.push_back(std::move(rest.sections));
  if (count_ > 2 * joined_count_ + kJoinAtLeast) join();
}

void PendingStructs::join() {
  if (parts_.size() > 1) {
    std::vector<PartSource> parts;
    parts.reserve(parts_.size());
    for (auto& part : parts_) parts.emplace_back(part);
    std::vector<StructSource*> sources;
    sources.reserve(parts.size());
    for (PartSource& part : parts) sources.push_back(&part);
    std::vector<ClientSection> joined;
    count_ = 0;
    const auto result = merge_structs(sources, [&](UpdateStruct&& next) {
      if (joined.empty() || joined.back().client != next.id.client) joined.push_back({next.id.client, {}});
      joined.back().structs.push_back(std::move(next));
      ++count_;
    });
    BOSSEY_CHECK(result.has_value());  // reading from memory cannot fail
    parts_.clear();
    parts_.push_back(std::move(joined));
  }
  joined_count_ = count_;
}

const std::vector<ClientSection>& PendingStructs::sections() {
  BOSSEY_CHECK(!empty());
  join();
  return parts_.front();
}

std::vector<ClientSection> PendingStructs::take() {
  join();
  std::vector<ClientSection> sections = std::move(parts_.front());
  *this = {};
  return sections;
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
