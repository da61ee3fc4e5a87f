// The network thread as the rest of the server sees it: post work to it, be called after a while, ask the time.
// event_loop.hpp is the real one; tests of rooms use one whose clock is turned by hand. No Asio type may appear here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace bossey::net {

/// Keeps a timer going; destroying it cancels the call (which then never happens). Lives on the network thread.
class Timer {
 public:
  virtual ~Timer() = default;
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  /// Runs `work` on the network thread, later, in order of posting. From any thread.
  virtual void post(std::function<void()> work) = 0;

  /// Runs `work` once on the network thread after `delay`, unless the returned timer is destroyed before.
  /// On the network thread only.
  [[nodiscard]] virtual std::unique_ptr<Timer> after(std::chrono::milliseconds delay, std::function<void()> work) = 0;

  /// Monotonic milliseconds, for distances of time.
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;

  /// Milliseconds since 1970, UTC.
  [[nodiscard]] virtual std::int64_t unix_ms() const = 0;

  /// True on the network thread (and when the loop is not running at all: start-up and shutdown).
  [[nodiscard]] virtual bool on_network_thread() const = 0;
};

}  // namespace bossey::net
