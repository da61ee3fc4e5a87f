#include "worker/worker.hpp"

#include <pthread.h>

namespace bossey::worker {

Worker::Worker(const std::string& name, std::size_t tasks_max) : tasks_max_(tasks_max) {
  thread_ = std::thread(&Worker::loop, this);
  pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
}

Worker::~Worker() {
  stop();
}

bool Worker::run(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || tasks_.size() >= tasks_max_) return false;
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

void Worker::when_idle(std::chrono::milliseconds quiet, std::function<bool()> task) {
  {
    const std::lock_guard lock(mutex_);
    idle_after_ = quiet;
    idle_ = std::move(task);
  }
  wake_.notify_one();
}

void Worker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::size_t Worker::waiting() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

void Worker::loop() {
  std::unique_lock lock(mutex_);
  const auto has_work = [this] { return stopping_ || !tasks_.empty(); };
  bool idle_done = false;
  for (;;) {
    if (idle_ && !idle_done) {
      if (!wake_.wait_for(lock, idle_after_, has_work)) {
        const auto idle = idle_;
        lock.unlock();
        const bool again = idle();
        lock.lock();
        idle_done = !again;
        continue;
      }
    } else {
      // Also wakes when an idle task is set, which happens before the first task.
      wake_.wait(lock, [&] { return has_work() || (idle_ && !idle_done); });
      if (!has_work()) continue;
    }
    if (tasks_.empty()) return;
    const Task task = std::move(tasks_.front());
    tasks_.pop_front();
    idle_done = false;
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace bossey::worker
