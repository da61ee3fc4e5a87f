// One socket at `/y/<document>`: one document in the y-websocket framing. Made by SocketDoor. There is no message for a
// refusal of single updates in this framing: a socket that may only read is told nothing, its updates are dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "net/socket.hpp"
#include "room/rooms_state.hpp"
#include "room/session.hpp"

namespace bossey::room {

class PlainChannel final : public net::SocketPeer,
                           public Connected,
                           public SessionOwner,
                           public std::enable_shared_from_this<PlainChannel> {
 public:
  PlainChannel(std::shared_ptr<Rooms::State> rooms, std::shared_ptr<net::Outbox> outbox, DocumentId document);
  PlainChannel(const PlainChannel&) = delete;
  PlainChannel& operator=(const PlainChannel&) = delete;
  ~PlainChannel() override;

  /// Once, right after it was made.
  void authenticate(Credentials credentials);

  void on_frame(BytesView frame) override;
  void on_writable() override;
  void on_closed() override;
  void tick(std::int64_t now_ms) override;
  void sign_out(PersonId person) override;
  void on_denied(Session& session, const std::string& reason) override;

 private:
  void on_admitted(Result<Admitted> admitted);
  void refuse(net::CloseCode code, const std::string& reason);

  const std::shared_ptr<Rooms::State> rooms_;
  std::shared_ptr<net::Outbox> outbox_;
  DocumentId document_;
  std::string address_;
  std::deque<sync::ClientMessage> queue_;
  std::size_t queued_bytes_ = 0;
  std::shared_ptr<Room> room_;
  std::shared_ptr<Session> session_;
  std::int64_t opened_ms_;
  std::int64_t pinged_ms_;
};

}  // namespace bossey::room
