// One client of the load: a socket without Beast, so that the generator costs less than what it measures.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace bossey::bench {

[[noreturn]] void die(const std::string& why);

class Client {
 public:
  enum class Message : std::uint8_t { update, acknowledged };
  using OnMessage = std::function<void(Client&, Message, BytesView)>;

  /// Connects, upgrades and asks for the text; ready when it came. `plain`: the document is part of the path.
  Client(const std::string& host, std::uint16_t port, bool plain, const std::string& path, std::string document,
         const std::string& token);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Appends one letter after this client's last one.
  void type_character();
  void read_some(const OnMessage& on_message);
  void write_some();
  [[nodiscard]] int descriptor() const { return socket_; }
  [[nodiscard]] bool wants_to_write() const { return written_ < out_.size(); }

  int document = 0;
  bool writes = false;
  bool sampled = false;
  bool ready = false;
  std::uint32_t id = 0;
  std::uint64_t typed = 0;
  std::uint64_t received = 0;
  std::uint64_t acknowledged = 0;
  std::uint32_t own_unseen = 0;
  std::chrono::steady_clock::time_point due;
  std::vector<std::chrono::steady_clock::time_point> sent_at;  ///< By clock.

 private:
  void send(const Bytes& message);
  void send_sync(std::uint8_t step, const Bytes& bytes);
  void on_frame(BytesView frame, const OnMessage& on_message);

  bool plain_;
  int unasked_ = 0;  ///< Acknowledgements due for what is no edit.
  std::string document_;
  int socket_ = -1;
  Bytes in_;
  std::size_t taken_ = 0;
  Bytes out_;
  std::size_t written_ = 0;
};

class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  void add(Client& client);
  /// Writes what waits, then reads what has come within `timeout_ms`.
  void poll(int timeout_ms, const Client::OnMessage& on_message);

 private:
  int epoll_ = -1;
  std::vector<Client*> clients_;
};

}  // namespace bossey::bench
