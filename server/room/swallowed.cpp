// Words typed into a paragraph that was deleted meanwhile: they enter the document, but are deleted there at once, as
// in every Yjs replica. They are kept as a proposal of their author, by the same rows and listener as late edits.
#include "crdt/swallowed.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "document/body.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {
namespace {

/// At least one letter, digit or ideograph.
bool says_something(const std::string& text) {
  document::Section section;
  section.title = text;
  return document::count_words(section) > 0;
}

std::string kept_json(const LateProposal& proposal) {
  const nlohmann::json json{{"type", "kept"}, {"proposal", proposal.number}, {"message", proposal.message}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Result<std::optional<RoomParts::KeptWords>> RoomParts::find_swallowed(const Session& session, BytesView update) {
  if (kind != DocumentKind::section) return std::optional<KeptWords>{};
  BOSSEY_TRY(crdt::Swallowed swallowed, crdt::swallowed_words(doc, update));
  if (!says_something(swallowed.text)) return std::optional<KeptWords>{};
  const LateEdit edit{document, session.identity.person, session.number, 0, around.scheduler.unix_ms()};
  BOSSEY_TRY(LateProposal proposal, around.late_edits.proposal_for(edit));
  std::string told = kept_json(proposal);
  return std::optional(KeptWords{edit, std::move(proposal), std::move(swallowed.update), std::move(told)});
}

Result<JournalSeq> RoomParts::append_with_words(Bytes update, const KeptWords& kept) {
  const LateEdit& edit = kept.edit;
  const std::size_t size = update.size() + kept.words.size();
  const journal::SessionNo session{edit.session};
  std::vector<journal::Row> rows;
  rows.emplace_back(journal::UpdateRow{document, edit.person, session, std::move(update), edit.time_ms});
  rows.emplace_back(
      journal::LateRow{document, edit.person, session, edit.decision, kept.proposal.id, kept.words, edit.time_ms});
  const auto done = [weak = room_->weak_from_this(), edit, proposal = kept.proposal,
                     durable_row = on_row_durable(size)](Result<JournalSeq> seq) {
    const std::shared_ptr<Room> room = weak.lock();
    if (room && seq) room->parts_->around.late_edits.late_edit_kept(edit, proposal, *seq);
    durable_row(std::move(seq));
  };
  // In one transaction: after a crash a client whose update is known already would not be asked for its words again.
  BOSSEY_TRY(const JournalSeq seq, around.journal.append_group(std::move(rows), done));
  last_appended = JournalSeq{seq.value + 1};
  unsaved_bytes_ += size;
  ++rows_since_snapshot_;
  bytes_since_snapshot_ += size;
  return seq;
}

}  // namespace bossey::room
