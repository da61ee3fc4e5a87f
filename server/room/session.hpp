// One client in one room: who it is, how it is spoken to, and which answers it is owed. Made by channels, kept by the
// room while attached. It decides nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "crdt/state_vector.hpp"
#include "net/socket.hpp"
#include "room/access.hpp"
#include "sync/message.hpp"

namespace bossey::room {

enum class Framing : std::uint8_t { hocuspocus, plain };

class Session;

/// Whoever made a session hears that the room ended it (access was taken away).
class SessionOwner {
 public:
  virtual ~SessionOwner() = default;
  /// The session is detached already.
  virtual void on_denied(Session& session, const std::string& reason) = 0;
};

/// The answer to one SyncStep2 or SyncUpdate. Sent in order, each when row `after` is on disk.
struct Answer {
  JournalSeq after;
  bool applied = false;
  std::string stateless;  ///< Sent with it; "" for none.
};

class Session {
 public:
  Session(std::uint64_t number_, Identity identity_, Access access_, Framing framing_, std::string address_,
          std::shared_ptr<net::Outbox> outbox_, SessionOwner& owner_)
      : number(number_),
        identity(std::move(identity_)),
        access(access_),
        framing(framing_),
        address(std::move(address_)),
        outbox(std::move(outbox_)),
        owner(&owner_) {}

  /// Encodes and sends; what the framing cannot say is left out.
  void send(const sync::ServerMessage& message);
  /// Sends every answer that row `durable` and those before it allow, then {"type":"saved"} if any was applied.
  void send_answers(JournalSeq durable);
  /// The offender's end: the whole socket closes.
  void close(net::CloseCode code, std::string reason);

  const std::uint64_t number;  ///< Unique since the start of the server.
  Identity identity;
  Access access;
  const Framing framing;
  const std::string address;
  const std::shared_ptr<net::Outbox> outbox;
  SessionOwner* owner;

  bool synced = false;  ///< Has the stored text: gets what is fanned out.
  bool asked = false;   ///< Has sent a SyncStep1.
  bool fresh = false;   ///< It asked for everything: its document came from here.
  std::optional<std::uint64_t>
      late_after;  ///< Decision; set: holds late edits: nothing of it is applied until it loads afresh.
  std::optional<crdt::StateVector> owed_text;  ///< A SyncStep2 that waits until the outbox has room.
  std::deque<Answer> answers;
  std::size_t held = 0;  ///< Updates that wait for the room's release; they come after all answers.
};

/// The frame of a message in one framing.
[[nodiscard]] Bytes encode_for(Framing framing, const std::string& address, const sync::ServerMessage& message);

}  // namespace bossey::room
