#include "journal/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "journal/schema.hpp"
#include "sqlite/database.hpp"
#include "sqlite/upkeep.hpp"

namespace bossey::journal {

namespace {

constexpr std::string_view kReading = "reading the journal";
constexpr std::size_t kFindingsMax = 100;

Bytes copy(BytesView view) {
  return {view.begin(), view.end()};
}

std::optional<PersonId> person_of(const sqlite::Statement& row, int column) {
  const auto value = row.optional_natural(column);
  return value ? std::optional(PersonId{*value}) : std::nullopt;
}

Result<void> check_sum(std::int64_t sum, BytesView bytes, std::string_view what, std::uint64_t seq) {
  if (sum == sum_of(bytes)) return {};
  return fail(
      Errc::corrupt,
      fmt::format("{} {} of the journal is damaged; keep a copy of the file, then restore the last backup", what, seq));
}

}  // namespace

struct Reader::State {
  sqlite::Database database;
  sqlite::Statement snapshot, updates, late, events, groups, documents, last_update, meta, last_seq;
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const std::filesystem::path& file) {
  auto state = std::make_unique<State>();
  BOSSEY_TRY(state->database, open_reading(file));
  const auto prepare = [&](sqlite::Statement& statement, std::string_view sql) -> Result<void> {
    BOSSEY_TRY(statement, sqlite::Statement::prepare(state->database.get(), sql));
    return {};
  };
  BOSSEY_TRY_VOID(prepare(state->snapshot,
                          "SELECT seq, sum, bytes FROM snapshots WHERE document = (SELECT id FROM documents WHERE name "
                          "= ?1)"));
  BOSSEY_TRY_VOID(prepare(state->updates,
                          "SELECT seq, person, session, time_ms, sum, bytes FROM updates WHERE document = (SELECT id "
                          "FROM documents WHERE name = ?1) AND seq > ?2 ORDER BY seq"));
  BOSSEY_TRY_VOID(prepare(state->late,
                          "SELECT seq, person, session, decision_no, proposal, time_ms, sum, bytes FROM late WHERE "
                          "document = (SELECT id FROM documents WHERE name = ?1) ORDER BY seq"));
  BOSSEY_TRY_VOID(prepare(state->events,
                          "SELECT seq, kind, time_ms, sum, json FROM events WHERE group_id = (SELECT id FROM groups "
                          "WHERE name = ?1) AND seq > ?2 ORDER BY seq"));
  BOSSEY_TRY_VOID(prepare(state->groups, "SELECT name FROM groups ORDER BY name"));
  BOSSEY_TRY_VOID(
      prepare(state->documents, "SELECT name FROM documents WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name"));
  BOSSEY_TRY_VOID(prepare(state->last_update,
                          "SELECT max(seq) FROM updates WHERE document = (SELECT id FROM documents WHERE name = ?1)"));
  BOSSEY_TRY_VOID(prepare(state->meta, "SELECT value FROM meta WHERE key = ?1"));
  BOSSEY_TRY_VOID(prepare(state->last_seq,
                          "SELECT max(ifnull((SELECT max(seq) FROM updates), 0), ifnull((SELECT max(seq) FROM late), "
                          "0), ifnull((SELECT max(seq) FROM events), 0))"));
  return std::unique_ptr<Reader>(new Reader(std::move(state)));
}

namespace {

Result<std::optional<Snapshot>> read_snapshot(sqlite::Statement& statement, const std::string& name) {
  const sqlite::Using used(statement);
  statement.bind(std::string_view(name));
  BOSSEY_TRY(const bool found, statement.step(kReading));
  if (!found) return std::nullopt;
  // The rows are all kept: a damaged snapshot only makes the replay longer.
  if (statement.number(1) != sum_of(statement.octets(2))) return std::nullopt;
  return Snapshot{JournalSeq{statement.natural(0)}, copy(statement.octets(2))};
}

}  // namespace

Result<Loaded> Reader::load(const DocumentId& document, From from) {
  // One transaction, so that no snapshot can come between the two questions.
  BOSSEY_TRY_VOID(sqlite::execute(state_->database.get(), "BEGIN", kReading));
  auto loaded = [&]() -> Result<Loaded> {
    Loaded answer;
    if (from == From::snapshot) {
      BOSSEY_TRY(answer.snapshot, read_snapshot(state_->snapshot, document.value));
    }
    auto& rows = state_->updates;
    const sqlite::Using used(rows);
    rows.bind(std::string_view(document.value)).bind(answer.snapshot ? answer.snapshot->seq.value : 0);
    for (;;) {
      BOSSEY_TRY(const bool found, rows.step(kReading));
      if (!found) return answer;
      BOSSEY_TRY_VOID(check_sum(rows.number(4), rows.octets(5), "row", rows.natural(0)));
      answer.updates.push_back({JournalSeq{rows.natural(0)}, person_of(rows, 1), SessionNo{rows.natural(2)},
                                rows.number(3), copy(rows.octets(5))});
    }
  }();
  BOSSEY_TRY_VOID(sqlite::execute(state_->database.get(), "COMMIT", kReading));
  return loaded;
}

Result<std::vector<StoredLate>> Reader::late(const DocumentId& document) {
  auto& rows = state_->late;
  const sqlite::Using used(rows);
  rows.bind(std::string_view(document.value));
  std::vector<StoredLate> answer;
  for (;;) {
    BOSSEY_TRY(const bool found, rows.step(kReading));
    if (!found) return answer;
    BOSSEY_TRY_VOID(check_sum(rows.number(6), rows.octets(7), "row", rows.natural(0)));
    answer.push_back({JournalSeq{rows.natural(0)}, document, person_of(rows, 1), SessionNo{rows.natural(2)},
                      rows.natural(3), rows.text(4), rows.number(5), copy(rows.octets(7))});
  }
}

Result<std::vector<StoredEvent>> Reader::events(const GroupId& group, JournalSeq after) {
  auto& rows = state_->events;
  const sqlite::Using used(rows);
  rows.bind(std::string_view(group.value)).bind(after.value);
  std::vector<StoredEvent> answer;
  for (;;) {
    BOSSEY_TRY(const bool found, rows.step(kReading));
    if (!found) return answer;
    StoredEvent event{JournalSeq{rows.natural(0)}, group, rows.text(1), rows.text(4), rows.number(2)};
    BOSSEY_TRY_VOID(check_sum(rows.number(3), as_bytes(event.json), "row", event.seq.value));
    answer.push_back(std::move(event));
  }
}

Result<std::vector<GroupId>> Reader::groups() {
  auto& rows = state_->groups;
  const sqlite::Using used(rows);
  std::vector<GroupId> answer;
  for (;;) {
    BOSSEY_TRY(const bool found, rows.step(kReading));
    if (!found) return answer;
    answer.push_back(GroupId{rows.text(0)});
  }
}

Result<std::vector<DocumentId>> Reader::documents(std::string_view prefix) {
  auto& rows = state_->documents;
  const sqlite::Using used(rows);
  rows.bind(prefix);
  std::vector<DocumentId> answer;
  for (;;) {
    BOSSEY_TRY(const bool found, rows.step(kReading));
    if (!found) return answer;
    answer.push_back(DocumentId{rows.text(0)});
  }
}

Result<JournalSeq> Reader::last_update(const DocumentId& document) {
  const sqlite::Using used(state_->last_update);
  state_->last_update.bind(std::string_view(document.value));
  BOSSEY_TRY_VOID(state_->last_update.step(kReading));
  return JournalSeq{state_->last_update.natural(0)};
}

Result<std::optional<std::string>> Reader::meta(std::string_view key) {
  const sqlite::Using used(state_->meta);
  state_->meta.bind(key);
  BOSSEY_TRY(const bool found, state_->meta.step(kReading));
  return found ? std::optional(state_->meta.text(0)) : std::nullopt;
}

Result<JournalSeq> Reader::last_seq() {
  const sqlite::Using used(state_->last_seq);
  BOSSEY_TRY_VOID(state_->last_seq.step(kReading));
  return JournalSeq{state_->last_seq.natural(0)};
}

namespace {

Result<void> check_sums(sqlite3* database, std::string_view table, std::string_view key, std::string_view bytes,
                        std::vector<std::string>& findings) {
  BOSSEY_TRY(auto rows, sqlite::Statement::prepare(
                            database, fmt::format("SELECT {}, sum, CAST({} AS BLOB) FROM {}", key, bytes, table)));
  while (findings.size() < kFindingsMax) {
    BOSSEY_TRY(const bool found, rows.step(kReading));
    if (!found) break;
    if (rows.number(1) != sum_of(rows.octets(2)))
      findings.push_back(fmt::format("{} {} of table {} is damaged", key, rows.natural(0), table));
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> Reader::check() {
  sqlite3* database = state_->database.get();
  BOSSEY_TRY(auto findings, sqlite::check_database(database));
  // With damaged pages the questions below would only repeat it.
  if (!findings.empty()) return findings;
  BOSSEY_TRY_VOID(check_sums(database, "updates", "seq", "bytes", findings));
  BOSSEY_TRY_VOID(check_sums(database, "late", "seq", "bytes", findings));
  BOSSEY_TRY_VOID(check_sums(database, "events", "seq", "json", findings));
  BOSSEY_TRY_VOID(check_sums(database, "snapshots", "document", "bytes", findings));
  BOSSEY_TRY(auto counts, sqlite::Statement::prepare(
                              database,
                              "SELECT count(*), ifnull(max(seq), 0), (SELECT ifnull(max(seq), 0) FROM snapshots) FROM "
                              "(SELECT seq FROM updates UNION ALL SELECT seq FROM late UNION ALL SELECT seq FROM "
                              "events)"));
  BOSSEY_TRY_VOID(counts.step(kReading));
  if (counts.number(0) != counts.number(1))
    findings.push_back(fmt::format("{} rows, but the last has the number {}: rows are missing or doubled",
                                   counts.number(0), counts.number(1)));
  if (counts.number(2) > counts.number(1))
    findings.push_back(
        fmt::format("a snapshot is of row {}, but the last row is {}", counts.number(2), counts.number(1)));
  return findings;
}

}  // namespace bossey::journal
