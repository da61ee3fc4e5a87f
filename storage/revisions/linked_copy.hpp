// A copy of a repository as of one moment, made of hard links to its objects: quick, and no second time on the disk.
// Made on the thread that writes the repository, or when nobody does; read by backups and checks.
#pragma once

#include <filesystem>

#include "base/error.hpp"

namespace bossey::revisions {

/// Makes `copy` (which must not exist, on the same file system if it is to be links) with branch, tags, settings and
/// every whole object of `repository`. Lock files, temporary files and the mark of what is synced stay behind. A file
/// system without hard links gets copies. Errc::io, Errc::unavailable (disk full): what is half-made is the caller's
/// to remove.
[[nodiscard]] Result<void> link_repository(const std::filesystem::path& repository, const std::filesystem::path& copy);

}  // namespace bossey::revisions
