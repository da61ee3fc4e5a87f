// A listener on a free loopback port, its loop on a thread of its own, and clients that block: for tests of server/net.
#pragma once

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/event_loop.hpp"
#include "net/listener.hpp"

namespace bossey::test {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using Tcp = asio::ip::tcp;

/// Answers what a test says.
class TestHandler final : public net::HttpHandler {
 public:
  void handle(net::HttpRequest request, Respond respond) override {
    if (on_request) return on_request(std::move(request), std::move(respond));
    respond(net::text_response(200, request.method + " " + request.path_text() + " " + request.body));
  }
  [[nodiscard]] std::size_t body_bytes_max(const net::HttpRequest&) const override { return body_max; }

  std::function<void(net::HttpRequest, Respond)> on_request;
  std::size_t body_max = 1000;
};

/// Sends back what it gets, and notes what happens.
class EchoPeer final : public net::SocketPeer {
 public:
  explicit EchoPeer(std::shared_ptr<net::Outbox> box) : outbox(std::move(box)) {}
  void on_frame(BytesView message) override {
    outbox->send(std::make_shared<const Bytes>(message.begin(), message.end()));
  }
  void on_closed() override { closed.set_value(); }
  void on_writable() override {
    ++writable;
    send_put_off();
  }
  /// Messages that wait while the outbox is full.
  void send_put_off() {
    for (; !put_off.empty() && outbox->buffered_bytes() <= net::kOutboxFull; put_off.pop_front())
      outbox->send(put_off.front());
  }

  std::shared_ptr<net::Outbox> outbox;
  std::promise<void> closed;
  std::atomic<int> writable = 0;
  std::deque<std::shared_ptr<const Bytes>> put_off;
};

class TestAcceptor final : public net::SocketAcceptor {
 public:
  Result<std::shared_ptr<net::SocketPeer>> accept(const net::HttpRequest& request,
                                                  std::shared_ptr<net::Outbox> outbox) override {
    if (request.path_text() == "/forbidden") return fail(Errc::forbidden, "not for you");
    auto peer = std::make_shared<EchoPeer>(std::move(outbox));
    const std::lock_guard lock(mutex);
    peers.push_back(peer);
    return peer;
  }
  std::shared_ptr<EchoPeer> last() {
    const std::lock_guard lock(mutex);
    return peers.back();
  }

  std::mutex mutex;
  std::vector<std::shared_ptr<EchoPeer>> peers;
};

class Server {
 public:
  explicit Server(net::ListenerOptions options = {}) {
    auto opened = net::Listener::open(loop, std::move(options), handler, acceptor);
    if (!opened) throw std::runtime_error(opened.error().detail);
    listener = std::move(*opened);
    thread = std::thread([this] { loop.run(); });
  }
  ~Server() {
    stop(std::chrono::milliseconds(1000));
    loop.stop();
    thread.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Stops the listener and waits for it; once.
  void stop(std::chrono::milliseconds deadline) {
    if (std::exchange(stopped, true)) return;
    std::promise<void> done;
    loop.post([&] { listener->stop(deadline, [&] { done.set_value(); }); });
    done.get_future().wait();
  }
  /// Runs on the network thread and waits.
  void run(const std::function<void()>& work) {
    std::promise<void> done;
    loop.post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  net::ListenerCounters counters() {
    net::ListenerCounters copy;
    run([&] { copy = listener->counters(); });
    return copy;
  }
  [[nodiscard]] Tcp::endpoint endpoint() const { return {asio::ip::address_v4::loopback(), listener->port()}; }

  net::EventLoop loop;
  TestHandler handler;
  TestAcceptor acceptor;
  std::unique_ptr<net::Listener> listener;
  std::thread thread;
  bool stopped = false;
};

/// A plain TCP client.
class RawClient {
 public:
  explicit RawClient(const Server& server) : socket_(io_) { socket_.connect(server.endpoint()); }

  /// False when the server has closed.
  bool send(const std::string& text) {
    boost::system::error_code error;
    asio::write(socket_, asio::buffer(text), error);
    return !error;
  }
  /// Everything until the server closes.
  std::string read_all() {
    std::string text;
    boost::system::error_code error;
    asio::read(socket_, asio::dynamic_buffer(text), error);
    return text;
  }
  /// One answer with Content-Length.
  std::string read_answer() {
    std::string text;
    const std::size_t head = asio::read_until(socket_, asio::dynamic_buffer(text), "\r\n\r\n");
    const std::size_t at = text.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(text.substr(at + 16));
    if (text.size() < head + length)
      asio::read(socket_, asio::dynamic_buffer(text), asio::transfer_exactly(head + length - text.size()));
    return text;
  }
  Tcp::socket& socket() { return socket_; }

 private:
  asio::io_context io_;
  Tcp::socket socket_;
};

class SocketClient {
 public:
  explicit SocketClient(const Server& server, const std::string& target = "/sync", const std::string& origin = {})
      : stream_(io_) {
    stream_.next_layer().connect(server.endpoint());
    host = "127.0.0.1:" + std::to_string(server.listener->port());
    stream_.set_option(websocket::stream_base::decorator([origin](websocket::request_type& request) {
      if (!origin.empty()) request.set(boost::beast::http::field::origin, origin);
    }));
    stream_.read_message_max(0);
    stream_.handshake(response, host, target, error);
    stream_.binary(true);
  }

  void send(const std::string& message) { stream_.write(asio::buffer(message), error); }
  /// One message; "" when the socket is closed, see error and reason().
  std::string receive() {
    boost::beast::flat_buffer buffer;
    stream_.read(buffer, error);
    return {static_cast<const char*>(buffer.cdata().data()), buffer.size()};
  }
  [[nodiscard]] websocket::close_reason reason() const { return stream_.reason(); }
  websocket::stream<Tcp::socket>& stream() { return stream_; }

  std::string host;
  boost::system::error_code error;
  websocket::response_type response;

 private:
  asio::io_context io_;
  websocket::stream<Tcp::socket> stream_;
};

}  // namespace bossey::test
