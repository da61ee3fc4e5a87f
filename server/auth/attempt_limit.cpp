#include "auth/attempt_limit.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace bossey::auth {

namespace {

/// IPv4 as it is; of IPv6 the first 64 bits, since one customer usually has all of them.
std::string network_of(std::string_view address) {
  std::string text(address);
  std::array<unsigned char, 16> octets{};
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return text;
  return {reinterpret_cast<const char*>(octets.data()), 8};
}

}  // namespace

bool AttemptLimit::take(std::string_view address, std::int64_t now_ms) {
  if (full_at_ms_.size() >= addresses_max_) {
    std::erase_if(full_at_ms_, [now_ms](const auto& bucket) { return bucket.second <= now_ms; });
    // Still full: somebody uses very many addresses, and forgetting them all costs less than refusing everybody.
    if (full_at_ms_.size() >= addresses_max_) full_at_ms_.clear();
  }
  auto& full_at_ms = full_at_ms_[network_of(address)];
  const auto next = std::max(full_at_ms, now_ms) + refill_ms_;
  if (next - now_ms > refill_ms_ * burst_) return false;
  full_at_ms = next;
  return true;
}

}  // namespace bossey::auth
