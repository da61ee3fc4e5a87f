#include "api/api.hpp"

#include <utility>

#include "auth/request_guard.hpp"
#include "document/html.hpp"

namespace bossey::api {

namespace {

constexpr std::size_t kAnonymousBody_bytes_max = 64 * 1024;

bool is_api(const net::HttpRequest& request) {
  return !request.path.empty() && request.path.front() == "api";
}

net::HttpResponse refuse(const net::HttpRequest& request, const Error& error) {
  const auto status = status_of(error.code);
  return is_api(request) ? error_response(status, to_string(error.code), error.detail)
                         : error_page(status, error.detail);
}

Error not_there() {
  return {Errc::not_found, "There is no such thing, or you may not see it."};
}

}  // namespace

net::HttpResponse error_page(unsigned status, std::string_view message) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = std::make_shared<const std::string>(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>Bossey</title>\n<h1>Bossey</h1>\n<p>" +
      document::escape_html(message) + "</p>\n<p><a href=\"/\">Go to your groups</a></p>\n</html>\n");
  return response;
}

Api::Api(Services services, Options options) : services_(std::move(services)), options_(std::move(options)) {}

std::optional<auth::Who> Api::who_asks(const net::HttpRequest& request) const {
  const auto roll = services_.accounts.roll();
  const auto now_s = services_.scheduler.unix_ms() / 1000;
  const auto token = auth::bearer_token(request);
  if (!token.empty()) return auth::who_by_token(*roll, token, now_s);
  return auth::who_by_session(*roll, request.cookie(auth::kSessionCookie), now_s);
}

std::size_t Api::body_bytes_max(const net::HttpRequest& request) const {
  const auto match = find_route(routes(), request.method, request.path);
  if (match.route == nullptr) return kAnonymousBody_bytes_max;
  const bool large = match.route->body_bytes_max > kAnonymousBody_bytes_max;
  return large && !who_asks(request) ? kAnonymousBody_bytes_max : match.route->body_bytes_max;
}

Result<void> Api::admit(const Route& route, Call& call) {
  if (route.needs == Needs::nobody) return {};
  call.who = who_asks(call.request);
  if (!call.who) return fail(Errc::signed_out, "You are signed out. Open your sign-in link again.");
  call.caller.person = call.who->person;
  if (route.needs == Needs::group) {
    const GroupId id{call.captures.front()};
    call.group = services_.groups.find(id);
    call.caller.roles = auth::roles_in(*call.roll, *call.who, id);
    if (call.group == nullptr && !call.caller.roles.empty() && services_.groups.damage(id) != nullptr) {
      return fail(Errc::unavailable, "This group could not be opened. Tell whoever runs the server.");
    }
    if (call.group == nullptr || call.caller.roles.empty()) return tl::unexpected(not_there());
    if (!call.group->lets_in(call.caller.roles) && route.handler != get_group) {
      return fail(Errc::not_found, "A closed meeting is being held. Come back when it ends.");
    }
    if (!consensus::may(call.caller.roles, route.action)) {
      return fail(Errc::forbidden, "Your role in this group does not allow this.");
    }
  }
  if (!auth::is_changing(call.request.method)) return {};
  BOSSEY_TRY_VOID(auth::check_changing_call(call.request, options_.public_url));
  if (call.request.body.empty() && call.request.method == "DELETE") return {};
  BOSSEY_TRY(call.body, Fields::parse(call.request.body));
  return {};
}

void Api::handle(net::HttpRequest request, Respond respond) {
  auto guarded = [respond = std::move(respond)](net::HttpResponse response) {
    auth::add_security_headers(response);
    respond(std::move(response));
  };
  auto match = find_route(routes(), request.method, request.path);
  if (match.route == nullptr) {
    auto response = match.allowed.empty() ? refuse(request, not_there())
                                          : error_response(405, "bad_input", "This path takes " + match.allowed + ".");
    if (!match.allowed.empty()) response.headers.emplace_back("Allow", match.allowed);
    guarded(std::move(response));
    return;
  }
  auto call = std::make_shared<Call>(Call{options_, services_, limits_, std::move(request), std::move(guarded),
                                          std::move(match.captures), services_.accounts.roll()});
  if (auto admitted = admit(*match.route, *call); !admitted) {
    call->respond(refuse(call->request, admitted.error()));
    return;
  }
  if (auth::is_changing(call->request.method) &&
      !limits_.changes.take(std::to_string(call->who->person.value), services_.scheduler.now_ms())) {
    call->respond(error_response(429, "unavailable", "Too many changes at once. Wait a few seconds."));
    return;
  }
  match.route->handler(std::move(call));
}

}  // namespace bossey::api
