#include "journal/writing_queue.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <utility>

namespace bossey::journal {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBatchRowsMax = 4096;
constexpr std::size_t kBatchBytesMax = std::size_t{16} << 20;
constexpr std::size_t kUpkeepMax = 10'000;
constexpr milliseconds kRetryFirst{50};
constexpr milliseconds kRetryMax{1000};
// Moving pages costs a sync of the file: done in a pause, or at latest when the log has 64 MiB.
constexpr int kCheckpointPagesIdle = 1000;
constexpr int kCheckpointPagesBusy = 16'000;

std::int64_t now_ms() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::size_t bytes_of(const Row& row) {
  struct Count {
    std::size_t operator()(const UpdateRow& r) const { return r.bytes.size() + r.document.value.size(); }
    std::size_t operator()(const LateRow& r) const {
      return r.bytes.size() + r.document.value.size() + r.proposal.size();
    }
    std::size_t operator()(const EventRow& r) const { return r.json.size() + r.kind.size() + r.group.value.size(); }
  };
  return std::visit(Count{}, row);
}

bool good_name(const std::string& name) {
  return !name.empty() && name.size() <= kNameBytesMax && name.find('\0') == std::string::npos;
}

Result<void> check_row(const Row& row) {
  struct Names {
    bool operator()(const UpdateRow& r) const { return good_name(r.document.value); }
    bool operator()(const LateRow& r) const { return good_name(r.document.value) && good_name(r.proposal); }
    bool operator()(const EventRow& r) const { return good_name(r.group.value) && good_name(r.kind); }
  };
  if (!std::visit(Names{}, row)) return fail(Errc::bad_input, "a journal row has an empty or too long name");
  if (bytes_of(row) > kRowBytesMax)
    return fail(Errc::too_large, fmt::format("a journal row of {} bytes; at most {}", bytes_of(row), kRowBytesMax));
  return {};
}

}  // namespace

WritingQueue::WritingQueue(std::unique_ptr<Writer> writer, Options options)
    : options_(std::move(options)),
      writer_(std::move(writer)),
      appended_(writer_->last_seq()),
      durable_(writer_->last_seq()) {
  thread_ = std::thread(&WritingQueue::loop, this);
  pthread_setname_np(thread_.native_handle(), "journal-write");
}

WritingQueue::~WritingQueue() {
  static_cast<void>(close(std::chrono::seconds(5)));
}

Result<void> WritingQueue::accept(const std::vector<Row>& rows, std::size_t bytes) const {
  if (closing_) return fail(Errc::unavailable, "the server stops; connect again in a moment");
  if (stats_.waiting_rows + rows.size() > options_.queue_rows_max ||
      stats_.waiting_bytes + bytes > options_.queue_bytes_max)
    return fail(Errc::unavailable, stats_.trouble ? trouble_.detail : std::string("too much is waiting for the disk"));
  return {};
}

Result<JournalSeq> WritingQueue::append(std::vector<Row> rows, Journal::OnDurable on_durable) {
  if (rows.empty()) return fail(Errc::bad_input, "a group of journal rows without a row");
  auto entry = std::make_shared<Entry>();
  const auto now = now_ms();
  for (auto& row : rows) {
    BOSSEY_TRY_VOID(check_row(row));
    entry->bytes += bytes_of(row);
    std::visit([now](auto& r) { r.time_ms = r.time_ms == 0 ? now : r.time_ms; }, row);
  }
  {
    const std::lock_guard lock(mutex_);
    BOSSEY_TRY_VOID(accept(rows, entry->bytes));
    entry->first = JournalSeq{appended_.value + 1};
    entry->last = JournalSeq{appended_.value + rows.size()};
    entry->rows = std::move(rows);
    entry->on_durable = std::move(on_durable);
    appended_ = entry->last;
    stats_.waiting_rows += entry->rows.size();
    stats_.waiting_bytes += entry->bytes;
    entries_.push_back(entry);
  }
  wake_.notify_one();
  return entry->first;
}

void WritingQueue::when_durable(Journal::OnDone done) {
  auto entry = std::make_shared<Entry>();
  entry->on_durable = [done = std::move(done)](const Result<JournalSeq>& result) {
    done(result.map([](JournalSeq) {}));
  };
  {
    const std::lock_guard lock(mutex_);
    entry->last = appended_;
    if (!closing_) {
      entries_.push_back(std::move(entry));
      wake_.notify_one();
      return;
    }
  }
  answer([entry] { entry->on_durable(fail(Errc::unavailable, "the journal is closed")); });
}

