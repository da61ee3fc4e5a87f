#include "journal/journal.hpp"

#include <utility>

#include "journal/writing_queue.hpp"

namespace bossey::journal {

namespace {

constexpr std::size_t kReadsMax = 10'000;

}  // namespace

struct Journal::State {
  State(std::unique_ptr<Writer> opened, std::unique_ptr<Reader> opened_reader, Options options)
      : queue(std::move(opened), std::move(options)),
        reader(std::move(opened_reader)),
        reading("journal-read", kReadsMax) {}

  WritingQueue queue;
  std::unique_ptr<Reader> reader;  ///< Touched on the reading thread only.
  worker::Worker reading;
};

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& file, Options options) {
  if (!options.post) options.post = worker::run_in_place();
  BOSSEY_TRY(auto writer, Writer::open(file, options.create, options.fault));
  BOSSEY_TRY(auto reader, Reader::open(file));
  return std::unique_ptr<Journal>(
      new Journal(std::make_unique<State>(std::move(writer), std::move(reader), std::move(options))));
}

Journal::~Journal() {
  static_cast<void>(close(std::chrono::seconds(5)));
}

Result<JournalSeq> Journal::append(Row row, OnDurable on_durable) {
  std::vector<Row> rows;
  rows.push_back(std::move(row));
  return append_group(std::move(rows), std::move(on_durable));
}

Result<JournalSeq> Journal::append_group(std::vector<Row> rows, OnDurable on_durable) {
  return state_->queue.append(std::move(rows), std::move(on_durable));
}

void Journal::put_snapshot(const DocumentId& document, JournalSeq seq, Bytes bytes, OnDone done) {
  state_->queue.put_snapshot(document, seq, std::move(bytes), std::move(done));
}

void Journal::set_meta(std::string key, std::string value, OnDone done) {
  state_->queue.set_meta(std::move(key), std::move(value), std::move(done));
}

void Journal::forget(Forgetting work, OnDone done) {
  state_->queue.forget(std::move(work), std::move(done));
}

namespace {

// `waiting` was copied before the file was read: each of its rows is in the file by now, or still missing there.
Result<Loaded> load_with(Reader& reader, const DocumentId& document, From from, std::vector<StoredUpdate> waiting) {
  BOSSEY_TRY(auto loaded, reader.load(document, from));
  const auto last = loaded.last_seq();
  for (auto& update : waiting)
    if (update.seq > last) loaded.updates.push_back(std::move(update));
  return loaded;
}

}  // namespace

void Journal::load(const DocumentId& document, std::function<void(Result<Loaded>)> done) {
  worker::ask<Loaded>(
      state_->reading, post(),
      [this, document, waiting = state_->queue.waiting_updates(document)] {
        return load_with(*state_->reader, document, From::snapshot, waiting);
      },
      std::move(done));
}

Result<Loaded> Journal::load_now(const DocumentId& document, From from) {
  return worker::ask_now<Loaded>(state_->reading,
                                 [this, document, from, waiting = state_->queue.waiting_updates(document)] {
                                   return load_with(*state_->reader, document, from, waiting);
                                 });
}

void Journal::when_durable(OnDone done) {
  state_->queue.when_durable(std::move(done));
}

Result<void> Journal::flush(std::chrono::milliseconds timeout) {
  return state_->queue.flush(timeout);
}

Result<void> Journal::close(std::chrono::milliseconds timeout) {
  // Readers first: the last checkpoint empties the write-ahead log only when nobody reads.
  state_->reading.stop();
  state_->reader.reset();
  return state_->queue.close(timeout);
}

JournalSeq Journal::last_appended() const {
  return state_->queue.last_appended();
}
JournalSeq Journal::last_durable() const {
  return state_->queue.last_durable();
}
Stats Journal::stats() const {
  return state_->queue.stats();
}
worker::Worker& Journal::reading() {
  return state_->reading;
}
Reader& Journal::reader() {
  return *state_->reader;
}
const worker::Post& Journal::post() const {
  return state_->queue.post();
}

}  // namespace bossey::journal
