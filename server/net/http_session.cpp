// One connection while it speaks HTTP/1.1: reads requests within their limits, asks the handler, writes answers, and
// hands the stream over when a WebSocket upgrade is asked for.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <ctime>
#include <optional>
#include <utility>

#include "net/request_target.hpp"
#include "net/stream.hpp"

namespace bossey::net {
namespace {

namespace asio = boost::asio;
namespace http = beast::http;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;
using WaitTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr std::chrono::seconds kLingerTime{2};
constexpr std::size_t kLingerBytesMax = 8 * 1024 * 1024;

/// An answer that a handler owes. The handler's copies of `respond` share it; when the last goes without an answer,
/// the destructor gives 500.
struct PendingAnswer {
  explicit PendingAnswer(Executor executor) : timer(executor) {}
  WaitTimer timer;
  std::optional<HttpResponse> response;
};

class Promise {
 public:
  Promise(Executor executor, std::weak_ptr<PendingAnswer> answer) : executor_(executor), answer_(std::move(answer)) {}
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;
  ~Promise() {
    if (!kept_) give(text_response(500, "The server failed to answer. Try again."));
  }

  void give(HttpResponse response) {
    kept_ = true;
    asio::dispatch(executor_, [weak = answer_, response = std::move(response)]() mutable {
      const auto answer = weak.lock();
      if (!answer || answer->response) return;
      answer->response = std::move(response);
      answer->timer.cancel();
    });
  }

 private:
  Executor executor_;
  std::weak_ptr<PendingAnswer> answer_;
  bool kept_ = false;
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return std::string(text, size);
}

bool is_header_safe(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/// Status line and headers. A header that would break the message is left out: it can only come from a bug.
std::string head_of(const HttpResponse& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  const auto reason = http::obsolete_reason(http::int_to_status(response.status));
  head.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& [name, value] : response.headers)
    if (is_header_safe(name) && is_header_safe(value)) head.append(name).append(": ").append(value).append("\r\n");
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless)
    head.append("Content-Length: ").append(std::to_string(response.body ? response.body->size() : 0)).append("\r\n");
  head.append("Date: ").append(http_date()).append("\r\n");
  head.append(keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  return head;
}

/// Client address and scheme as a trusted proxy tells them.
void believe_proxy(const ListenerOptions& options, HttpRequest& request) {
  const auto& trusted = options.trusted_proxies;
  if (std::find(trusted.begin(), trusted.end(), request.remote_address) == trusted.end()) return;
  // The proxy appends the address it saw; what stands before it is anybody's claim.
  std::string_view forwarded = request.header("x-forwarded-for");
  const std::size_t comma = forwarded.rfind(',');
  if (comma != std::string_view::npos) forwarded.remove_prefix(comma + 1);
  while (forwarded.starts_with(' ')) forwarded.remove_prefix(1);
  error_code error;
  static_cast<void>(asio::ip::make_address(std::string(forwarded), error));
  if (!error) request.remote_address = std::string(forwarded);
  request.secure = request.secure || request.header("x-forwarded-proto") == "https";
}

Result<HttpRequest> plain_request(const RawRequest& raw, const std::string& address, const ListenerOptions& options) {
  HttpRequest request;
  request.method = std::string(raw.method_string().data(), raw.method_string().size());
  BOSSEY_TRY(RequestTarget target, parse_target(std::string_view(raw.target().data(), raw.target().size())));
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  for (const auto& field : raw)
    request.headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}),
                                 std::string(field.value().data(), field.value().size()));
  request.remote_address = address;
  request.secure = options.tls.has_value();
  believe_proxy(options, request);
  return request;
}

/// A page of another site must not open sockets with this site's cookies. Programs send no Origin.
bool origin_allowed(const HttpRequest& request, const ListenerOptions& options) {
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;
  const auto& allowed = options.allowed_origins;
  if (std::find(allowed.begin(), allowed.end(), origin) != allowed.end()) return true;
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == request.header("host");
}

