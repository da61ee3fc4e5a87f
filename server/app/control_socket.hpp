// The local socket in the data folder by which command lines reach the running server: one JSON line in, one out
// (docs/formats/control.md). Mode 0600: whoever opens it holds the folder. The server's side has a thread of its own;
// the client's side blocks and is for command lines.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/error.hpp"

namespace bossey::app {

class ControlSocket {
 public:
  /// Handles one line: called on the socket's thread; `answer` may be called later, from any thread, once.
  using Handle = std::function<void(std::string line, std::function<void(std::string)> answer)>;

  /// Removes what an earlier process left and listens. The caller holds the folder's lock.
  [[nodiscard]] static Result<std::unique_ptr<ControlSocket>> open(const std::filesystem::path& path, Handle handle);
  /// As stop().
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  /// Takes no more lines, ends the thread and removes the socket's file.
  void stop();

 private:
  ControlSocket(std::filesystem::path path, int listening, Handle handle);
  void serve();
  void serve_one(int connection);

  std::filesystem::path path_;
  int listening_;
  Handle handle_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Sends one line to the server of a folder and waits for its answer. Nothing: no server listens there.
/// Error: unavailable, if it does not answer within `timeout`.
[[nodiscard]] Result<std::optional<std::string>> ask_server(const std::filesystem::path& socket,
                                                            const std::string& line, std::chrono::seconds timeout);

}  // namespace bossey::app
