// The one network thread's loop: owned by main, which calls run(). Rooms, handlers and sockets all live on it, so
// none of them needs a lock (docs/decisions). Blocking work must not be posted here.
#pragma once

#include <functional>
#include <memory>

#include "net/scheduler.hpp"

namespace bossey::net {

class EventLoop final : public Scheduler {
 public:
  EventLoop();
  ~EventLoop() override;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void post(std::function<void()> work) override;
  [[nodiscard]] std::unique_ptr<Timer> after(std::chrono::milliseconds delay, std::function<void()> work) override;
  [[nodiscard]] std::int64_t now_ms() const override;
  [[nodiscard]] std::int64_t unix_ms() const override;
  [[nodiscard]] bool on_network_thread() const override;

  /// Runs work on the calling thread until stop(). An exception from posted work ends the process: input must
  /// never cause one.
  void run();

  /// Makes run() return soon. From any thread.
  void stop();

  /// `on_signal` is called on the network thread at the first SIGTERM or SIGINT; a second one ends the process.
  void on_stop_signal(std::function<void()> on_signal);

  /// `on_signal` is called on the network thread at each SIGHUP. Without this call SIGHUP ends the process.
  void on_reload_signal(std::function<void()> on_signal);

  /// Asio's io_context, opaque here; only the sources of server/net look inside.
  struct Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace bossey::net