void WritingQueue::put_snapshot(const DocumentId& document, JournalSeq seq, Bytes bytes, Journal::OnDone done) {
  const auto size = bytes.size();
  if (!good_name(document.value) || size > kRowBytesMax || seq > last_appended()) {
    if (done) answer([done] { done(fail(Errc::bad_input, "a snapshot that is too large or of no known row")); });
    return;
  }
  add_upkeep({seq, SnapshotWork{document, seq, now_ms(), std::move(bytes)}, size, std::move(done)});
}

void WritingQueue::set_meta(std::string key, std::string value, Journal::OnDone done) {
  const auto size = key.size() + value.size();
  if (!good_name(key) || value.size() > kMetaBytesMax) {
    if (done) answer([done] { done(fail(Errc::bad_input, "a meta key or value of a wrong size")); });
    return;
  }
  add_upkeep({last_appended(), MetaWork{std::move(key), std::move(value)}, size, std::move(done)});
}

void WritingQueue::forget(Forgetting work, Journal::OnDone done) {
  add_upkeep({last_appended(), std::move(work), 0, std::move(done)});
}

void WritingQueue::add_upkeep(Upkeep upkeep) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_ && upkeep_.size() < kUpkeepMax && upkeep_bytes_ + upkeep.bytes <= options_.queue_bytes_max) {
      upkeep_bytes_ += upkeep.bytes;
      upkeep_.push_back(std::move(upkeep));
      wake_.notify_one();
      return;
    }
  }
  if (upkeep.done) {
    answer([done = std::move(upkeep.done)] { done(fail(Errc::unavailable, "the journal is busy or closed")); });
  }
}

std::vector<StoredUpdate> WritingQueue::waiting_updates(const DocumentId& document) const {
  std::vector<StoredUpdate> found;
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    for (std::size_t i = 0; i < entry->rows.size(); ++i) {
      const auto* update = std::get_if<UpdateRow>(&entry->rows[i]);
      if (update == nullptr || update->document != document) continue;
      found.push_back(
          {JournalSeq{entry->first.value + i}, update->person, update->session, update->time_ms, update->bytes});
    }
  }
  return found;
}

Result<void> WritingQueue::flush(milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const auto target = appended_;
  if (progress_.wait_for(lock, timeout, [&] { return durable_ >= target; })) return {};
  return fail(Errc::unavailable, stats_.trouble ? trouble_.detail : "the disk is too slow: rows still wait");
}

Result<void> WritingQueue::close(milliseconds timeout) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) {
      closing_ = true;
      give_up_at_ = Clock::now() + timeout;
    }
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  if (given_up_rows_ == 0) return {};
  return fail(Errc::unavailable, fmt::format("{} rows could not be saved: {}", given_up_rows_, trouble_.detail));
}

JournalSeq WritingQueue::last_appended() const {
  const std::lock_guard lock(mutex_);
  return appended_;
}

JournalSeq WritingQueue::last_durable() const {
  const std::lock_guard lock(mutex_);
  return durable_;
}

Stats WritingQueue::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

bool WritingQueue::ready_upkeep() const {
  return !upkeep_.empty() && upkeep_.front().after <= durable_;
}

WritingQueue::Batch WritingQueue::take_batch() const {
  Batch batch;
  std::size_t rows = 0;
  std::size_t bytes = 0;
  for (const auto& entry : entries_) {
    rows += entry->rows.size();
    bytes += entry->bytes;
    // One entry alone may be over the limits: it must be one transaction.
    if (!batch.empty() && (rows > kBatchRowsMax || bytes > kBatchBytesMax)) break;
    batch.push_back(entry);
  }
  return batch;
}

void WritingQueue::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (closing_ && stats_.trouble && Clock::now() >= give_up_at_) break;
    if (stats_.trouble) {
      // Only a closing is worth an earlier try: more rows do not make room.
      const bool was_closing = closing_;
      wake_.wait_for(lock, retry_after_, [&] { return closing_ != was_closing; });
    } else if (entries_.empty() && !ready_upkeep()) {
      if (closing_) break;
      if (writer_->log_pages() >= kCheckpointPagesIdle) {
        lock.unlock();
        writer_->checkpoint(false);
        lock.lock();
      }
      wake_.wait(lock, [&] { return closing_ || !entries_.empty() || ready_upkeep(); });
    }
    if (!entries_.empty()) write_batch(lock, take_batch());
    if (!stats_.trouble && ready_upkeep()) write_upkeep(lock);
  }
  auto answers = give_up();
  lock.unlock();
  answer_all(std::move(answers));
  writer_->checkpoint(true);
  writer_.reset();
}

