// One connection once it is a WebSocket: reads messages for its SocketPeer, and writes what the peer sends through a
// queue with a bound in frames and octets. While much waits to be written, nothing is read.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstring>
#include <deque>
#include <optional>
#include <utility>

#include "net/stream.hpp"

namespace bossey::net {
namespace {

namespace asio = boost::asio;
namespace websocket = beast::websocket;
using boost::system::error_code;
using WebSocket = websocket::stream<Stream, false>;
using WaitTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr std::chrono::seconds kCloseTime{5};
constexpr std::size_t kReadBufferKept = 4096;

class WebSocketSession final : public Connection, public Outbox, public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(std::shared_ptr<Door> door, std::string address)
      : door_(std::move(door)), address_(std::move(address)), resume_(door_->loop.impl().io.get_executor()) {}
  WebSocketSession(const WebSocketSession&) = delete;
  WebSocketSession& operator=(const WebSocketSession&) = delete;
  ~WebSocketSession() override { leave(); }

  /// The connection is this object's from now on.
  void take(Stream& stream, std::shared_ptr<SocketPeer> peer);
  static Awaitable run(std::shared_ptr<WebSocketSession> self, std::shared_ptr<RawRequest> request);

  // Outbox
  void send(std::shared_ptr<const Bytes> message) override;
  void close(CloseCode code, std::string reason) override;
  void pause_reading(std::chrono::milliseconds pause) override {
    read_after_ = std::max(read_after_, std::chrono::steady_clock::now() + pause);
  }
  [[nodiscard]] std::size_t buffered_bytes() const override { return queued_bytes_; }
  [[nodiscard]] bool is_open() const override { return !closing_; }

  // Connection
  void stop() override { close(CloseCode::restart, "the server stops; come back in a moment"); }
  void cut() override;
  [[nodiscard]] std::size_t waiting_bytes() const override { return queued_bytes_; }

 private:
  [[nodiscard]] bool is_congested() const { return queued_bytes_ > door_->options.outbound_bytes_max / 2; }
  [[nodiscard]] std::size_t full_mark() const { return std::min(kOutboxFull, door_->options.outbound_bytes_max / 4); }
  [[nodiscard]] bool would_overflow(std::size_t bytes) const;
  void pump();
  void on_written(const error_code& error);
  void start_close();
  void read_on();
  void on_data();
  void deliver();
  void end();
  void leave();

