// The network thread of a test: work is posted by stores' threads and run by whoever waits; the clock is turned by
// hand.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include <time.h>

#include "net/scheduler.hpp"

namespace bossey::test {

class HandScheduler final : public net::Scheduler {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
    came_.notify_all();
  }

  std::unique_ptr<net::Timer> after(std::chrono::milliseconds delay, std::function<void()> work) override {
    const std::uint64_t id = ++last_timer_;
    timers_->emplace(std::pair{now_ms_ + delay.count(), id}, std::move(work));
    return std::make_unique<HandTimer>(timers_, std::pair{now_ms_ + delay.count(), id});
  }

  std::int64_t now_ms() const override { return now_ms_; }
  std::int64_t unix_ms() const override { return 1'119'055'260'000 + now_ms_; }  // 18 June 2005 00:41 UTC
  bool on_network_thread() const override { return true; }

  /// Processor time of the longest piece of work so far, to be set to 0.
  double longest_step_ms = 0;

  /// Runs work as a step of the network thread.
  void step(const std::function<void()>& work) {
    const auto now_ms = [] {
      timespec time{};
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
      return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    };
    const double start_ms = now_ms();
    work();
    longest_step_ms = std::max(longest_step_ms, now_ms() - start_ms);
  }

  /// Runs what is posted until `done` holds. False: it does not hold after ten seconds.
  bool run_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) {
      if (done()) return true;
      std::function<void()> work;
      {
        std::unique_lock lock(mutex_);
        if (!came_.wait_until(lock, deadline, [this] { return !posted_.empty(); })) return false;
        work = std::move(posted_.front());
        posted_.pop_front();
      }
      step(work);
    }
  }

  /// The same, while the clock goes on by a second at a time.
  bool run_turning(const std::function<bool()>& done) {
    return run_until([&] {
      advance(std::chrono::seconds(1));
      if (!timers_->empty()) post([] {});
      return done();
    });
  }

  /// Runs what is posted now and what that posts at once; waits for nobody.
  void run_posted() {
    for (;;) {
      std::function<void()> work;
      {
        const std::lock_guard lock(mutex_);
        if (posted_.empty()) return;
        work = std::move(posted_.front());
        posted_.pop_front();
      }
      step(work);
    }
  }

  /// Turns the clock, calling timers in their order.
  void advance(std::chrono::milliseconds time) {
    const std::int64_t end = now_ms_ + time.count();
    while (!timers_->empty() && timers_->begin()->first.first <= end) {
      now_ms_ = std::max(now_ms_, timers_->begin()->first.first);
      const std::function<void()> work = std::move(timers_->begin()->second);
      timers_->erase(timers_->begin());
      step(work);
      run_posted();
    }
    now_ms_ = end;
  }

 private:
  using Timers = std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>>;
  class HandTimer final : public net::Timer {
   public:
    HandTimer(std::shared_ptr<Timers> timers, std::pair<std::int64_t, std::uint64_t> key)
        : timers_(std::move(timers)), key_(key) {}
    ~HandTimer() override { timers_->erase(key_); }

   private:
    std::shared_ptr<Timers> timers_;
    std::pair<std::int64_t, std::uint64_t> key_;
  };

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> posted_;
  std::shared_ptr<Timers> timers_ = std::make_shared<Timers>();
  std::uint64_t last_timer_ = 0;
  std::int64_t now_ms_ = 0;
};

}  // namespace bossey::test
