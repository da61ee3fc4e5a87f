// What a client's frames do to a room: the way of an update from the frame to the document and its journal row.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "crdt/missing.hpp"
#include "crdt/updates.hpp"
#include "document/content_hash.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {

void RoomParts::receive(const std::shared_ptr<Session>& session, sync::ClientMessage&& message) {
  struct Receiver {
    RoomParts& room;
    const std::shared_ptr<Session>& session;

    void operator()(sync::SyncStep1& step) { room.on_step1(*session, step); }
    void operator()(sync::SyncStep2& step) { room.on_update_frame({session, std::move(step.update), false}); }
    void operator()(sync::SyncUpdate& step) { room.on_update_frame({session, std::move(step.update), true}); }
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

void RoomParts::on_update_frame(Held&& one) {
  ++around.counters.updates;
  const std::shared_ptr<Session> session = one.session;
  const Result<bool> known = crdt::contains(doc, one.update);
  if (!known) return malformed(*session, known.error());
  if (session->access != Access::write) return refuse_reader(*session, one.update);
  if (one.typed) take_back_words(*session, one.update);
  // Known from somebody else, perhaps not on disk yet: the answer waits for all rows so far.
  if (*known && (session->held == 0 || !writes_wait())) return answer(*session, {last_appended, true, {}});
  if (session->late_after) return keep_late(*session, one.update, *session->late_after);
  if (closed_by) {
    const Result<bool> clean_up = crdt::deletes_only_formatting(doc, one.update);
    if (clean_up && *clean_up) return answer(*session, {last_appended, true, {}});
    return keep_late(*session, one.update, *closed_by);
  }
  if (writes_wait()) return hold_back(std::move(one));
  // Before the gap: what hangs on late words waits for something that never comes.
  if (const auto decision = late_after(*session, one.update)) return keep_late(*session, one.update, *decision);
  if (const auto gap = gap_before(one.update)) return put_off(std::move(one), *gap);
  if (accept(*session, one.update)) retry_put_off();
}

/// Every Yjs replica cleans formatting up and sends that: from a reader it is dropped in silence, all else refused.
void RoomParts::refuse_reader(Session& session, const Bytes& update) {
  const Result<bool> harmless = crdt::deletes_only_formatting(doc, update);
  const bool applied = harmless && *harmless;
  if (!applied) ++around.counters.updates_refused;
  answer(session, {{}, applied, {}});
}

void RoomParts::hold_back(Held&& one) {
  const RoomsOptions& options = around.options;
  if (held_updates_.size() >= options.held_updates_max || held_bytes_ + one.update.size() > options.held_bytes_max)
    return one.session->close(net::CloseCode::overloaded, "a decision is being made; come back in a moment");
  held_bytes_ += one.update.size();
  ++one.session->held;
  held_updates_.push_back(std::move(one));
}

void RoomParts::release_held() {
  held = false;
  held_bytes_ = 0;
  std::deque<Held> waiting = std::exchange(held_updates_, {});
  if (closed_by) {
    // What waits for its predecessors is as late as they will be.
    for (PutOff& one : std::exchange(put_off_, {})) waiting.push_back(std::move(one.held));
    put_off_bytes_ = 0;
  }
  for (Held& one : waiting) {
    --one.session->held;
    on_update_frame(std::move(one));
  }
}

/// What is missing before it: of the same client when a page types while the words that it typed offline are still on
/// their way, in its SyncStep2; of another when words came to it by another way than this server.
std::optional<crdt::Id> RoomParts::gap_before(const Bytes& update) const {
  const auto missing = crdt::missing_before(doc, update);
  if (!missing || !*missing) return std::nullopt;
  if (kind == DocumentKind::section) return *missing;
  // Other people's tools get what Yjs does: the document itself waits for items of other clients.
  const auto ranges = crdt::struct_ranges(update);
  if (!ranges) return std::nullopt;
  const crdt::StateVector known = doc.state_vector();
  for (const crdt::StructRange& range : *ranges)
    if (range.clock > known.get(range.client)) return crdt::Id{range.client, range.clock};
  return std::nullopt;
}

/// Not answered until it can be applied. Were it taken at once and acknowledged, a decision might come before the rest,
/// and words that count as saved would be in no text. If the socket closes first, the client sends all of it again.
void RoomParts::put_off(Held&& one, crdt::Id gap) {
  const RoomsOptions& options = around.options;
  if (put_off_.size() >= options.pending_updates_max || put_off_bytes_ + one.update.size() > options.pending_bytes_max)
    return one.session->close(net::CloseCode::reset,
                              "too many updates without their predecessors; load the document again");
  put_off_bytes_ += one.update.size();
  ++one.session->held;
  put_off_.push_back({std::move(one), gap});
}

void RoomParts::retry_put_off() {
  if (std::exchange(retrying_, true)) return;
  while (!put_off_.empty()) {
    const crdt::StateVector known = doc.state_vector();
    const auto ready = std::find_if(put_off_.begin(), put_off_.end(),
                                    [&](const PutOff& one) { return known.get(one.gap.client) >= one.gap.clock; });
    if (ready == put_off_.end()) break;
    Held one = std::move(ready->held);
    put_off_.erase(ready);
    put_off_bytes_ -= one.update.size();
    --one.session->held;
    on_update_frame(std::move(one));
  }
  retrying_ = false;
}

void RoomParts::drop_put_off(const Session& session) {
  std::erase_if(put_off_, [&](const PutOff& one) {
    if (one.held.session.get() != &session) return false;
    put_off_bytes_ -= one.held.update.size();
    return true;
  });
}

/// False if it did not enter the document.
bool RoomParts::accept(Session& session, const Bytes& update) {
  if (unsaved_bytes_ + update.size() > around.options.unsaved_bytes_max) {
    session.close(net::CloseCode::overloaded, "not saved: the server's disk does not keep up; come back later");
    return false;
  }
  // What the document would refuse must not be in the journal: it would be refused again at each start.
  if (const auto applies = crdt::check_applies(doc, update); !applies) {
    malformed(session, applies.error());
    return false;
  }
  auto swallowed = find_swallowed(session, update);
  if (!swallowed) {
    session.close(net::CloseCode::overloaded, "not saved: " + swallowed.error().detail);
    return false;
  }
  const std::optional<KeptWords>& words = *swallowed;
  // The row first: what is in the document must not be missing from the journal.
  const Result<JournalSeq> seq =
      words ? append_with_words(update, *words) : append(update, session.identity.person, session.number);
  if (!seq) {
    const bool large = seq.error().code == Errc::too_large;
    session.close(large ? net::CloseCode::too_big : net::CloseCode::overloaded, "not saved: " + seq.error().detail);
    return false;
  }
  Answer saved{last_appended, true, words ? words->told : std::string()};
  applying_for_ = session.identity.person;
  // What was pending may come in with it, and that is news to its sender, too.
  const crdt::Origin origin{doc.has_pending() ? 0 : session.number};
  const auto outcome = doc.apply_update(update, crdt::UpdateFormat::v1, origin);
  applying_for_.reset();
  if (!outcome) {
    malformed(session, outcome.error());
    return false;
  }
  last_applied = std::max(last_applied, *seq);
  if (words) remember_kept(words->proposal.id, words->edit.person, words->words);
  answer(session, std::move(saved));
  return true;
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
