#include "api/pool.hpp"

#include <algorithm>

namespace bossey::api {

Pool::Pool(std::size_t threads, std::size_t tasks_max, worker::Post post) : post_(std::move(post)) {
  for (std::size_t i = 0; i < threads; ++i) {
    workers_.push_back(std::make_unique<worker::Worker>("pool-" + std::to_string(i), tasks_max));
  }
}

void Pool::stop() {
  for (const auto& worker : workers_) worker->stop();
}

std::size_t Pool::waiting() const {
  std::size_t tasks = 0;
  for (const auto& worker : workers_) tasks += worker->waiting();
  return tasks;
}

worker::Worker& Pool::least_busy() {
  return **std::min_element(workers_.begin(), workers_.end(),
                            [](const auto& a, const auto& b) { return a->waiting() < b->waiting(); });
}

}  // namespace bossey::api
