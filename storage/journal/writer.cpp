#include "journal/writer.hpp"

#include <utility>
#include <variant>

#include "journal/schema.hpp"

namespace bossey::journal {

namespace {

constexpr std::string_view kSaving;          // Whoever shows the error says "not saved".
constexpr std::size_t kNamesKept = 100'000;  // In memory, to spare a look-up for each row.

std::optional<std::uint64_t> number_of(const std::optional<PersonId>& person) {
  return person ? std::optional(person->value) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::open(const std::filesystem::path& file, bool create,
                                             std::function<void(Step)> fault) {
  std::unique_ptr<Writer> writer(new Writer);
  writer->fault_ = std::move(fault);
  BOSSEY_TRY(writer->database_, open_writing(file, create));
  sqlite3* database = writer->database_.get();
  const auto prepare = [&](sqlite::Statement& statement, std::string_view sql) -> Result<void> {
    BOSSEY_TRY(statement, sqlite::Statement::prepare(database, sql));
    return {};
  };
  BOSSEY_TRY_VOID(prepare(writer->begin_, "BEGIN IMMEDIATE"));
  BOSSEY_TRY_VOID(prepare(writer->commit_, "COMMIT"));
  BOSSEY_TRY_VOID(prepare(writer->insert_update_, "INSERT INTO updates VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  BOSSEY_TRY_VOID(prepare(writer->insert_late_, "INSERT INTO late VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
  BOSSEY_TRY_VOID(prepare(writer->insert_event_, "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
  // The update that changes nothing makes RETURNING answer for a name that is known already.
  BOSSEY_TRY_VOID(prepare(writer->insert_document_,
                          "INSERT INTO documents (name) VALUES (?1) ON CONFLICT (name) DO UPDATE SET name = name "
                          "RETURNING id"));
  BOSSEY_TRY_VOID(
      prepare(writer->insert_group_,
              "INSERT INTO groups (name) VALUES (?1) ON CONFLICT (name) DO UPDATE SET name = name RETURNING "
              "id"));
  BOSSEY_TRY_VOID(
      prepare(writer->put_snapshot_,
              "INSERT INTO snapshots VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (document) DO UPDATE SET seq "
              "= excluded.seq, time_ms = excluded.time_ms, sum = excluded.sum, bytes = excluded.bytes WHERE "
              "excluded.seq >= seq"));
  BOSSEY_TRY_VOID(prepare(writer->put_meta_,
                          "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
  BOSSEY_TRY(auto last, sqlite::Statement::prepare(
                            database,
                            "SELECT max(ifnull((SELECT max(seq) FROM updates), 0), ifnull((SELECT max(seq) FROM "
                            "late), 0), ifnull((SELECT max(seq) FROM events), 0))"));
  BOSSEY_TRY_VOID(last.step("opening the journal"));
  writer->last_seq_ = JournalSeq{last.natural(0)};
  sqlite3_wal_hook(
      database,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Writer*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      writer.get());
  return writer;
}

Result<void> Writer::in_transaction(const std::function<Result<void>()>& work) {
  auto done = begin_.run(kSaving);
  if (done) done = work();
  if (done) {
    reach(Step::before_commit);
    done = commit_.run(kSaving);
  }
  if (done) return done;
  documents_.clear();
  groups_.clear();
  // Some errors roll back by themselves. What the roll-back says is of no use beside the error that led to it.
  if (sqlite3_get_autocommit(database_.get()) == 0)
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

Result<void> Writer::write(std::span<const NumberedRow> rows) {
  reach(Step::before_begin);
  BOSSEY_TRY_VOID(in_transaction([&]() -> Result<void> {
    for (const auto& row : rows) BOSSEY_TRY_VOID(insert(row));
    return {};
  }));
  reach(Step::after_commit);
  return {};
}

Result<std::int64_t> Writer::name_id(sqlite::Statement& insert, std::unordered_map<std::string, std::int64_t>& known,
                                     const std::string& name) {
  if (const auto found = known.find(name); found != known.end()) return found->second;
  insert.bind(std::string_view(name));
  auto row = insert.step(kSaving);
  const auto id = row && *row ? insert.number(0) : 0;
  insert.reset();
  if (!row) return tl::unexpected<Error>(std::move(row).error());
  if (known.size() >= kNamesKept) known.clear();
  known.emplace(name, id);
  return id;
}

Result<void> Writer::insert(const NumberedRow& numbered) {
  if (const auto* update = std::get_if<UpdateRow>(numbered.row)) {
    BOSSEY_TRY(const auto document, name_id(insert_document_, documents_, update->document.value));
    const BytesView bytes(update->bytes);
    insert_update_.bind(numbered.seq.value).bind(document).bind(number_of(update->person));
    insert_update_.bind(update->session.value).bind(update->time_ms).bind(sum_of(bytes)).bind(bytes);
    return insert_update_.run(kSaving);
  }
  if (const auto* late = std::get_if<LateRow>(numbered.row)) {
    BOSSEY_TRY(const auto document, name_id(insert_document_, documents_, late->document.value));
    const BytesView bytes(late->bytes);
    insert_late_.bind(numbered.seq.value).bind(document).bind(number_of(late->person));
    insert_late_.bind(late->session.value).bind(late->decision_no).bind(std::string_view(late->proposal));
    insert_late_.bind(late->time_ms).bind(sum_of(bytes)).bind(bytes);
    return insert_late_.run(kSaving);
  }
  const auto& event = std::get<EventRow>(*numbered.row);
  BOSSEY_TRY(const auto group, name_id(insert_group_, groups_, event.group.value));
  insert_event_.bind(numbered.seq.value).bind(group).bind(std::string_view(event.kind));
  insert_event_.bind(event.time_ms).bind(sum_of(as_bytes(event.json))).bind(std::string_view(event.json));
  return insert_event_.run(kSaving);
}

Result<void> Writer::write_snapshot(const DocumentId& document, JournalSeq seq, std::int64_t time_ms, BytesView bytes) {
  reach(Step::before_snapshot);
  BOSSEY_TRY_VOID(in_transaction([&]() -> Result<void> {
    BOSSEY_TRY(const auto id, name_id(insert_document_, documents_, document.value));
    put_snapshot_.bind(id).bind(seq.value).bind(time_ms).bind(sum_of(bytes)).bind(bytes);
    return put_snapshot_.run(kSaving);
  }));
  reach(Step::after_snapshot);
  return {};
}

Result<void> Writer::write_meta(std::string_view key, std::string_view value) {
  return in_transaction([&] { return put_meta_.bind(key).bind(value).run(kSaving); });
}

void Writer::checkpoint(bool wait_for_readers) {
  const int mode = wait_for_readers ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  int left = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, mode, &left, &moved);
  if (code == SQLITE_OK && moved >= left) log_pages_ = 0;
}

}  // namespace bossey::journal
