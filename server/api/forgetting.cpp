#include "api/forgetting.hpp"

#include <chrono>
#include <utility>

namespace bossey::api {

namespace {

constexpr std::chrono::hours kEach{24};

}  // namespace

struct DailyForgetting::State : std::enable_shared_from_this<State> {
  State(net::Scheduler& scheduler_, accounts::Accounts& accounts_, group::Groups& groups_,
        std::function<void(const GroupId&, const Result<void>&)> done_)
      : scheduler(scheduler_), accounts(accounts_), groups(groups_), done(std::move(done_)) {}

  net::Scheduler& scheduler;
  accounts::Accounts& accounts;
  group::Groups& groups;
  std::function<void(const GroupId&, const Result<void>&)> done;
  std::unique_ptr<net::Timer> timer;

  void look() {
    for (group::Group* const group : groups.all())
      if (const auto until_s = group->forget_until_s()) forget(*group, *until_s);
    timer = scheduler.after(kEach, [self = weak_from_this()] {
      if (const auto alive = self.lock()) alive->look();
    });
  }

  void forget(group::Group& group, std::int64_t until_s) {
    const GroupId id = group.id();
    group.forget_people(until_s, [self = weak_from_this(), id, until_s](const Result<void>& forgotten) {
      const auto alive = self.lock();
      if (alive == nullptr) return;
      if (!forgotten) return alive->done(id, forgotten);
      alive->accounts.submit(
          [id, until_s](accounts::AccountsStore& store) { return store.forget_attendance(id, until_s); },
          [self, id](const Result<std::size_t>& gone) {
            if (const auto still = self.lock()) still->done(id, gone.map([](std::size_t) {}));
          });
    });
  }
};

DailyForgetting::DailyForgetting(net::Scheduler& scheduler, accounts::Accounts& accounts, group::Groups& groups,
                                 std::function<void(const GroupId&, const Result<void>&)> done)
    : state_(std::make_shared<State>(scheduler, accounts, groups, std::move(done))) {}
DailyForgetting::~DailyForgetting() = default;

void DailyForgetting::look_now() {
  state_->look();
}

}  // namespace bossey::api
