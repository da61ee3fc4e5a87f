#include "accounts/sqlite.hpp"

#include <utility>

namespace bossey::accounts {

Error sqlite_error(sqlite3* database, int code, std::string_view attempt) {
  std::string detail = "accounts: " + std::string(attempt) + ": ";
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {Errc::unavailable, detail + "the disk is full; make room and try again"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::unavailable, detail + "another program holds the file; end it and try again"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::corrupt, detail + "the file is damaged or is no database; put back a backup of it"};
    default:
      return {Errc::io, detail + (database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code))};
  }
}

void Statement::note(int code) {
  if (failed_ == SQLITE_OK) failed_ = code;
  ++next_;
}

Statement& Statement::bind(std::int64_t value) {
  note(sqlite3_bind_int64(handle_.get(), next_, value));
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
  note(value ? sqlite3_bind_int64(handle_.get(), next_, *value) : sqlite3_bind_null(handle_.get(), next_));
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  note(sqlite3_bind_text64(handle_.get(), next_, text.data() != nullptr ? text.data() : "", text.size(),
                           SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(BytesView octets) {
  note(sqlite3_bind_blob64(handle_.get(), next_, octets.data(), octets.size(), SQLITE_TRANSIENT));
  return *this;
}

Result<bool> Statement::step() {
  if (failed_ != SQLITE_OK) return tl::unexpected(sqlite_error(database_, failed_, "bind a value"));
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(sqlite_error(database_, code, "run a statement"));
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::optional<std::int64_t> Statement::optional_number(int column) const {
  if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return std::nullopt;
  return number(column);
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return text == nullptr ? std::string{}
                         : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
}

Bytes Statement::octets(int column) const {
  const auto* octets = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
  if (octets == nullptr) return {};
  return {octets, octets + sqlite3_column_bytes(handle_.get(), column)};
}

Result<Statement> prepare(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(database, code, "prepare a statement"));
  return Statement(database, StatementHandle(raw));
}

Result<void> execute(sqlite3* database, const char* sql) {
  const int code = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(database, code, "run a statement"));
  return {};
}

}  // namespace bossey::accounts
