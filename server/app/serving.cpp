#include "app/serving.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "api/api.hpp"
#include "app/control_socket.hpp"
#include "app/core.hpp"
#include "app/log.hpp"
#include "app/operator_commands.hpp"
#include "net/listener.hpp"
#include "room/socket_door.hpp"

namespace bossey::app {

namespace {

using std::chrono::milliseconds;

// Together under the 5 s that a service manager or a person waits.
constexpr milliseconds kConnections_ms{1'500};
constexpr milliseconds kSettle_ms{2'000};
constexpr milliseconds kJournal_ms{1'000};

/// The page's files beside the binary: in the build tree, or where a package puts them.
std::filesystem::path find_client() {
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  for (const auto* beside : {"../../client-web/dist", "../share/bossey/client"}) {
    const auto folder = (binary.parent_path() / beside).lexically_normal();
    if (std::filesystem::is_directory(folder, error)) return folder;
  }
  return {};
}

net::ListenerOptions listener_options(const ServeOptions& options) {
  net::ListenerOptions made;
  made.address = options.address;
  made.port = options.port;
  made.trusted_proxies = options.trusted_proxies;
  if (!options.public_url.empty()) made.allowed_origins.push_back(options.public_url);
  return made;
}

/// Everything that runs while the server serves.
class Serving {
 public:
  Serving(std::unique_ptr<Core> core, const ServeOptions& options)
      : core_(std::move(core)),
        api_(core_->services(), api_options(options)),
        door_(core_->rooms()),
        public_url_(options.public_url) {}

  Result<void> open(const ServeOptions& options) {
    BOSSEY_TRY(listener_, net::Listener::open(core_->loop(), listener_options(options), api_, door_));
    const auto url = url_of(options.address, listener_->port());
    if (public_url_.empty()) public_url_ = url;
    BOSSEY_TRY(control_, ControlSocket::open(core_->folder().control_socket(), [this](std::string line, auto answer) {
                 core_->loop().post([this, line = std::move(line), answer = std::move(answer)] {
                   run_operator_command(*core_, public_url_, line, [answer](const nlohmann::json& result) {
                     answer(result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
                   });
                 });
               }));
    core_->loop().on_stop_signal([this] { stop(); });
    log(LogLevel::info, "started", {{"url", url}, {"data", core_->folder().path().string()}});
    std::printf("listening on %s\n", url.c_str());
    std::fflush(stdout);
    return {};
  }

  Result<void> run() {
    core_->loop().run();
    control_.reset();
    const auto closed = core_->close(kJournal_ms);
    log(closed && settled_ ? LogLevel::info : LogLevel::error, "stopped");
    return closed ? settled_ : closed;
  }

 private:
  static api::Options api_options(const ServeOptions& options) {
    const auto client = options.client.empty() ? find_client() : options.client;
    if (client.empty()) log(LogLevel::warning, "no_page", {{"advice", "run scripts/build-client or give --client"}});
    return {BOSSEY_VERSION, options.public_url, client.string(), [](const Error& error) {
              log(LogLevel::error, "request_failed", {{"detail", error.detail}});
            }};
  }

  void stop() {
    log(LogLevel::info, "stopping");
    control_->stop();  // nothing new from command lines either
    listener_->stop(kConnections_ms, [this] {
      deadline_ = core_->loop().after(kSettle_ms, [this] {
        settled_ = fail(Errc::unavailable, "Not everything reached git in time; the next start completes it.");
        core_->loop().stop();
      });
      core_->settle([this](Result<void> settled) {
        settled_ = std::move(settled);
        core_->loop().stop();
      });
    });
  }

  std::unique_ptr<Core> core_;
  api::Api api_;
  room::SocketDoor door_;
  std::string public_url_;
  std::unique_ptr<net::Listener> listener_;
  std::unique_ptr<ControlSocket> control_;
  std::unique_ptr<net::Timer> deadline_;
  Result<void> settled_;
};

}  // namespace

std::string url_of(const std::string& address, std::uint16_t port) {
  const bool v6 = address.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

Result<void> serve(const ServeOptions& options) {
  room::RoomsOptions rooms;
  rooms.scratch = options.scratch;
  rooms.scratch_token = options.scratch_token;
  BOSSEY_TRY(auto core, Core::open(options.data, std::move(rooms)));
  Serving serving(std::move(core), options);
  BOSSEY_TRY_VOID(serving.open(options));
  return serving.run();
}

}  // namespace bossey::app
