#include "room/session.hpp"

#include <utility>

#include "sync/hocuspocus.hpp"
#include "sync/y_websocket.hpp"

namespace bossey::room {
namespace {

/// What y-websocket can say of a server's message.
struct ToPlain {
  std::optional<sync::PlainMessage> operator()(const sync::SyncStep1& m) const { return m; }
  std::optional<sync::PlainMessage> operator()(const sync::SyncStep2& m) const { return m; }
  std::optional<sync::PlainMessage> operator()(const sync::SyncUpdate& m) const { return m; }
  std::optional<sync::PlainMessage> operator()(const sync::AwarenessUpdate& m) const { return m; }
  std::optional<sync::PlainMessage> operator()(const sync::QueryAwareness& m) const { return m; }
  std::optional<sync::PlainMessage> operator()(const sync::PermissionDenied& m) const { return m; }
  std::optional<sync::PlainMessage> operator()(const sync::AuthTokenRequest&) const { return std::nullopt; }
  std::optional<sync::PlainMessage> operator()(const sync::Authenticated&) const { return std::nullopt; }
  std::optional<sync::PlainMessage> operator()(const sync::Stateless&) const { return std::nullopt; }
  std::optional<sync::PlainMessage> operator()(const sync::CloseAddress&) const { return std::nullopt; }
  std::optional<sync::PlainMessage> operator()(const sync::SyncStatus&) const { return std::nullopt; }
  std::optional<sync::PlainMessage> operator()(const sync::Ping&) const { return std::nullopt; }
  std::optional<sync::PlainMessage> operator()(const sync::Pong&) const { return std::nullopt; }
};

}  // namespace

Bytes encode_for(Framing framing, const std::string& address, const sync::ServerMessage& message) {
  if (framing == Framing::hocuspocus) return sync::encode(sync::ServerFrame{address, message});
  const auto plain = std::visit(ToPlain{}, message);
  return plain ? sync::encode_plain(*plain) : Bytes{};
}

void Session::send(const sync::ServerMessage& message) {
  Bytes frame = encode_for(framing, address, message);
  if (!frame.empty()) outbox->send(std::make_shared<const Bytes>(std::move(frame)));
}

void Session::send_answers(JournalSeq durable) {
  bool saved = false;
  while (!answers.empty() && answers.front().after <= durable) {
    const Answer answer = std::move(answers.front());
    answers.pop_front();
    send(sync::SyncStatus{answer.applied});
    if (!answer.stateless.empty()) send(sync::Stateless{answer.stateless});
    saved = saved || answer.applied;
  }
  // While some of this client's updates still wait, "saved" would say too much.
  if (saved && answers.empty() && held == 0)
    send(sync::Stateless{R"({"type":"saved","seq":)" + std::to_string(durable.value) + "}"});
}

void Session::close(net::CloseCode code, std::string reason) {
  outbox->close(code, std::move(reason));
}

}  // namespace bossey::room
