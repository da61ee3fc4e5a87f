// A thin cover over SQLite: handles that close themselves, statements that bind and read, and errors that say what to
// do. Used by the journal and by the accounts store. It knows none of their tables.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace bossey::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

/// While a process has a database open it must not open and close the file in another way: POSIX then ends the locks
/// of the whole process, and another program that closes the database takes the write-ahead log away under it.
///
/// Opens a file for reading and writing, to be used by one thread at a time. `create`: makes it, mode 0600, if it is
/// missing. A lock that another connection holds is waited for up to 500 ms. Errors as sqlite_error.
[[nodiscard]] Result<Database> open_database(const std::filesystem::path& file, bool create);

/// The error of the last call on this database; `attempt` says what was tried, or is
/// empty where whoever hears of it knows. Full disk and held locks are
/// Errc::unavailable, damage is Errc::corrupt, refused access is Errc::forbidden, the rest is Errc::io.
[[nodiscard]] Error sqlite_error(sqlite3* database, int code, std::string_view attempt);

/// Nothing if `code` is SQLITE_OK, SQLITE_ROW or SQLITE_DONE; the error of this call otherwise.
[[nodiscard]] Result<void> check_sqlite(sqlite3* database, int code, std::string_view attempt);

/// Runs SQL without values or answers, one or several statements.
[[nodiscard]] Result<void> execute(sqlite3* database, const char* sql, std::string_view attempt);

/// The number that a question answers, for example a PRAGMA; 0 if it answers nothing.
[[nodiscard]] Result<std::int64_t> ask_number(sqlite3* database, std::string_view sql, std::string_view attempt);

/// A prepared statement, used once or again and again: bind all, step until false, reset.
class Statement {
 public:
  Statement() = default;
  [[nodiscard]] static Result<Statement> prepare(sqlite3* database, std::string_view sql);

  // Values are bound in the order of the calls, the first to ?1. A failed one is reported by the next step().
  // Text and octets are not copied: they must live until reset() or the statement's end.
  Statement& bind(std::int64_t value);
  Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(std::optional<std::int64_t> value);
  Statement& bind(std::optional<std::uint64_t> value);
  Statement& bind(std::string_view text);
  Statement& bind(std::string&&) = delete;
  Statement& bind(BytesView octets);

  /// True while there is a row to read.
  [[nodiscard]] Result<bool> step(std::string_view attempt);
  /// One step of a statement that answers nothing, and reset.
  [[nodiscard]] Result<void> run(std::string_view attempt);
  void reset();

  // Columns of the current row, counted from 0.
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::uint64_t natural(int column) const { return static_cast<std::uint64_t>(number(column)); }
  [[nodiscard]] std::optional<std::int64_t> optional_number(int column) const;
  [[nodiscard]] std::optional<std::uint64_t> optional_natural(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// Valid until the next step or reset.
  [[nodiscard]] BytesView octets(int column) const;

 private:
  Statement& note(int code);

  std::unique_ptr<sqlite3_stmt, FinalizeStatement> handle_;
  int next_ = 1;
  int failed_ = SQLITE_OK;  ///< The first bind that failed.
};

/// Resets a statement whatever way its use ends.
class Using {
 public:
  explicit Using(Statement& statement) : statement_(statement) {}
  Using(const Using&) = delete;
  Using& operator=(const Using&) = delete;
  ~Using() { statement_.reset(); }

 private:
  Statement& statement_;
};

}  // namespace bossey::sqlite
