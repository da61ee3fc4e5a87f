// The page itself: index.html for every path of the page, and its files. Read on the pool, never from a path that was
// not checked.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "api/api.hpp"
#include "api/routes.hpp"
#include "base/sha256.hpp"

namespace bossey::api {

namespace {

constexpr std::uintmax_t kFile_bytes_max = 32u << 20;

struct File {
  std::string bytes;
  std::string etag;
};

Result<File> read_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || !std::filesystem::is_regular_file(path, error)) return fail(Errc::not_found, "There is no such file.");
  if (size > kFile_bytes_max) return fail(Errc::too_large, "This file is too large to be sent.");
  std::ifstream stream(path, std::ios::binary);
  File file{{std::istreambuf_iterator<char>(stream), {}}, {}};
  if (!stream) return fail(Errc::io, "This file cannot be read. Check the rights of the client's folder.");
  file.etag = "\"" + sha256(file.bytes).hex().substr(0, 32) + "\"";
  return file;
}

std::string type_of(const std::filesystem::path& path) {
  static const std::map<std::string, std::string, std::less<>> kTypes = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".map", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  };
  const auto found = kTypes.find(path.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

/// Sends a file, or 304 when the browser has it.
void send_file(CallPtr call, std::filesystem::path path, std::string cache_control, std::string missing) {
  call->services.pool.ask<File>(
      [path] { return read_file(path); },
      [call, path, cache_control = std::move(cache_control), missing = std::move(missing)](Result<File> file) {
        if (!file) {
          const bool absent = file.error().code == Errc::not_found;
          call->respond(error_page(absent ? 404 : 500, absent ? missing : file.error().detail));
          return;
        }
        if (call->request.header("if-none-match") == file->etag) {
          net::HttpResponse unchanged;
          unchanged.status = 304;
          unchanged.headers = {{"ETag", file->etag}, {"Cache-Control", cache_control}};
          call->respond(std::move(unchanged));
          return;
        }
        call->text(200, type_of(path), std::move(file->bytes),
                   {{"Cache-Control", cache_control}, {"ETag", file->etag}});
      });
}

}  // namespace

void get_healthz(CallPtr call) {
  call->text(200, "text/plain; charset=utf-8", "ok\n");
}

void get_readyz(CallPtr call) {
  const bool ready = !call->options.is_ready || call->options.is_ready();
  call->text(ready ? 200 : 503, "text/plain; charset=utf-8", ready ? "ready\n" : "not ready\n",
             {{"Cache-Control", "no-store"}});
}

void get_page(CallPtr call) {
  if (call->options.client_folder.empty()) {
    call->respond(error_page(404,
                             "The page is not installed. Build it with scripts/build-client, or name its folder "
                             "with --client."));
    return;
  }
  auto path = std::filesystem::path(call->options.client_folder) / "index.html";
  send_file(std::move(call), std::move(path), "no-cache",
            "The page is not built. Run scripts/build-client and try again.");
}

void get_asset(CallPtr call) {
  const auto& path = call->request.path;
  if (path.front() == "api") {
    call->error({Errc::not_found, "There is no such call."});
    return;
  }
  // The listener refuses "..", "." and '/' within a segment; hidden files are nobody's business either.
  std::filesystem::path file = call->options.client_folder;
  for (const auto& segment : path) {
    if (segment.starts_with('.') || segment.find('\\') != std::string::npos || call->options.client_folder.empty()) {
      call->respond(error_page(404, "There is no such page."));
      return;
    }
    file /= segment;
  }
  const bool immutable = path.front() == "assets";
  send_file(std::move(call), std::move(file), immutable ? "public, max-age=31536000, immutable" : "no-cache",
            "There is no such page.");
}

}  // namespace bossey::api
