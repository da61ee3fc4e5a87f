#include "journal/schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>

#include "base/sha256.hpp"

namespace bossey::journal {

namespace {

namespace fs = std::filesystem;

constexpr const char* kTables = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE updates (
  seq INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (id),
  person INTEGER,
  session INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX updates_of_document ON updates (document);
CREATE TABLE late (
  seq INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (id),
  person INTEGER,
  session INTEGER NOT NULL,
  decision_no INTEGER NOT NULL,
  proposal TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX late_of_document ON late (document);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  kind TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_group ON events (group_id);
CREATE TABLE snapshots (
  document INTEGER PRIMARY KEY REFERENCES documents (id),
  seq INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA application_id = 1112754770;
PRAGMA user_version = 1;
COMMIT;
)sql";
static_assert(kApplicationId == 1112754770 && kSchemaVersion == 1);

constexpr std::string_view kOpening = "opening the journal";
constexpr std::size_t kHeaderBytes = 100;  // Of an SQLite file, "Database File Format", section 1.3.

std::string damaged(const fs::path& file, std::string_view how) {
  return fmt::format("the journal {} {}; keep a copy of it, then restore the last backup", file.string(), how);
}

std::uint64_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

fs::path log_of(const fs::path& file) {
  return file.string() + "-wal";
}

// True if there is a journal to open, false if one is to be made.
Result<bool> look_at(const fs::path& file) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found || (fs::is_regular_file(status) && size_of(file) == 0)) {
    if (size_of(log_of(file)) != 0)
      return fail(Errc::corrupt, damaged(file, "is missing or empty, but its '-wal' file is there"));
    return false;
  }
  if (error) return fail(Errc::forbidden, fmt::format("cannot look at {}: {}", file.string(), error.message()));
  if (!fs::is_regular_file(status))
    return fail(Errc::bad_input, fmt::format("{} is not a file; move it away", file.string()));
  if (::access(file.c_str(), R_OK | W_OK) != 0)
    return fail(Errc::forbidden, fmt::format("cannot read and write {}: {}; give it to the user who runs bossey",
                                             file.string(), std::strerror(errno)));
  return true;
}

using Header = std::array<unsigned char, kHeaderBytes>;

// Through SQLite's own handle: closing any other descriptor of the file would end, for the whole process, the locks
// that say that the file is in use, and whoever closes it next would remove the write-ahead log under the server.
Result<Header> read_header(sqlite3* database, const fs::path& file) {
  if (size_of(file) < kHeaderBytes) return fail(Errc::corrupt, damaged(file, "is half-written"));
  Header header{};
  sqlite3_file* handle = nullptr;
  BOSSEY_TRY_VOID(sqlite::check_sqlite(
      database, sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &handle), kOpening));
  BOSSEY_TRY_VOID(sqlite::check_sqlite(
      database, handle->pMethods->xRead(handle, header.data(), static_cast<int>(header.size()), 0), kOpening));
  if (std::memcmp(header.data(), "SQLite format 3", 16) != 0)
    return fail(Errc::corrupt, damaged(file, "is not an SQLite file"));
  return header;
}

// What the header promises must be there: SQLite itself would notice only when it comes to the missing pages.
Result<void> check_size(sqlite3* database, const fs::path& file) {
  BOSSEY_TRY(const auto header, read_header(database, file));
  const auto at = [&](std::size_t i) { return std::uint64_t{header.at(i)}; };
  const std::uint64_t page_bytes = at(16) == 0 && at(17) == 1 ? 65536 : at(16) << 8U | at(17);
  const std::uint64_t pages = at(28) << 24U | at(29) << 16U | at(30) << 8U | at(31);
  if (size_of(file) < page_bytes * pages) return fail(Errc::corrupt, damaged(file, "is cut short"));
  return {};
}

// Errc::conflict and Errc::corrupt as in Journal::open; true if the tables are there.
Result<bool> check_identity(sqlite3* database, const fs::path& file) {
  BOSSEY_TRY(const auto tables, sqlite::ask_number(database, "SELECT count(*) FROM sqlite_schema", kOpening));
  BOSSEY_TRY(const auto application, sqlite::ask_number(database, "PRAGMA application_id", kOpening));
  BOSSEY_TRY(const auto version, sqlite::ask_number(database, "PRAGMA user_version", kOpening));
  if (tables == 0 && application == 0 && version == 0) return false;
  if (application != kApplicationId)
    return fail(Errc::corrupt,
                fmt::format("{} is an SQLite file of another program; move it away or name another data folder",
                            file.string()));
  if (version > kSchemaVersion)
    return fail(Errc::conflict, fmt::format("{} was written by a newer bossey (format {}, this one knows {}); start "
                                            "the newer one",
                                            file.string(), version, kSchemaVersion));
  return true;
}

Result<void> sync_folder(const fs::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return fail(Errc::io, fmt::format("putting {} on disk: {}", folder.string(), std::strerror(reason)));
  return {};
}

}  // namespace

Result<sqlite::Database> open_writing(const fs::path& file, bool create) {
  BOSSEY_TRY(const bool exists, look_at(file));
  if (!exists && !create)
    return fail(Errc::not_found, fmt::format("the journal {} is missing or empty, though the folder holds the work of "
                                             "groups; restore the last backup",
                                             file.string()));
  BOSSEY_TRY(auto database, sqlite::open_database(file, !exists));
  sqlite3* raw = database.get();
  if (exists) BOSSEY_TRY_VOID(read_header(raw, file));
  BOSSEY_TRY(const bool has_tables, check_identity(raw, file));
  BOSSEY_TRY_VOID(sqlite::execute(raw,
                                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                  "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16384;",
                                  "opening " + file.string()));
  if (!has_tables) {
    BOSSEY_TRY_VOID(sqlite::execute(raw, kTables, "making the journal's tables"));
    BOSSEY_TRY_VOID(sync_folder(file));
  }
  const int code = sqlite3_wal_checkpoint_v2(raw, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  // Busy: somebody only reads the file; a full disk must not keep the server from showing what there is.
  if ((code & 0xff) == SQLITE_OK) {
    BOSSEY_TRY_VOID(check_size(raw, file));
  } else if ((code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_FULL) {
    BOSSEY_TRY_VOID(sqlite::check_sqlite(raw, code, "finishing the last writes of " + file.string()));
  }
  return database;
}

Result<sqlite::Database> open_reading(const fs::path& file) {
  BOSSEY_TRY(const bool exists, look_at(file));
  if (!exists) return fail(Errc::not_found, fmt::format("there is no journal at {}", file.string()));
  // Not opened read-only: the shared memory of the write-ahead log must be made if no other process has done so.
  BOSSEY_TRY(auto database, sqlite::open_database(file, false));
  BOSSEY_TRY_VOID(read_header(database.get(), file));
  BOSSEY_TRY(const bool has_tables, check_identity(database.get(), file));
  if (!has_tables) return fail(Errc::not_found, fmt::format("there is no journal in {} yet", file.string()));
  BOSSEY_TRY_VOID(sqlite::execute(database.get(), "PRAGMA query_only = ON; PRAGMA cache_size = -16384;",
                                  "opening " + file.string()));
  return database;
}

std::int64_t sum_of(BytesView bytes) {
  const auto digest = sha256(bytes);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum = sum << 8U | digest.octets[i];
  return static_cast<std::int64_t>(sum);
}

}  // namespace bossey::journal
