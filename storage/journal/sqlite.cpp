#include "journal/sqlite.hpp"

#include <fmt/format.h>

#include <utility>

namespace bossey::journal {

namespace {

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

}  // namespace

Error sqlite_error(sqlite3* database, int code, std::string_view attempt) {
  const int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
  const char* said =
      (extended & 0xff) == (code & 0xff) && database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  return Error{kind_of(code), fmt::format("{}: {} ({}, code {})", attempt, advice(code), said,
                                          (extended & 0xff) == (code & 0xff) ? extended : code)};
}

Result<void> check_sqlite(sqlite3* database, int code, std::string_view attempt) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return {};
  return tl::unexpected<Error>(sqlite_error(database, code, attempt));
}

Result<void> execute(sqlite3* database, const char* sql, std::string_view attempt) {
  return check_sqlite(database, sqlite3_exec(database, sql, nullptr, nullptr, nullptr), attempt);
}

Result<Statement> Statement::prepare(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &handle, nullptr);
  Statement statement;
  statement.handle_.reset(handle);
  BOSSEY_TRY_VOID(check_sqlite(database, code, "reading the journal's tables"));
  return statement;
}

Statement& Statement::bind(int index, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(handle_.get(), index, value); bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

Statement& Statement::bind(int index, std::optional<std::uint64_t> value) {
  if (value) return bind(index, *value);
  if (const int code = sqlite3_bind_null(handle_.get(), index); bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL; an empty view may hold one.
  const char* data = text.data() != nullptr ? text.data() : "";
  const int code = sqlite3_bind_text64(handle_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

Statement& Statement::bind(int index, BytesView octets) {
  const int code = octets.empty()
                       ? sqlite3_bind_zeroblob(handle_.get(), index, 0)
                       : sqlite3_bind_blob64(handle_.get(), index, octets.data(), octets.size(), SQLITE_STATIC);
  if (bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

Result<bool> Statement::step(std::string_view attempt) {
  sqlite3* database = sqlite3_db_handle(handle_.get());
  if (bound_ != SQLITE_OK) return tl::unexpected<Error>(sqlite_error(nullptr, bound_, attempt));
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
  bound_ = SQLITE_OK;
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
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

}  // namespace bossey::journal
