// One connection once it is a WebSocket: reads messages for its SocketPeer, and writes what the peer sends through a
// queue with a bound in frames and octets. While much waits to be written, nothing is read. What one turn of the loop
// queues goes to the system in one call. Without TLS an idle connection holds no buffer.
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include "net/stream.hpp"
#include "net/websocket_frames.hpp"

namespace bossey::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::int64_t kCloseTime_ms = 5'000;
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kTlsReadBytes = 4 * 1024;
/// Reads of one socket in one turn: others want theirs, too.
constexpr int kReadsInTurn = 4;
constexpr std::size_t kFramesAtOnce = 32;
/// With so much queued in one turn, writing does not wait for its end.
constexpr std::size_t kWriteNowBytes = 64 * 1024;
constexpr std::size_t kWriteNowFrames = 256;

class WebSocketSession final : public Connection, public Outbox, public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(std::shared_ptr<Door> door, std::string address)
      : door_(std::move(door)), address_(std::move(address)), reader_(door_->options.message_bytes_max) {}
  WebSocketSession(const WebSocketSession&) = delete;
  WebSocketSession& operator=(const WebSocketSession&) = delete;
  ~WebSocketSession() override { leave(); }

  /// The connection is this object's from now on. `head`: the answer to the upgrade.
  void start(Stream& stream, std::shared_ptr<SocketPeer> peer, const std::string& head);

  // Outbox
  void send(std::shared_ptr<const Bytes> message) override;
  void close(CloseCode code, std::string reason) override;
  void pause_reading(std::chrono::milliseconds pause) override;
  [[nodiscard]] std::size_t buffered_bytes() const override { return queued_bytes_; }
  [[nodiscard]] bool is_open() const override { return !closing_; }

  // Connection
  void stop() override { close(CloseCode::restart, "the server stops; come back in a moment"); }
  void cut() override;
  void flush() override;
  void tick(std::int64_t now_ms) override;
  [[nodiscard]] std::size_t waiting_bytes() const override { return queued_bytes_; }

 private:
  using Handler = void (WebSocketSession::*)(const error_code&, std::size_t);
  struct Outgoing {
    std::shared_ptr<const Bytes> payload;
    bool raw = false;  ///< The answer to the upgrade: no frame.
    Opcode opcode = Opcode::binary;
  };

  [[nodiscard]] const ListenerOptions& options() const { return door_->options; }
  [[nodiscard]] std::size_t waiting_frames() const { return queue_.size() - first_; }
  [[nodiscard]] bool is_congested() const {
    return queued_bytes_ > options().outbound_bytes_max / 2 || waiting_frames() > options().outbound_frames_max / 2;
  }
  [[nodiscard]] bool has_drained() const {
    return queued_bytes_ <= options().outbound_bytes_max / 4 && waiting_frames() <= options().outbound_frames_max / 4;
  }
  [[nodiscard]] std::size_t full_mark() const { return std::min(kOutboxFull, options().outbound_bytes_max / 4); }
  [[nodiscard]] bool would_overflow(std::size_t bytes) const;
  [[nodiscard]] bool may_read() const { return tls_ && deaf_ ? false : closing_ || (!congested_ && !resume_); }
  void push(Outgoing outgoing);
  void push_control(Opcode opcode, BytesView payload);

  void read();
  void on_readable(const error_code& error);
  void on_tls_read(const error_code& error, std::size_t size);
  void take_in(std::span<std::uint8_t> input);
  void on_step(const FrameReader::Step& step);
  void go_on();

  void write_plain();
  void write_tls();
  void on_tls_written(const error_code& error);
  void written(std::size_t bytes);
  void after_writing();
  void finish();
  void end();
  void leave();

  std::shared_ptr<Door> door_;
  std::string address_;
  std::optional<Stream::Socket> socket_;  ///< Without TLS.
  std::optional<Stream> tls_;
  std::shared_ptr<SocketPeer> peer_;
  Door::Place place_;
  FrameReader reader_;
  Bytes rest_;  ///< Read, and kept back while nothing more may be read.
  std::unique_ptr<std::array<std::uint8_t, kTlsReadBytes>> tls_in_;
  Bytes tls_out_;
  std::vector<Outgoing> queue_;
  std::size_t first_ = 0;          ///< Of the queue: those before it are written.
  std::size_t first_written_ = 0;  ///< Octets of the first one, its head included.
  std::size_t queued_bytes_ = 0;
  std::unique_ptr<Timer> resume_;  ///< Set while reading is paused.
  std::int64_t heard_ms_ = 0;
  std::int64_t stuck_since_ms_ = 0;  ///< Since when it is congested, or closing.
  bool counted_ = false;
  bool dirty_ = false;    ///< Waits for flush().
  bool reading_ = false;  ///< A read is under way.
  bool writing_ = false;  ///< The system takes nothing more just now, or TLS is at work.
  bool pinged_ = false;
  bool congested_ = false;
  bool was_full_ = false;  ///< The peer hears when it no longer is.
  bool closing_ = false;
  bool close_sent_ = false;
  bool deaf_ = false;       ///< What comes is no protocol: it is thrown away.
  bool finishing_ = false;  ///< TLS ends.
  bool ended_ = false;
};

