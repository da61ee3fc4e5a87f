// Writes rows into the journal's file, one transaction at a time, synchronously. Used by Journal's writing thread
// only. It decides nothing: what a transaction holds and what happens after a failure is Journal's.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.hpp"
#include "journal/forgetting.hpp"
#include "journal/journal.hpp"
#include "journal/row.hpp"
#include "sqlite/database.hpp"

namespace bossey::journal {

/// A row with its number.
struct NumberedRow {
  JournalSeq seq;
  const Row* row;
};

class Writer {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Writer>> open(const std::filesystem::path& file, bool create,
                                                            std::function<void(Step)> fault);

  /// The number of the last row in the file when it was opened.
  [[nodiscard]] JournalSeq last_seq() const { return last_seq_; }

  /// All rows in one transaction: on disk when this returns, or none of them is.
  [[nodiscard]] Result<void> write(std::span<const NumberedRow> rows);
  [[nodiscard]] Result<void> write_snapshot(const DocumentId& document, JournalSeq seq, std::int64_t time_ms,
                                            BytesView bytes);
  [[nodiscard]] Result<void> write_meta(std::string_view key, std::string_view value);
  [[nodiscard]] Result<void> forget(const Forgetting& work);  ///< forgetting.cpp

  /// Pages that wait in the write-ahead log to be moved into the file.
  [[nodiscard]] int log_pages() const { return log_pages_; }
  /// Moves them, as far as no reader needs the old ones. A failure loses nothing and is tried again later.
  void checkpoint(bool wait_for_readers);

 private:
  Writer() = default;
  [[nodiscard]] Result<void> in_transaction(const std::function<Result<void>()>& work);
  [[nodiscard]] Result<void> insert(const NumberedRow& numbered);
  [[nodiscard]] Result<std::int64_t> name_id(sqlite::Statement& insert,
                                             std::unordered_map<std::string, std::int64_t>& known,
                                             const std::string& name);
  void reach(Step step) const {
    if (fault_) fault_(step);
  }

  sqlite::Database database_;
  sqlite::Statement begin_, commit_, insert_update_, insert_late_, insert_event_, insert_document_, insert_group_,
      put_snapshot_, put_meta_;
  std::unordered_map<std::string, std::int64_t> documents_;  ///< Emptied when a transaction fails.
  std::unordered_map<std::string, std::int64_t> groups_;
  std::function<void(Step)> fault_;
  JournalSeq last_seq_;
  int log_pages_ = 0;
};

}  // namespace bossey::journal
