// What all connections of one listener share: limits, counters, who answers, and who is connected. For the sources of
// server/net only. Network thread.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "net/event_loop_impl.hpp"
#include "net/listener.hpp"

namespace bossey::net {

using Tcp = boost::asio::ip::tcp;
using Awaitable = boost::asio::awaitable<void, Executor>;
/// Gives the error code instead of throwing it.
inline constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>{});

/// One accepted connection, as the door sees it.
class Connection {
 public:
  virtual ~Connection() = default;
  /// The server stops: end in order, as soon as what is being answered is answered.
  virtual void stop() = 0;
  /// End now, without a word.
  virtual void cut() = 0;
  /// Octets that wait to be sent.
  [[nodiscard]] virtual std::size_t waiting_bytes() const { return 0; }
};

struct Door {
  EventLoop& loop;
  ListenerOptions options;
  HttpHandler& handler;
  SocketAcceptor& acceptor;
  ListenerCounters counters;
  bool stopping = false;
  std::shared_ptr<boost::asio::ssl::context> tls;  ///< Null: without.

  using Place = std::list<Connection*>::iterator;

  /// Connections of one address. Those that wait for a request stand in `idle`, oldest first: they are ended first.
  struct Address {
    std::size_t connections = 0;
    std::size_t plain = 0;
    std::list<Connection*> idle;
  };
  std::map<std::string, Address> addresses = {};
  std::list<Connection*> connections = {};
  std::function<void()> on_empty = {};

  /// False when the limits leave no place; an idle plain connection of the same address is ended to make one.
  [[nodiscard]] bool admit(const std::string& address);
  void leave(const std::string& address, bool plain);
};

/// Serves one connection until it ends. Listener calls it for each accepted socket.
void serve_connection(std::shared_ptr<Door> door, boost::asio::basic_stream_socket<Tcp, Executor> socket,
                      std::string address);

}  // namespace bossey::net
