#include "net/listener.hpp"

#include <doctest/doctest.h>

#include <string>

#include "server/net/loopback.hpp"

using namespace bossey;
using namespace bossey::test;
using std::chrono::milliseconds;

namespace {

std::string get(const std::string& target, const std::string& more = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

std::string post(const std::string& body, const std::string& more = {}) {
  return "POST /p HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
         "\r\n" + body;
}

std::string status_of(const std::string& answer) {
  return answer.substr(0, answer.find("\r\n"));
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("net/listener") {
  TEST_CASE("a request reaches the handler decoded, and its answer comes back") {
    Server server;
    net::HttpRequest seen;
    server.handler.on_request = [&](net::HttpRequest request, net::HttpHandler::Respond respond) {
      seen = std::move(request);
      respond({201, {{"X-Test", "yes"}}, std::make_shared<const std::string>("made")});
    };
    RawClient client(server);
    client.send(
        "POST /a%20b/%C3%A9?q=1+2&x=%26 HTTP/1.1\r\nHost: h\r\nCookie: a=1; bossey_session=tok; b=2\r\n"
        "Content-Length: 4\r\n\r\nbody");
    const std::string answer = client.read_answer();
    CHECK(status_of(answer) == "HTTP/1.1 201 Created");
    CHECK(contains(answer, "X-Test: yes\r\n"));
    CHECK(answer.ends_with("\r\n\r\nmade"));
    CHECK(seen.method == "POST");
    CHECK(seen.path == std::vector<std::string>{"a b", "é"});
    CHECK(seen.query_value("q") == "1 2");
    CHECK(seen.query_value("x") == "&");
    CHECK(seen.cookie("bossey_session") == "tok");
    CHECK(seen.cookie("bossey") == "");
    CHECK(seen.body == "body");
    CHECK(seen.remote_address == "127.0.0.1");
    CHECK_FALSE(seen.secure);
  }

  TEST_CASE("one connection serves several requests, HEAD without its body") {
    Server server;
    RawClient client(server);
    client.send(get("/one"));
    CHECK(contains(client.read_answer(), "GET /one"));
    client.send(get("/two") + get("/three"));
    CHECK(contains(client.read_answer(), "GET /two"));
    RawClient head(server);
    head.send("HEAD /four HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    const std::string answer = head.read_all();
    CHECK(contains(answer, "Content-Length: 12\r\n"));
    CHECK(answer.ends_with("\r\n\r\n"));
  }

  TEST_CASE("paths that try tricks are refused with 400 before the handler") {
    Server server;
    int handled = 0;
    server.handler.on_request = [&](net::HttpRequest, net::HttpHandler::Respond respond) {
      ++handled;
      respond(net::text_response(200, ""));
    };
    for (const char* target :
         {"/../etc/passwd", "/a/../b", "/a/%2e%2e/b", "/a%2Fb", "/a%00b", "/a//b", "/%ff", "/a%5cb",
          "/a%0d%0aSet-Cookie:x", "/%", "/%4", "/%zz", "*", "http://other/x", "/a?b=%ff"}) {
      CAPTURE(std::string(target));
      RawClient client(server);
      client.send(get(target));
      CHECK(status_of(client.read_all()) == "HTTP/1.1 400 Bad Request");
    }
    CHECK(handled == 0);
  }

  TEST_CASE("garbage and oversized headers get an error, and the next client does not notice") {
    Server server;
    for (const std::string& garbage : {std::string("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 11),
                                       std::string("HELO\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n")}) {
      RawClient client(server);
      client.send(garbage);
      client.socket().shutdown(Tcp::socket::shutdown_send);
      const std::string answer = client.read_all();
      if (!answer.empty()) CHECK(status_of(answer) == "HTTP/1.1 400 Bad Request");
    }
    RawClient large(server);
    large.send(get("/", "X-Large: " + std::string(20'000, 'x') + "\r\n"));
    CHECK(contains(status_of(large.read_all()), " 431 "));
    RawClient client(server);
    client.send(get("/fine"));
    CHECK(contains(client.read_answer(), "GET /fine"));
  }

  TEST_CASE("a body over the handler's limit is answered 413 without being read") {
    Server server;
    RawClient announced(server);
    announced.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 50000000\r\n\r\n");
    CHECK(contains(status_of(announced.read_answer()), " 413 "));
    RawClient sent(server);
    sent.send(post(std::string(200'000, 'x')));
    CHECK(contains(status_of(sent.read_answer()), " 413 "));
    RawClient chunked(server);
    chunked.send("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + std::string(4096, 'x') +
                 "\r\n0\r\n\r\n");
    CHECK(contains(status_of(chunked.read_answer()), " 413 "));
    RawClient fits(server);
    fits.send(post(std::string(1000, 'x')));
    CHECK(contains(status_of(fits.read_answer()), " 200 "));
  }

  TEST_CASE("a client that asks whether to send its body is told to") {
    Server server;
    RawClient client(server);
    client.send("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    std::string text(25, ' ');
    asio::read(client.socket(), asio::buffer(text));
    CHECK(text == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hi");
    CHECK(contains(client.read_answer(), "POST /p hi"));
  }

  TEST_CASE("a request that does not arrive in time ends its connection") {
    net::ListenerOptions options;
    options.header_time = milliseconds(50);
    options.body_time = milliseconds(50);
    Server server(options);
    RawClient silent(server);
    RawClient slow(server);
    slow.send("GET / HT");
    RawClient bodiless(server);
    bodiless.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
    CHECK(silent.read_all().empty());
    CHECK(slow.read_all().empty());
    CHECK_FALSE(contains(bodiless.read_all(), " 200 "));
  }

  TEST_CASE("a handler may answer later and from any thread; one that forgets gives 500, a slow one 503") {
    net::ListenerOptions options;
    options.respond_time = milliseconds(100);
    Server server(options);
    std::thread other;
    net::HttpHandler::Respond kept;
    server.handler.on_request = [&](net::HttpRequest request, net::HttpHandler::Respond respond) {
      if (request.path_text() == "/later")
        other = std::thread([respond] { respond(net::text_response(200, "later")); });
      else if (request.path_text() == "/never")
        kept = respond;
    };
    RawClient client(server);
    client.send(get("/later"));
    CHECK(contains(client.read_answer(), "later"));
    other.join();
    client.send(get("/forgotten"));
    CHECK(contains(client.read_answer(), " 500 "));
    client.send(get("/never"));
    CHECK(contains(client.read_answer(), " 503 "));
    server.run([&] { kept = nullptr; });
  }

  TEST_CASE("headers of an answer cannot smuggle a line") {
    Server server;
    server.handler.on_request = [](net::HttpRequest, net::HttpHandler::Respond respond) {
      respond({200, {{"X-Bad", "a\r\nSet-Cookie: b"}, {"X-Good", "c"}}, nullptr});
    };
    RawClient client(server);
    client.send(get("/"));
    const std::string answer = client.read_answer();
    CHECK_FALSE(contains(answer, "Set-Cookie"));
    CHECK(contains(answer, "X-Good: c"));
  }

  TEST_CASE("a port in use and a wrong address are clear errors") {
    Server server;
    net::ListenerOptions options;
    options.port = server.listener->port();
    net::EventLoop loop;
    const auto taken = net::Listener::open(loop, options, server.handler, server.acceptor);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Errc::unavailable);
    CHECK(contains(taken.error().detail, std::to_string(options.port)));
    options.address = "localhost";
    const auto wrong = net::Listener::open(loop, options, server.handler, server.acceptor);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == Errc::bad_input);
  }

  TEST_CASE("idle connections make place for new ones, and too many sockets are refused") {
    net::ListenerOptions options;
    options.plain_per_address_max = 3;
    options.connections_per_address_max = 5;
    Server server(options);
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int i = 0; i < 20; ++i) idle.push_back(std::make_unique<RawClient>(server));
    RawClient client(server);
    client.send(get("/fine"));
    CHECK(contains(client.read_answer(), "GET /fine"));
    CHECK(server.counters().connections_open <= 4);
  }

  TEST_CASE("X-Forwarded-For counts from a trusted proxy only, and only its own entry") {
    net::ListenerOptions options;
    options.trusted_proxies = {"127.0.0.1"};
    for (const bool trusted : {true, false}) {
      Server server(trusted ? options : net::ListenerOptions{});
      net::HttpRequest seen;
      server.handler.on_request = [&](net::HttpRequest request, net::HttpHandler::Respond respond) {
        seen = std::move(request);
        respond(net::text_response(200, ""));
      };
      RawClient client(server);
      client.send(get("/", "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"));
      client.read_answer();
      CHECK(seen.remote_address == (trusted ? "192.0.2.7" : "127.0.0.1"));
      CHECK(seen.secure == trusted);
    }
  }

  TEST_CASE("stopping lets a due answer go out, refuses new connections and comes back") {
    Server server;
    std::promise<net::HttpHandler::Respond> asked;
    server.handler.on_request = [&](net::HttpRequest, net::HttpHandler::Respond respond) {
      asked.set_value(std::move(respond));
    };
    RawClient client(server);
    RawClient idle(server);
    client.send(get("/slow"));
    auto respond = asked.get_future().get();
    std::thread stopper([&] { server.stop(milliseconds(3000)); });
    CHECK(idle.read_all().empty());
    respond(net::text_response(200, "made it"));
    respond = nullptr;
    CHECK(contains(client.read_all(), "made it"));
    stopper.join();
    CHECK(server.counters().connections_open == 0);
    CHECK_THROWS(RawClient{server});
  }
}
