// One socket at `/sync`: many documents in the Hocuspocus framing. Made by SocketDoor. It recognises the client for
// each address, queues what comes before that is done, and passes frames on to rooms; what they mean there is the
// room's.
//
// | state of an address | a frame of it                                            | leaves by                     |
// | ------------------- | -------------------------------------------------------- | ----------------------------- |
// | unknown             | Auth: checking; any other: waiting                       |                               |
// | waiting             | Auth: checking; others are queued, within bounds (4205)  | Auth                          |
// | checking            | queued, within bounds (4205)                             | admitted or denied            |
// | attached            | to the room                                              | CLOSE, access taken away      |
// | denied              | Auth: checking; others are dropped (sent before the no)  | Auth                          |
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "net/socket.hpp"
#include "room/rooms_state.hpp"
#include "room/session.hpp"
#include "sync/hocuspocus.hpp"

namespace bossey::room {

class Channel final : public net::SocketPeer,
                      public Connected,
                      public SessionOwner,
                      public std::enable_shared_from_this<Channel> {
 public:
  /// `credentials` are those of the upgrade; the token comes with each Auth.
  Channel(std::shared_ptr<Rooms::State> rooms, std::shared_ptr<net::Outbox> outbox, Credentials credentials);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() override;

  void on_frame(BytesView frame) override;
  void on_writable() override;
  void on_closed() override;
  void tick(std::int64_t now_ms) override;
  void sign_out(PersonId person) override;
  void on_denied(Session& session, const std::string& reason) override;

 private:
  enum class Stage : std::uint8_t { waiting, checking, attached, denied };
  struct Place {
    Stage stage = Stage::waiting;
    std::uint64_t attempt = 0;  ///< Tells a late answer to an earlier Auth from the present one.
    std::deque<sync::ClientMessage> queue;
    std::shared_ptr<Room> room;
    std::shared_ptr<Session> session;
  };
  using Places = std::map<std::string, Place>;

  void on_message(const std::string& address, sync::ClientMessage&& message);
  void authenticate(const std::string& address, Place& place, const sync::AuthToken& auth);
  void on_admitted(const std::string& address, std::uint64_t attempt, Result<Admitted> admitted);
  void attach(const std::string& address, Place& place, Admitted admitted);
  void deny(const std::string& address, Place& place, const Error& error);
  void close_address(const std::string& address);
  void queue(Place& place, sync::ClientMessage&& message);
  void forget_queue(Place& place);
  /// False, and the socket is closed, when there is no place for one more address.
  [[nodiscard]] bool has_place();
  void send(const std::string& address, const sync::ServerMessage& message);

  const std::shared_ptr<Rooms::State> rooms_;
  std::shared_ptr<net::Outbox> outbox_;
  Credentials credentials_;
  Places places_;
  std::size_t queued_frames_ = 0;
  std::size_t queued_bytes_ = 0;
  std::uint64_t attempts_ = 0;
  std::int64_t opened_ms_;
  std::int64_t pinged_ms_;
  bool ever_attached_ = false;
  std::optional<PersonId> person_;  ///< Whoever was let in last.
};

}  // namespace bossey::room
