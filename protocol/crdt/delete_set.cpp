#include "crdt/delete_set.hpp"

#include <algorithm>

namespace bossey::crdt {
namespace {

constexpr std::size_t kScanned = 12;  // clients that are looked through rather than hashed
constexpr auto kNowhere = static_cast<std::size_t>(-1);

using Range = DeleteSet::Range;

/// The range that holds the clock, or end().
auto range_at(const std::vector<Range>& ranges, Clock clock) {
  auto after = std::upper_bound(ranges.begin(), ranges.end(), clock,
                                [](Clock wanted, const Range& range) { return wanted < range.clock; });
  if (after == ranges.begin()) return ranges.end();
  --after;
  return clock < after->end() ? after : ranges.end();
}

void normalize_ranges(std::vector<Range>& ranges) {
  const auto earlier = [](const Range& a, const Range& b) { return a.clock < b.clock; };
  if (!std::is_sorted(ranges.begin(), ranges.end(), earlier)) std::stable_sort(ranges.begin(), ranges.end(), earlier);
  std::size_t kept = 1;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    Range& left = ranges[kept - 1];
    if (left.end() >= ranges[i].clock)
      left.length = std::max(left.length, ranges[i].end() - left.clock);
    else
      ranges[kept++] = ranges[i];
  }
  if (!ranges.empty()) ranges.resize(kept);
}

}  // namespace

std::size_t DeleteSet::place_of(ClientId client) const {
  if (places_ != nullptr) {
    const auto place = places_->find(client);
    return place == places_->end() ? kNowhere : place->second;
  }
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    if (clients_[i].client == client) return i;
  }
  return kNowhere;
}

void DeleteSet::index() {
  if (clients_.size() <= kScanned) return;
  places_ = std::make_unique<std::unordered_map<ClientId, std::size_t>>();
  for (std::size_t i = 0; i < clients_.size(); ++i) places_->emplace(clients_[i].client, i);
}

std::vector<Range>& DeleteSet::ranges_of(ClientId client) {
  if (!clients_.empty() && clients_.back().client == client) return clients_.back().ranges;
  const std::size_t place = place_of(client);
  if (place != kNowhere) return clients_[place].ranges;
  clients_.push_back({client, {}});
  if (places_ != nullptr)
    places_->emplace(client, clients_.size() - 1);
  else
    index();
  return clients_.back().ranges;
}

void DeleteSet::add(ClientId client, Clock clock, Clock length) {
  ranges_of(client).push_back({clock, length});
}

void DeleteSet::normalize() {
  for (ClientRanges& client : clients_) normalize_ranges(client.ranges);
}

void DeleteSet::merge(const DeleteSet& other) {
  for (const ClientRanges& client : other.clients_) {
    std::vector<Range>& ranges = ranges_of(client.client);
    ranges.insert(ranges.end(), client.ranges.begin(), client.ranges.end());
  }
  normalize();
}

const std::vector<Range>* DeleteSet::find(ClientId client) const {
  const std::size_t place = place_of(client);
  return place == kNowhere ? nullptr : &clients_[place].ranges;
}

bool DeleteSet::contains(Id id) const {
  const std::vector<Range>* ranges = find(id.client);
  return ranges != nullptr && range_at(*ranges, id.clock) != ranges->end();
}

bool DeleteSet::covers(const DeleteSet& other) const {
  for (const ClientRanges& client : other.clients_) {
    const std::vector<Range>* ranges = find(client.client);
    for (const Range& range : client.ranges) {
      if (ranges == nullptr) return false;
      const auto place = range_at(*ranges, range.clock);
      if (place == ranges->end() || place->end() < range.end()) return false;
    }
  }
  return true;
}

std::size_t DeleteSet::range_count() const {
  std::size_t count = 0;
  for (const ClientRanges& client : clients_) count += client.ranges.size();
  return count;
}

void DeleteSet::clear() {
  clients_.clear();
  places_.reset();
}

bool operator==(const DeleteSet& a, const DeleteSet& b) {
  if (a.clients_.size() != b.clients_.size()) return false;
  return std::all_of(a.clients_.begin(), a.clients_.end(), [&b](const DeleteSet::ClientRanges& client) {
    const auto* ranges = b.find(client.client);
    return ranges != nullptr && *ranges == client.ranges;
  });
}

}  // namespace bossey::crdt
