#include "net/listener.hpp"

#include <netinet/tcp.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <utility>

#include "net/door.hpp"
#include "net/tls.hpp"

namespace bossey::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Socket = asio::basic_stream_socket<Tcp, Executor>;

/// "::ffff:127.0.0.1" is 127.0.0.1: one address must not count as two.
std::string address_text(asio::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

Error bind_error(const ListenerOptions& options, const error_code& error) {
  const std::string place = options.address + " port " + std::to_string(options.port);
  if (error == asio::error::address_in_use)
    return {Errc::unavailable, place + " is in use by another program; stop it, or choose another port with --port"};
  if (error == asio::error::access_denied)
    return {Errc::forbidden, "not allowed to listen at " + place + "; ports below 1024 need privileges"};
  return {Errc::io, "cannot listen at " + place + ": " + error.message()};
}

Result<Acceptor> open_acceptor(asio::io_context& io, const ListenerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(Errc::bad_input, "'" + options.address + "' is no numeric IP address to listen at");
  const Tcp::endpoint endpoint(address, options.port);
  Acceptor acceptor(io.get_executor());
  static_cast<void>(acceptor.open(endpoint.protocol(), error));
  if (!error) static_cast<void>(acceptor.set_option(asio::socket_base::reuse_address(true), error));
  if (!error) static_cast<void>(acceptor.bind(endpoint, error));
  if (!error) static_cast<void>(acceptor.listen(asio::socket_base::max_listen_connections, error));
  if (error) return tl::unexpected(bind_error(options, error));
  return acceptor;
}

/// Waits a little when the process is out of file descriptors: trying again at once would only spin.
Awaitable pause_accepting(std::shared_ptr<Door> door) {
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> timer(
      door->loop.impl().io.get_executor(), std::chrono::milliseconds(50));
  co_await timer.async_wait(kAwait);
}

Awaitable accept_loop(std::shared_ptr<Door> door, std::shared_ptr<Acceptor> acceptor) {
  while (!door->stopping) {
    auto [error, socket] = co_await acceptor->async_accept(kAwait);
    if (error == asio::error::operation_aborted || !acceptor->is_open()) co_return;
    if (error) {
      co_await pause_accepting(door);
      continue;
    }
    error_code ignored;
    const auto endpoint = socket.remote_endpoint(ignored);
    if (ignored) continue;
    std::string address = address_text(endpoint.address());
    if (!door->admit(address)) {
      ++door->counters.connections_refused;
      continue;
    }
    static_cast<void>(socket.set_option(Tcp::no_delay(true), ignored));
    // Else the system takes megabytes for a peer that reads nothing, and the queue's bound would say too little.
    const int unsent = static_cast<int>(kUnsentBytesMax);
    static_cast<void>(::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent));
    serve_connection(door, Socket(std::move(socket)), std::move(address));
  }
}

}  // namespace

bool Door::admit(const std::string& address) {
  Address& place = addresses[address];
  const bool full =
      counters.connections_open >= options.connections_max || place.connections >= options.connections_per_address_max;
  const bool crowded = place.plain >= options.plain_per_address_max;
  if ((full || crowded) && !place.idle.empty()) place.idle.front()->cut();
  const bool admitted = !stopping && !full && (!crowded || !place.idle.empty());
  if (!admitted) {
    if (place.connections == 0) addresses.erase(address);
    return false;
  }
  ++place.connections;
  ++place.plain;
  ++counters.connections_open;
  return true;
}

void Door::leave(const std::string& address, bool plain) {
  const auto at = addresses.find(address);
  if (plain) --at->second.plain;
  if (--at->second.connections == 0) addresses.erase(at);
  --counters.connections_open;
  if (counters.connections_open == 0 && on_empty) std::exchange(on_empty, {})();
}

struct Listener::Impl {
  std::shared_ptr<Door> door;
  std::shared_ptr<Acceptor> acceptor;
  std::uint16_t port = 0;
  std::unique_ptr<Timer> deadline;
};

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() {
  error_code ignored;
  static_cast<void>(impl_->acceptor->close(ignored));
  impl_->door->stopping = true;
  impl_->door->on_empty = {};
}

Result<std::unique_ptr<Listener>> Listener::open(EventLoop& loop, ListenerOptions options, HttpHandler& handler,
                                                 SocketAcceptor& acceptor) {
  std::shared_ptr<asio::ssl::context> tls;
  if (options.tls) {
    BOSSEY_TRY(tls, load_tls(*options.tls));
  }
  BOSSEY_TRY(Acceptor listening, open_acceptor(loop.impl().io, options));
  auto impl = std::make_shared<Impl>();
  impl->port = listening.local_endpoint().port();
  impl->acceptor = std::make_shared<Acceptor>(std::move(listening));
  impl->door = std::shared_ptr<Door>(new Door{loop, std::move(options), handler, acceptor, {}, false, std::move(tls)});
  asio::co_spawn(loop.impl().io, accept_loop(impl->door, impl->acceptor), asio::detached);
  return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

std::uint16_t Listener::port() const {
  return impl_->port;
}

const ListenerCounters& Listener::counters() const {
  return impl_->door->counters;
}

Result<void> Listener::reload_tls() {
  Door& door = *impl_->door;
  if (!door.options.tls) return {};
  BOSSEY_TRY(door.tls, load_tls(*door.options.tls));
  return {};
}

OutboundQueues Listener::queues() const {
  OutboundQueues queues;
  for (const Connection* connection : impl_->door->connections) {
    queues.bytes += connection->waiting_bytes();
    queues.largest_bytes = std::max<std::uint64_t>(queues.largest_bytes, connection->waiting_bytes());
  }
  return queues;
}

void Listener::stop(std::chrono::milliseconds deadline, std::function<void()> done) {
  const std::shared_ptr<Door> door = impl_->door;
  error_code ignored;
  static_cast<void>(impl_->acceptor->close(ignored));
  door->stopping = true;
  auto once = std::make_shared<std::function<void()>>(std::move(done));
  const auto finish = [once] {
    if (*once) std::exchange(*once, {})();
  };
  door->on_empty = finish;
  // Copied: a connection may leave the list while it is told.
  const std::list<Connection*> connections = door->connections;
  for (Connection* connection : connections) connection->stop();
  if (door->counters.connections_open == 0) {
    door->on_empty = {};
    door->loop.post(finish);
    return;
  }
  impl_->deadline = door->loop.after(deadline, [door, finish] {
    door->on_empty = {};
    const std::list<Connection*> late = door->connections;
    for (Connection* connection : late) connection->cut();
    finish();
  });
}

}  // namespace bossey::net
