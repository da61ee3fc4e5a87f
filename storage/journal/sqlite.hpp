// The journal's thin cover over SQLite: handles that close themselves, statements that bind and read, and errors that
// say what to do. Used inside storage/journal only. It knows nothing of rows.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace bossey::journal {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

/// The error of the last call on this database; `attempt` says what was tried. Full disk and held locks are
/// Errc::unavailable, damage is Errc::corrupt, refused access is Errc::forbidden, the rest is Errc::io.
[[nodiscard]] Error sqlite_error(sqlite3* database, int code, std::string_view attempt);

/// Nothing if `code` is SQLITE_OK, SQLITE_ROW or SQLITE_DONE; the error of this call otherwise.
[[nodiscard]] Result<void> check_sqlite(sqlite3* database, int code, std::string_view attempt);

/// Runs SQL without values or answers, one or several statements.
[[nodiscard]] Result<void> execute(sqlite3* database, const char* sql, std::string_view attempt);

/// A prepared statement, used again and again: bind all, step until false, reset.
class Statement {
 public:
  Statement() = default;
  [[nodiscard]] static Result<Statement> prepare(sqlite3* database, std::string_view sql);

  // Parameters are counted from 1. Text and octets are not copied: they must live until reset().
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::uint64_t value) { return bind(index, static_cast<std::int64_t>(value)); }
  Statement& bind(int index, std::optional<std::uint64_t> value);
  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, BytesView octets);

  /// True while there is a row to read.
  [[nodiscard]] Result<bool> step(std::string_view attempt);
  /// One step of a statement that answers nothing, and reset.
  [[nodiscard]] Result<void> run(std::string_view attempt);
  void reset();

  // Columns of the current row, counted from 0.
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::uint64_t natural(int column) const { return static_cast<std::uint64_t>(number(column)); }
  [[nodiscard]] std::optional<std::uint64_t> optional_natural(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// Valid until the next step or reset.
  [[nodiscard]] BytesView octets(int column) const;

 private:
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> handle_;
  int bound_ = SQLITE_OK;  ///< The first bind that failed; reported by step().
};

}  // namespace bossey::journal
