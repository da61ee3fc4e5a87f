#include <doctest/doctest.h>

#include <string>

#include "server/net/loopback.hpp"

using namespace bossey;
using namespace bossey::test;
using std::chrono::milliseconds;

namespace {

void wait_closed(const std::shared_ptr<EchoPeer>& peer) {
  CHECK(peer->closed.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}

/// Sends octets that are no whole frame, past Beast.
void send_raw(SocketClient& client, const std::string& octets) {
  asio::write(client.stream().next_layer(), asio::buffer(octets), client.error);
}

}  // namespace

TEST_SUITE("net/websocket") {
  TEST_CASE("messages arrive whole and in order, small and large") {
    Server server;
    SocketClient client(server);
    REQUIRE_FALSE(client.error);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{125}, std::size_t{126},
                                   std::size_t{70'000}, std::size_t{3'000'000}}) {
      const std::string message(size, 'm');
      client.send(message);
      CHECK(client.receive() == message);
    }
  }

  TEST_CASE("an upgrade is refused with the acceptor's reason, and the connection is not a socket") {
    Server server;
    SocketClient client(server, "/forbidden");
    CHECK(client.error == websocket::error::upgrade_declined);
    CHECK(client.response.result_int() == 403);
    CHECK(server.counters().sockets_open == 0);
  }

  TEST_CASE("a page of another site cannot open a socket; the same host and programs can") {
    Server server;
    SocketClient stranger(server, "/sync", "http://evil.example");
    CHECK(stranger.response.result_int() == 403);
    SocketClient program(server);
    CHECK_FALSE(program.error);
    SocketClient page(server, "/sync", "http://" + program.host);
    CHECK_FALSE(page.error);
    SocketClient odd(server, "/sync", "null");
    CHECK(odd.response.result_int() == 403);
  }

  TEST_CASE("a text message closes with 1003") {
    Server server;
    SocketClient client(server);
    client.stream().text(true);
    client.send("text");
    client.receive();
    CHECK(client.reason().code == 1003);
    wait_closed(server.acceptor.last());
  }

  TEST_CASE("a message over the limit closes with 1009, whatever length is announced") {
    net::ListenerOptions options;
    options.message_bytes_max = 10'000;
    Server server(options);
    SocketClient large(server);
    large.send(std::string(10'001, 'x'));
    large.receive();
    CHECK(large.reason().code == 1009);
    SocketClient larger(server);
    larger.send(std::string(20'000'000, 'x'));
    larger.receive();
    CHECK(larger.reason().code == 1009);
    SocketClient announced(server);
    send_raw(announced, std::string("\x82\xff\x00\x00\x00\x00\x80\x00\x00\x00\x01\x02\x03\x04", 14));
    send_raw(announced, std::string(20'000, 'x'));
    announced.receive();
    CHECK(announced.reason().code == 1009);
    SocketClient fine(server);
    fine.send("fine");
    CHECK(fine.receive() == "fine");
  }

  TEST_CASE("unmasked, reserved and broken control frames end that socket only") {
    Server server;
    SocketClient fine(server);
    for (const std::string& octets :
         {std::string("\x82\x01x", 3), std::string("\xf2\x81\x01\x02\x03\x04x", 7),
          std::string("\x8f\x80\x01\x02\x03\x04", 6), std::string("\x09\x80\x01\x02\x03\x04", 6),
          std::string("\x80\x80\x01\x02\x03\x04", 6)}) {
      SocketClient client(server);
      send_raw(client, octets);
      client.receive();
      CHECK(client.error);
      wait_closed(server.acceptor.last());
    }
    fine.send("fine");
    CHECK(fine.receive() == "fine");
  }

  TEST_CASE("a message in very many fragments is one message") {
    Server server;
    SocketClient client(server);
    for (int i = 0; i < 20'000; ++i) client.stream().write_some(i == 19'999, asio::buffer("f", 1));
    CHECK(client.receive() == std::string(20'000, 'f'));
  }

  TEST_CASE("a client that reads nothing is closed when its queue is full, at the cost of the queue") {
    net::ListenerOptions options;
    options.outbound_bytes_max = 100'000;
    Server server(options);
    SocketClient client(server);
    const auto peer = server.acceptor.last();
    const auto frame = std::make_shared<const Bytes>(10'000);
    bool open = true;
    std::size_t most = 0;
    for (int i = 0; i < 10'000 && open; ++i)
      server.run([&] {
        peer->outbox->send(frame);
        most = std::max(most, peer->outbox->buffered_bytes());
        open = peer->outbox->is_open();
      });
    CHECK_FALSE(open);
    CHECK(most <= 100'000);
    CHECK(server.counters().sockets_overflowed == 1);
    while (!client.error) client.receive();
    // The close frame arrives if the client reads in time.
    CHECK(client.reason().code == 1013);
    wait_closed(peer);
  }

  TEST_CASE("while much waits to be written nothing is read, and it goes on afterwards") {
    net::ListenerOptions options;
    options.outbound_bytes_max = 100'000;
    Server server(options);
    SocketClient client(server);
    const std::string message(60'000, 'm');
    // Echoed, these are far more than the queue and the kernel's buffers hold.
    std::thread writer([&] {
      for (int i = 0; i < 500; ++i) client.stream().write(asio::buffer(message));
    });
    std::this_thread::sleep_for(milliseconds(50));
    boost::beast::flat_buffer buffer;
    int received = 0;
    boost::system::error_code error;
    for (; received < 500 && !error; ++received) {
      client.stream().read(buffer, error);
      buffer.clear();
    }
    writer.join();
    CHECK_FALSE(error);
    CHECK(received == 500);
    CHECK(server.acceptor.last()->writable > 0);
    CHECK(server.counters().sockets_overflowed == 0);
  }

  TEST_CASE("what was put off while the queue was full goes out when a client that paused reads again") {
    Server server;
    SocketClient client(server);
    const auto peer = server.acceptor.last();
    for (int i = 0; i < 150; ++i) peer->put_off.push_back(std::make_shared<const Bytes>(120'000));
    server.run([&] { peer->send_put_off(); });
    // Whatever the kernel takes, in the end it is full and most still waits.
    std::size_t waiting = 0;
    for (std::size_t before = 150; waiting != before;) {
      before = waiting;
      std::this_thread::sleep_for(milliseconds(20));
      server.run([&] { waiting = peer->put_off.size(); });
    }
    CHECK(waiting > 0);
    std::thread watch([&] {
      // A message that never comes would be waited for without end.
      for (int i = 0; i < 200 && waiting > 0; ++i) {
        std::this_thread::sleep_for(milliseconds(50));
        server.run([&] { waiting = peer->put_off.size(); });
      }
      server.run([&] { peer->outbox->close(net::CloseCode::going_away, "enough"); });
    });
    int received = 0;
    while (client.receive().size() == 120'000) ++received;
    watch.join();
    CHECK(received == 150);
    CHECK(server.counters().sockets_overflowed == 0);
  }

  TEST_CASE("a paused socket is not read until its time has come, and a close is not held up by it") {
    Server server;
    SocketClient client(server);
    client.send("before");
    CHECK(client.receive() == "before");
    const auto pause = milliseconds(300);
    const auto begin = std::chrono::steady_clock::now();
    server.run([&] { server.acceptor.last()->outbox->pause_reading(pause); });
    client.send("first");   // may be read still: a read was under way
    client.send("second");  // not before the pause is over
    CHECK(client.receive() == "first");
    CHECK(client.receive() == "second");
    CHECK(std::chrono::steady_clock::now() - begin >= pause);
    server.run([&] { server.acceptor.last()->outbox->pause_reading(std::chrono::hours(1)); });
    client.send("one more is read");
    client.receive();
    const auto peer = server.acceptor.last();
    server.run([&] { peer->outbox->close(net::CloseCode::reset, "enough"); });
    client.receive();
    CHECK(client.reason().code == static_cast<std::uint16_t>(net::CloseCode::reset));
    wait_closed(peer);
    const auto counters = server.counters();
    std::uint64_t closed = 0;
    for (std::size_t i = 0; i < net::kCloseCodes.size(); ++i)
      if (net::kCloseCodes.at(i).code == net::CloseCode::reset) closed = counters.closed.at(i);
    CHECK(closed == 1);
  }

  TEST_CASE("one message larger than the bound passes through an empty queue") {
    net::ListenerOptions options;
    options.outbound_bytes_max = 1'000;
    Server server(options);
    SocketClient client(server);
    client.send(std::string(500'000, 'x'));
    CHECK(client.receive().size() == 500'000);
  }

  TEST_CASE("a close by the peer object writes what is queued first, then code and reason") {
    Server server;
    SocketClient client(server);
    const auto peer = server.acceptor.last();
    server.run([&] {
      peer->outbox->send(std::make_shared<const Bytes>(Bytes{'a'}));
      peer->outbox->close(net::CloseCode::forbidden, std::string(122, 'r') + "é and more");
      peer->outbox->send(std::make_shared<const Bytes>(Bytes{'b'}));
    });
    CHECK(client.receive() == "a");
    CHECK(client.receive().empty());
    CHECK(client.reason().code == 4403);
    CHECK(std::string(client.reason().reason.data(), client.reason().reason.size()) == std::string(122, 'r'));
    wait_closed(peer);
  }

  TEST_CASE("a client that vanishes is noticed") {
    net::ListenerOptions options;
    options.socket_idle = milliseconds(200);
    Server server(options);
    auto client = std::make_unique<SocketClient>(server);
    auto silent = std::make_unique<SocketClient>(server);
    client->stream().next_layer().close();
    wait_closed(server.acceptor.peers[0]);
    wait_closed(server.acceptor.peers[1]);
  }

  TEST_CASE("stopping closes sockets with 1012") {
    Server server;
    SocketClient client(server);
    std::thread stopper([&] { server.stop(milliseconds(5000)); });
    client.receive();
    CHECK(client.reason().code == 1012);
    stopper.join();
    CHECK(server.counters().sockets_open == 0);
  }

  TEST_CASE("stopping does not wait for ever for a client that does not answer") {
    Server server;
    SocketClient client(server);
    const auto peer = server.acceptor.last();
    const auto before = std::chrono::steady_clock::now();
    server.stop(milliseconds(100));
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(3));
    wait_closed(peer);
  }
}
