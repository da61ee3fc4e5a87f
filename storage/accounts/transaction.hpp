// How a change of the accounts store becomes whole: on disk first, then in memory, or not at all. For the sources of
// AccountsStore only.
#pragma once

#include <memory>
#include <utility>

#include "accounts/accounts_store.hpp"

namespace bossey::accounts {

template <class Change>
auto AccountsStore::transact(Change change) -> decltype(change(std::declval<Roll&>())) {
  auto next = std::make_shared<Roll>(*roll_);
  BOSSEY_TRY_VOID(sqlite::execute(database_.get(), "BEGIN IMMEDIATE", "saving the accounts"));
  auto result = change(*next);
  if (result) {
    if (auto committed = sqlite::execute(database_.get(), "COMMIT", "saving the accounts"); !committed) {
      result = tl::unexpected(std::move(committed).error());
    }
  }
  if (!result) {
    // A failed rollback leaves nothing behind either: the transaction was never committed.
    static_cast<void>(sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr));
    return result;
  }
  roll_ = std::move(next);
  return result;
}

}  // namespace bossey::accounts
