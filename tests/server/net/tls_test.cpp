// TLS by certificate files: made by openssl for the test, checked by a client that trusts nothing else.
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/net/loopback.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::test;
namespace ssl = boost::asio::ssl;

namespace {

struct Certificate {
  explicit Certificate(const std::filesystem::path& folder, const std::string& name)
      : files{(folder / (name + ".crt")).string(), (folder / (name + ".key")).string()} {
    make(name);
  }
  void make(const std::string& name) const {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + name +
        " -addext subjectAltName=DNS:" + name + " -keyout " + files.key + " -out " + files.certificate + " 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  net::TlsFiles files;
};

/// A client that trusts one certificate and asks for one name.
class TlsClient {
 public:
  TlsClient(const Server& server, const std::string& trusted_file, const std::string& name,
            const std::string& protocol = "http/1.1")
      : stream_(io_, context(trusted_file)) {
    stream_.next_layer().connect(server.endpoint());
    stream_.set_verify_mode(ssl::verify_peer);
    stream_.set_verify_callback(ssl::host_name_verification(name));
    const std::string offered = static_cast<char>(protocol.size()) + protocol;
    SSL_set_alpn_protos(stream_.native_handle(), reinterpret_cast<const unsigned char*>(offered.data()),
                        static_cast<unsigned>(offered.size()));
    stream_.handshake(ssl::stream_base::client, error);
  }
  /// One request, and everything until the server closes.
  std::string ask(const std::string& path) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    asio::write(stream_, asio::buffer(request), error);
    std::string answer;
    asio::read(stream_, asio::dynamic_buffer(answer), error);
    return answer;
  }
  [[nodiscard]] std::string protocol() {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(stream_.native_handle(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  ssl::stream<Tcp::socket>& stream() { return stream_; }

  boost::system::error_code error;

 private:
  ssl::context& context(const std::string& trusted_file) {
    context_.load_verify_file(trusted_file);
    return context_;
  }
  asio::io_context io_;
  ssl::context context_{ssl::context::tls_client};
  ssl::stream<Tcp::socket> stream_;
};

net::ListenerOptions options_with(const net::TlsFiles& files) {
  net::ListenerOptions options;
  options.tls = files;
  return options;
}

}  // namespace

TEST_SUITE("net/tls") {
  TEST_CASE("a request over TLS is answered, counts as secure, and speaks HTTP/1.1") {
    tests::ScratchFolder folder;
    const Certificate certificate(folder / "", "one.test");
    Server server(options_with(certificate.files));
    bool secure = false;
    server.handler.on_request = [&](net::HttpRequest request, net::HttpHandler::Respond respond) {
      secure = request.secure;
      respond(net::text_response(200, "over TLS " + request.path_text()));
    };
    TlsClient client(server, certificate.files.certificate, "one.test");
    REQUIRE_FALSE(client.error);
    CHECK(client.protocol() == "http/1.1");
    CHECK(client.ask("/x").find("over TLS /x") != std::string::npos);
    CHECK(client.error == asio::error::eof);  // closed in order, nothing cut off
    CHECK(secure);
    TlsClient next_protocol(server, certificate.files.certificate, "one.test", "h2");
    CHECK(next_protocol.error);
    TlsClient other_name(server, certificate.files.certificate, "two.test");
    CHECK(other_name.error);
  }

  TEST_CASE("a socket over TLS carries small and large messages, and closes with a reason") {
    tests::ScratchFolder folder;
    const Certificate certificate(folder / "", "one.test");
    Server server(options_with(certificate.files));
    TlsClient client(server, certificate.files.certificate, "one.test");
    REQUIRE_FALSE(client.error);
    websocket::stream<ssl::stream<Tcp::socket>&> socket(client.stream());
    socket.handshake("one.test", "/sync");
    socket.binary(true);
    socket.read_message_max(0);
    for (const std::size_t size : {std::size_t{1}, std::size_t{70'000}, std::size_t{3'000'000}}) {
      socket.write(asio::buffer(std::string(size, 'm')));
      boost::beast::flat_buffer buffer;
      socket.read(buffer);
      CHECK(buffer.size() == size);
    }
    server.run([&] { server.acceptor.last()->outbox->close(net::CloseCode::overloaded, "come back"); });
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    socket.read(buffer, error);
    CHECK(error == websocket::error::closed);
    CHECK(socket.reason().code == static_cast<std::uint16_t>(net::CloseCode::overloaded));
  }

  TEST_CASE("plain HTTP, noise and silence at a TLS port end those connections only") {
    tests::ScratchFolder folder;
    const Certificate certificate(folder / "", "one.test");
    auto options = options_with(certificate.files);
    options.header_time = std::chrono::milliseconds(200);
    Server server(options);
    RawClient plain(server);
    plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(plain.read_all().find("HTTP/1.1 200") == std::string::npos);
    RawClient noise(server);
    noise.send(std::string(5'000, '\x16'));
    noise.read_all();
    RawClient silent(server);
    CHECK(silent.read_all().empty());
    TlsClient client(server, certificate.files.certificate, "one.test");
    CHECK(client.ask("/x").starts_with("HTTP/1.1 200"));
  }

  TEST_CASE("files that are read again are for new connections; broken ones change nothing") {
    tests::ScratchFolder folder;
    const Certificate first(folder / "", "one.test");
    const auto kept = (folder / "first.crt").string();
    std::filesystem::copy_file(first.files.certificate, kept);
    Server server(options_with(first.files));
    TlsClient before(server, kept, "one.test");
    REQUIRE_FALSE(before.error);
    first.make("two.test");
    Result<void> reloaded;
    server.run([&] { reloaded = server.listener->reload_tls(); });
    CHECK(reloaded);
    TlsClient after(server, first.files.certificate, "two.test");
    CHECK_FALSE(after.error);
    CHECK(before.ask("/still").starts_with("HTTP/1.1 200"));
    std::ofstream(first.files.certificate) << "no certificate";
    server.run([&] { reloaded = server.listener->reload_tls(); });
    REQUIRE_FALSE(reloaded);
    CHECK(reloaded.error().detail.find(first.files.certificate) != std::string::npos);
    CHECK(after.ask("/still").starts_with("HTTP/1.1 200"));
  }

  TEST_CASE("a missing file and a key of another certificate are one clear error each") {
    tests::ScratchFolder folder;
    const Certificate one(folder / "", "one.test");
    const Certificate two(folder / "", "two.test");
    net::EventLoop loop;
    TestHandler handler;
    TestAcceptor acceptor;
    for (const auto& files : {net::TlsFiles{one.files.certificate, two.files.key},
                              net::TlsFiles{one.files.certificate, one.files.certificate},
                              net::TlsFiles{(folder / "none").string(), one.files.key}}) {
      const auto opened = net::Listener::open(loop, options_with(files), handler, acceptor);
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code == Errc::bad_input);
      CHECK(opened.error().detail.find(".") != std::string::npos);
    }
  }
}