void WritingQueue::write_batch(std::unique_lock<std::mutex>& lock, const Batch& batch) {
  lock.unlock();
  std::vector<NumberedRow> rows;
  for (const auto& entry : batch)
    for (std::size_t i = 0; i < entry->rows.size(); ++i)
      rows.push_back({JournalSeq{entry->first.value + i}, &entry->rows[i]});
  const auto begun = Clock::now();
  const auto written = rows.empty() ? Result<void>{} : writer_->write(rows);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun).count();
  lock.lock();
  Answers answers;
  if (!written) {
    answers = fail_batch(written.error());
  } else {
    if (!rows.empty()) {
      stats_.rows += rows.size();
      ++stats_.transactions;
      stats_.commit_us_sum += static_cast<std::uint64_t>(took);
      stats_.commit_us_max = std::max(stats_.commit_us_max, static_cast<std::uint64_t>(took));
    }
    answers = settle_batch(batch);
  }
  lock.unlock();
  answer_all(std::move(answers));
  if (writer_->log_pages() >= kCheckpointPagesBusy) writer_->checkpoint(false);
  lock.lock();
}

void WritingQueue::answer_all(Answers answers) const {
  for (auto& each : answers) answer(std::move(each));
}

WritingQueue::Answers WritingQueue::fail_batch(const Error& error) {
  ++stats_.failures;
  retry_after_ = stats_.trouble ? std::min(retry_after_ * 2, kRetryMax) : kRetryFirst;
  trouble_ = error;
  const bool told = std::exchange(stats_.trouble, true);
  if (told || !options_.on_trouble) return {};
  return {[tell = options_.on_trouble, error] { tell(error); }};
}

WritingQueue::Answers WritingQueue::settle_batch(const Batch& batch) {
  Answers answers;
  if (std::exchange(stats_.trouble, false) && options_.on_recovered) answers.push_back(options_.on_recovered);
  Batch to_answer;
  for (const auto& entry : batch) {
    durable_ = entry->last;
    stats_.waiting_rows -= entry->rows.size();
    stats_.waiting_bytes -= entry->bytes;
    stats_.bytes += entry->bytes;
    if (entry->on_durable) to_answer.push_back(entry);
    entries_.pop_front();
  }
  progress_.notify_all();
  // One posted function for the whole batch: a wake-up of the network thread costs more than a call.
  if (!to_answer.empty()) {
    answers.emplace_back([to_answer = std::move(to_answer)] {
      for (const auto& entry : to_answer) entry->on_durable(entry->last);
    });
  }
  return answers;
}

void WritingQueue::write_upkeep(std::unique_lock<std::mutex>& lock) {
  const Upkeep upkeep = std::move(upkeep_.front());
  upkeep_.pop_front();
  upkeep_bytes_ -= upkeep.bytes;
  lock.unlock();
  Result<void> written;
  if (const auto* snapshot = std::get_if<SnapshotWork>(&upkeep.work)) {
    written = writer_->write_snapshot(snapshot->document, snapshot->seq, snapshot->time_ms, snapshot->bytes);
  } else if (const auto* forgetting = std::get_if<Forgetting>(&upkeep.work)) {
    written = writer_->forget(*forgetting);
  } else {
    const auto& meta = std::get<MetaWork>(upkeep.work);
    written = writer_->write_meta(meta.key, meta.value);
  }
  if (upkeep.done) answer([done = upkeep.done, written] { done(written); });
  lock.lock();
}

WritingQueue::Answers WritingQueue::give_up() {
  Answers answers;
  for (const auto& entry : entries_) {
    given_up_rows_ += entry->rows.size();
    if (entry->on_durable) {
      answers.emplace_back([entry, detail = trouble_.detail] { entry->on_durable(fail(Errc::unavailable, detail)); });
    }
  }
  for (auto& upkeep : upkeep_)
    if (upkeep.done)
      answers.emplace_back([done = upkeep.done] { done(fail(Errc::unavailable, "the journal was closed")); });
  entries_.clear();
  upkeep_.clear();
  progress_.notify_all();
  return answers;
}

}  // namespace bossey::journal
