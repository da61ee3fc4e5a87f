// The server's own edits of a document: made on a copy, put into the journal, and only then applied and fanned out.
#include <utility>

#include "crdt/updates.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {

void RoomParts::edit(EditJob job) {
  edits_.push_back(std::move(job));
  run_next_edit();
}

/// The update that the edit makes, and what goes with it.
Result<RoomParts::MadeEdit> RoomParts::make_edit(const EditJob& job) const {
  crdt::Doc copy = doc.clone();
  copy.set_client_id(own_client_);
  std::vector<Bytes> made;
  copy.on_update([&made](const crdt::UpdateEvent& event) { made.push_back(event.encode()); });
  Result<void> result;
  copy.transact([&] { result = job.edit(copy); });
  if (!result) return tl::unexpected(std::move(result).error());
  MadeEdit out;
  if (made.empty() && job.with) return fail(Errc::conflict, "The text says so already.");
  if (made.empty()) return out;
  const std::vector<BytesView> views(made.begin(), made.end());
  BOSSEY_TRY(out.update, crdt::merge_updates(views));
  if (job.with) {
    // Rows are numbered as they are appended, which happens before anything else runs.
    BOSSEY_TRY(out.rows, job.with(copy, JournalSeq{around.journal.last_appended().value + 1}));
  }
  return out;
}

void RoomParts::run_next_edit() {
  while (!editing_ && !edits_.empty()) {
    EditJob job = std::move(edits_.front());
    edits_.pop_front();
    if (closed_by && !job.with) {
      job.done(fail(Errc::conflict,
                    "The section is closed by decision " + std::to_string(*closed_by) + ". Reopen it first."));
      continue;
    }
    auto made = make_edit(job);
    if (!made) {
      job.done(tl::unexpected(std::move(made).error()));
      continue;
    }
    if (!made->update && job.rows.empty()) {
      job.done(last_applied);
      continue;
    }
    const Bytes bytes = made->update.value_or(Bytes{});
    const std::size_t size = bytes.size();
    std::vector<journal::Row> rows;
    rows.reserve(1 + job.rows.size() + made->rows.size());
    if (made->update)
      rows.emplace_back(journal::UpdateRow{document, job.person, {}, bytes, around.scheduler.unix_ms()});
    const std::size_t own = rows.size();
    for (journal::Row& row : job.rows) rows.push_back(std::move(row));
    for (journal::Row& row : made->rows) rows.push_back(std::move(row));
    const std::size_t more = own == 0 ? 0 : rows.size() - own;
    const auto durable_row = on_row_durable(size);
    editing_ = true;
    // Held by the callback, not weakly: the words are in the journal, so they must come into the document as well.
    const auto seq = around.journal.append_group(
        std::move(rows), [room = room_->shared_from_this(), job, bytes, more, durable_row](Result<JournalSeq> written) {
          RoomParts& parts = *room->parts_;
          // The edit's own row is the first of them.
          const Result<JournalSeq> row = written.map([more](JournalSeq last) { return JournalSeq{last.value - more}; });
          if (row && !bytes.empty()) {
            parts.applying_for_ = job.person;
            static_cast<void>(parts.doc.apply_update(bytes));
            parts.applying_for_.reset();
            parts.last_applied = std::max(parts.last_applied, *row);
          }
          durable_row(row);
          parts.finish_edit(job, std::move(written));
        });
    if (!seq) {
      editing_ = false;
      job.done(tl::unexpected(seq.error()));
      continue;
    }
    last_appended = *seq;
    unsaved_bytes_ += size;
    if (size > 0) ++rows_since_snapshot_;
    bytes_since_snapshot_ += size;
  }
}

void RoomParts::finish_edit(const EditJob& job, Result<JournalSeq> result) {
  editing_ = false;
  job.done(std::move(result));
  run_next_edit();
  // Written while the edit was on its way to the disk: it could not know these words, and might have deleted them.
  if (!writes_wait() && !held_updates_.empty()) release_held();
}

}  // namespace bossey::room