void WebSocketSession::start(Stream& stream, std::shared_ptr<SocketPeer> peer, const std::string& head) {
  stream.expires_never();
  if (stream.tls() != nullptr) {
    tls_.emplace(std::move(stream));
    tls_in_ = std::make_unique<std::array<std::uint8_t, kTlsReadBytes>>();
  } else {
    socket_.emplace(stream.plain().release_socket());
  }
  peer_ = std::move(peer);
  place_ = door_->connections.insert(door_->connections.end(), this);
  counted_ = true;
  ++door_->counters.sockets_open;
  --door_->addresses[address_].plain;
  heard_ms_ = door_->loop.now_ms();
  // Before what the peer may have sent already.
  queue_.insert(queue_.begin(), Outgoing{std::make_shared<const Bytes>(head.begin(), head.end()), true});
  queued_bytes_ += head.size();
  dirty_ = true;
  door_->flush_soon(shared_from_this());
  door_->watch_sockets();
  read();
}

// --- reading ---

void WebSocketSession::read() {
  if (reading_ || ended_ || !may_read()) return;
  reading_ = true;
  if (socket_) {
    socket_->async_wait(asio::socket_base::wait_read,
                        [self = shared_from_this()](const error_code& error) { self->on_readable(error); });
  } else {
    tls_->async_read_some(
        asio::buffer(*tls_in_),
        [self = shared_from_this()](const error_code& error, std::size_t size) { self->on_tls_read(error, size); });
  }
}

void WebSocketSession::on_readable(const error_code& error) {
  reading_ = false;
  if (error || !socket_->is_open()) return end();
  static std::array<std::uint8_t, kReadBytes> buffer;  // one thread, and nothing stays in it
  for (int i = 0; i < kReadsInTurn && may_read(); ++i) {
    const auto size = ::recv(socket_->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) break;
    if (size <= 0) return end();
    take_in(std::span(buffer).first(static_cast<std::size_t>(size)));
    if (!socket_->is_open()) return end();
    if (static_cast<std::size_t>(size) < buffer.size()) break;
  }
  read();
}

void WebSocketSession::on_tls_read(const error_code& error, std::size_t size) {
  reading_ = false;
  if (error) return end();
  take_in(std::span(*tls_in_).first(size));
  read();
}

void WebSocketSession::take_in(std::span<std::uint8_t> input) {
  heard_ms_ = door_->loop.now_ms();
  pinged_ = false;
  while (!input.empty() && !deaf_ && !ended_) {
    if (!may_read()) {
      rest_.insert(rest_.end(), input.begin(), input.end());
      return;
    }
    const FrameReader::Step step = reader_.read(input);
    input = input.subspan(step.consumed);
    on_step(step);
  }
}

void WebSocketSession::on_step(const FrameReader::Step& step) {
  using Event = FrameReader::Event;
  if (closing_ && step.event != Event::close && step.event != Event::violation) return;
  switch (step.event) {
    case Event::none:
    case Event::pong:
      return;
    case Event::message: {
      ++door_->counters.frames_in;
      door_->counters.bytes_in += step.payload.size();
      // A copy keeps the peer alive if it ends itself in the call.
      const std::shared_ptr<SocketPeer> peer = peer_;
      if (peer) peer->on_frame(step.payload);
      return;
    }
    case Event::text:
      return close(CloseCode::unsupported, "send binary messages");
    case Event::too_big:
      return close(CloseCode::too_big,
                   "a message has more than " + std::to_string(options().message_bytes_max) + " octets");
    case Event::ping:
      return push_control(Opcode::pong, step.payload);
    case Event::close:
      // The answer to ours, or the first: then it is sent back.
      if (close_sent_ && waiting_frames() == 0) return finish();
      if (close_sent_) {
        // Both close at once; ours has not left yet, and must.
        deaf_ = true;
        return;
      }
      closing_ = true;
      close_sent_ = true;
      stuck_since_ms_ = door_->loop.now_ms();
      push_control(Opcode::close, step.payload.first(std::min<std::size_t>(step.payload.size(), 2)));
      deaf_ = true;
      return;
    case Event::violation:
      deaf_ = true;
      return close(CloseCode::protocol, "this is no WebSocket frame");
  }
}

/// Reading goes on after a pause or a full queue, first with what was kept back.
void WebSocketSession::go_on() {
  if (ended_ || !may_read()) return;
  Bytes rest = std::exchange(rest_, {});
  take_in(rest);
  read();
}

