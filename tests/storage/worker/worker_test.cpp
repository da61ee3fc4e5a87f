#include "worker/worker.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <vector>

using namespace bossey;
using namespace std::chrono_literals;
using bossey::worker::Worker;

TEST_SUITE("worker/worker") {
  TEST_CASE("tasks run one after the other in the order of the calls, and all of them before stop returns") {
    std::vector<int> ran;
    Worker worker("test", 1000);
    for (int i = 0; i < 100; ++i) REQUIRE(worker.run([&ran, i] { ran.push_back(i); }));
    worker.stop();
    REQUIRE(ran.size() == 100);
    for (int i = 0; i < 100; ++i) CHECK(ran[static_cast<std::size_t>(i)] == i);
    CHECK_FALSE(worker.run([] {}));
  }

  TEST_CASE("over its bound a task is refused, and the caller is told through post") {
    std::promise<void> gate;
    std::promise<void> started;
    Worker worker("test", 1);
    REQUIRE(worker.run([&] {
      started.set_value();
      gate.get_future().wait();
    }));
    started.get_future().wait();
    REQUIRE(worker.run([] {}));
    CHECK(worker.waiting() == 1);
    CHECK_FALSE(worker.run([] {}));
    Result<int> answer = 0;
    worker::ask<int>(
        worker, worker::run_in_place(), [] { return Result<int>(1); }, [&](Result<int> result) { answer = result; });
    CHECK(answer.error().code == Errc::unavailable);
    gate.set_value();
  }

  TEST_CASE("an answer comes back through post") {
    std::promise<int> answer;
    std::atomic<int> posted = 0;
    Worker worker("test", 10);
    const worker::Post post = [&](const std::function<void()>& function) {
      ++posted;
      function();
    };
    worker::ask<int>(
        worker, post, [] { return Result<int>(41); }, [&](Result<int> result) { answer.set_value(*result + 1); });
    CHECK(answer.get_future().get() == 42);
    CHECK(posted == 1);
    CHECK(worker::ask_now<int>(worker, [] { return Result<int>(7); }).value() == 7);
  }

  TEST_CASE("the idle task runs once for each pause, and again as long as it asks for it") {
    std::atomic<int> idle = 0;
    std::promise<void> first;
    std::promise<void> fourth;
    Worker worker("test", 10);
    worker.when_idle(1ms, [&] {
      const int now = ++idle;
      if (now == 1) first.set_value();
      if (now == 4) fourth.set_value();
      return now == 2 || now == 3;
    });
    first.get_future().wait();
    REQUIRE(worker.run([] {}));
    fourth.get_future().wait();
    worker.stop();
    CHECK(idle == 4);
  }
}
