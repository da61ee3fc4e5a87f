// What waits to be written, and the thread that writes it: group commit, retries in order, snapshots when there is
// time. Used by Journal only, which documents the rules; it answers no questions but "what still waits".
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "journal/journal.hpp"
#include "journal/writer.hpp"

namespace bossey::journal {

class WritingQueue {
 public:
  WritingQueue(std::unique_ptr<Writer> writer, Options options);
  ~WritingQueue();
  WritingQueue(const WritingQueue&) = delete;
  WritingQueue& operator=(const WritingQueue&) = delete;

  [[nodiscard]] Result<JournalSeq> append(std::vector<Row> rows, Journal::OnDurable on_durable);
  void put_snapshot(const DocumentId& document, JournalSeq seq, Bytes bytes, Journal::OnDone done);
  void set_meta(std::string key, std::string value, Journal::OnDone done);
  void forget(Forgetting work, Journal::OnDone done);
  void when_durable(Journal::OnDone done);
  [[nodiscard]] Result<void> flush(std::chrono::milliseconds timeout);
  [[nodiscard]] Result<void> close(std::chrono::milliseconds timeout);

  /// Updates of a document that are numbered but perhaps not on disk yet, in order.
  [[nodiscard]] std::vector<StoredUpdate> waiting_updates(const DocumentId& document) const;
  [[nodiscard]] JournalSeq last_appended() const;
  [[nodiscard]] JournalSeq last_durable() const;
  [[nodiscard]] Stats stats() const;
  [[nodiscard]] const worker::Post& post() const { return options_.post; }

 private:
  using Clock = std::chrono::steady_clock;

  /// One call of append: its rows go into one transaction. Without rows it is a mark in the queue.
  struct Entry {
    std::vector<Row> rows;
    JournalSeq first;
    JournalSeq last;
    std::size_t bytes = 0;
    Journal::OnDurable on_durable;
  };
  struct SnapshotWork {
    DocumentId document;
    JournalSeq seq;
    std::int64_t time_ms = 0;
    Bytes bytes;
  };
  struct MetaWork {
    std::string key;
    std::string value;
  };
  /// Work that may fail alone, kept back until the row `after` is on disk.
  struct Upkeep {
    JournalSeq after;
    std::variant<SnapshotWork, MetaWork, Forgetting> work;
    std::size_t bytes = 0;
    Journal::OnDone done;
  };
  using Batch = std::vector<std::shared_ptr<const Entry>>;
  /// Callbacks to be posted, in order, when the mutex is free: they may call this object again.
  using Answers = std::vector<std::function<void()>>;

  [[nodiscard]] Result<void> accept(const std::vector<Row>& rows, std::size_t bytes) const;
  void add_upkeep(Upkeep upkeep);
  void answer(std::function<void()> callback) const { options_.post(std::move(callback)); }
  void answer_all(Answers answers) const;

  // The writing thread.
  void loop();
  [[nodiscard]] Batch take_batch() const;
  [[nodiscard]] bool ready_upkeep() const;
  void write_batch(std::unique_lock<std::mutex>& lock, const Batch& batch);
  void write_upkeep(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Answers fail_batch(const Error& error);
  [[nodiscard]] Answers settle_batch(const Batch& batch);
  [[nodiscard]] Answers give_up();

  const Options options_;
  std::unique_ptr<Writer> writer_;  ///< Touched by the writing thread only.

  mutable std::mutex mutex_;  ///< Guards everything below.
  std::condition_variable wake_;
  std::condition_variable progress_;
  std::deque<std::shared_ptr<const Entry>> entries_;  ///< Also those being written: gone when on disk.
  std::deque<Upkeep> upkeep_;
  std::size_t upkeep_bytes_ = 0;
  JournalSeq appended_;
  JournalSeq durable_;
  Stats stats_;
  Error trouble_{Errc::unavailable, {}};  ///< The last one; stats_.trouble tells whether it stands.
  std::chrono::milliseconds retry_after_{0};
  bool closing_ = false;
  Clock::time_point give_up_at_;
  std::size_t given_up_rows_ = 0;
  std::thread thread_;
};

}  // namespace bossey::journal
