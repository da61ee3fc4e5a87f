#include "app/control_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <future>
#include <system_error>
#include <utility>

#include "app/descriptor.hpp"

namespace bossey::app {

namespace {

constexpr std::size_t kLine_bytes_max = 16u << 20;
constexpr int kStopCheck_ms = 100;
constexpr std::chrono::seconds kPeerTime{10};

Error system_error(const std::string& attempt) {
  return {Errc::io, attempt + ": " + std::strerror(errno)};
}

/// A socket's address holds 107 octets only; through /proc the folder may have a longer name.
Result<sockaddr_un> address_of(const std::filesystem::path& socket, const Descriptor& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = "/proc/self/fd/" + std::to_string(folder.get()) + "/" + socket.filename().string();
  if (path.size() >= sizeof address.sun_path) return fail(Errc::bad_input, "the control socket's name is too long");
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

void set_timeout(int socket, std::chrono::seconds timeout) {
  const timeval time{timeout.count(), 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// One line without its end; nothing if the peer goes, waits too long or sends too much.
std::optional<std::string> receive_line(int socket) {
  std::string line;
  std::array<char, 64 * 1024> buffer{};
  while (line.size() <= kLine_bytes_max) {
    const auto received = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return std::nullopt;
    line.append(buffer.data(), static_cast<std::size_t>(received));
    if (line.back() != '\n') continue;
    line.pop_back();
    return line;
  }
  return std::nullopt;
}

}  // namespace

ControlSocket::ControlSocket(std::filesystem::path path, int listening, Handle handle)
    : path_(std::move(path)), listening_(listening), handle_(std::move(handle)) {
  thread_ = std::thread([this] { serve(); });
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(const std::filesystem::path& path, Handle handle) {
  const Descriptor folder(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return tl::unexpected(system_error("open the data folder"));
  BOSSEY_TRY(const auto address, address_of(path, folder));
  Descriptor listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (listening.get() < 0) return tl::unexpected(system_error("make the control socket"));
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  // The mode counts from the first moment: nobody can connect between bind and a later chmod.
  ::fchmod(listening.get(), 0600);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(listening.get(), generic, sizeof address) != 0 || ::listen(listening.get(), 16) != 0) {
    return tl::unexpected(system_error("listen on the control socket in the data folder"));
  }
  return std::unique_ptr<ControlSocket>(new ControlSocket(path, listening.release(), std::move(handle)));
}

ControlSocket::~ControlSocket() {
  stop();
}

void ControlSocket::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  thread_.join();
  ::close(listening_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void ControlSocket::serve() {
  while (!stopping_) {
    pollfd waiting{listening_, POLLIN, 0};
    if (::poll(&waiting, 1, kStopCheck_ms) <= 0) continue;
    const Descriptor connection(::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.get() >= 0) serve_one(connection.get());
  }
}

void ControlSocket::serve_one(int connection) {
  set_timeout(connection, kPeerTime);
  auto line = receive_line(connection);
  if (!line) return;
  auto answer = std::make_shared<std::promise<std::string>>();
  auto answered = answer->get_future();
  handle_(*std::move(line), [answer](std::string text) { answer->set_value(std::move(text)); });
  while (answered.wait_for(std::chrono::milliseconds(kStopCheck_ms)) != std::future_status::ready) {
    if (stopping_) return;
  }
  static_cast<void>(send_all(connection, answered.get() + "\n"));
}

Result<std::optional<std::string>> ask_server(const std::filesystem::path& socket, const std::string& line,
                                              std::chrono::seconds timeout) {
  const Descriptor folder(::open(socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return std::nullopt;
  BOSSEY_TRY(const auto address, address_of(socket, folder));
  const Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connection.get() < 0) return tl::unexpected(system_error("make a socket"));
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
    return tl::unexpected(system_error("reach the running server through " + socket.string()));
  }
  set_timeout(connection.get(), timeout);
  if (!send_all(connection.get(), line + "\n")) return tl::unexpected(system_error("send to the running server"));
  auto answer = receive_line(connection.get());
  if (!answer) {
    return fail(Errc::unavailable, "The running server did not answer. Look at its log, then try again.");
  }
  return answer;
}

}  // namespace bossey::app
