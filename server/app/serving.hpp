// `bossey serve`: the core with its door (HTTP, WebSocket) and its control socket, in the foreground until SIGTERM or
// SIGINT. Called by the command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace bossey::app {

struct ServeOptions {
  std::filesystem::path data;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8480;     ///< 0: any free one.
  std::filesystem::path client;  ///< Folder of the page's files; empty: found beside the binary.
  std::string public_url;        ///< Empty: http://address:port, and what requests say.
  bool scratch = false;
  std::string scratch_token;
  std::vector<std::string> trusted_proxies;
  std::filesystem::path tls_certificate;  ///< PEM; empty: no TLS. With `tls_key`.
  std::filesystem::path tls_key;
  std::optional<std::uint16_t> metrics_port;  ///< At 127.0.0.1; 0: any free one; nothing: no metrics.
  std::string end_at;                         ///< For tests of crashes: see parse_fault. Empty: none.
};

/// Serves until told to stop; then ends within 5 s. Prints "listening on http://…" on stdout when ready. An error:
/// it could not start (the detail says what to do), or something could not be saved at the end.
[[nodiscard]] Result<void> serve(const ServeOptions& options);

/// "http://127.0.0.1:8480"; IPv6 in brackets.
[[nodiscard]] std::string url_of(const std::string& address, std::uint16_t port, bool secure = false);

}  // namespace bossey::app
