// Words typed into a paragraph that was deleted meanwhile: they enter the document, but are deleted there at once, as
// in every Yjs replica. They are kept as a proposal of their author, by the same rows and listener as late edits.
#include <algorithm>
#include <cstdlib>
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
  if (swallowed.text.empty()) return std::optional<KeptWords>{};
  // Who types sends each space and each point alone: they belong to the words before them.
  const LateWords brings = says_something(swallowed.text) ? LateWords::words : LateWords::signs;
  const LateEdit edit{document, session.identity.person, session.number, 0, around.scheduler.unix_ms(), brings};
  auto proposal = around.late_edits.proposal_for(edit);
  if (!proposal && brings == LateWords::signs && proposal.error().code == Errc::not_found)
    return std::optional<KeptWords>{};
  if (!proposal) return tl::unexpected(std::move(proposal).error());
  std::string told = kept_json(*proposal);
  return std::optional(KeptWords{edit, std::move(*proposal), std::move(swallowed.update), std::move(told)});
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

void RoomParts::remember_kept(const std::string& proposal, std::optional<PersonId> person, BytesView words) {
  const auto same = [&](const KeptUnits& one) { return one.proposal == proposal; };
  auto at = std::find_if(kept_units_.begin(), kept_units_.end(), same);
  if (at == kept_units_.end()) at = kept_units_.insert(at, KeptUnits{proposal, person, {}});
  static_cast<void>(crdt::add_words(at->units, words));
}

void RoomParts::take_back_words(const Session& session, BytesView update) {
  for (KeptUnits& kept : kept_units_) {
    if (kept.person != session.identity.person) continue;
    crdt::WordUnits left = kept.units;
    const auto deleted = crdt::take_back_words(left, update);
    if (!deleted || deleted->empty()) continue;
    const LateEdit edit{document, session.identity.person,    session.number,
                        0,        around.scheduler.unix_ms(), LateWords::taken_back};
    const LateProposal proposal{std::strtoull(kept.proposal.c_str(), nullptr, 10), kept.proposal, {}};
    journal::LateRow row{document, edit.person, journal::SessionNo{edit.session}, 0, kept.proposal,
                         *deleted, edit.time_ms};
    const auto done = [weak = room_->weak_from_this(), edit, proposal,
                       durable_row = on_row_durable(deleted->size())](Result<JournalSeq> seq) {
      const std::shared_ptr<Room> room = weak.lock();
      if (room && seq) room->parts_->around.late_edits.late_edit_kept(edit, proposal, *seq);
      durable_row(std::move(seq));
    };
    // If the journal refuses, a character too many stays in the proposal; no word is lost.
    const auto seq = around.journal.append(std::move(row), done);
    if (!seq) continue;
    kept.units = std::move(left);
    last_appended = *seq;
    unsaved_bytes_ += deleted->size();
  }
}

}  // namespace bossey::room
