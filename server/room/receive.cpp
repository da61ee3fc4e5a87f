// What a client's frames do to a room: the way of an update from the frame to the document and its journal row.
#include <nlohmann/json.hpp>
#include <utility>

#include "crdt/updates.hpp"
#include "document/content_hash.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {

void RoomParts::receive(const std::shared_ptr<Session>& session, sync::ClientMessage&& message) {
  struct Receiver {
    RoomParts& room;
    const std::shared_ptr<Session>& session;

    void operator()(sync::SyncStep1& step) { room.on_step1(*session, step); }
    void operator()(sync::SyncStep2& step) { room.on_update_frame(session, std::move(step.update)); }
    void operator()(sync::SyncUpdate& step) { room.on_update_frame(session, std::move(step.update)); }
    void operator()(sync::AwarenessUpdate& awareness) {
      const auto taken = room.presence.receive(*session, awareness.update, room.around.scheduler.now_ms());
      if (!taken) return room.malformed(*session, taken.error());
      if (room.presence.has_news()) room.flush_soon();
    }
    void operator()(sync::QueryAwareness&) {
      if (auto all = room.presence.all()) session->send(sync::AwarenessUpdate{std::move(*all)});
    }
    void operator()(sync::Stateless& stateless) { room.on_stateless(*session, stateless.payload); }
    // Of the connection, not of the document: the channel has dealt with them.
    void operator()(sync::AuthToken&) {}
    void operator()(sync::CloseAddress&) {}
    void operator()(sync::Ping&) {}
    void operator()(sync::Pong&) {}
  };
  std::visit(Receiver{*this, session}, message);
}

void RoomParts::malformed(Session& session, const Error& error) {
  ++around.counters.frames_malformed;
  const bool large = error.code == Errc::too_large;
  session.close(large ? net::CloseCode::too_big : net::CloseCode::bad_frame, error.detail);
}

void RoomParts::on_step1(Session& session, const sync::SyncStep1& step) {
  auto known = crdt::StateVector::decode(step.state_vector);
  if (!known) return malformed(session, known.error());
  const bool first = !std::exchange(session.asked, true);
  // Whoever asks for everything holds nothing, also on a connection that held late edits before.
  if (known->empty()) session.late_after.reset();
  if (first || known->empty()) session.fresh = known->empty();
  send_text(session, *known);
  notice_holder(session, *known);
}

void RoomParts::answer(Session& session, Answer answer) {
  session.answers.push_back(std::move(answer));
  answers_due_ = true;
  flush_soon();
}

void RoomParts::on_update_frame(const std::shared_ptr<Session>& session, Bytes update) {
  ++around.counters.updates;
  const Result<bool> known = crdt::contains(doc, update);
  if (!known) return malformed(*session, known.error());
  if (session->access != Access::write) return refuse_reader(*session, update);
  // Known from somebody else, perhaps not on disk yet: the answer waits for all rows so far.
  if (*known && session->held == 0) return answer(*session, {last_appended, true, {}});
  if (session->late_after) return keep_late(*session, update, *session->late_after);
  if (closed_by) {
    const Result<bool> clean_up = crdt::deletes_only_formatting(doc, update);
    if (clean_up && *clean_up) return answer(*session, {last_appended, true, {}});
    return keep_late(*session, update, *closed_by);
  }
  if (held) return hold_back(session, std::move(update));
  accept(*session, update);
}

/// Every Yjs replica cleans formatting up and sends that: from a reader it is dropped in silence, all else refused.
void RoomParts::refuse_reader(Session& session, const Bytes& update) {
  const Result<bool> harmless = crdt::deletes_only_formatting(doc, update);
  const bool applied = harmless && *harmless;
  if (!applied) ++around.counters.updates_refused;
  answer(session, {{}, applied, {}});
}

void RoomParts::hold_back(const std::shared_ptr<Session>& session, Bytes update) {
  const RoomsOptions& options = around.options;
  if (held_updates_.size() >= options.held_updates_max || held_bytes_ + update.size() > options.held_bytes_max)
    return session->close(net::CloseCode::overloaded, "a decision is being made; come back in a moment");
  held_bytes_ += update.size();
  ++session->held;
  held_updates_.push_back({session, std::move(update)});
}

void RoomParts::release_held() {
  held = false;
  held_bytes_ = 0;
  for (Held& waiting : std::exchange(held_updates_, {})) {
    --waiting.session->held;
    on_update_frame(waiting.session, std::move(waiting.update));
  }
}

bool RoomParts::adds_to_pending(const Bytes& update) const {
  const auto parts = new_parts(doc, update);
  if (!parts) return true;
  const crdt::StateVector known = doc.state_vector();
  for (const auto& range : parts->structs)
    if (range.clock > known.get(range.client)) return true;
  return false;
}

