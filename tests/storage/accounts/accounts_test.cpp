#include "accounts/accounts.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "accounts/secret.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::accounts {

namespace {

const GroupId kGroup{"wgig"};

/// The network thread of these tests is the test itself, which runs what was posted.
class Posted {
 public:
  void post(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
    }
    wake_.notify_one();
  }
  void run_one() {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !queue_.empty(); });
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
};

struct Fixture {
  tests::ScratchFolder folder;
  Posted network;

  std::unique_ptr<Accounts> start() {
    return std::make_unique<Accounts>(AccountsStore::open(folder.path() / "accounts.sqlite").value(),
                                      [this](std::function<void()> work) { network.post(std::move(work)); });
  }
};

}  // namespace

TEST_SUITE("accounts/accounts") {
  TEST_CASE_FIXTURE(Fixture, "a change shows in the roll when it is answered, and not before") {
    const auto accounts = start();
    std::optional<PersonId> added;
    accounts->submit([](AccountsStore& store) { return store.add_person(kGroup, "Member", Role::member, "", 1); },
                     [&](Result<PersonId> person) {
                       REQUIRE(person.has_value());
                       CHECK(accounts->roll()->person(*person) != nullptr);
                       added = *person;
                     });
    CHECK(accounts->roll()->members_of(kGroup).empty());
    network.run_one();
    CHECK(added.has_value());
  }

  TEST_CASE_FIXTURE(Fixture, "changes that wait at the end are still made") {
    auto accounts = start();
    int answered = 0;
    for (int i = 0; i < 50; ++i) {
      accounts->submit([](AccountsStore& store) { return store.add_person(kGroup, "Member", Role::member, "", 1); },
                       [&](const Result<PersonId>&) { ++answered; });
    }
    accounts.reset();
    network.run_one();  // an answer that comes after the end touches nothing
    CHECK(answered == 0);
    CHECK(start()->roll()->members_of(kGroup).size() == 50);
  }

  TEST_CASE_FIXTURE(Fixture, "too many waiting changes are refused instead of piling up") {
    const auto accounts = start();
    std::mutex gate;
    gate.lock();
    int refused = 0;
    int made = 0;
    accounts->submit(
        [&gate](AccountsStore&) -> Result<void> {
          const std::lock_guard wait(gate);
          return {};
        },
        [](const Result<void>&) {});
    for (int i = 0; i < 1'100; ++i) {
      accounts->submit([](AccountsStore&) -> Result<void> { return {}; },
                       [&](const Result<void>& result) { result ? ++made : ++refused; });
    }
    gate.unlock();
    for (int i = 0; i < 1'101; ++i) network.run_one();
    CHECK(refused >= 99);
    CHECK(made + refused == 1'100);
  }
}

}  // namespace bossey::accounts
