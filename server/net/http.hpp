// An HTTP request and its answer as plain values, and who answers them. Included by server/api and by whoever
// joins the parts; the listener (listener.hpp) is the only caller. No Beast or Asio type may appear here.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bossey::net {

/// One request, read completely and checked for form: the path and the query are percent-decoded and valid
/// UTF-8, hold no control character, and no path segment is "", "." or ".." (those get 400 before a handler
/// sees them). A trailing slash is dropped; "/" is a path without segments.
struct HttpRequest {
  std::string method;                                        ///< Upper case: GET, HEAD, POST, PUT, PATCH, DELETE.
  std::vector<std::string> path;                             ///< Decoded segments. A decoded '/' is refused with 400.
  std::vector<std::pair<std::string, std::string>> query;    ///< In order, decoded ('+' is a space).
  std::vector<std::pair<std::string, std::string>> headers;  ///< Names in lower case, values trimmed.
  std::string body;
  std::string remote_address;  ///< Numeric, without port. Behind a trusted proxy: the client's (ListenerOptions).
  bool secure = false;         ///< TLS here, or a trusted proxy says so: cookies may be `Secure`.

  /// Value of the first header of this name (lower case), or "".
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// Value of the first query parameter of this name, or "".
  [[nodiscard]] std::string_view query_value(std::string_view name) const;
  /// Value of a cookie, or "".
  [[nodiscard]] std::string_view cookie(std::string_view name) const;
  /// The path in one piece, "/a/b", decoded. For messages and comparison, never for the file system.
  [[nodiscard]] std::string path_text() const;
};

/// The answer. Content-Length, Connection, Date and the omission of a HEAD's body are the listener's.
/// Every other header, the security headers too, belongs to the handler.
struct HttpResponse {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> body;  ///< Null means empty. Shared, so that files are not copied.
};

/// A plain text answer, for errors found before a handler is reached.
[[nodiscard]] HttpResponse text_response(unsigned status, std::string text);

/// Answers requests. Called on the network thread, must not block. `respond` is called exactly once, at any later
/// time and from any thread; when it is dropped without a call the client gets 500. The connection may be gone by
/// then, and the answer is thrown away.
class HttpHandler {
 public:
  using Respond = std::function<void(HttpResponse)>;

  virtual ~HttpHandler() = default;
  virtual void handle(HttpRequest request, Respond respond) = 0;

  /// Largest body this handler takes for a request whose body is not read yet (`request.body` is empty), in octets.
  /// More is answered 413 without reading it.
  [[nodiscard]] virtual std::size_t body_bytes_max(const HttpRequest& request) const {
    static_cast<void>(request);
    return 64 * 1024;
  }
};

}  // namespace bossey::net
