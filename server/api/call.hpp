// One HTTP call on its way through a route: the request, who asks and with which roles, what the route may use, and
// the answer. Made by Api after all checks that a route's row asks for; kept alive by the route until it answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/accounts.hpp"
#include "api/fields.hpp"
#include "api/pool.hpp"
#include "auth/attempt_limit.hpp"
#include "auth/who.hpp"
#include "base/error.hpp"
#include "group/caller.hpp"
#include "group/groups.hpp"
#include "net/http.hpp"
#include "net/scheduler.hpp"
#include "revisions/revision_store.hpp"
#include "room/rooms.hpp"

namespace bossey::api {

struct Options {
  std::string version;
  std::string public_url;     ///< "https://report.example", without a slash at the end; "" for the request's own host.
  std::string client_folder;  ///< Where the page's files are; "" for none.
  std::function<void(const Error&)> on_failure = {};  ///< Told of errors that are the server's own, for its log.
  std::function<bool()> is_ready = {};                ///< For /readyz: saving works, and the server does not stop.
};

/// What routes use. All outlive the Api and every call.
struct Services {
  net::Scheduler& scheduler;
  accounts::Accounts& accounts;
  group::Groups& groups;
  room::Rooms& rooms;
  revisions::RevisionStore& revisions;
  Pool& pool;
  std::function<std::uint64_t()> random;  ///< 64 random bits.
};

/// How often things may be tried; kept by Api.
struct AttemptLimits {
  auth::AttemptLimit sign_in{600, 100};           ///< An address: a whole room comes in from one.
  auth::AttemptLimit bad_sign_in{20, 3'000};      ///< An address, with links that are wrong.
  auth::AttemptLimit person_sign_in{60, 10'000};  ///< A person, with links that are right.
  auth::AttemptLimit changes{200, 100};           ///< A person.
};

struct Call {
  const Options& options;
  Services& services;
  AttemptLimits& limits;
  net::HttpRequest request;
  net::HttpHandler::Respond respond;
  std::vector<std::string> captures;  ///< What stood at the `:` segments of the route, in order.
  std::shared_ptr<const accounts::Roll> roll;
  std::optional<auth::Who> who = std::nullopt;
  group::Group* group = nullptr;  ///< For routes under a group; then `caller` has a role in it.
  group::Caller caller = {};      ///< With roles in `group`.
  Fields body = {};               ///< Of changing calls.

  [[nodiscard]] std::int64_t now_s() const { return services.scheduler.unix_ms() / 1000; }

  void json(unsigned status, const nlohmann::json& value);
  void no_content();
  void error(const Error& error);
  /// A refusal with what is there now: `"current"` of a 409.
  void error(const Error& error, const nlohmann::json& current);
  void text(unsigned status, std::string type, std::string body,
            std::vector<std::pair<std::string, std::string>> headers = {});
  /// The value as JSON, or the error.
  template <class T, class ToJson>
  void answer(const Result<T>& result, ToJson to_json, unsigned status = 200) {
    result ? json(status, to_json(*result)) : error(result.error());
  }
};

using CallPtr = std::shared_ptr<Call>;

/// Status code of an error.
[[nodiscard]] unsigned status_of(Errc code);
/// The body of an error's answer.
[[nodiscard]] net::HttpResponse error_response(unsigned status, std::string_view code, std::string_view message);

}  // namespace bossey::api