void WebSocketSession::pause_reading(std::chrono::milliseconds pause) {
  if (closing_) return;
  resume_ = door_->loop.after(pause, [self = shared_from_this()] {
    self->resume_.reset();
    self->go_on();
  });
}

// --- writing ---

bool WebSocketSession::would_overflow(std::size_t bytes) const {
  if (waiting_frames() >= options().outbound_frames_max) return true;
  // The text of a large document may pass the bound alone, else it could never be sent.
  return waiting_frames() != 0 && queued_bytes_ + bytes > options().outbound_bytes_max;
}

void WebSocketSession::send(std::shared_ptr<const Bytes> message) {
  if (closing_) return;
  if (would_overflow(message->size()) && !writing_) flush();
  if (closing_ || ended_) return;
  if (would_overflow(message->size())) {
    ++door_->counters.sockets_overflowed;
    // What waits is lost anyway: the client comes back and asks for what it lacks.
    const std::size_t kept = first_ + (first_written_ > 0 || writing_ ? 1 : 0);
    for (std::size_t i = kept; i < queue_.size(); ++i) queued_bytes_ -= queue_[i].payload->size();
    queue_.resize(std::min(kept, queue_.size()));
    close(CloseCode::overloaded, "this client reads too slowly; come back and sync again");
    return;
  }
  push({std::move(message), false, Opcode::binary});
  if (is_congested() && !std::exchange(congested_, true)) stuck_since_ms_ = door_->loop.now_ms();
  if (queued_bytes_ > full_mark()) was_full_ = true;
}

void WebSocketSession::push(Outgoing outgoing) {
  queued_bytes_ += outgoing.payload->size();
  queue_.push_back(std::move(outgoing));
  // Not before start(): the peer may speak while the upgrade is still being decided.
  if (counted_ && !writing_ && !std::exchange(dirty_, true)) door_->flush_soon(shared_from_this());
}

void WebSocketSession::push_control(Opcode opcode, BytesView payload) {
  push({std::make_shared<const Bytes>(payload.begin(), payload.end()), false, opcode});
}

void WebSocketSession::close(CloseCode code, std::string reason) {
  if (closing_) return;
  closing_ = true;
  const auto* const named = std::find_if(kCloseCodes.begin(), kCloseCodes.end(),
                                         [code](const NamedCloseCode& one) { return one.code == code; });
  if (named != kCloseCodes.end()) ++door_->counters.closed.at(static_cast<std::size_t>(named - kCloseCodes.begin()));
  stuck_since_ms_ = door_->loop.now_ms();
  close_sent_ = true;
  push_control(Opcode::close, close_payload(static_cast<std::uint16_t>(code), reason));
  // Reading must go on, to see the peer's answer. Not from here: the caller may be in the middle of a frame.
  congested_ = false;
  resume_.reset();
  if (counted_) door_->loop.post([self = shared_from_this()] { self->go_on(); });
}

void WebSocketSession::flush() {
  dirty_ = false;
  if (writing_ || ended_ || !counted_) return;
  socket_ ? write_plain() : write_tls();
}

