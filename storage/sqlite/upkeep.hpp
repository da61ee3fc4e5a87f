// What is done with a whole SQLite file, whatever its tables: proving it, and copying it while others write. Used by
// the journal, the accounts store and backups; never on the network thread, since it takes time with the file's size.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace bossey::sqlite {

/// SQLite's own check of every page, and foreign keys. Empty if whole; else one sentence each, at most 100. Errors as
/// sqlite_error: what cannot be read at all.
[[nodiscard]] Result<std::vector<std::string>> check_database(sqlite3* database);

/// Copies `file`, as of one moment, into the new file `copy` (mode 0600), which is on disk when this returns. Whoever
/// writes `file` goes on meanwhile. Errc::conflict: `copy` is there already. Others as sqlite_error.
[[nodiscard]] Result<void> copy_database(const std::filesystem::path& file, const std::filesystem::path& copy);

}  // namespace bossey::sqlite
