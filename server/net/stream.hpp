// The stream under HTTP and WebSocket, with or without TLS behind one type, so that Beast is compiled for one only; and
// how HTTP becomes a WebSocket. For the sources of server/net only.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "net/door.hpp"
#include "net/http.hpp"

namespace bossey::net {

namespace beast = boost::beast;

/// Beast's lowest layer: it has no next_layer(), so that everything about the socket is asked here.
class Stream {
 public:
  using executor_type = Executor;
  using Plain = beast::basic_stream<Tcp, Executor, beast::unlimited_rate_policy>;
  using Tls = boost::asio::ssl::stream<Plain>;
  using Socket = boost::asio::basic_stream_socket<Tcp, Executor>;

  /// `tls` null: without.
  Stream(Socket socket, const std::shared_ptr<boost::asio::ssl::context>& tls) : layer_(Plain(std::move(socket))) {
    if (tls) layer_ = std::make_unique<Tls>(std::move(std::get<Plain>(layer_)), *tls);
  }

  [[nodiscard]] executor_type get_executor() { return plain().get_executor(); }
  [[nodiscard]] Socket& socket() { return plain().socket(); }
  void expires_after(std::chrono::nanoseconds time) { plain().expires_after(time); }
  void expires_never() { plain().expires_never(); }
  /// Null without TLS.
  [[nodiscard]] Tls* tls() {
    auto* const layer = std::get_if<std::unique_ptr<Tls>>(&layer_);
    return layer == nullptr ? nullptr : layer->get();
  }
  [[nodiscard]] Plain& plain() { return tls() == nullptr ? std::get<Plain>(layer_) : tls()->next_layer(); }

  template <class Buffers, class Token>
  BOOST_BEAST_ASYNC_RESULT2(Token)
  async_read_some(const Buffers& buffers, Token&& token) {
    if (tls() != nullptr) return tls()->async_read_some(buffers, std::forward<Token>(token));
    return plain().async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  BOOST_BEAST_ASYNC_RESULT2(Token)
  async_write_some(const Buffers& buffers, Token&& token) {
    if (tls() != nullptr) return tls()->async_write_some(buffers, std::forward<Token>(token));
    return plain().async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  std::variant<Plain, std::unique_ptr<Tls>> layer_;
};

// What Beast's WebSocket calls at the end of a connection.

inline void beast_close_socket(Stream& stream) {
  beast::close_socket(stream.plain());
}

template <class Handler>
void async_teardown(beast::role_type role, Stream& stream, Handler&& handler) {
  using beast::async_teardown;
  if (stream.tls() != nullptr) return async_teardown(role, *stream.tls(), std::forward<Handler>(handler));
  async_teardown(role, stream.plain(), std::forward<Handler>(handler));
}

using RawRequest = beast::http::request<beast::http::string_body>;

/// Takes a checked upgrade request over: asks the acceptor, answers 101 and serves the socket from then on, having
/// taken `stream`. If the acceptor refuses, returns the answer to send and leaves the stream alone.
[[nodiscard]] std::optional<HttpResponse> start_socket(const std::shared_ptr<Door>& door, Stream& stream,
                                                       RawRequest raw, const HttpRequest& request,
                                                       const std::string& address);

}  // namespace bossey::net
