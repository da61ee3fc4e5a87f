#include "auth/request_guard.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace bossey::auth {

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

net::HttpRequest request(Headers headers) {
  net::HttpRequest made;
  made.method = "POST";
  made.headers = std::move(headers);
  return made;
}

const Headers kGood = {{"host", "bossey.example:8480"},
                       {"origin", "http://bossey.example:8480"},
                       {"bossey-request", "1"},
                       {"content-type", "application/json; charset=utf-8"}};

Headers with(std::string_view name, std::string value) {
  auto headers = kGood;
  for (auto& header : headers) {
    if (header.first == name) header.second = std::move(value);
  }
  return headers;
}

Headers without(std::string_view name) {
  auto headers = kGood;
  std::erase_if(headers, [name](const auto& header) { return header.first == name; });
  return headers;
}

}  // namespace

TEST_SUITE("auth/request_guard") {
  TEST_CASE("our own page may change things, with or without an Origin") {
    CHECK(check_changing_call(request(kGood), "").has_value());
    CHECK(check_changing_call(request(without("origin")), "").has_value());
    CHECK(check_changing_call(request(with("content-type", "Application/JSON")), "").has_value());
    CHECK(check_changing_call(request(with("origin", "HTTP://Bossey.Example:8480")), "").has_value());
  }

  TEST_CASE("another site's page may not, whatever it tries") {
    for (const auto* origin :
         {"http://evil.example", "null", "http://bossey.example:8480.evil.example", "http://bossey.example",
          "http://bossey.example:8481", "bossey.example:8480", "http://evil@bossey.example:8480", "://"}) {
      CAPTURE(origin);
      const auto result = check_changing_call(request(with("origin", origin)), "");
      REQUIRE_FALSE(result.has_value());
      CHECK(result.error().code == Errc::forbidden);
    }
    CHECK_FALSE(check_changing_call(request(without("bossey-request")), "").has_value());
    CHECK_FALSE(check_changing_call(request(with("bossey-request", "0")), "").has_value());
    for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
                             "application/jsonp"}) {
      CAPTURE(type);
      const auto result = check_changing_call(request(with("content-type", type)), "");
      REQUIRE_FALSE(result.has_value());
      CHECK(result.error().code == Errc::bad_input);
    }
  }

  TEST_CASE("behind a proxy the public origin counts as our own") {
    auto headers = with("origin", "https://report.example");
    CHECK_FALSE(check_changing_call(request(headers), "").has_value());
    CHECK(check_changing_call(request(headers), "https://report.example").has_value());
    CHECK_FALSE(check_changing_call(request(headers), "https://report.example.org").has_value());
  }

  TEST_CASE("an empty Host matches no Origin") {
    auto headers = with("host", "");
    headers[1].second = "http://";
    CHECK_FALSE(check_changing_call(request(headers), "").has_value());
  }

  TEST_CASE("every answer forbids inline scripts and frames, and keeps a policy of its own") {
    net::HttpResponse plain;
    add_security_headers(plain);
    const auto find = [](const net::HttpResponse& response, std::string_view name) {
      const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                      [name](const auto& header) { return header.first == name; });
      return found == response.headers.end() ? std::string() : found->second;
    };
    const auto policy = find(plain, "Content-Security-Policy");
    CHECK(policy.find("script-src 'self';") != std::string::npos);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(policy.find("default-src 'none'") != std::string::npos);
    CHECK(find(plain, "X-Content-Type-Options") == "nosniff");
    CHECK(find(plain, "Referrer-Policy") == "no-referrer");

    net::HttpResponse own;
    own.headers.emplace_back("content-security-policy", "default-src 'none'");
    add_security_headers(own);
    CHECK(find(own, "Content-Security-Policy").empty());
  }

  TEST_CASE("the session cookie is out of reach of scripts, and Secure under TLS") {
    CHECK(session_cookie("s3cret", 60, false) == "bossey_session=s3cret; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    CHECK(session_cookie("s3cret", 60, true).ends_with("; Secure"));
    CHECK(no_session_cookie(false) == "bossey_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
  }

  TEST_CASE("a bearer token is read, other schemes are not") {
    CHECK(bearer_token(request({{"authorization", "Bearer abc"}})) == "abc");
    CHECK(bearer_token(request({{"authorization", "bearer abc"}})) == "abc");
    CHECK(bearer_token(request({{"authorization", "Basic abc"}})).empty());
    CHECK(bearer_token(request({{"authorization", "Bearer "}})).empty());
    CHECK(bearer_token(request({})).empty());
  }

  TEST_CASE("only reading methods change nothing") {
    for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"}) CHECK(is_changing(method));
    for (const auto* method : {"GET", "HEAD"}) CHECK_FALSE(is_changing(method));
  }
}

}  // namespace bossey::auth
