// The real program as a child process, with what it prints; and just enough HTTP to talk to it.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace bossey::tests {

/// The binary stands beside the tests.
inline std::string bossey_binary() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "bossey").string();
}

class Process {
 public:
  explicit Process(std::vector<std::string> arguments) {
    std::array<int, 2> out{}, err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) ::abort();
    arguments.insert(arguments.begin(), bossey_binary());
    std::vector<char*> words;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], 1);
      ::dup2(err[1], 2);
      ::execv(words[0], words.data());
      ::_exit(127);
    }
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      static_cast<void>(wait());
    }
    ::close(out_);
    ::close(err_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Reads stdout until `words` came or the process ended; everything read so far.
  std::string& read_until(const std::string& words) {
    while (printed.find(words) == std::string::npos && read_some(out_, printed)) {
    }
    return printed;
  }
  /// The port after "listening on http://127.0.0.1:".
  std::uint16_t port() {
    const std::string before = "listening on http://127.0.0.1:";
    read_until(before);
    read_until("\n");
    const auto at = printed.find(before);
    return at == std::string::npos ? std::uint16_t{0}
                                   : static_cast<std::uint16_t>(std::stoi(printed.substr(at + before.size())));
  }

  void send_signal(int number) const { ::kill(pid_, number); }
  /// Waits for the end, keeps what was printed; the exit code, or minus the signal.
  int wait() {
    while (read_some(out_, printed)) {
    }
    while (read_some(err_, complained)) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  std::string printed;
  std::string complained;

 private:
  static bool read_some(int from, std::string& into) {
    std::array<char, 4096> buffer{};
    const auto size = ::read(from, buffer.data(), buffer.size());
    if (size <= 0) return false;
    into.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
  }

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

struct Finished {
  int code = 0;
  std::string printed;
  std::string complained;
};

/// Runs a command to its end.
inline Finished run(std::vector<std::string> arguments) {
  Process process(std::move(arguments));
  const int code = process.wait();
  return {code, process.printed, process.complained};
}

/// One HTTP/1.1 request on a connection of its own; the whole answer as text, empty if nobody listens.
inline std::string http(std::uint16_t port, const std::string& method, const std::string& path,
                        const std::string& headers = "", const std::string& body = "") {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const auto request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers +
                         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    static_cast<void>(::send(socket, request.data(), request.size(), MSG_NOSIGNAL));
    std::array<char, 4096> buffer{};
    for (;;) {
      const auto size = ::recv(socket, buffer.data(), buffer.size(), 0);
      if (size <= 0) break;
      answer.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }
  ::close(socket);
  return answer;
}

}  // namespace bossey::tests