class HttpSession final : public Connection, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(std::shared_ptr<Door> door, asio::basic_stream_socket<Tcp, Executor> socket, std::string address)
      : door_(std::move(door)), stream_(std::move(socket), door_->tls), address_(std::move(address)) {
    place_ = door_->connections.insert(door_->connections.end(), this);
  }
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  ~HttpSession() override {
    set_idle(false);
    door_->connections.erase(place_);
    if (!became_socket_) door_->leave(address_, true);
  }

  void stop() override {
    if (idle_) cut();
  }
  void cut() override {
    set_idle(false);
    error_code ignored;
    static_cast<void>(stream_.socket().close(ignored));
  }

  /// Waits for a request: may be ended to make place for others.
  void set_idle(bool idle) {
    if (idle == idle_) return;
    auto& waiting = door_->addresses[address_].idle;
    if (idle) {
      idle_place_ = waiting.insert(waiting.end(), this);
    } else {
      waiting.erase(idle_place_);
    }
    idle_ = idle;
  }

  static Awaitable run(std::shared_ptr<HttpSession> self);

 private:
  static Awaitable serve_request(std::shared_ptr<HttpSession> self, std::shared_ptr<Parser> parser);
  static Awaitable read_body(std::shared_ptr<HttpSession> self, std::shared_ptr<Parser> parser,
                             std::shared_ptr<HttpRequest> request);
  static Awaitable linger(std::shared_ptr<HttpSession> self);
  static Awaitable answer(std::shared_ptr<HttpSession> self, std::shared_ptr<HttpRequest> request);
  static Awaitable write(std::shared_ptr<HttpSession> self, HttpResponse response, bool head_only);

  void refuse(HttpResponse response) {
    ++door_->counters.requests_bad;
    keep_alive_ = false;
    refusal_ = std::move(response);
  }
  void upgrade(Parser& parser, const HttpRequest& request);

  std::shared_ptr<Door> door_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::string address_;
  Door::Place place_;
  Door::Place idle_place_;
  bool idle_ = false;
  bool keep_alive_ = true;
  bool became_socket_ = false;
  std::optional<HttpResponse> refusal_;  ///< To be written instead of asking the handler.
};

std::optional<HttpResponse> answer_to_read_error(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return text_response(431, "The header of the request is too large.");
  if (error == http::error::body_limit) return text_response(413, "The body of the request is too large.");
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() == make_error_code(http::error::bad_method).category())
    return text_response(400, "This is no HTTP/1.1 request.");
  return std::nullopt;
}

Awaitable HttpSession::run(std::shared_ptr<HttpSession> self) {
  if (Stream::Tls* const tls = self->stream_.tls()) {
    self->stream_.expires_after(self->door_->options.header_time);
    self->set_idle(true);
    const auto [error] = co_await tls->async_handshake(asio::ssl::stream_base::server, kAwait);
    self->set_idle(false);
    if (error) co_return;
  }
  while (self->keep_alive_ && !self->became_socket_ && !self->door_->stopping) {
    auto parser = std::make_shared<Parser>();
    parser->header_limit(static_cast<std::uint32_t>(self->door_->options.header_bytes_max));
    parser->body_limit(boost::none);
    self->stream_.expires_after(self->door_->options.header_time);
    self->set_idle(true);
    const auto [error, size] = co_await http::async_read_header(self->stream_, self->buffer_, *parser, kAwait);
    self->set_idle(false);
    if (error) {
      if (auto response = answer_to_read_error(error)) {
        ++self->door_->counters.requests_bad;
        self->keep_alive_ = false;
        co_await write(self, std::move(*response), false);
      }
      break;
    }
    ++self->door_->counters.requests;
    self->keep_alive_ = parser->get().keep_alive();
    co_await serve_request(self, parser);
  }
  if (!self->became_socket_) co_await linger(self);
}

/// Closes so that an answer to a request that was not read to its end still arrives: the rest is read and thrown away.
Awaitable HttpSession::linger(std::shared_ptr<HttpSession> self) {
  self->stream_.expires_after(kLingerTime);
  // Its answer is not waited for where unread data is in the way: what follows is read below TLS.
  if (Stream::Tls* const tls = self->stream_.tls()) co_await tls->async_shutdown(kAwait);
  error_code ignored;
  static_cast<void>(self->stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored));
  std::size_t discarded = 0;
  while (!ignored && discarded < kLingerBytesMax) {
    self->buffer_.clear();
    const auto [error, size] = co_await self->stream_.plain().async_read_some(self->buffer_.prepare(16 * 1024), kAwait);
    if (error) break;
    discarded += size;
  }
}

