// Turns upgrade requests into channels: `/sync` speaks the Hocuspocus framing, `/y/<document>` that of y-websocket.
// Given to net::Listener by main.
#pragma once

#include <memory>

#include "base/error.hpp"
#include "net/socket.hpp"
#include "room/rooms.hpp"

namespace bossey::room {

class SocketDoor final : public net::SocketAcceptor {
 public:
  /// `rooms` outlives this.
  explicit SocketDoor(Rooms& rooms) : rooms_(rooms) {}

  /// Paths other than these two are not_found. At /y/ the token is `?token=`, else `Authorization: Bearer`; whether it
  /// counts is found out after the upgrade, and a wrong one closes with 4401.
  [[nodiscard]] Result<std::shared_ptr<net::SocketPeer>> accept(const net::HttpRequest& request,
                                                                std::shared_ptr<net::Outbox> outbox) override;

 private:
  Rooms& rooms_;
};

}  // namespace bossey::room
