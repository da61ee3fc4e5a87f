// Deletes who wrote what when the days for which a group keeps it are over: at start and once a day. Made by
// server/app; the groups say what is due, journal and accounts forget it.
#pragma once

#include <functional>
#include <memory>

#include "accounts/accounts.hpp"
#include "base/error.hpp"
#include "group/groups.hpp"
#include "net/scheduler.hpp"

namespace bossey::api {

class DailyForgetting {
 public:
  /// `done`: told of each group of which people were forgotten, or of what went wrong; for the log, which names nobody.
  DailyForgetting(net::Scheduler& scheduler, accounts::Accounts& accounts, group::Groups& groups,
                  std::function<void(const GroupId&, const Result<void>&)> done);
  ~DailyForgetting();
  DailyForgetting(const DailyForgetting&) = delete;
  DailyForgetting& operator=(const DailyForgetting&) = delete;

  void look_now();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace bossey::api
