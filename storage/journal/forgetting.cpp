#include "journal/forgetting.hpp"

#include <utility>

#include "journal/schema.hpp"
#include "journal/writer.hpp"

namespace bossey::journal {

namespace {

constexpr std::string_view kForgetting = "deleting who wrote what";

Result<void> forget_writers(sqlite3* database, const Forgetting& work) {
  for (const char* const sql :
       {"UPDATE updates SET person = NULL, session = 0 WHERE document = (SELECT id FROM documents WHERE name = ?1) AND "
        "time_ms <= ?2",
        "UPDATE late SET person = NULL, session = 0 WHERE document = (SELECT id FROM documents WHERE name = ?1) AND "
        "time_ms <= ?2"}) {
    BOSSEY_TRY(auto update, sqlite::Statement::prepare(database, sql));
    for (const DocumentId& document : work.documents) {
      update.bind(std::string_view(document.value)).bind(work.until_ms);
      BOSSEY_TRY_VOID(update.run(kForgetting));
    }
  }
  return {};
}

Result<void> rewrite_events(sqlite3* database, const Forgetting& work) {
  struct Changed {
    std::int64_t seq;
    std::string json;
  };
  std::vector<Changed> changed;
  BOSSEY_TRY(auto events, sqlite::Statement::prepare(
                              database,
                              "SELECT seq, kind, json FROM events WHERE group_id = (SELECT id FROM groups WHERE name = "
                              "?1) AND time_ms <= ?2 ORDER BY seq"));
  events.bind(std::string_view(work.group.value)).bind(work.until_ms);
  for (;;) {
    BOSSEY_TRY(const bool row, events.step(kForgetting));
    if (!row) break;
    if (auto json = work.without_people(events.text(1), events.text(2)))
      changed.push_back({events.number(0), *std::move(json)});
  }
  BOSSEY_TRY(auto update, sqlite::Statement::prepare(database, "UPDATE events SET sum = ?2, json = ?3 WHERE seq = ?1"));
  for (const Changed& one : changed) {
    update.bind(one.seq).bind(sum_of(as_bytes(one.json))).bind(std::string_view(one.json));
    BOSSEY_TRY_VOID(update.run(kForgetting));
  }
  return {};
}

}  // namespace

Result<void> Writer::forget(const Forgetting& work) {
  sqlite3* const database = database_.get();
  // What is deleted is overwritten, in the file and, by the checkpoint, in the log.
  BOSSEY_TRY_VOID(sqlite::execute(database, "PRAGMA secure_delete=ON", kForgetting));
  BOSSEY_TRY_VOID(in_transaction([&]() -> Result<void> {
    BOSSEY_TRY_VOID(forget_writers(database, work));
    return rewrite_events(database, work);
  }));
  checkpoint(true);
  return {};
}

}  // namespace bossey::journal
