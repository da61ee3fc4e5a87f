#include "auth/request_guard.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "auth/who.hpp"

namespace bossey::auth {

namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kHeaders = {{
    {"Content-Security-Policy", kPolicy},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
}};

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char left, char right) { return lower(left) == lower(right); });
}

bool is_own_origin(std::string_view origin, std::string_view host, std::string_view public_origin) {
  if (!public_origin.empty() && equal_without_case(origin, public_origin)) return true;
  // Behind a proxy that ends TLS the scheme is not ours to know; the host is.
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos || host.empty()) return false;
  return equal_without_case(origin.substr(scheme + 3), host);
}

bool is_json(std::string_view content_type) {
  const auto media_type = content_type.substr(0, content_type.find(';'));
  return equal_without_case(media_type.substr(0, media_type.find(' ')), "application/json");
}

std::string cookie(std::string_view value, std::int64_t max_age_s, bool secure) {
  std::string text(kSessionCookie);
  text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=").append(std::to_string(max_age_s));
  if (secure) text.append("; Secure");
  return text;
}

}  // namespace

bool is_changing(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

Result<void> check_changing_call(const net::HttpRequest& request, std::string_view public_origin) {
  const auto origin = request.header("origin");
  if (!origin.empty() && !is_own_origin(origin, request.header("host"), public_origin)) {
    return fail(Errc::forbidden, "This request comes from another site. Use the page of this server.");
  }
  if (request.header("bossey-request") != "1") {
    return fail(Errc::forbidden, "The header 'Bossey-Request: 1' is missing. Add it to every changing call.");
  }
  if (!is_json(request.header("content-type"))) {
    return fail(Errc::bad_input, "Send 'Content-Type: application/json' with every changing call.");
  }
  return {};
}

void add_security_headers(net::HttpResponse& response) {
  for (const auto& [name, value] : kHeaders) {
    const bool present =
        std::any_of(response.headers.begin(), response.headers.end(),
                    [name = name](const auto& header) { return equal_without_case(header.first, name); });
    if (!present) response.headers.emplace_back(name, value);
  }
}

std::string session_cookie(std::string_view secret, std::int64_t max_age_s, bool secure) {
  return cookie(secret, max_age_s, secure);
}

std::string no_session_cookie(bool secure) {
  return cookie("", 0, secure);
}

std::string_view bearer_token(const net::HttpRequest& request) {
  constexpr std::string_view kScheme = "bearer ";
  const auto value = request.header("authorization");
  if (value.size() <= kScheme.size() || !equal_without_case(value.substr(0, kScheme.size()), kScheme)) return {};
  return value.substr(kScheme.size());
}

}  // namespace bossey::auth
