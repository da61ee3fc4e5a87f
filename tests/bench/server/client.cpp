#include "bench/server/client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "lib0/decoder.hpp"
#include "lib0/encoder.hpp"

namespace bossey::bench {

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;

int connect_to(const std::string& host, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    die("cannot connect: " + std::string(std::strerror(errno)));
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

/// Sends the upgrade, and returns what came after its answer.
Bytes upgrade(int socket, const std::string& target) {
  const std::string request = "GET " + target +
                              " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) die("cannot send the upgrade");
  std::string answer;
  std::array<char, 4096> buffer{};
  while (answer.find("\r\n\r\n") == std::string::npos) {
    const auto size = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) die("no answer to the upgrade");
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  }
  if (!answer.starts_with("HTTP/1.1 101")) die("no upgrade: " + answer.substr(0, 60));
  const std::string_view rest = std::string_view(answer).substr(answer.find("\r\n\r\n") + 4);
  return Bytes(rest.begin(), rest.end());
}

}  // namespace

void die(const std::string& why) {
  std::fprintf(stderr, "load: %s\n", why.c_str());
  std::exit(1);
}

Client::Client(const std::string& host, std::uint16_t port, bool plain, const std::string& path, std::string document,
               const std::string& token)
    : plain_(plain), document_(std::move(document)), socket_(connect_to(host, port)) {
  in_ = upgrade(socket_, plain ? path + "/" + document_ + "?token=" + token : path);
  ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  if (!plain_) {
    lib0::Encoder auth;
    auth.var_string(document_);
    auth.var_uint(2);
    auth.var_uint(0);
    auth.var_string(token);
    auth.var_string("4.8.0");
    send(auth.take());
  }
  send_sync(0, {0});
}

Client::~Client() {
  ::close(socket_);
}

/// One masked frame; a mask of zeros leaves the octets as they are.
void Client::send(const Bytes& message) {
  out_.push_back(0x82);
  const std::size_t size = message.size();
  if (size < 126) {
    out_.push_back(static_cast<std::uint8_t>(0x80U | size));
  } else {
    out_.push_back(0x80U | 126U);
    out_.push_back(static_cast<std::uint8_t>(size >> 8U));
    out_.push_back(static_cast<std::uint8_t>(size));
  }
  out_.insert(out_.end(), 4, 0);
  out_.insert(out_.end(), message.begin(), message.end());
}

void Client::send_sync(std::uint8_t step, const Bytes& bytes) {
  lib0::Encoder frame;
  if (!plain_) frame.var_string(document_);
  frame.var_uint(0);
  frame.var_uint(step);
  frame.var_bytes(bytes);
  send(frame.take());
}

void Client::type_character() {
  lib0::Encoder update;
  update.var_uint(1);
  update.var_uint(1);
  update.var_uint(id);
  update.var_uint(typed);
  if (typed == 0) {
    update.u8(4);  // a string without origins: its parent is the root "t"
    update.var_uint(1);
    update.var_string("t");
  } else {
    update.u8(0x84);  // a string after its left neighbour
    update.var_uint(id);
    update.var_uint(typed - 1);
  }
  update.var_string(std::string(1, static_cast<char>('a' + typed % 26)));
  update.var_uint(0);
  send_sync(2, update.take());
  ++typed;
  ++own_unseen;
}

void Client::write_some() {
  while (written_ < out_.size()) {
    const auto size = ::send(socket_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (size < 0) die("the server closed a connection");
    written_ += static_cast<std::size_t>(size);
  }
  out_.clear();
  written_ = 0;
}

void Client::read_some(const OnMessage& on_message) {
  static Bytes buffer(kReadBytes);
  const auto size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  if (size <= 0) die("the server closed a connection");
  in_.insert(in_.end(), buffer.begin(), buffer.begin() + size);
  std::size_t at = 0;
  while (in_.size() - at >= 2) {
    std::size_t head = 2;
    std::uint64_t length = in_[at + 1] & 0x7FU;
    if (length >= 126) {
      const std::size_t octets = length == 126 ? 2 : 8;
      if (in_.size() - at < 2 + octets) break;
      length = 0;
      for (std::size_t i = 0; i < octets; ++i) length = length << 8U | in_[at + 2 + i];
      head += octets;
    }
    if (in_.size() - at < head + length) break;
    const unsigned opcode = in_[at] & 0x0FU;
    if (opcode == 8) die("the server closed a socket");
    if (opcode == 2) on_frame(BytesView(in_).subspan(at + head, length), on_message);
    at += head + length;
  }
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
}

void Client::on_frame(BytesView frame, const OnMessage& on_message) {
  if (!plain_ && frame.size() == 1) {
    if (frame[0] == 9) send({10});
    return;
  }
  lib0::Decoder decoder(frame);
  if (!plain_ && !decoder.var_string()) die("a frame without an address");
  const auto type = decoder.var_uint();
  if (!type) die("a frame without a type");
  if (*type == 8) {
    // Of the step 2 that the server asked for: no edit.
    if (unasked_ > 0) return static_cast<void>(--unasked_);
    ++acknowledged;
    return on_message(*this, Message::acknowledged, {});
  }
  if (*type != 0 && *type != 4) return;
  const auto step = decoder.var_uint();
  const auto bytes = decoder.var_bytes();
  if (!step || !bytes) die("a frame that is no sync message");
  if (*step == 0) {
    ++unasked_;
    return send_sync(1, {0, 0});
  }
  if (*step == 1) {
    ready = true;
    return;
  }
  on_message(*this, Message::update, *bytes);
}

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Poller::~Poller() {
  ::close(epoll_);
}

void Poller::add(Client& client) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &client;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.descriptor(), &event);
  clients_.push_back(&client);
}

void Poller::poll(int timeout_ms, const Client::OnMessage& on_message) {
  for (Client* client : clients_)
    if (client->wants_to_write()) client->write_some();
  std::array<epoll_event, 512> events{};
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < count; ++i)
    static_cast<Client*>(events.at(static_cast<std::size_t>(i)).data.ptr)->read_some(on_message);
}

}  // namespace bossey::bench
