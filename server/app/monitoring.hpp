// The monitoring port: /metrics, /healthz and /readyz on a loopback port of its own, so that no proxy can lead to them
// by mistake. Made by Serving if a port is given. Answers nothing else and opens no sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/metrics.hpp"
#include "base/error.hpp"
#include "net/event_loop.hpp"
#include "net/listener.hpp"

namespace bossey::app {

class Monitoring final : public net::HttpHandler, public net::SocketAcceptor {
 public:
  /// Listens at 127.0.0.1. `measure` is called for each request; errors as Listener::open.
  [[nodiscard]] static Result<std::unique_ptr<Monitoring>> open(net::EventLoop& loop, std::uint16_t port,
                                                                std::function<Measurements()> measure);

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }

  void handle(net::HttpRequest request, Respond respond) override;
  [[nodiscard]] std::size_t body_bytes_max(const net::HttpRequest& request) const override;
  [[nodiscard]] Result<std::shared_ptr<net::SocketPeer>> accept(const net::HttpRequest& request,
                                                                std::shared_ptr<net::Outbox> outbox) override;

 private:
  explicit Monitoring(std::function<Measurements()> measure) : measure_(std::move(measure)) {}

  std::function<Measurements()> measure_;
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace bossey::app
