// The inside of EventLoop, for the sources of server/net only.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <memory>
#include <thread>

#include "net/event_loop.hpp"

namespace bossey::net {

using Executor = boost::asio::io_context::executor_type;

struct EventLoop::Impl {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<Executor> work{io.get_executor()};
  std::unique_ptr<boost::asio::signal_set> signals;
  std::unique_ptr<boost::asio::signal_set> reload_signals;
  std::function<void()> on_reload;

  void wait_for_reload();
  std::atomic<std::thread::id> thread{};
};

}  // namespace bossey::net
