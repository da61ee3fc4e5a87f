// Answers every HTTP request: finds its route, checks who asks and whether they may, reads the body, and hands the call
// to the route. Made by server/app and given to net::Listener. It holds no rules of its own beyond the route table.
#pragma once

#include <memory>

#include "api/call.hpp"
#include "api/routes.hpp"
#include "net/http.hpp"

namespace bossey::api {

class Api final : public net::HttpHandler {
 public:
  /// What `services` refers to outlives this.
  Api(Services services, Options options);

  void handle(net::HttpRequest request, Respond respond) override;
  [[nodiscard]] std::size_t body_bytes_max(const net::HttpRequest& request) const override;

 private:
  [[nodiscard]] std::optional<auth::Who> who_asks(const net::HttpRequest& request) const;
  /// Everything that a route's row asks for; after it the handler may be called.
  [[nodiscard]] Result<void> admit(const Route& route, Call& call);

  Services services_;
  Options options_;
  AttemptLimits limits_;
};

/// A page of plain words for a person whose browser asked for something that is not JSON.
[[nodiscard]] net::HttpResponse error_page(unsigned status, std::string_view message);

}  // namespace bossey::api
