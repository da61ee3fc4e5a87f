// What goes out of a room: its text to who comes, changes to who is here, answers when the disk has them.
#include <algorithm>
#include <utility>

#include "crdt/updates.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {
namespace {

std::size_t index_of(Framing framing) {
  return framing == Framing::hocuspocus ? 0 : 1;
}

}  // namespace

void RoomParts::attach(std::shared_ptr<Session> session) {
  sessions.push_back(session);
  ++around.counters.sessions;
  if (session->framing == Framing::hocuspocus) {
    session->send(sync::Authenticated{session->access != Access::write});
    if (kind == DocumentKind::events && !around.standing.empty()) session->send(sync::Stateless{around.standing});
    if (closed_by) session->send(sync::Stateless{R"({"type":"closed","decision":)" + std::to_string(*closed_by) + "}"});
  } else {
    session->send(sync::SyncStep1{doc.encode_state_vector()});
  }
  if (auto all = presence.all()) session->send(sync::AwarenessUpdate{std::move(*all)});
  if (around.listener != nullptr) around.listener->on_presence(*room_);
}

void RoomParts::detach(Session& session) {
  const auto at = std::find_if(sessions.begin(), sessions.end(),
                               [&](const std::shared_ptr<Session>& one) { return one.get() == &session; });
  if (at == sessions.end()) return;
  const std::shared_ptr<Session> keep = *at;
  sessions.erase(at);
  --around.counters.sessions;
  drop_put_off(session);
  presence.leave(session, around.scheduler.now_ms());
  if (presence.has_news()) flush_soon();
  idle_since_ms = around.scheduler.now_ms();
  if (around.listener != nullptr) around.listener->on_presence(*room_);
}

void RoomParts::recheck(const std::shared_ptr<Session>& session) {
  if (kind == DocumentKind::scratch) return;
  Access access = around.gate.access(session->identity, document);
  if (access == Access::none) {
    detach(*session);
    session->owner->on_denied(*session, "you may no longer read this");
    return;
  }
  if (kind == DocumentKind::events) access = Access::read;
  if (access == session->access) return;
  session->access = access;
  session->send(sync::Authenticated{access != Access::write});
}

void RoomParts::send_text(Session& session, const crdt::StateVector& known) {
  // Never put off: the answer brings words that are nowhere else.
  if (session.framing == Framing::hocuspocus) session.send(sync::SyncStep1{doc.encode_state_vector()});
  session.owed_text = known;
  send_owed_text(session);
}

void RoomParts::send_owed_text(Session& session) {
  // Above this the text waits until the client has read what is queued; on_writable comes back here.
  if (!session.owed_text || session.outbox->buffered_bytes() > net::kOutboxFull) return;
  const crdt::StateVector known = std::move(*session.owed_text);
  session.owed_text.reset();
  send_step2(session, known);
  session.synced = true;
}

void RoomParts::send_step2(Session& session, const crdt::StateVector& known) {
  if (!known.empty() || session.address != document.value)
    return session.send(sync::SyncStep2{doc.encode_state_as_update(known)});
  if (full_state_.version != version_) full_state_ = {version_, {}};
  auto& frame = full_state_.frames[index_of(session.framing)];
  if (!frame)
    frame = std::make_shared<const Bytes>(
        encode_for(session.framing, session.address, sync::SyncStep2{doc.encode_state_as_update()}));
  session.outbox->send(frame);
}

/// One encoding for all who use the document's plain address; `except` is a session's number, 0 for none.
void RoomParts::send_shared(const sync::ServerMessage& message, std::uint64_t except, bool synced_only) {
  std::array<std::shared_ptr<const Bytes>, 2> frames;
  for (const std::shared_ptr<Session>& session : sessions) {
    if (session->number == except || (synced_only && !session->synced)) continue;
    ++around.counters.fanned_out;
    if (session->address != document.value) {
      session->send(message);
      continue;
    }
    auto& frame = frames[index_of(session->framing)];
    if (!frame) frame = std::make_shared<const Bytes>(encode_for(session->framing, session->address, message));
    if (!frame->empty()) session->outbox->send(frame);
  }
}

void RoomParts::broadcast(const sync::ServerMessage& message) {
  send_shared(message, 0, false);
}

void RoomParts::flush_soon() {
  if (std::exchange(flush_posted_, true)) return;
  around.scheduler.post([weak = room_->weak_from_this()] {
    if (const std::shared_ptr<Room> room = weak.lock()) room->parts_->flush();
  });
}

void RoomParts::flush() {
  flush_posted_ = false;
  const bool changed = !turn_updates_.empty();
  const std::vector<PersonId> authors = std::exchange(turn_authors_, {});
  fan_out_text();
  fan_out_presence();
  if (std::exchange(answers_due_, false)) send_answers();
  if (changed) snapshot_if_due(around.options.snapshot_rows);
  if (changed && around.listener != nullptr) around.listener->on_change(*room_, authors);
}

void RoomParts::fan_out_text() {
  const std::vector<Bytes> updates = std::exchange(turn_updates_, {});
  const std::uint64_t only_author = std::exchange(turn_session_, std::nullopt).value_or(0);
  if (updates.empty()) return;
  if (updates.size() == 1) return send_shared(sync::SyncUpdate{updates.front()}, only_author, true);
  const std::vector<BytesView> views(updates.begin(), updates.end());
  auto merged = crdt::merge_updates(views);
  if (merged) return send_shared(sync::SyncUpdate{std::move(*merged)}, only_author, true);
  for (const Bytes& update : updates) send_shared(sync::SyncUpdate{update}, only_author, true);
}

/// To the author as well: a y-websocket client that hears nothing for 30 s thinks the connection dead.
void RoomParts::fan_out_presence() {
  if (auto news = presence.take_news()) broadcast(sync::AwarenessUpdate{std::move(*news)});
}

void RoomParts::send_answers() {
  // The journal writes a document's rows in order, so one number says it all.
  for (std::size_t i = 0; i < sessions.size(); ++i)
    if (!sessions[i]->answers.empty()) sessions[i]->send_answers(durable);
  settle_durable_waiters(nullptr);
}

void RoomParts::settle_durable_waiters(const Error* error) {
  std::vector<Room::OnDurable> due;
  std::erase_if(durable_waiters_, [&](auto& waiter) {
    if (error == nullptr && waiter.first > durable) return false;
    due.push_back(std::move(waiter.second));
    return true;
  });
  for (const Room::OnDurable& done : due) {
    if (error != nullptr) {
      done(tl::unexpected(*error));
    } else {
      done(last_applied);
    }
  }
}

void RoomParts::tick() {
  presence.expire(around.scheduler.now_ms(), around.options.awareness_lifetime.count());
  if (presence.has_news()) flush_soon();
}

}  // namespace bossey::room
