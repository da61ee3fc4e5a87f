// A few threads for work on values: redlines, exports, imports, files of the page. Made by server/app; asked by the
// routes on the network thread. Bounded; it touches no store, room or group.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "worker/worker.hpp"

namespace bossey::api {

class Pool {
 public:
  /// `post` runs answers on the network thread. Over `tasks_max` waiting tasks a thread, new ones are refused.
  Pool(std::size_t threads, std::size_t tasks_max, worker::Post post);

  /// Runs `work` on one of the threads and `done` with its result on the network thread, exactly once.
  template <class T>
  void ask(std::function<Result<T>()> work, std::function<void(Result<T>)> done) {
    worker::ask<T>(least_busy(), post_, std::move(work), std::move(done));
  }

  /// Tasks that no thread has begun.
  [[nodiscard]] std::size_t waiting() const;

  /// Runs what is queued and ends the threads.
  void stop();

 private:
  [[nodiscard]] worker::Worker& least_busy();

  worker::Post post_;
  std::vector<std::unique_ptr<worker::Worker>> workers_;
};

}  // namespace bossey::api