void WebSocketSession::write_plain() {
  while (waiting_frames() != 0) {
    std::array<FrameHead, kFramesAtOnce> heads;
    std::array<iovec, 2 * kFramesAtOnce> parts{};
    const std::size_t count = std::min(waiting_frames(), kFramesAtOnce);
    std::size_t used = 0;
    std::size_t skip = first_written_;
    const auto add = [&](const std::uint8_t* octets, std::size_t size) {
      const std::size_t skipped = std::min(skip, size);
      skip -= skipped;
      if (size > skipped) parts.at(used++) = {const_cast<std::uint8_t*>(octets + skipped), size - skipped};
    };
    for (std::size_t i = 0; i < count; ++i) {
      const Outgoing& one = queue_[first_ + i];
      if (!one.raw) {
        heads.at(i) = frame_head(one.opcode, one.payload->size());
        add(heads.at(i).octets.data(), heads.at(i).size);
      }
      add(one.payload->data(), one.payload->size());
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = used;
    const auto size = ::sendmsg(socket_->native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      writing_ = true;
      socket_->async_wait(asio::socket_base::wait_write, [self = shared_from_this()](const error_code& error) {
        self->writing_ = false;
        if (!error) self->flush();
      });
      return after_writing();
    }
    if (size < 0 && errno != EINTR) return cut();
    if (size > 0) written(static_cast<std::size_t>(size));
  }
  after_writing();
}

void WebSocketSession::write_tls() {
  if (waiting_frames() == 0) return after_writing();
  tls_out_.clear();
  for (std::size_t i = first_; i < queue_.size() && tls_out_.size() < kWriteNowBytes; ++i) {
    const Outgoing& one = queue_[i];
    if (!one.raw) {
      const FrameHead head = frame_head(one.opcode, one.payload->size());
      tls_out_.insert(tls_out_.end(), head.octets.begin(), head.octets.begin() + head.size);
    }
    tls_out_.insert(tls_out_.end(), one.payload->begin(), one.payload->end());
  }
  writing_ = true;
  asio::async_write(*tls_, asio::buffer(tls_out_),
                    [self = shared_from_this()](const error_code& error, std::size_t) { self->on_tls_written(error); });
}

void WebSocketSession::on_tls_written(const error_code& error) {
  writing_ = false;
  if (error) return cut();
  written(tls_out_.size());
  tls_out_ = {};
  after_writing();
  flush();
}

/// So many octets, heads included, have gone.
void WebSocketSession::written(std::size_t bytes) {
  first_written_ += bytes;
  while (first_ < queue_.size()) {
    const Outgoing& one = queue_[first_];
    const std::size_t payload = one.payload->size();
    const std::size_t whole = payload + (one.raw ? 0 : frame_head(one.opcode, payload).size);
    if (first_written_ < whole) break;
    first_written_ -= whole;
    queued_bytes_ -= payload;
    if (!one.raw && one.opcode == Opcode::binary) {
      ++door_->counters.frames_out;
      door_->counters.bytes_out += payload;
    }
    queue_[first_++].payload.reset();
  }
  if (first_ == queue_.size()) {
    queue_ = {};
    first_ = 0;
  } else if (first_ > kWriteNowFrames) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void WebSocketSession::after_writing() {
  if (congested_ && has_drained()) {
    congested_ = false;
    door_->loop.post([self = shared_from_this()] { self->go_on(); });
  }
  if (was_full_ && queued_bytes_ <= full_mark()) {
    was_full_ = false;
    // Posted: the peer may be in the middle of sending.
    door_->loop.post([self = shared_from_this()] {
      const std::shared_ptr<SocketPeer> peer = self->peer_;
      if (!self->closing_ && peer) peer->on_writable();
    });
  }
  // Nothing more will be sent; the peer closes when it has read to here.
  if (!deaf_ || waiting_frames() != 0 || ended_) return;
  finish();
}

// --- the end ---

/// All is said. The peer hears so, and closes; if it does not, tick() ends this.
void WebSocketSession::finish() {
  error_code ignored;
  if (socket_ && !deaf_) return cut();
  if (socket_) return static_cast<void>(socket_->shutdown(Tcp::socket::shutdown_send, ignored));
  deaf_ = true;
  if (std::exchange(finishing_, true)) return;
  tls_->tls()->async_shutdown([self = shared_from_this()](const error_code&) { self->cut(); });
}

void WebSocketSession::tick(std::int64_t now_ms) {
  const std::int64_t idle_ms = now_ms - heard_ms_;
  if (closing_ && now_ms - stuck_since_ms_ > kCloseTime_ms) return cut();
  if (congested_ && now_ms - stuck_since_ms_ > options().write_time.count()) return cut();
  if (resume_) return;
  if (idle_ms > options().socket_idle.count()) return cut();
  if (closing_ || pinged_ || idle_ms < options().socket_idle.count() / 2) return;
  pinged_ = true;
  push_control(Opcode::ping, {});
}

void WebSocketSession::cut() {
  if (!counted_ || ended_) return;
  closing_ = true;
  error_code ignored;
  static_cast<void>((socket_ ? *socket_ : tls_->socket()).close(ignored));
  door_->loop.post([self = shared_from_this()] { self->end(); });
}

void WebSocketSession::end() {
  if (std::exchange(ended_, true)) return;
  closing_ = true;
  error_code ignored;
  static_cast<void>((socket_ ? *socket_ : tls_->socket()).close(ignored));
  resume_.reset();
  queue_ = {};
  first_ = 0;
  queued_bytes_ = 0;
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

std::optional<HttpResponse> start_socket(const std::shared_ptr<Door>& door, Stream& stream, const HttpRequest& request,
                                         const std::string& address) {
  const std::string accept = accept_of_key(request.header("sec-websocket-key"));
  if (accept.empty()) return text_response(400, "The upgrade has no Sec-WebSocket-Key.");
  if (request.header("sec-websocket-version") != "13") {
    HttpResponse response = text_response(426, "This server speaks version 13 of WebSocket.");
    response.headers.emplace_back("Sec-WebSocket-Version", "13");
    return response;
  }
  const auto session = std::make_shared<WebSocketSession>(door, address);
  auto peer = door->acceptor.accept(request, session);
  if (!peer) return text_response(status_of(peer.error().code), peer.error().detail);
  session->start(stream, std::move(*peer),
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: " +
                     accept + "\r\n\r\n");
  return std::nullopt;
}

}  // namespace bossey::net
