#include "room/write_limit.hpp"

#include <algorithm>
#include <utility>

namespace bossey::room {

namespace {

constexpr std::int64_t kSecond_us = 1'000'000;

/// What one address or person can be charged ahead: after a flood it is not shut out for long.
constexpr std::int64_t kDebt_us_max = 60 * kSecond_us;

std::int64_t time_of(std::uint64_t amount, std::uint64_t per_s) {
  return static_cast<std::int64_t>(amount * static_cast<std::uint64_t>(kSecond_us) / per_s);
}

/// Charges a bucket; how long until it is back at its burst.
std::int64_t charge(std::int64_t& full_at_us, std::uint64_t amount, std::uint64_t burst, std::uint64_t per_s,
                    std::int64_t now_us) {
  const std::int64_t whole_us = time_of(burst, per_s);
  full_at_us = std::min(std::max(full_at_us, now_us) + time_of(amount, per_s), now_us + whole_us + kDebt_us_max);
  return std::max<std::int64_t>(0, full_at_us - now_us - whole_us);
}

}  // namespace

std::chrono::milliseconds WriteLimit::take(std::optional<PersonId> person, std::string_view address, std::size_t bytes,
                                           std::int64_t now_ms) {
  const std::int64_t now_us = now_ms * 1'000;
  std::int64_t wait_us = take_one(std::string("a").append(address), address_, bytes, now_us);
  if (person) wait_us = std::max(wait_us, take_one("p" + std::to_string(person->value), person_, bytes, now_us));
  return std::min(kWritePauseMax, std::chrono::milliseconds((wait_us + 999) / 1'000));
}

std::int64_t WriteLimit::take_one(std::string key, const WriteRate& rate, std::size_t bytes, std::int64_t now_us) {
  auto at = full_at_us_.find(key);
  if (at == full_at_us_.end()) {
    make_room(now_us);
    at = full_at_us_.emplace(std::move(key), FullAt{}).first;
  }
  FullAt& full = at->second;
  return std::max(charge(full.messages_us, 1, rate.messages_burst, rate.messages_per_s, now_us),
                  charge(full.bytes_us, bytes, rate.bytes_burst, rate.bytes_per_s, now_us));
}

void WriteLimit::make_room(std::int64_t now_us) {
  if (full_at_us_.size() < entries_max_) return;
  std::erase_if(full_at_us_, [now_us](const auto& entry) {
    return entry.second.messages_us <= now_us && entry.second.bytes_us <= now_us;
  });
  // Still full: somebody uses very many addresses, and forgetting them all costs less than slowing everybody.
  if (full_at_us_.size() >= entries_max_) full_at_us_.clear();
}

}  // namespace bossey::room