Awaitable HttpSession::serve_request(std::shared_ptr<HttpSession> self, std::shared_ptr<Parser> parser) {
  auto parsed = plain_request(parser->get(), self->address_, self->door_->options);
  if (!parsed) {
    self->refuse(text_response(400, parsed.error().detail));
    co_await write(self, std::move(*self->refusal_), false);
    co_return;
  }
  auto request = std::make_shared<HttpRequest>(std::move(*parsed));
  if (beast::websocket::is_upgrade(parser->get())) {
    self->upgrade(*parser, *request);
    if (self->refusal_) co_await write(self, std::move(*self->refusal_), false);
    co_return;
  }
  co_await read_body(self, parser, request);
  if (self->refusal_) {
    co_await write(self, std::move(*self->refusal_), false);
    co_return;
  }
  co_await answer(self, request);
}

void HttpSession::upgrade(Parser& parser, const HttpRequest& request) {
  if (!origin_allowed(request, door_->options))
    return refuse(text_response(403, "Pages of another site may not open this socket."));
  if (door_->stopping) return refuse(text_response(503, "The server stops. Come back in a moment."));
  // What a client sends before the answer to its upgrade is no frame.
  if (buffer_.size() != 0) return refuse(text_response(400, "Data came before the socket was open."));
  if (auto response = start_socket(door_, stream_, parser.release(), request, address_))
    return refuse(std::move(*response));
  became_socket_ = true;
}

Awaitable HttpSession::read_body(std::shared_ptr<HttpSession> self, std::shared_ptr<Parser> parser,
                                 std::shared_ptr<HttpRequest> request) {
  const std::size_t limit = self->door_->handler.body_bytes_max(*request);
  const std::string too_large = "The body of the request is larger than " + std::to_string(limit) + " octets.";
  if (parser->content_length() && *parser->content_length() > limit) {
    self->refuse(text_response(413, too_large));
    co_return;
  }
  parser->body_limit(limit);
  if (request->header("expect") == "100-continue") {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(self->stream_, asio::buffer(kContinue), kAwait);
  }
  self->stream_.expires_after(self->door_->options.body_time);
  const auto [error, size] = co_await http::async_read(self->stream_, self->buffer_, *parser, kAwait);
  if (error) {
    auto response = error == http::error::body_limit ? text_response(413, too_large) : answer_to_read_error(error);
    self->refuse(response ? std::move(*response) : text_response(400, "The body of the request ended too early."));
    co_return;
  }
  request->body = std::move(parser->get().body());
}

Awaitable HttpSession::answer(std::shared_ptr<HttpSession> self, std::shared_ptr<HttpRequest> request) {
  const bool head_only = request->method == "HEAD";
  const Executor executor = self->stream_.get_executor();
  auto pending = std::make_shared<PendingAnswer>(executor);
  pending->timer.expires_after(self->door_->options.respond_time);
  auto promise = std::make_shared<Promise>(executor, pending);
  HttpHandler::Respond respond = [promise](HttpResponse response) { promise->give(std::move(response)); };
  promise.reset();
  self->stream_.expires_never();
  self->door_->handler.handle(std::move(*request), std::move(respond));
  while (!pending->response) {
    const auto [error] = co_await pending->timer.async_wait(kAwait);
    if (!error && !pending->response)
      pending->response = text_response(503, "The server is too busy to answer. Try again.");
  }
  co_await write(self, std::move(*pending->response), head_only);
}

Awaitable HttpSession::write(std::shared_ptr<HttpSession> self, HttpResponse response, bool head_only) {
  const bool keep_alive = self->keep_alive_ && !self->door_->stopping;
  self->keep_alive_ = keep_alive;
  const std::string head = head_of(response, keep_alive);
  static const std::string kEmpty;
  const std::string& body = response.body && !head_only ? *response.body : kEmpty;
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
  self->stream_.expires_after(self->door_->options.write_time);
  const auto [error, size] = co_await asio::async_write(self->stream_, parts, kAwait);
  if (error) self->keep_alive_ = false;
}

}  // namespace

void serve_connection(std::shared_ptr<Door> door, asio::basic_stream_socket<Tcp, Executor> socket,
                      std::string address) {
  const Executor executor = door->loop.impl().io.get_executor();
  auto session = std::make_shared<HttpSession>(std::move(door), std::move(socket), std::move(address));
  asio::co_spawn(executor, HttpSession::run(std::move(session)), asio::detached);
}

}  // namespace bossey::net
