#include "sync/awareness.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "lib0/decoder.hpp"
#include "lib0/encoder.hpp"
#include "sync/limits.hpp"

namespace bossey::sync {
namespace {

/// Accepts an object of bounded depth, or null, and builds nothing.
class StateShape {
 public:
  using json = nlohmann::json;

  bool null() { return inside(); }
  bool boolean(bool) { return inside(); }
  bool number_integer(json::number_integer_t) { return inside(); }
  bool number_unsigned(json::number_unsigned_t) { return inside(); }
  bool number_float(json::number_float_t, const std::string&) { return inside(); }
  bool string(std::string&) { return inside(); }
  bool binary(json::binary_t&) { return false; }
  bool start_object(std::size_t) { return ++depth_ <= kAwarenessDepthMax; }
  bool key(std::string&) { return true; }
  bool end_object() { return leave(); }
  bool start_array(std::size_t) { return inside() && ++depth_ <= kAwarenessDepthMax; }
  bool end_array() { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

 private:
  [[nodiscard]] bool inside() const { return depth_ > 0; }
  bool leave() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
};

bool is_state(std::string_view text) {
  if (text == "null") return true;
  StateShape shape;
  return nlohmann::json::sax_parse(text.begin(), text.end(), &shape);
}

Result<AwarenessEntry> read_entry(lib0::Decoder& in) {
  AwarenessEntry entry;
  BOSSEY_TRY(entry.client, in.var_uint_up_to(kClientIdMax, "client id"));
  BOSSEY_TRY(entry.clock, in.var_uint_up_to(kClockMax, "awareness clock"));
  BOSSEY_TRY(const std::string_view state, in.var_string());
  if (state.size() > kAwarenessStateBytesMax)
    return fail(Errc::too_large,
                "an awareness state has more than " + std::to_string(kAwarenessStateBytesMax) + " octets");
  if (!is_state(state)) return fail(Errc::bad_input, "an awareness state is no JSON object, or nested too deeply");
  entry.state = std::string(state);
  return entry;
}

}  // namespace

Result<std::vector<AwarenessEntry>> decode_awareness(BytesView update) {
  lib0::Decoder in(update);
  BOSSEY_TRY(const std::uint64_t count, in.var_uint());
  if (count > kAwarenessEntriesMax)
    return fail(Errc::too_large, "more than " + std::to_string(kAwarenessEntriesMax) + " awareness states at once");
  std::vector<AwarenessEntry> entries;
  for (std::uint64_t i = 0; i < count; ++i) {
    BOSSEY_TRY(AwarenessEntry entry, read_entry(in));
    entries.push_back(std::move(entry));
  }
  BOSSEY_TRY_VOID(in.expect_end());
  return entries;
}

Bytes encode_awareness(const std::vector<AwarenessEntry>& entries) {
  lib0::Encoder out;
  out.var_uint(entries.size());
  for (const AwarenessEntry& entry : entries) {
    out.var_uint(entry.client);
    out.var_uint(entry.clock);
    out.var_string(entry.state);
  }
  return out.take();
}

bool AwarenessStates::is_news(const AwarenessEntry& entry, const AwarenessOwner& owner) const {
  const auto known = states_.find(entry.client);
  // A null for somebody unknown says nothing to anybody.
  if (known == states_.end()) return !entry.is_gone();
  const State& state = known->second;
  if (state.json.empty()) return !entry.is_gone() && entry.clock > state.clock;
  if (state.owner.session == owner.session)
    return entry.clock > state.clock || (entry.clock == state.clock && entry.is_gone());
  return owner.person != 0 && state.owner.person == owner.person && !entry.is_gone() && entry.clock > state.clock;
}

Result<void> AwarenessStates::check_room_for(const std::vector<AwarenessEntry>& news,
                                             const AwarenessOwner& owner) const {
  std::size_t added = 0;
  for (const AwarenessEntry& entry : news) {
    if (entry.is_gone()) continue;
    const auto known = states_.find(entry.client);
    if (known == states_.end() || known->second.json.empty()) ++added;
  }
  if (added == 0) return {};
  if (living_ + added > states_max_)
    return fail(Errc::too_large, "more than " + std::to_string(states_max_) + " awareness states in one document");
  std::size_t own = added;
  for (const auto& [client, state] : states_)
    if (!state.json.empty() && state.owner.session == owner.session) ++own;
  if (own > states_per_session_max_)
    return fail(Errc::too_large,
                "more than " + std::to_string(states_per_session_max_) + " awareness states from one connection");
  return {};
}

AwarenessEntry AwarenessStates::end(std::uint64_t client, State& state, std::int64_t now_ms) {
  state.json.clear();
  state.renewed_ms = now_ms;
  --living_;
  return {client, state.clock, "null"};
}

Result<std::vector<AwarenessEntry>> AwarenessStates::apply(const std::vector<AwarenessEntry>& entries,
                                                           AwarenessOwner owner, std::int64_t now_ms) {
  std::vector<AwarenessEntry> candidates;
  for (const AwarenessEntry& entry : entries)
    if (is_news(entry, owner)) candidates.push_back(entry);
  BOSSEY_TRY_VOID(check_room_for(candidates, owner));
  std::vector<AwarenessEntry> news;
  for (AwarenessEntry& entry : candidates) {
    // Asked again: one message may name a client twice.
    if (!is_news(entry, owner)) continue;
    State& state = states_[entry.client];
    const bool lived = !state.json.empty();
    state.clock = entry.clock;
    if (entry.is_gone()) {
      if (lived) static_cast<void>(end(entry.client, state, now_ms));
    } else {
      if (!lived) ++living_;
      state = State{entry.clock, entry.state, owner, now_ms};
    }
    news.push_back(std::move(entry));
  }
  // Somebody who comes and goes in a loop leaves many ended ids behind.
  if (states_.size() > living_ + states_max_)
    std::erase_if(states_, [](const auto& entry) { return entry.second.json.empty(); });
  return news;
}

std::vector<AwarenessEntry> AwarenessStates::remove_session(std::uint64_t session, std::int64_t now_ms) {
  std::vector<AwarenessEntry> gone;
  for (auto& [client, state] : states_)
    if (!state.json.empty() && state.owner.session == session) gone.push_back(end(client, state, now_ms));
  return gone;
}

std::vector<AwarenessEntry> AwarenessStates::expire(std::int64_t now_ms, std::int64_t lifetime_ms) {
  std::vector<AwarenessEntry> gone;
  for (auto at = states_.begin(); at != states_.end();) {
    State& state = at->second;
    const std::int64_t age_ms = now_ms - state.renewed_ms;
    if (!state.json.empty() && age_ms > lifetime_ms) {
      gone.push_back(end(at->first, state, now_ms));
    } else if (state.json.empty() && age_ms > 4 * lifetime_ms) {
      at = states_.erase(at);
      continue;
    }
    ++at;
  }
  return gone;
}

std::vector<AwarenessEntry> AwarenessStates::all() const {
  std::vector<AwarenessEntry> entries;
  entries.reserve(living_);
  for (const auto& [client, state] : states_)
    if (!state.json.empty()) entries.push_back({client, state.clock, state.json});
  return entries;
}

}  // namespace bossey::sync
