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

/// The states of one document. `Owner` numbers are the caller's (one per connection); a client id belongs to the
/// owner that brought its present state.
class AwarenessStates {
 public:
  using Owner = std::uint64_t;

  explicit AwarenessStates(std::size_t states_max) : states_max_(states_max) {}

  /// Takes what is news and from its owner: a client id that is alive under another owner is left alone (clients
  /// echo each other's states, and nobody may end another's). Returns what changed, to be fanned out.
  /// Error too_large when there would be more than `states_max` states; nothing is changed then.
  [[nodiscard]] Result<std::vector<AwarenessEntry>> apply(const std::vector<AwarenessEntry>& entries, Owner owner,
                                                          std::int64_t now_ms);

  /// Gives an owner's client ids to another one (the same person, come back on a new socket).
  void pass_on(Owner from, Owner to);

  /// Ends all states of an owner; returns them as null with their clock.
  [[nodiscard]] std::vector<AwarenessEntry> remove_owner(Owner owner);

  /// Ends states that were last renewed before `before_ms`; returns them as null with their clock.
  [[nodiscard]] std::vector<AwarenessEntry> expire(std::int64_t before_ms);

  /// All living states.
  [[nodiscard]] std::vector<AwarenessEntry> all() const;
  [[nodiscard]] bool empty() const { return states_.empty(); }
  [[nodiscard]] std::size_t size() const { return states_.size(); }

 private:
  struct State {
    std::uint64_t clock = 0;
    std::string json;
    Owner owner = 0;
    std::int64_t renewed_ms = 0;
  };
  std::map<std::uint64_t, State> states_;
  std::size_t states_max_;
};

}  // namespace bossey::sync
