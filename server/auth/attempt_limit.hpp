// How often one address may try something, for sign-in. A bucket an address, in memory, bounded. Used on the network
// thread; knows neither what is tried nor by whom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace bossey::auth {

class AttemptLimit {
 public:
  /// `burst` attempts at once; then one more every `refill_ms`.
  AttemptLimit(std::uint32_t burst, std::int64_t refill_ms, std::size_t addresses_max = 10'000)
      : burst_(burst), refill_ms_(refill_ms), addresses_max_(addresses_max) {}

  /// Takes one attempt; false when there is none left. `now_ms` never goes back. IPv6 addresses of one /64 count as
  /// one.
  [[nodiscard]] bool take(std::string_view address, std::int64_t now_ms);

  [[nodiscard]] std::uint32_t burst() const { return burst_; }
  [[nodiscard]] std::int64_t refill_ms() const { return refill_ms_; }
  [[nodiscard]] std::size_t addresses() const { return full_at_ms_.size(); }

 private:
  std::uint32_t burst_;
  std::int64_t refill_ms_;
  std::size_t addresses_max_;
  /// When the bucket of an address will be full again: one number says all of it.
  std::map<std::string, std::int64_t, std::less<>> full_at_ms_;
};

}  // namespace bossey::auth
