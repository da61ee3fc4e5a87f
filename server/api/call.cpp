#include "api/call.hpp"

namespace bossey::api {

namespace {

/// Never throws: a text that is not UTF-8 is written with replacement characters.
std::string dump(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

net::HttpResponse response_of(unsigned status, std::string type, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}};
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

nlohmann::json error_json(std::string_view code, std::string_view message) {
  return {{"error", {{"code", code}, {"message", message}}}};
}

}  // namespace

unsigned status_of(Errc code) {
  switch (code) {
    case Errc::bad_input:
      return 400;
    case Errc::too_large:
      return 413;
    case Errc::signed_out:
      return 401;
    case Errc::forbidden:
      return 403;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
      return 409;
    case Errc::unavailable:
      return 503;
    case Errc::corrupt:
    case Errc::io:
      return 500;
  }
  return 500;
}

net::HttpResponse error_response(unsigned status, std::string_view code, std::string_view message) {
  return response_of(status, "application/json", dump(error_json(code, message)));
}

void Call::json(unsigned status, const nlohmann::json& value) {
  respond(response_of(status, "application/json", dump(value)));
}

void Call::no_content() {
  net::HttpResponse response;
  response.status = 204;
  response.headers = {{"Cache-Control", "no-store"}};
  respond(std::move(response));
}

void Call::error(const Error& error) {
  if (status_of(error.code) == 500 && options.on_failure) options.on_failure(error);
  respond(error_response(status_of(error.code), to_string(error.code), error.detail));
}

void Call::error(const Error& error, const nlohmann::json& current) {
  auto value = error_json(to_string(error.code), error.detail);
  value["current"] = current;
  json(status_of(error.code), value);
}

void Call::text(unsigned status, std::string type, std::string body,
                std::vector<std::pair<std::string, std::string>> headers) {
  auto response = response_of(status, std::move(type), std::move(body));
  for (auto& header : headers) {
    std::erase_if(response.headers, [&header](const auto& present) { return present.first == header.first; });
    response.headers.push_back(std::move(header));
  }
  respond(std::move(response));
}

}  // namespace bossey::api
