#include "room/socket_door.hpp"

#include <string_view>
#include <utility>

#include "room/channel.hpp"
#include "room/plain_channel.hpp"

namespace bossey::room {
namespace {

constexpr std::string_view kSessionCookie = "bossey_session";
constexpr std::string_view kBearer = "Bearer ";

std::string token_of(const net::HttpRequest& request) {
  const std::string_view query = request.query_value("token");
  if (!query.empty()) return std::string(query);
  const std::string_view authorization = request.header("authorization");
  return authorization.starts_with(kBearer) ? std::string(authorization.substr(kBearer.size())) : std::string();
}

DocumentId document_of(const std::vector<std::string>& path) {
  std::string name;
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (i > 1) name.push_back('/');
    name.append(path[i]);
  }
  return {std::move(name)};
}

}  // namespace

Result<std::shared_ptr<net::SocketPeer>> SocketDoor::accept(const net::HttpRequest& request,
                                                            std::shared_ptr<net::Outbox> outbox) {
  const std::shared_ptr<Rooms::State>& rooms = rooms_.state_;
  if (rooms->stopping) return fail(Errc::unavailable, "The server stops. Come back in a moment.");
  Credentials credentials{{}, std::string(request.cookie(kSessionCookie)), request.remote_address};
  if (request.path.size() == 1 && request.path[0] == "sync")
    return std::make_shared<Channel>(rooms, std::move(outbox), std::move(credentials));
  if (request.path.size() < 2 || request.path[0] != "y")
    return fail(Errc::not_found, "Sockets are at /sync and /y/<document>.");
  auto channel = std::make_shared<PlainChannel>(rooms, std::move(outbox), document_of(request.path));
  credentials.token = token_of(request);
  channel->authenticate(std::move(credentials));
  return channel;
}

}  // namespace bossey::room
