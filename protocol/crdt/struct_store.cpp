#include "crdt/struct_store.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace bossey::crdt {
std::size_t ClientStructs::index_of(std::uint32_t clock) const {
  BOSSEY_CHECK(clock < state());
  const std::size_t last = size() - 1;
  if (clock_at(last) <= clock) return last;  // what came last is asked for most
  // Then what was asked for before, or what follows soon.
  constexpr std::size_t kNear = 8;
  if (found_ < last && clock_at(found_) <= clock) {
    if (clock < clock_at(found_ + 1)) return found_;
    if (found_ + kNear < last && clock < clock_at(found_ + kNear)) {
      do ++found_;
      while (clock_at(found_ + 1) <= clock);
      return found_;
    }
  }
  const bool behind = gap_at_ == 0 || (gap_at_ <= last && entries_[gap_at_ + gap_size_].clock <= clock);
  const Entry* const start = entries_.data() + (behind ? gap_at_ + gap_size_ : 0);
  const Entry* first = start;
  // Halving without a branch on the outcome, which the processor could not foresee.
  for (std::size_t left = behind ? size() - gap_at_ : gap_at_; left > 1;) {
    const std::size_t half = left / 2;
    first += first[half].clock <= clock ? half : 0;
    left -= half;
  }
  found_ = static_cast<std::size_t>(first - start) + (behind ? gap_at_ : 0);
  return found_;
}

void ClientStructs::move_gap(std::size_t index) {
  if (gap_size_ == 0 || index == gap_at_) {
    gap_at_ = index;
    return;
  }
  const auto at = [this](std::size_t i) { return entries_.begin() + static_cast<std::ptrdiff_t>(i); };
  if (index < gap_at_)
    std::move_backward(at(index), at(gap_at_), at(gap_at_ + gap_size_));
  else
    std::move(at(gap_at_ + gap_size_), at(index + gap_size_), at(gap_at_));
  gap_at_ = index;
}

void ClientStructs::insert(std::size_t index, Item* item) {
  move_gap(index);
  if (gap_size_ == 0) {
    gap_size_ = 8 + size() / 16;
    entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(index), gap_size_, Entry{});
  }
  entries_[gap_at_] = {item->clock(), ItemPool::number(item)};
  ++gap_at_;
  --gap_size_;
}

void ClientStructs::erase(std::size_t first, std::size_t last) {
  if (last == size() && gap_at_ <= first) {  // at the end: no gap needed
    entries_.resize(entries_.size() - (last - first));
    return;
  }
  if (gap_at_ < first || gap_at_ > last) move_gap(gap_at_ < first ? first : last);
  gap_size_ += last - first;
  gap_at_ = first;
}

void ClientStructs::trim() {
  if (entries_.capacity() <= 2 * size() + 64) return;
  move_gap(size());
  entries_.resize(size());
  gap_at_ = gap_size_ = 0;
  entries_.shrink_to_fit();
}

void ClientStructs::reserve(std::size_t items) {
  const std::size_t wanted = entries_.size() + items;
  if (wanted > entries_.capacity()) entries_.reserve(std::max(wanted, entries_.size() + entries_.size() / 2));
}

void StructStore::compact() {
  if (!pool_.has_waste()) return;
  pool_.compact([this](const auto& visit) {
    for (const ClientStructs& client : clients_)
      for (std::size_t i = 0; i < client.size(); ++i) visit(*client[i]);
  });
}

ClientIndex StructStore::look_up_client(ClientId client) const {
  const auto found = indices_.find(client);
  if (found == indices_.end()) return kNoClient;
  last_ = found->second;
  return last_;
}

ClientIndex StructStore::add_client(ClientId client) {
  const auto index = static_cast<ClientIndex>(clients_.size());
  clients_.emplace_back(client, pool_);
  indices_.emplace(client, index);
  return index;
}

const std::string* StructStore::name(std::string_view text) {
  const auto found = names_.find(text);
  return found != names_.end() ? &*found : &*names_.emplace(text).first;
}

const std::string* StructStore::find_name(std::string_view text) const {
  const auto found = names_.find(text);
  return found != names_.end() ? &*found : nullptr;
}

}  // namespace bossey::crdt
