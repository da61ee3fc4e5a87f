#include "net/event_loop.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <utility>

#include "net/event_loop_impl.hpp"

namespace bossey::net {
namespace {

namespace asio = boost::asio;

/// Destroying an Asio timer cancels it, but a completion that is due already still runs: `alive` tells.
class LoopTimer final : public Timer {
 public:
  LoopTimer(asio::io_context& io, std::chrono::milliseconds delay, std::function<void()> work)
      : timer_(io, delay), alive_(std::make_shared<bool>(true)) {
    timer_.async_wait([alive = alive_, work = std::move(work)](const boost::system::error_code& error) {
      if (!error && *alive) work();
    });
  }
  ~LoopTimer() override { *alive_ = false; }
  LoopTimer(const LoopTimer&) = delete;
  LoopTimer& operator=(const LoopTimer&) = delete;

 private:
  asio::steady_timer timer_;
  std::shared_ptr<bool> alive_;
};

std::int64_t milliseconds(auto duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}

EventLoop::~EventLoop() = default;

void EventLoop::post(std::function<void()> work) {
  asio::post(impl_->io, std::move(work));
}

std::unique_ptr<Timer> EventLoop::after(std::chrono::milliseconds delay, std::function<void()> work) {
  return std::make_unique<LoopTimer>(impl_->io, delay, std::move(work));
}

std::int64_t EventLoop::now_ms() const {
  return milliseconds(std::chrono::steady_clock::now().time_since_epoch());
}

std::int64_t EventLoop::unix_ms() const {
  return milliseconds(std::chrono::system_clock::now().time_since_epoch());
}

bool EventLoop::on_network_thread() const {
  const std::thread::id running = impl_->thread.load();
  return running == std::thread::id{} || running == std::this_thread::get_id();
}

void EventLoop::run() {
  impl_->thread = std::this_thread::get_id();
  impl_->io.run();
  impl_->thread = std::thread::id{};
}

void EventLoop::stop() {
  impl_->io.stop();
}

void EventLoop::on_stop_signal(std::function<void()> on_signal) {
  impl_->signals = std::make_unique<asio::signal_set>(impl_->io, SIGTERM, SIGINT);
  impl_->signals->async_wait(
      [this, on_signal = std::move(on_signal)](const boost::system::error_code& error, int /*number*/) {
        if (error) return;
        // From here on the system's own handling is back, so that a second signal ends the process.
        impl_->signals->clear();
        on_signal();
      });
}

void EventLoop::on_reload_signal(std::function<void()> on_signal) {
  impl_->on_reload = std::move(on_signal);
  impl_->reload_signals = std::make_unique<asio::signal_set>(impl_->io, SIGHUP);
  impl_->wait_for_reload();
}

void EventLoop::Impl::wait_for_reload() {
  reload_signals->async_wait([this](const boost::system::error_code& error, int /*number*/) {
    if (error) return;
    on_reload();
    wait_for_reload();
  });
}

}  // namespace bossey::net
