// The accounts store for the running server: reading is from memory and never waits, changing happens on the store's
// own thread and is answered on the network thread. Made by server/app; used by server/auth and server/api.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "accounts/accounts_store.hpp"
#include "worker/worker.hpp"

namespace bossey::accounts {

class Accounts {
 public:
  /// Takes over an open store and starts its thread. `post` runs answers on the network thread, in order.
  Accounts(std::unique_ptr<AccountsStore> store, worker::Post post);
  /// Does what is queued, then ends the thread. Answers that are posted but have not run yet never will.
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  /// Everything, as of the last answered change. Network thread.
  [[nodiscard]] std::shared_ptr<const Roll> roll() const { return roll_; }

  /// Runs `change(AccountsStore&) -> Result<T>` on the store's thread and `done(Result<T>)` on the network thread,
  /// after roll() shows the change. Errc::unavailable, by post: too many changes are waiting.
  template <class Change, class Done>
  void submit(Change change, Done done) {
    using Answer = std::invoke_result_t<Change, AccountsStore&>;
    const bool queued = worker_.run([this, alive = alive_, post = post_, change = std::move(change), done]() mutable {
      auto answer = std::make_shared<Answer>(change(*store_));
      post([this, alive, roll = store_->roll(), answer, done]() mutable {
        if (!*alive) return;  // the server has ended; nobody waits for the answer
        roll_ = std::move(roll);
        done(std::move(*answer));
      });
    });
    if (queued) return;
    post_([done]() mutable { done(Answer(fail(Errc::unavailable, "Too much at once. Try again in a moment."))); });
  }

 private:
  std::unique_ptr<AccountsStore> store_;  ///< Touched on the worker's thread only.
  worker::Post post_;
  std::shared_ptr<const Roll> roll_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< Read and written on the network thread only.
  worker::Worker worker_;                                       ///< Last: its thread uses the others.
};

}  // namespace bossey::accounts
