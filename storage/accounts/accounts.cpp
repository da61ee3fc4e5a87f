#include "accounts/accounts.hpp"

namespace bossey::accounts {

namespace {
constexpr std::size_t kWaiting_max = 1'000;
}  // namespace

Accounts::Accounts(std::unique_ptr<AccountsStore> store, worker::Post post)
    : store_(std::move(store)), post_(std::move(post)), roll_(store_->roll()), worker_("accounts", kWaiting_max) {}

Accounts::~Accounts() {
  *alive_ = false;
  worker_.stop();
}

}  // namespace bossey::accounts
