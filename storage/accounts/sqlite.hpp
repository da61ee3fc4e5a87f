// The accounts store's own thin cover over SQLite: handles that close themselves, and statements that bind and read
// typed values. Used by accounts_store.cpp only. Knows nothing of people.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace bossey::accounts {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// One prepared statement. Values are bound in order of the calls; a failed bind is reported by the next step().
class Statement {
 public:
  Statement(sqlite3* database, StatementHandle handle) : database_(database), handle_(std::move(handle)) {}

  Statement& bind(std::int64_t value);
  Statement& bind(std::optional<std::int64_t> value);
  /// Text and octets are copied.
  Statement& bind(std::string_view text);
  Statement& bind(BytesView octets);

  /// True when there is a row to read. Errors: unavailable (disk full, locked), corrupt, io.
  [[nodiscard]] Result<bool> step();

  /// Columns of the current row, counted from 0.
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Bytes octets(int column) const;

 private:
  void note(int code);

  sqlite3* database_;
  StatementHandle handle_;
  int next_ = 1;
  int failed_ = SQLITE_OK;
};

/// The error of the last call on this database. `attempt` says what was tried, without names or secrets.
[[nodiscard]] Error sqlite_error(sqlite3* database, int code, std::string_view attempt);

[[nodiscard]] Result<Statement> prepare(sqlite3* database, std::string_view sql);

/// Runs SQL without parameters or rows, one or several statements.
[[nodiscard]] Result<void> execute(sqlite3* database, const char* sql);

}  // namespace bossey::accounts
