// Awareness: who is here and where their cursor is, as JSON states with clocks, never stored.
// server/room keeps one AwarenessStates per open document. Time is passed in; nothing here knows sockets.
// Rule: y-protocols/awareness.js (accept a higher clock, or an equal one with null while a state is known).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace bossey::sync {

/// One client's state in an awareness update. `state` is JSON text; "null" means gone.
struct AwarenessEntry {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
  std::string state;

  [[nodiscard]] bool is_gone() const { return state == "null"; }
  friend bool operator==(const AwarenessEntry&, const AwarenessEntry&) = default;
};

/// `n`, then n times client, clock, state. Each state is checked: valid UTF-8, well-formed JSON, an object or null,
/// nested at most kAwarenessDepthMax. Errors: bad_input, too_large.
[[nodiscard]] Result<std::vector<AwarenessEntry>> decode_awareness(BytesView update);
[[nodiscard]] Bytes encode_awareness(const std::vector<AwarenessEntry>& entries);

/// Who brought a state: a connection, and the person behind it (0: only a token).
struct AwarenessOwner {
  std::uint64_t session = 0;
  std::uint64_t person = 0;
  friend bool operator==(const AwarenessOwner&, const AwarenessOwner&) = default;
};

/// The states of one document. A client id belongs to the connection that brought its present state. Ids that went
/// are remembered with their clock for a while: clients echo each other's states, and a late echo must revive nobody.
class AwarenessStates {
 public:
  /// At most so many living states, in all and of one connection.
  AwarenessStates(std::size_t states_max, std::size_t states_per_session_max)
      : states_max_(states_max), states_per_session_max_(states_per_session_max) {}

  /// Takes what is news and from its owner. A client id that lives under another connection is left alone, but for
  /// the same person's newer state (come back on a new socket). Returns what changed, to be fanned out.
  /// Error too_large when there would be too many states; nothing is changed then.
  [[nodiscard]] Result<std::vector<AwarenessEntry>> apply(const std::vector<AwarenessEntry>& entries,
                                                          AwarenessOwner owner, std::int64_t now_ms);

  /// Ends all states of a connection; returns them as null with their clock.
  [[nodiscard]] std::vector<AwarenessEntry> remove_session(std::uint64_t session, std::int64_t now_ms);

  /// Ends states that were last renewed more than `lifetime_ms` ago; returns them as null with their clock.
  [[nodiscard]] std::vector<AwarenessEntry> expire(std::int64_t now_ms, std::int64_t lifetime_ms);

  /// All living states.
  [[nodiscard]] std::vector<AwarenessEntry> all() const;
  [[nodiscard]] std::size_t size() const { return living_; }

 private:
  struct State {
    std::uint64_t clock = 0;
    std::string json;  ///< Empty: gone.
    AwarenessOwner owner;
    std::int64_t renewed_ms = 0;
  };
  [[nodiscard]] bool is_news(const AwarenessEntry& entry, const AwarenessOwner& owner) const;
  [[nodiscard]] Result<void> check_room_for(const std::vector<AwarenessEntry>& news, const AwarenessOwner& owner) const;
  AwarenessEntry end(std::uint64_t client, State& state, std::int64_t now_ms);

  std::map<std::uint64_t, State> states_;
  std::size_t living_ = 0;
  std::size_t states_max_;
  std::size_t states_per_session_max_;
};

}  // namespace bossey::sync
