// One thread with a bounded queue of tasks. Each store that blocks (git, SQLite reads, accounts) owns one, so that
// nothing blocking runs on the network thread. It knows nothing of what the tasks do, and nothing of Asio: answers
// go back through a `Post`, for example `[&](auto f) { boost::asio::post(io, std::move(f)); }`.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/error.hpp"

namespace bossey::worker {

/// Hands a function to the caller's thread. Called from the worker's thread; must not block; must keep the order.
using Post = std::function<void(std::function<void()>)>;

/// For a caller without a thread of its own: the function runs where it is posted.
[[nodiscard]] inline Post run_in_place() {
  return [](const std::function<void()>& function) { function(); };
}

class Worker {
 public:
  using Task = std::function<void()>;

  /// Starts the thread. `name` (at most 15 characters) is what `top -H` shows; over `tasks_max` waiting tasks new
  /// ones are refused.
  Worker(const std::string& name, std::size_t tasks_max);
  /// As stop().
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Queues a task, from any thread, without blocking. Tasks run one after the other in this order. False if the
  /// queue is full or the worker stops; the task is then dropped.
  [[nodiscard]] bool run(Task task);

  /// Runs `task` on the worker's thread when nothing has been queued for `quiet`: once in each pause, and again after
  /// another `quiet` as long as it returns true. Set once, before run().
  void when_idle(std::chrono::milliseconds quiet, std::function<bool()> task);

  /// Runs what is queued, then ends the thread. Safe to call twice; not from a task.
  void stop();

  [[nodiscard]] std::size_t waiting() const;

 private:
  void loop();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  std::size_t tasks_max_;
  std::chrono::milliseconds idle_after_{0};
  std::function<bool()> idle_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Runs `work` on the worker and hands its result to `done` through `post`. If the queue is full, `done` gets
/// Errc::unavailable through `post`, too: it is called exactly once.
template <class T>
void ask(Worker& worker, const Post& post, std::function<Result<T>()> work, std::function<void(Result<T>)> done) {
  const bool queued = worker.run([post, work = std::move(work), done]() {
    auto answer = std::make_shared<Result<T>>(work());
    post([answer, done]() { done(std::move(*answer)); });
  });
  if (!queued) post([done]() { done(fail(Errc::unavailable, "too much is waiting for the store; try again")); });
}

/// The same, waiting for the answer: for start-up, tools and tests. Never on the network thread while it serves.
template <class T>
Result<T> ask_now(Worker& worker, std::function<Result<T>()> work) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto answer = promise->get_future();
  const bool queued = worker.run([promise, work = std::move(work)]() { promise->set_value(work()); });
  if (!queued) return fail(Errc::unavailable, "too much is waiting for the store; try again");
  return answer.get();
}

}  // namespace bossey::worker
