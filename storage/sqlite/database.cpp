#include "sqlite/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace bossey::sqlite {

namespace {

// For a backup or a look from outside that holds a lock for a moment.
constexpr int kBusy_ms = 500;

Errc kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      return Errc::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
      return Errc::corrupt;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return Errc::forbidden;
    case SQLITE_TOOBIG:
      return Errc::too_large;
    default:
      return Errc::io;
  }
}

std::string_view advice(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the server's disk is full; make room, saving then goes on by itself";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program holds the file; end it, or wait";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "the file is damaged; keep a copy of it, then restore the last backup";
    case SQLITE_CONSTRAINT:
      return "another process has written to the file; stop it and start the server again";
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return "check the owner and the rights of the file and its folder";
    case SQLITE_IOERR:
      return "the disk refuses; look at the system's log";
    default:
      return "see the message of SQLite";
  }
}

// SQLite itself makes files that everybody may read.
Result<void> make_private(const std::filesystem::path& file) {
  // Never opened by us when it is there: closing it again would end the locks of this process's other connections.
  std::error_code error;
  if (std::filesystem::exists(file, error)) return {};
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const int reason = errno;
  if (made >= 0) ::close(made);
  if (made >= 0 || reason == EEXIST) return {};
  const bool refused = reason == EACCES || reason == EPERM || reason == EROFS;
  const bool full = reason == ENOSPC || reason == EDQUOT;
  return fail(refused ? Errc::forbidden
              : full  ? Errc::unavailable
                      : Errc::io,
              fmt::format("cannot make {}: {}", file.string(), std::strerror(reason)));
}

}  // namespace

Result<Database> open_database(const std::filesystem::path& file, bool create) {
  if (create) BOSSEY_TRY_VOID(make_private(file));
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(raw);
  BOSSEY_TRY_VOID(check_sqlite(raw, code, "opening " + file.string()));
  sqlite3_busy_timeout(raw, kBusy_ms);
  return database;
}

Error sqlite_error(sqlite3* database, int code, std::string_view attempt) {
  const int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
  const char* said =
      (extended & 0xff) == (code & 0xff) && database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  return Error{kind_of(code), fmt::format("{}{}{} ({}, code {})", attempt, attempt.empty() ? "" : ": ", advice(code),
                                          said, (extended & 0xff) == (code & 0xff) ? extended : code)};
}

Result<void> check_sqlite(sqlite3* database, int code, std::string_view attempt) {
  const int kind = code & 0xff;
  if (kind == SQLITE_OK || kind == SQLITE_ROW || kind == SQLITE_DONE) return {};
  return tl::unexpected<Error>(sqlite_error(database, code, attempt));
}

Result<void> execute(sqlite3* database, const char* sql, std::string_view attempt) {
  return check_sqlite(database, sqlite3_exec(database, sql, nullptr, nullptr, nullptr), attempt);
}

Result<std::int64_t> ask_number(sqlite3* database, std::string_view sql, std::string_view attempt) {
  BOSSEY_TRY(auto statement, Statement::prepare(database, sql));
  BOSSEY_TRY(const bool row, statement.step(attempt));
  return row ? statement.number(0) : 0;
}

Result<Statement> Statement::prepare(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &handle, nullptr);
  Statement statement;
  statement.handle_.reset(handle);
  BOSSEY_TRY_VOID(check_sqlite(database, code, "reading the tables"));
  return statement;
}

Statement& Statement::note(int code) {
  if (failed_ == SQLITE_OK) failed_ = code;
  ++next_;
  return *this;
}

Statement& Statement::bind(std::int64_t value) {
  return note(sqlite3_bind_int64(handle_.get(), next_, value));
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
  return value ? bind(*value) : note(sqlite3_bind_null(handle_.get(), next_));
}

Statement& Statement::bind(std::optional<std::uint64_t> value) {
  return value ? bind(*value) : note(sqlite3_bind_null(handle_.get(), next_));
}

Statement& Statement::bind(std::string_view text) {
  // A null pointer would bind NULL; an empty view may hold one.
  const char* data = text.data() != nullptr ? text.data() : "";
  return note(sqlite3_bind_text64(handle_.get(), next_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Statement& Statement::bind(BytesView octets) {
  if (octets.empty()) return note(sqlite3_bind_zeroblob(handle_.get(), next_, 0));
  return note(sqlite3_bind_blob64(handle_.get(), next_, octets.data(), octets.size(), SQLITE_STATIC));
}

Result<bool> Statement::step(std::string_view attempt) {
  sqlite3* database = sqlite3_db_handle(handle_.get());
  if (failed_ != SQLITE_OK) return tl::unexpected<Error>(sqlite_error(nullptr, failed_, attempt));
  const int code = sqlite3_step(handle_.get());
  BOSSEY_TRY_VOID(check_sqlite(database, code, attempt));
  return code == SQLITE_ROW;
}

Result<void> Statement::run(std::string_view attempt) {
  auto stepped = step(attempt);
  reset();
  if (!stepped) return tl::unexpected<Error>(std::move(stepped).error());
  return {};
}

void Statement::reset() {
  // Its return value repeats the error of the step before, which was looked at.
  static_cast<void>(sqlite3_reset(handle_.get()));
  static_cast<void>(sqlite3_clear_bindings(handle_.get()));
  next_ = 1;
  failed_ = SQLITE_OK;
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::optional<std::int64_t> Statement::optional_number(int column) const {
  if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return std::nullopt;
  return number(column);
}

std::optional<std::uint64_t> Statement::optional_natural(int column) const {
  if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return std::nullopt;
  return natural(column);
}

std::string Statement::text(int column) const {
  const auto* data = sqlite3_column_text(handle_.get(), column);
  if (data == nullptr) return {};
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

BytesView Statement::octets(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
  const int size = sqlite3_column_bytes(handle_.get(), column);
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace bossey::sqlite
