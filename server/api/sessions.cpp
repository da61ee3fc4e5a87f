// Signing in by link, signing out, and who I am.
#include <string>
#include <utility>

#include "accounts/secret.hpp"
#include "api/api.hpp"
#include "api/routes.hpp"
#include "auth/request_guard.hpp"

namespace bossey::api {

namespace {

constexpr std::size_t kLink_bytes_max = 100;

void too_often(Call& call) {
  call.respond(error_page(429, "Too many attempts from your network. Wait a minute, then open the link again."));
}

void signed_in(Call& call, const accounts::NewSession& session) {
  net::HttpResponse response;
  response.status = 303;
  response.headers = {
      {"Location", "/"},
      {"Cache-Control", "no-store"},
      {"Set-Cookie", auth::session_cookie(session.secret, session.expires_s - call.now_s(), call.request.secure)}};
  call.respond(std::move(response));
}

}  // namespace

void get_sign_in(CallPtr call) {
  const auto& address = call->request.remote_address;
  const auto now_ms = call->services.scheduler.now_ms();
  auto secret = call->captures.at(0);
  // HEAD comes from programs that look at links, not from people.
  const auto* link = call->request.method == "GET" && secret.size() <= kLink_bytes_max
                         ? call->roll->link(accounts::hash_of_secret(secret), call->now_s())
                         : nullptr;
  if (link == nullptr) {
    if (!call->limits.bad_sign_in.take(address, now_ms)) return too_often(*call);
    call->respond(error_page(401, "This link does not work any more. Ask whoever sent it to you for a new one."));
    return;
  }
  if (!call->limits.sign_in.take(address, now_ms) ||
      !call->limits.person_sign_in.take(std::to_string(link->person.value), now_ms))
    return too_often(*call);
  std::optional<Sha256> old_session;
  if (const auto cookie = call->request.cookie(auth::kSessionCookie); !cookie.empty()) {
    old_session = accounts::hash_of_secret(cookie);
  }
  call->services.accounts.submit(
      [secret = std::move(secret), old_session, now_s = call->now_s()](accounts::AccountsStore& store) {
        return store.sign_in(secret, old_session, now_s);
      },
      [call](Result<accounts::NewSession> session) {
        session ? signed_in(*call, *session)
                : call->respond(error_page(status_of(session.error().code), session.error().detail));
      });
}

void post_sign_out(CallPtr call) {
  if (call->who->token) {
    call->error({Errc::bad_input, "An API token is not a session. Have the token revoked instead."});
    return;
  }
  call->services.accounts.submit(
      [session = call->who->grant](accounts::AccountsStore& store) { return store.end_session(session); },
      [call](Result<void> ended) {
        if (!ended) return call->error(ended.error());
        call->services.rooms.recheck(call->who->person);
        net::HttpResponse response;
        response.status = 204;
        response.headers = {{"Set-Cookie", auth::no_session_cookie(call->request.secure)},
                            {"Cache-Control", "no-store"}};
        call->respond(std::move(response));
      });
}

void get_me(CallPtr call) {
  auto groups = nlohmann::json::array();
  for (const auto& membership : call->roll->memberships_of(call->who->person)) {
    const auto* group = call->services.groups.find(membership.group);
    const bool there = group != nullptr || call->services.groups.damage(membership.group) != nullptr;
    if (!there || auth::roles_in(*call->roll, *call->who, membership.group).empty()) continue;
    // The name of a group that could not be opened is not known; its page says what happened.
    groups.push_back({{"slug", membership.group.value},
                      {"name", group == nullptr ? membership.group.value : group->name()},
                      {"role", consensus::name_of(membership.role)}});
  }
  call->json(200, {{"person", {{"id", call->who->person.value}, {"name", call->who->name}}},
                   {"groups", std::move(groups)},
                   {"server", {{"version", call->options.version}}}});
}

}  // namespace bossey::api
