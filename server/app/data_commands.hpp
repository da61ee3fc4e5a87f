// The commands on a whole data folder: check, backup, restore. They run in the command line's own process, beside a
// running server as well, which gives them a cut of its repositories. Block. Called by the command line only.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace bossey::app {

struct DataOutcome {
  std::string printed;  ///< Lines with their ends.
  bool whole = true;    ///< False: the printed lines name what is wrong.
};

/// Errc::not_found, Errc::unavailable, Errc::forbidden, Errc::io: it could not be looked at, and the detail says why.
[[nodiscard]] Result<DataOutcome> check_folder(const std::filesystem::path& data);

/// Writes the one file `file` (tar, mode 0600), on disk when this returns, with everything that was acknowledged before
/// the call; proves the copy on the way, and writes it also if something is wrong. Errc::conflict: `file` is there.
[[nodiscard]] Result<DataOutcome> backup_folder(const std::filesystem::path& data, const std::filesystem::path& file);

/// Makes the data folder from a backup: `data` must be missing or empty. The folder is put in its place only when it
/// was proved whole; else it stays beside it as `<data>.damaged`. Errc::conflict: `data` is not empty. Errc::corrupt:
/// the file is cut short or no backup.
[[nodiscard]] Result<DataOutcome> restore_folder(const std::filesystem::path& file, const std::filesystem::path& data);

}  // namespace bossey::app
