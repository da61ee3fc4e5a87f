// The accounts store for the running server: reading is from memory and never waits, changing happens on the store's
// own thread and is answered on the network thread. Made by server/app; used by server/auth and server/api.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "accounts/accounts_store.hpp"

namespace bossey::accounts {

class Accounts {
 public:
  /// Runs work on the network thread, later, in order. Must be callable from any thread.
  using Post = std::function<void(std::function<void()>)>;

  /// Takes over an open store and starts its thread.
  Accounts(std::unique_ptr<AccountsStore> store, Post post);
  /// Does what is queued, then ends the thread. Answers that are posted but not yet run find their own way.
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  /// Everything, as of the last answered change. Network thread.
  [[nodiscard]] std::shared_ptr<const Roll> roll() const { return roll_; }

  /// Runs `change(AccountsStore&) -> Result<T>` on the store's thread and `done(Result<T>)` on the network thread,
  /// after roll() shows the change. unavailable (at once, by post): too many changes are waiting.
  template <class Change, class Done>
  void submit(Change change, Done done) {
    using Answer = std::invoke_result_t<Change, AccountsStore&>;
    // std::function wants copies; the pieces are shared so that move-only answers pass.
    auto finish = std::make_shared<Done>(std::move(done));
    const bool queued = enqueue([change = std::move(change), finish](AccountsStore& store) mutable {
      auto answer = std::make_shared<Answer>(change(store));
      return std::function<void()>([finish, answer] { (*finish)(std::move(*answer)); });
    });
    if (queued) return;
    post_([finish] { (*finish)(Answer(fail(Errc::unavailable, "Too much at once. Try again in a moment."))); });
  }

 private:
  using Job = std::function<std::function<void()>(AccountsStore&)>;

  [[nodiscard]] bool enqueue(Job job);
  void work();

  std::unique_ptr<AccountsStore> store_;
  Post post_;
  std::shared_ptr<const Roll> roll_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // network thread only
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bossey::accounts
