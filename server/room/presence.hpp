// Who is in one room and where their cursor is: awareness states with their owners, collected over a turn of the loop.
// Used by the room. Names are the server's: a client cannot appear as somebody else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "room/access.hpp"
#include "room/session.hpp"
#include "sync/awareness.hpp"

namespace bossey::room {

/// The state with `user.name`, `user.person` and, if it has one, `user.color` as the identity says, and so `name` and
/// `person` of the state itself, where it has them. An identity without a name leaves the client's own, one without a
/// person takes `person` out. A state that names nobody is unchanged. `state` is JSON that decode_awareness accepted.
[[nodiscard]] std::string with_identity(const std::string& state, const Identity& identity);

class Presence {
 public:
  Presence(std::size_t states_max, std::size_t states_per_session_max) : states_(states_max, states_per_session_max) {}

  /// Errors as sync::decode_awareness, and too_large for too many states.
  [[nodiscard]] Result<void> receive(const Session& session, BytesView update, std::int64_t now_ms);
  void leave(const Session& session, std::int64_t now_ms);
  void expire(std::int64_t now_ms, std::int64_t lifetime_ms);

  /// What has changed since the last call, newest state of each client, as an awareness update; none if nothing.
  [[nodiscard]] std::optional<Bytes> take_news();
  [[nodiscard]] bool has_news() const { return !news_.empty(); }
  /// All states; none if nobody is here.
  [[nodiscard]] std::optional<Bytes> all() const;

 private:
  void note(const std::vector<sync::AwarenessEntry>& entries);

  sync::AwarenessStates states_;
  std::vector<sync::AwarenessEntry> news_;
};

}  // namespace bossey::room
