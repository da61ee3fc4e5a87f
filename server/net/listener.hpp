// One listening TCP port for HTTP/1.1 and WebSocket. Made by main, which gives it who answers. The only door into the
// process: every limit on connections, sizes and times is applied here. Knows nothing of documents or persons.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/event_loop.hpp"
#include "net/http.hpp"
#include "net/socket.hpp"

namespace bossey::net {

/// PEM files: the certificate with those of its issuers after it, and its private key.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// What the operating system takes of a peer's messages before it can send them; with the queue's bound 1 MiB.
inline constexpr std::size_t kUnsentBytesMax = 128 * 1024;

/// All limits of the door, with their defaults; docs/formats/limits.md has the same table.
struct ListenerOptions {
  std::string address = "127.0.0.1";  ///< Numeric IPv4 or IPv6.
  std::uint16_t port = 0;             ///< 0: any free port, see Listener::port().

  std::size_t connections_max = 20'000;
  std::size_t connections_per_address_max = 12'000;  ///< A whole room sits behind one address.
  std::size_t plain_per_address_max = 1'000;         ///< Of those, no socket (yet); the idlest one makes place.
  std::size_t header_bytes_max = 16 * 1024;
  std::chrono::milliseconds header_time{10'000};    ///< From connect (or the last answer) to a whole header; else cut.
  std::chrono::milliseconds body_time{60'000};      ///< From header to a whole body; else cut.
  std::chrono::milliseconds respond_time{120'000};  ///< For the handler; then 503.
  std::chrono::milliseconds write_time{120'000};    ///< For one response, or a full queue, to be taken by the peer.
  std::chrono::milliseconds socket_idle{75'000};    ///< A socket that sends nothing, not even a pong, for so long.

  std::size_t message_bytes_max = 16 * 1024 * 1024;
  std::size_t outbound_frames_max = 8'192;
  std::size_t outbound_bytes_max = 896 * 1024;  ///< Of small frames. One larger frame passes when the queue is empty.

  std::optional<TlsFiles> tls;  ///< Set: this port speaks TLS only.

  /// Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: none.
  std::vector<std::string> trusted_proxies;
  /// Origins (scheme://host[:port]) that may open sockets besides the request's own Host.
  std::vector<std::string> allowed_origins;
};

/// Counters since start, for /metrics.
struct ListenerCounters {
  std::uint64_t connections_open = 0;
  std::uint64_t sockets_open = 0;
  std::uint64_t connections_refused = 0;
  std::uint64_t requests = 0;
  std::uint64_t requests_bad = 0;
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t sockets_overflowed = 0;
  std::array<std::uint64_t, kCloseCodes.size()> closed{};  ///< Sockets closed by this server, as in kCloseCodes.
};

/// What waits to be sent to all sockets now, in octets.
struct OutboundQueues {
  std::uint64_t bytes = 0;
  std::uint64_t largest_bytes = 0;
};

/// Accepts connections until stopped. A request that asks for a WebSocket upgrade goes to the acceptor when its
/// Origin is absent, the same host, or allowed (else 403); all others go to the handler. permessage-deflate is off.
class Listener {
 public:
  /// Binds and listens at once. Errors: unavailable (port in use: says which and what to do), bad_input (address, TLS
  /// files).
  /// `loop`, `handler` and `acceptor` outlive the listener.
  [[nodiscard]] static Result<std::unique_ptr<Listener>> open(EventLoop& loop, ListenerOptions options,
                                                              HttpHandler& handler, SocketAcceptor& acceptor);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// The port that was bound.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const ListenerCounters& counters() const;
  /// Reads the TLS files again, for connections that come from now on. On an error the ones read before stay in use.
  [[nodiscard]] Result<void> reload_tls();
  /// Looks at every connection: for /metrics, not for each message.
  [[nodiscard]] OutboundQueues queues() const;

  /// Takes no new connections or requests, closes every socket with 1012, lets answers that are due go out, and
  /// calls `done` when all connections are gone or `deadline` has passed (then the rest is cut). Network thread.
  void stop(std::chrono::milliseconds deadline, std::function<void()> done);

 private:
  struct Impl;
  explicit Listener(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace bossey::net
