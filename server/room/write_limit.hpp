// How fast a person, and an address, may send messages over sockets. Nothing is refused: whoever is over it is read
// from more slowly, so that no word is lost. Asked by the channels for each frame; network thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace bossey::room {

/// `burst` at once, then `per_s` a second.
struct WriteRate {
  std::uint64_t messages_burst = 0;
  std::uint64_t messages_per_s = 1;
  std::uint64_t bytes_burst = 0;
  std::uint64_t bytes_per_s = 1;
};

/// Fast typing is 20 messages a second; a page that comes back with 1,000 documents sends 3,000 at once.
inline constexpr WriteRate kPersonWriteRate{5'000, 400, 48u << 20, 2u << 20};
/// A whole room sits behind one address.
inline constexpr WriteRate kAddressWriteRate{100'000, 10'000, 512u << 20, 64u << 20};
/// No single pause is longer: the peer must still hear that the connection lives.
inline constexpr std::chrono::milliseconds kWritePauseMax{5'000};

class WriteLimit {
 public:
  WriteLimit(WriteRate person, WriteRate address, std::size_t entries_max = 20'000)
      : person_(person), address_(address), entries_max_(entries_max) {}

  /// Counts one message. How long nothing more should be read from its sender; 0 for go on. `now_ms` never goes back.
  [[nodiscard]] std::chrono::milliseconds take(std::optional<PersonId> person, std::string_view address,
                                               std::size_t bytes, std::int64_t now_ms);

  [[nodiscard]] std::size_t entries() const { return full_at_us_.size(); }

 private:
  [[nodiscard]] std::int64_t take_one(std::string key, const WriteRate& rate, std::size_t bytes, std::int64_t now_us);
  void make_room(std::int64_t now_us);

  /// When the buckets of messages and of bytes will be full again.
  struct FullAt {
    std::int64_t messages_us = 0;
    std::int64_t bytes_us = 0;
  };

  WriteRate person_;
  WriteRate address_;
  std::size_t entries_max_;
  std::map<std::string, FullAt, std::less<>> full_at_us_;
};

}  // namespace bossey::room
