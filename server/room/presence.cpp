#include "room/presence.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace bossey::room {
namespace {

void name_person(nlohmann::json& json, const Identity& identity) {
  if (identity.person) {
    json["person"] = identity.person->value;
  } else {
    json.erase("person");
  }
}

}  // namespace

std::string with_identity(const std::string& state, const Identity& identity) {
  nlohmann::json json = nlohmann::json::parse(state, nullptr, false);
  if (!json.is_object() || !(json.contains("user") || json.contains("person") || json.contains("name"))) return state;
  if (json.contains("name") && !identity.name.empty()) json["name"] = identity.name;
  if (json.contains("person")) name_person(json, identity);
  if (json.contains("user")) {
    nlohmann::json& user = json["user"];
    if (!user.is_object()) user = nlohmann::json::object();
    if (!identity.name.empty()) user["name"] = identity.name;
    name_person(user, identity);
    if (!identity.colour.empty()) user["color"] = identity.colour;
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<void> Presence::receive(const Session& session, BytesView update, std::int64_t now_ms) {
  BOSSEY_TRY(std::vector<sync::AwarenessEntry> entries, sync::decode_awareness(update));
  const sync::AwarenessOwner owner{session.number, session.identity.person ? session.identity.person->value : 0};
  for (sync::AwarenessEntry& entry : entries)
    if (!entry.is_gone()) entry.state = with_identity(entry.state, session.identity);
  BOSSEY_TRY(const std::vector<sync::AwarenessEntry> news, states_.apply(entries, owner, now_ms));
  note(news);
  return {};
}

void Presence::leave(const Session& session, std::int64_t now_ms) {
  note(states_.remove_session(session.number, now_ms));
}

void Presence::expire(std::int64_t now_ms, std::int64_t lifetime_ms) {
  note(states_.expire(now_ms, lifetime_ms));
}

void Presence::note(const std::vector<sync::AwarenessEntry>& entries) {
  for (const sync::AwarenessEntry& entry : entries) {
    std::erase_if(news_, [&](const sync::AwarenessEntry& older) { return older.client == entry.client; });
    news_.push_back(entry);
  }
}

std::optional<Bytes> Presence::take_news() {
  if (news_.empty()) return std::nullopt;
  return sync::encode_awareness(std::exchange(news_, {}));
}

std::optional<Bytes> Presence::all() const {
  if (states_.size() == 0) return std::nullopt;
  return sync::encode_awareness(states_.all());
}

}  // namespace bossey::room
