// Edits that came after a decision: kept out of the document, put into the journal, told to their author.
#include <nlohmann/json.hpp>
#include <utility>

#include "crdt/updates.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {
namespace {

std::string late_json(const LateProposal& proposal) {
  const nlohmann::json json{{"type", "late"}, {"proposal", proposal.number}, {"message", proposal.message}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// For whoever holds somebody else's late edits, or when no proposal could be made.
std::string refused_json(const std::string& message) {
  const nlohmann::json json{{"type", "refused"}, {"message", message}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::optional<std::uint64_t> RoomParts::late_after(const Session& session, BytesView update) const {
  if (ledger.empty()) return std::nullopt;
  const auto read = new_parts(doc, update);
  if (!read) return std::nullopt;
  const NewParts& parts = *read;
  const crdt::StateVector known = doc.state_vector();
  if (const LateEntry* entry = ledger.holder_of_structs(parts, known)) return entry->decision;
  // Whoever loaded everything from here cannot hold a late deletion: deleting these words is their own edit.
  if (!session.fresh)
    if (const LateEntry* entry = ledger.holder_of_deletes(parts)) return entry->decision;
  if (!ledger.may_depend(parts)) return std::nullopt;
  // Clients only are named, not clocks: see on a copy whether something late is missing.
  crdt::Doc copy = doc.clone();
  const std::size_t waiting = copy.pending_struct_count();
  const auto outcome = copy.apply_update(update);
  if (!outcome || copy.pending_struct_count() <= waiting) return std::nullopt;
  for (const auto& range : parts.structs)
    for (const crdt::ClientId client : range.depends_on) {
      NewParts needed;
      needed.structs.push_back({client, known.get(client), known.get(client) + 1, {}});
      if (const LateEntry* entry = ledger.holder_of_structs(needed, known)) return entry->decision;
    }
  return std::nullopt;
}

void RoomParts::keep_late(Session& session, BytesView update, std::uint64_t decision) {
  session.late_after = decision;
  ++around.counters.late_edits;
  const auto parts = new_parts(doc, update);
  if (!parts) return malformed(session, parts.error());
  // It is applied one day, to a copy of the section.
  if (const auto applies = crdt::check_applies(doc, update); !applies) return malformed(session, applies.error());
  const LateEdit edit{document, session.identity.person, session.number, decision, around.scheduler.unix_ms()};
  const auto proposal = around.late_edits.proposal_for(edit);
  if (!proposal) return refuse_late(session, proposal.error());
  // Sent again after a reconnect: it is kept already.
  if (ledger.covers(*parts)) return answer(session, {last_appended, false, late_json(*proposal)});
  auto words = crdt::diff_update(update, doc.state_vector());
  if (!words) return malformed(session, words.error());
  const std::size_t size = words->size();
  journal::LateRow row{document,
                       session.identity.person,
                       journal::SessionNo{session.number},
                       decision,
                       proposal->id,
                       std::move(*words),
                       edit.time_ms};
  const auto done = [weak = room_->weak_from_this(), edit, proposal = *proposal,
                     durable_row = on_row_durable(size)](Result<JournalSeq> seq) {
    const std::shared_ptr<Room> room = weak.lock();
    if (room && seq) room->parts_->around.late_edits.late_edit_kept(edit, proposal, *seq);
    durable_row(std::move(seq));
  };
  const auto seq = around.journal.append(std::move(row), done);
  if (!seq) return refuse_late(session, seq.error());
  unsaved_bytes_ += size;
  last_appended = *seq;
  ledger.add(*parts, {decision, session.identity.person});
  answer(session, {*seq, false, late_json(*proposal)});
}

/// What passes must not cost words: the client keeps them, comes back, and sends them again.
void RoomParts::refuse_late(Session& session, const Error& error) {
  if (error.code == Errc::unavailable || error.code == Errc::io)
    return session.close(net::CloseCode::overloaded, "not saved: " + error.detail);
  answer(session, {last_appended, false, refused_json(error.detail)});
}

void RoomParts::notice_holder(Session& session, const crdt::StateVector& client) {
  if (session.access != Access::write || ledger.empty()) return;
  const LateEntry* entry = ledger.holder_by_state(client, doc.state_vector());
  if (entry == nullptr) return;
  session.late_after = entry->decision;
  // Their own are named in the answer to their SyncStep2, which brings what was typed since. Told before, the page
  // would drop that.
  if (entry->person == session.identity.person) return;
  session.send(
      sync::Stateless{refused_json("This copy of the section holds words that came too late. Load it again.")});
}

}  // namespace bossey::room