void RoomParts::accept(Session& session, const Bytes& update) {
  if (!ledger.empty()) {
    const auto parts = new_parts(doc, update);
    if (!parts) return malformed(session, parts.error());
    if (const auto decision = late_after(session, update, *parts)) return keep_late(session, update, *decision);
  }
  if (unsaved_bytes_ + update.size() > around.options.unsaved_bytes_max)
    return session.close(net::CloseCode::overloaded, "not saved: the server's disk does not keep up; come back later");
  if (pending_bytes_ > around.options.pending_bytes_max && adds_to_pending(update))
    return session.close(net::CloseCode::reset, "too many updates without their predecessors; load the document again");
  // The row first: what is in the document must not be missing from the journal.
  const Result<JournalSeq> seq = append(update, session.identity.person, session.number);
  if (!seq) {
    const bool large = seq.error().code == Errc::too_large;
    return session.close(large ? net::CloseCode::too_big : net::CloseCode::overloaded,
                         "not saved: " + seq.error().detail);
  }
  applying_for_ = session.identity.person;
  // What was pending may come in with it, and that is news to its sender, too.
  const crdt::Origin origin{doc.has_pending() ? 0 : session.number};
  const auto outcome = doc.apply_update(update, crdt::UpdateFormat::v1, origin);
  applying_for_.reset();
  if (!outcome) return malformed(session, outcome.error());
  last_applied = std::max(last_applied, *seq);
  pending_bytes_ = outcome->has_pending ? pending_bytes_ + update.size() : 0;
  answer(session, {*seq, true, {}});
}

Result<JournalSeq> RoomParts::append(Bytes update, std::optional<PersonId> person, std::uint64_t session) {
  const std::size_t size = update.size();
  journal::UpdateRow row{document, person, journal::SessionNo{session}, std::move(update), around.scheduler.unix_ms()};
  BOSSEY_TRY(const JournalSeq seq, around.journal.append(std::move(row), on_row_durable(size)));
  last_appended = seq;
  unsaved_bytes_ += size;
  ++rows_since_snapshot_;
  bytes_since_snapshot_ += size;
  return seq;
}

journal::Journal::OnDurable RoomParts::on_row_durable(std::size_t bytes) {
  return [weak = room_->weak_from_this(), bytes](Result<JournalSeq> seq) {
    const std::shared_ptr<Room> room = weak.lock();
    if (!room) return;
    RoomParts& parts = *room->parts_;
    parts.unsaved_bytes_ -= bytes;
    if (!seq) return parts.settle_durable_waiters(&seq.error());
    parts.durable = *seq;
    parts.answers_due_ = true;
    parts.flush_soon();
  };
}

/// Called by the document after each change, whoever made it.
void RoomParts::on_update(const crdt::UpdateEvent& event) {
  ++version_;
  last_change_ms = around.scheduler.unix_ms();
  Bytes update = event.encode();
  // The room's own clean-up is nobody's edit, but it must be in the journal like any other change. If the journal
  // refuses, nothing is lost: the clean-up is made again when the rows are read.
  if (event.formatting_clean_up) {
    if (const auto seq = append(update, std::nullopt, 0)) last_applied = std::max(last_applied, *seq);
  }
  const bool alone = !event.formatting_clean_up && (!turn_session_ || *turn_session_ == event.origin.value);
  turn_session_ = alone ? event.origin.value : 0;
  if (applying_for_ && std::find(turn_authors_.begin(), turn_authors_.end(), *applying_for_) == turn_authors_.end())
    turn_authors_.push_back(*applying_for_);
  turn_updates_.push_back(std::move(update));
  flush_soon();
}

void RoomParts::on_stateless(Session& session, const std::string& payload) {
  const auto json = nlohmann::json::parse(payload, nullptr, false);
  if (!json.is_object()) return;
  const auto type = json.find("type");
  const auto hash = json.find("content_hash");
  if (type != json.end() && *type == "hash" && hash != json.end() && hash->is_string())
    answer_hash(session, hash->get_ref<const std::string&>());
}

void RoomParts::answer_hash(Session& session, std::string_view theirs) {
  if (kind != DocumentKind::section) return;
  if (!hash_ || hash_->first != version_) hash_.emplace(version_, document::content_hash(doc));
  const std::string ours = hash_->second.hex();
  session.send(sync::Stateless{R"({"type":"hash","content_hash":")" + ours + R"(","equal":)" +
                               (ours == theirs ? "true" : "false") + "}"});
}

}  // namespace bossey::room
