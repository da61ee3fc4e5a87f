// The durable record of accepted updates and events: one SQLite file (docs/formats/journal.md). Rooms and groups
// append from the network thread and acknowledge when told that the row is on disk. An own thread writes, with one
// fsync for all rows that wait (group commit); another reads. It knows no Yjs, no git and no sockets.
//
// | state   | what happens                                                        | how it ends            |
// | ------- | ------------------------------------------------------------------- | ---------------------- |
// | saving  | rows are written as they come                                       | trouble, closed        |
// | trouble | disk full, I/O error, locked: rows wait, in order; on_trouble tells | a retry works: on_recovered, saving
// | | closed  | append is refused; rows that could not be saved were answered with an error |                |
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "journal/forgetting.hpp"
#include "journal/reader.hpp"
#include "journal/row.hpp"
#include "worker/worker.hpp"

namespace bossey::journal {

/// Places at which a test may end the process: see Options::fault.
enum class Step : std::uint8_t { before_begin, before_commit, after_commit, before_snapshot, after_snapshot };

struct Options {
  /// Runs every callback below on the caller's thread, in order. Empty: they run on the journal's own threads.
  worker::Post post;
  /// Called when rows cannot be saved (once for each such time), and when saving goes on. The detail is fit to show.
  std::function<void(Error)> on_trouble;
  std::function<void()> on_recovered;
  /// Over one of these, append is refused with Errc::unavailable.
  std::size_t queue_rows_max = 100'000;
  std::size_t queue_bytes_max = std::size_t{256} << 20;
  /// False: a missing or empty file is Errc::not_found, for a folder that must already hold a journal.
  bool create = true;
  /// Test seam: called on the writing thread.
  std::function<void(Step)> fault;
};

/// What /metrics shows.
struct Stats {
  std::uint64_t rows = 0;          ///< Written since the start.
  std::uint64_t bytes = 0;         ///< Of updates and events, written since the start.
  std::uint64_t transactions = 0;  ///< Of rows, not of snapshots.
  std::uint64_t failures = 0;      ///< Attempts to write that failed.
  std::uint64_t commit_us_sum = 0;
  std::uint64_t commit_us_max = 0;
  std::size_t waiting_rows = 0;
  std::size_t waiting_bytes = 0;
  bool trouble = false;
};

class Journal {
 public:
  using OnDurable = std::function<void(Result<JournalSeq>)>;
  using OnDone = std::function<void(Result<void>)>;

  /// Opens, or makes, the journal in `file`. Errors say what to do: Errc::corrupt (not a journal, half-written,
  /// damaged), Errc::conflict (written by a newer version), Errc::forbidden, Errc::io, Errc::not_found (see create).
  /// The caller holds the lock of the data folder: one process writes.
  [[nodiscard]] static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& file, Options options);
  /// As close(), with 5 s.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Numbers a row and queues it; never blocks. The number is final: numbers are dense and grow in order of append.
  /// `on_durable` is called exactly once, after the callbacks of all rows before it, when the row is on disk; or with
  /// an error if the journal was closed before it could be saved. An error here (Errc::unavailable: too much waits
  /// or closed; Errc::too_large, Errc::bad_input) means no number, nothing queued, and no callback.
  [[nodiscard]] Result<JournalSeq> append(Row row, OnDurable on_durable = {});
  /// Several rows in one transaction: after a crash all are there, or none (a decision with its events). Returns the
  /// number of the first; the others follow it without a gap. `on_durable` gets the number of the last.
  [[nodiscard]] Result<JournalSeq> append_group(std::vector<Row> rows, OnDurable on_durable = {});

  /// Stores the state of a document as of row `seq`, replacing an older one; kept back until that row is on disk.
  /// Rows stay. Not a promise: if it cannot be written now, `done` gets the error and nothing else changes.
  void put_snapshot(const DocumentId& document, JournalSeq seq, Bytes bytes, OnDone done = {});
  /// Stores a small value under a key, after the rows appended before it. As put_snapshot, it may fail alone.
  void set_meta(std::string key, std::string value, OnDone done = {});

  /// Takes people out of the rows appended before, in one transaction; words, times and numbers stay. As put_snapshot,
  /// it may fail alone, and changes nothing then.
  void forget(Forgetting work, OnDone done);

  /// Everything of a document that was appended before this call, on disk or still waiting.
  void load(const DocumentId& document, std::function<void(Result<Loaded>)> done);
  /// The same, waiting for it: at start-up, in tools and tests only.
  [[nodiscard]] Result<Loaded> load_now(const DocumentId& document, From from = From::snapshot);

  /// Any question to the committed journal, on the reading thread:
  /// `journal.read<std::vector<StoredEvent>>([g](Reader& r) { return r.events(g); }, done);`
  template <class T>
  void read(std::function<Result<T>(Reader&)> question, std::function<void(Result<T>)> done) {
    worker::ask<T>(
        reading(), post(), [this, question = std::move(question)] { return question(reader()); }, std::move(done));
  }
  /// The same, waiting for it: at start-up, in tools and tests only.
  template <class T>
  [[nodiscard]] Result<T> read_now(std::function<Result<T>(Reader&)> question) {
    return worker::ask_now<T>(reading(), [this, question = std::move(question)] { return question(reader()); });
  }

  /// Calls `done` when every row appended before is on disk.
  void when_durable(OnDone done);
  /// Waits for the same. Errc::unavailable, naming the trouble, if `timeout` passes before.
  [[nodiscard]] Result<void> flush(std::chrono::milliseconds timeout);
  /// Refuses new rows, waits for the waiting ones, closes the file. Errc::unavailable, with the number of rows that
  /// were given up (each answered with an error), if they cannot be saved within `timeout`. A second call is ok.
  [[nodiscard]] Result<void> close(std::chrono::milliseconds timeout);

  [[nodiscard]] JournalSeq last_appended() const;
  [[nodiscard]] JournalSeq last_durable() const;
  [[nodiscard]] Stats stats() const;

 private:
  struct State;
  explicit Journal(std::unique_ptr<State> state);
  [[nodiscard]] worker::Worker& reading();
  [[nodiscard]] Reader& reader();
  [[nodiscard]] const worker::Post& post() const;

  std::unique_ptr<State> state_;
};

}  // namespace bossey::journal
