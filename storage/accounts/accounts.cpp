#include "accounts/accounts.hpp"

namespace bossey::accounts {

namespace {
constexpr std::size_t kWaitingJobs_max = 1'000;
}  // namespace

Accounts::Accounts(std::unique_ptr<AccountsStore> store, Post post)
    : store_(std::move(store)), post_(std::move(post)), roll_(store_->roll()) {
  thread_ = std::thread([this] { work(); });
}

Accounts::~Accounts() {
  *alive_ = false;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool Accounts::enqueue(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= kWaitingJobs_max) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Accounts::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    auto answer = job(*store_);
    post_([this, alive = alive_, roll = store_->roll(), answer = std::move(answer)]() mutable {
      if (!*alive) return;  // the server has ended; nobody waits for the answer
      roll_ = std::move(roll);
      answer();
    });
  }
}

}  // namespace bossey::accounts
