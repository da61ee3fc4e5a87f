// Objects in files of their own, read with zlib itself, and libgit2's way to them replaced by ours: libgit2 1.5.1
// inflates a cut file for ever (docs/decisions/0006). Used by Repository, recovery and checks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "revisions/git.hpp"

namespace bossey::revisions {

struct LooseObject {
  git_oid id;
  std::filesystem::path file;
};
[[nodiscard]] std::vector<LooseObject> loose_objects(const std::filesystem::path& repository);

/// The file holds the whole object of its name.
[[nodiscard]] bool is_whole(const LooseObject& object);

/// The database of a repository's objects, in packs and in files. Reading a damaged file is an error of libgit2
/// (GIT_ERROR_ODB) with its name, never an endless loop; all else is done by libgit2's own backends.
[[nodiscard]] Result<Git<git_odb>> open_objects(const std::filesystem::path& repository);

/// The same without the packs.
[[nodiscard]] Result<Git<git_odb>> open_loose_objects(const std::filesystem::path& repository);

/// A handle of a repository that reads objects in this way.
[[nodiscard]] Result<Git<git_repository>> open_handle(const std::filesystem::path& repository);

}  // namespace bossey::revisions
