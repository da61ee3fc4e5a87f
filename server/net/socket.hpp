// WebSockets as bytes: three small abstract classes between the listener and whoever speaks a protocol over a
// socket (server/room). Everything is called on the network thread. No Beast or Asio type may appear here.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "net/http.hpp"

namespace bossey::net {

/// WebSocket close codes that Bossey sends (docs/formats/sync.md has the table with reasons).
enum class CloseCode : std::uint16_t {
  going_away = 1001,    ///< The server ends this socket in order; idle.
  unsupported = 1003,   ///< A text frame.
  too_big = 1009,       ///< A message over the limit.
  internal = 1011,      ///< The server failed.
  restart = 1012,       ///< The server stops or starts again: come back.
  overloaded = 1013,    ///< The outbound queue is full: come back and resync by state vector.
  reset = 4205,         ///< Too much before authentication, or the session must start afresh.
  bad_frame = 4400,     ///< A frame that is no frame of the protocol.
  unauthorized = 4401,  ///< The token or cookie is unknown or has ended.
  forbidden = 4403,     ///< Known, but not allowed.
  timed_out = 4408,     ///< Nothing was heard for too long.
};

struct NamedCloseCode {
  CloseCode code;
  std::string_view name;  ///< The value of the label `reason` in /metrics.
};

/// All of them, each with the name under which it is counted.
inline constexpr std::array<NamedCloseCode, 11> kCloseCodes = {{
    {CloseCode::going_away, "going_away"},
    {CloseCode::unsupported, "text_message"},
    {CloseCode::too_big, "too_big"},
    {CloseCode::internal, "internal"},
    {CloseCode::restart, "restart"},
    {CloseCode::overloaded, "overloaded"},
    {CloseCode::reset, "too_much"},
    {CloseCode::bad_frame, "malformed"},
    {CloseCode::unauthorized, "unauthorized"},
    {CloseCode::forbidden, "forbidden"},
    {CloseCode::timed_out, "timed_out"},
}};

/// Above this many octets in the queue, large messages that can wait should wait for SocketPeer::on_writable.
inline constexpr std::size_t kOutboxFull = 256 * 1024;

/// What may be sent to one socket. Owned by the socket; holding it does not keep the socket open, and every call on
/// a closed one does nothing.
class Outbox {
 public:
  virtual ~Outbox() = default;

  /// Queues one binary message. Never blocks. When the queue would exceed its bound in frames or bytes the socket
  /// is closed with 1013 instead and the message is dropped with it.
  virtual void send(std::shared_ptr<const Bytes> message) = 0;

  /// Closes after what is queued has been written, or at once when the peer does not read. The reason is cut to the
  /// 123 octets that fit. Later sends do nothing.
  virtual void close(CloseCode code, std::string reason) = 0;

  /// Reads nothing more from this socket for so long: for peers that send too fast. A later call may lengthen it. Does
  /// nothing where there is no socket to read from.
  virtual void pause_reading(std::chrono::milliseconds pause) { static_cast<void>(pause); }

  /// Octets queued and not yet handed to the operating system.
  [[nodiscard]] virtual std::size_t buffered_bytes() const = 0;
  [[nodiscard]] virtual bool is_open() const = 0;
};

/// The other end of one open socket, made by a SocketAcceptor.
class SocketPeer {
 public:
  virtual ~SocketPeer() = default;

  /// One complete binary message; the view is valid during the call only. Not called after a close() on the Outbox.
  virtual void on_frame(BytesView message) = 0;

  /// The outbound queue was over kOutboxFull, or over a quarter of its bound if that is less, and has fallen to it:
  /// what was put off (the text of a large document) may be sent now. Follows every time that the queue was so full.
  virtual void on_writable() {}

  /// The socket is gone, for whatever reason. Called exactly once, last.
  virtual void on_closed() = 0;
};

/// Decides about an upgrade request, before anything is answered.
class SocketAcceptor {
 public:
  virtual ~SocketAcceptor() = default;

  /// A peer, or why not: forbidden -> 403, signed_out -> 401, not_found -> 404, unavailable -> 503, else 400.
  /// Frames arrive only after this has returned; the outbox may be used at once.
  [[nodiscard]] virtual Result<std::shared_ptr<SocketPeer>> accept(const HttpRequest& request,
                                                                   std::shared_ptr<Outbox> outbox) = 0;
};

}  // namespace bossey::net