  std::shared_ptr<Door> door_;
  std::string address_;
  std::optional<WebSocket> stream_;
  std::shared_ptr<SocketPeer> peer_;
  Door::Place place_;
  beast::flat_buffer buffer_;
  std::deque<std::shared_ptr<const Bytes>> queue_;
  std::size_t queued_bytes_ = 0;
  WaitTimer resume_;  ///< Waited for while nothing is read; cancelled when the queue has drained, and at the end.
  std::chrono::steady_clock::time_point read_after_;
  std::unique_ptr<Timer> close_deadline_;
  websocket::close_reason close_reason_;
  bool counted_ = false;
  bool open_ = false;  ///< The upgrade is answered.
  bool writing_ = false;
  bool congested_ = false;
  bool was_full_ = false;  ///< The peer hears when it no longer is.
  bool closing_ = false;
  bool close_sent_ = false;
};

void WebSocketSession::take(Stream& stream, std::shared_ptr<SocketPeer> peer) {
  const ListenerOptions& options = door_->options;
  stream.expires_never();
  stream_.emplace(std::move(stream));
  stream_->set_option(websocket::stream_base::timeout{options.header_time, options.socket_idle, true});
  // Counted in on_data instead: Beast closes the connection at once when its own limit is passed, with data unread, so
  // that the client gets a reset and never sees the reason.
  stream_->read_message_max(0);
  stream_->auto_fragment(false);
  stream_->binary(true);
  peer_ = std::move(peer);
  place_ = door_->connections.insert(door_->connections.end(), this);
  counted_ = true;
  ++door_->counters.sockets_open;
  --door_->addresses[address_].plain;
}

Awaitable WebSocketSession::run(std::shared_ptr<WebSocketSession> self, std::shared_ptr<RawRequest> request) {
  const auto [refused] = co_await self->stream_->async_accept(*request, kAwait);
  request.reset();
  self->open_ = !refused;
  if (self->open_) {
    self->pump();
    if (self->closing_) self->start_close();
  }
  while (self->open_) {
    if (self->congested_) {
      self->resume_.expires_after(self->door_->options.write_time);
      const auto [cancelled] = co_await self->resume_.async_wait(kAwait);
      if (!cancelled && self->congested_) break;
    }
    if (self->read_after_ > std::chrono::steady_clock::now()) {
      self->resume_.expires_at(self->read_after_);
      co_await self->resume_.async_wait(kAwait);
      continue;
    }
    const auto [error, size] = co_await self->stream_->async_read_some(self->buffer_, 0, kAwait);
    if (error) break;
    self->on_data();
  }
  self->end();
}

/// A part of a message, or the whole of it, has come.
void WebSocketSession::on_data() {
  if (closing_) return buffer_.consume(buffer_.size());
  if (buffer_.size() > door_->options.message_bytes_max) {
    close(CloseCode::too_big,
          "a message has more than " + std::to_string(door_->options.message_bytes_max) + " octets");
    return buffer_.consume(buffer_.size());
  }
  if (stream_->is_message_done()) deliver();
}

void WebSocketSession::deliver() {
  const auto data = buffer_.cdata();
  ++door_->counters.frames_in;
  door_->counters.bytes_in += data.size();
  if (stream_->got_binary()) {
    // A copy keeps the peer alive if it ends itself in the call.
    const std::shared_ptr<SocketPeer> peer = peer_;
    peer->on_frame({static_cast<const std::uint8_t*>(data.data()), data.size()});
  } else {
    close(CloseCode::unsupported, "send binary messages");
  }
  buffer_.consume(buffer_.size());
  if (buffer_.capacity() > kReadBufferKept) buffer_.shrink_to_fit();
}

bool WebSocketSession::would_overflow(std::size_t bytes) const {
  const ListenerOptions& options = door_->options;
  if (queue_.size() >= options.outbound_frames_max) return true;
  // The text of a large document may pass the bound alone, else it could never be sent.
  return !queue_.empty() && queued_bytes_ + bytes > options.outbound_bytes_max;
}

void WebSocketSession::send(std::shared_ptr<const Bytes> message) {
  if (closing_) return;
  if (would_overflow(message->size())) {
    ++door_->counters.sockets_overflowed;
    // What waits is lost anyway: the client comes back and asks for what it lacks.
    const auto first_waiting = queue_.begin() + (writing_ ? 1 : 0);
    for (auto at = first_waiting; at != queue_.end(); ++at) queued_bytes_ -= (*at)->size();
    queue_.erase(first_waiting, queue_.end());
    close(CloseCode::overloaded, "this client reads too slowly; come back and sync again");
    return;
  }
  queued_bytes_ += message->size();
  queue_.push_back(std::move(message));
  if (is_congested()) congested_ = true;
  if (queued_bytes_ > full_mark()) was_full_ = true;
  pump();
}

void WebSocketSession::pump() {
  if (!open_ || writing_ || queue_.empty()) return;
  writing_ = true;
  const Bytes& message = *queue_.front();
  stream_->async_write(asio::buffer(message.data(), message.size()),
                       [self = shared_from_this()](const error_code& error, std::size_t) { self->on_written(error); });
}

void WebSocketSession::on_written(const error_code& error) {
  writing_ = false;
  const std::size_t size = queue_.front()->size();
  queue_.pop_front();
  queued_bytes_ -= size;
  if (error) return cut();
  ++door_->counters.frames_out;
  door_->counters.bytes_out += size;
  if (congested_ && queued_bytes_ <= door_->options.outbound_bytes_max / 4) {
    congested_ = false;
    resume_.cancel();
  }
  if (was_full_ && queued_bytes_ <= full_mark()) {
    was_full_ = false;
    // A copy keeps the peer alive if it ends itself in the call.
    const std::shared_ptr<SocketPeer> peer = peer_;
    if (!closing_ && peer) peer->on_writable();
  }
  pump();
  if (closing_) start_close();
}

void WebSocketSession::close(CloseCode code, std::string reason) {
  if (closing_) return;
  closing_ = true;
  const auto* const named = std::find_if(kCloseCodes.begin(), kCloseCodes.end(),
                                         [code](const NamedCloseCode& one) { return one.code == code; });
  if (named != kCloseCodes.end()) ++door_->counters.closed.at(static_cast<std::size_t>(named - kCloseCodes.begin()));
  // Cut at a character, not inside one.
  std::size_t size = std::min(reason.size(), close_reason_.reason.max_size());
  while (size > 0 && size < reason.size() && (static_cast<unsigned char>(reason[size]) & 0xC0U) == 0x80U) --size;
  close_reason_.code = static_cast<websocket::close_code>(code);
  close_reason_.reason.assign(reason.data(), size);
  if (!stream_) return;
  close_deadline_ = door_->loop.after(kCloseTime, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->cut();
  });
  // Reading must go on, to see the peer's answer.
  read_on();
  start_close();
}

void WebSocketSession::read_on() {
  congested_ = false;
  read_after_ = {};
  resume_.cancel();
}

void WebSocketSession::start_close() {
  if (!open_ || writing_ || !queue_.empty() || close_sent_) return;
  close_sent_ = true;
  stream_->async_close(close_reason_, [self = shared_from_this()](const error_code&) { self->cut(); });
}

void WebSocketSession::cut() {
  if (!stream_) return;
  closing_ = true;
  read_on();
  error_code ignored;
  static_cast<void>(beast::get_lowest_layer(*stream_).socket().close(ignored));
}

void WebSocketSession::end() {
  cut();
  open_ = false;
  close_deadline_.reset();
  if (const std::shared_ptr<SocketPeer> peer = std::exchange(peer_, nullptr)) peer->on_closed();
  leave();
}

/// The peer may keep this object as its outbox for longer than the socket lives, so the end of the socket counts.
void WebSocketSession::leave() {
  if (!std::exchange(counted_, false)) return;
  door_->connections.erase(place_);
  --door_->counters.sockets_open;
  door_->leave(address_, false);
}

unsigned status_of(Errc code) {
  switch (code) {
    case Errc::signed_out:
      return 401;
    case Errc::forbidden:
      return 403;
    case Errc::not_found:
      return 404;
    case Errc::too_large:
      return 413;
    case Errc::unavailable:
      return 503;
    case Errc::bad_input:
    case Errc::conflict:
    case Errc::corrupt:
    case Errc::io:
      break;
  }
  return 400;
}

}  // namespace

std::optional<HttpResponse> start_socket(const std::shared_ptr<Door>& door, Stream& stream, RawRequest raw,
                                         const HttpRequest& request, const std::string& address) {
  const auto session = std::make_shared<WebSocketSession>(door, address);
  auto peer = door->acceptor.accept(request, session);
  if (!peer) return text_response(status_of(peer.error().code), peer.error().detail);
  session->take(stream, std::move(*peer));
  asio::co_spawn(door->loop.impl().io.get_executor(),
                 WebSocketSession::run(session, std::make_shared<RawRequest>(std::move(raw))), asio::detached);
  return std::nullopt;
}

}  // namespace bossey::net
