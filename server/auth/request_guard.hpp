// Guards of HTTP requests that need no knowledge of routes: that a changing call comes from our own page, the headers
// every answer carries, and the session cookie. Used by server/api for each request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "net/http.hpp"

namespace bossey::auth {

/// POST, PUT, PATCH and DELETE.
[[nodiscard]] bool is_changing(std::string_view method);

/// What a changing call must bring: `Content-Type: application/json`, `Bossey-Request: 1`, and no foreign Origin.
/// `public_origin`: scheme://host[:port] under which people reach the server, or "". Error: forbidden or bad_input.
[[nodiscard]] Result<void> check_changing_call(const net::HttpRequest& request, std::string_view public_origin);

/// Scripts only from our own files, no frames, no guessing of types, no addresses told to others. A header that the
/// answer has already is kept.
void add_security_headers(net::HttpResponse& response);

/// Value of Set-Cookie for a new session. `secure`: the request came by TLS.
[[nodiscard]] std::string session_cookie(std::string_view secret, std::int64_t max_age_s, bool secure);
/// The same to make the browser forget it.
[[nodiscard]] std::string no_session_cookie(bool secure);

/// The token of `Authorization: Bearer …`, or "".
[[nodiscard]] std::string_view bearer_token(const net::HttpRequest& request);

}  // namespace bossey::auth
