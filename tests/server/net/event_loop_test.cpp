#include "net/event_loop.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <thread>
#include <vector>

using namespace bossey;
using std::chrono::milliseconds;

TEST_SUITE("net/event_loop") {
  TEST_CASE("posted work runs in order, from any thread, and timers after their delay") {
    net::EventLoop loop;
    std::vector<int> order;
    std::thread other([&] {
      loop.post([&] { order.push_back(1); });
      loop.post([&] { order.push_back(2); });
    });
    other.join();
    const auto timer = loop.after(milliseconds(20), [&] {
      order.push_back(3);
      loop.stop();
    });
    loop.run();
    CHECK(order == std::vector<int>{1, 2, 3});
  }

  TEST_CASE("a timer that is destroyed never calls, even when it is due already") {
    net::EventLoop loop;
    bool called = false;
    auto timer = loop.after(milliseconds(0), [&] { called = true; });
    std::this_thread::sleep_for(milliseconds(5));
    loop.post([&] { timer.reset(); });
    const auto end = loop.after(milliseconds(20), [&] { loop.stop(); });
    timer.reset();
    loop.run();
    CHECK_FALSE(called);
  }

  TEST_CASE("a signal is told on the loop") {
    net::EventLoop loop;
    bool told = false;
    loop.on_stop_signal([&] {
      told = loop.on_network_thread();
      loop.stop();
    });
    loop.post([] { std::raise(SIGTERM); });
    loop.run();
    CHECK(told);
  }
}
