#include "app/serving.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "api/api.hpp"
#include "app/control_socket.hpp"
#include "app/core.hpp"
#include "app/log.hpp"
#include "app/monitoring.hpp"
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
/// All connections (listener.hpp), and what stores and pages need.
constexpr rlim_t kFilesMax = 24'000;
/// How soon a new certificate is in use without a signal.
constexpr milliseconds kLookAtCertificate_ms{10'000};

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

/// The oldest time there is if the file is not there: it will differ from that of a new one.
std::filesystem::file_time_type time_of(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::last_write_time(file, error);
}

/// A shell's usual 1,024 files would be the real limit on connections.
void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, kFilesMax);
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));
}

net::ListenerOptions listener_options(const ServeOptions& options) {
  net::ListenerOptions made;
  made.address = options.address;
  made.port = options.port;
  made.trusted_proxies = options.trusted_proxies;
  if (!options.tls_certificate.empty()) made.tls = {options.tls_certificate.string(), options.tls_key.string()};
  if (!options.public_url.empty()) made.allowed_origins.push_back(options.public_url);
  return made;
}

/// Everything that runs while the server serves.
class Serving {
 public:
  Serving(std::unique_ptr<Core> core, const ServeOptions& options)
      : core_(std::move(core)),
        api_(core_->services(), api_options(options, [this] { return is_ready(); })),
        door_(core_->rooms()),
        public_url_(options.public_url) {}

  Result<void> open(const ServeOptions& options) {
    BOSSEY_TRY(listener_, net::Listener::open(core_->loop(), listener_options(options), api_, door_));
    const auto url = url_of(options.address, listener_->port(), !options.tls_certificate.empty());
    if (public_url_.empty()) public_url_ = url;
    if (options.metrics_port) {
      BOSSEY_TRY(monitoring_,
                 Monitoring::open(core_->loop(), *options.metrics_port, [this] { return measurements(); }));
    }
    BOSSEY_TRY(control_, ControlSocket::open(core_->folder().control_socket(), [this](std::string line, auto answer) {
                 core_->loop().post([this, line = std::move(line), answer = std::move(answer)] {
                   run_operator_command(*core_, public_url_, line, [answer](const nlohmann::json& result) {
                     answer(result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
                   });
                 });
               }));
    core_->loop().on_stop_signal([this] { stop(); });
    if (!options.tls_certificate.empty()) watch_certificate(options.tls_certificate);
    log(LogLevel::info, "started", {{"url", url}, {"data", core_->folder().path().string()}});
    if (monitoring_) std::printf("metrics on %s/metrics\n", url_of("127.0.0.1", monitoring_->port()).c_str());
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
  [[nodiscard]] bool is_ready() const { return !stopping_ && !core_->journal().stats().trouble; }

  [[nodiscard]] Measurements measurements() {
    return {BOSSEY_VERSION,
            is_ready(),
            listener_->counters(),
            listener_->queues(),
            core_->rooms().counters(),
            core_->journal().stats(),
            core_->revisions().commits(),
            core_->revisions().waiting(),
            core_->pool().waiting(),
            process_numbers()};
  }

  static api::Options api_options(const ServeOptions& options, std::function<bool()> is_ready) {
    const auto client = options.client.empty() ? find_client() : options.client;
    if (client.empty()) log(LogLevel::warning, "no_page", {{"advice", "run scripts/build-client or give --client"}});
    return {BOSSEY_VERSION, options.public_url, client.string(),
            [](const Error& error) {
              log(LogLevel::error, "request_failed", {{"detail", error.detail}});
            },
            std::move(is_ready)};
  }

  void watch_certificate(const std::filesystem::path& file) {
    certificate_ = file;
    certificate_time_ = time_of(file);
    core_->loop().on_reload_signal([this] { reload_certificate(); });
    look_at_certificate_later();
  }

  void look_at_certificate_later() {
    certificate_timer_ = core_->loop().after(kLookAtCertificate_ms, [this] {
      if (time_of(certificate_) != certificate_time_) reload_certificate();
      look_at_certificate_later();
    });
  }

  void reload_certificate() {
    const auto time = time_of(certificate_);
    const auto reloaded = listener_->reload_tls();
    if (!reloaded) return log(LogLevel::error, "certificate_not_reloaded", {{"detail", reloaded.error().detail}});
    certificate_time_ = time;
    log(LogLevel::info, "certificate_reloaded");
  }

  void stop() {
    stopping_ = true;
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
  std::unique_ptr<Monitoring> monitoring_;
  std::unique_ptr<ControlSocket> control_;
  std::unique_ptr<net::Timer> deadline_;
  std::filesystem::path certificate_;
  std::filesystem::file_time_type certificate_time_;
  std::unique_ptr<net::Timer> certificate_timer_;
  Result<void> settled_;
  bool stopping_ = false;
};

}  // namespace

std::string url_of(const std::string& address, std::uint16_t port, bool secure) {
  const bool v6 = address.find(':') != std::string::npos;
  return std::string(secure ? "https://" : "http://") + (v6 ? "[" + address + "]" : address) + ":" +
         std::to_string(port);
}

Result<void> serve(const ServeOptions& options) {
  allow_many_files();
  room::RoomsOptions rooms;
  rooms.scratch = options.scratch;
  rooms.write_limits = !options.scratch;
  rooms.scratch_token = options.scratch_token;
  BOSSEY_TRY(auto faults, parse_fault(options.end_at));
  BOSSEY_TRY(auto core, Core::open(options.data, std::move(rooms), std::move(faults)));
  Serving serving(std::move(core), options);
  BOSSEY_TRY_VOID(serving.open(options));
  return serving.run();
}

}  // namespace bossey::app
