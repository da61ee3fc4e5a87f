// Packs loose objects, and small packs with them, into one pack that is on disk before anything is removed. Used by
// Repository::maintain. Nothing is pruned. The caller reopens the repository: the old handle holds removed packs.
#pragma once

#include <filesystem>
#include <functional>

#include "base/error.hpp"
#include "revisions/durable_files.hpp"
#include "revisions/git.hpp"
#include "revisions/repository.hpp"

namespace bossey::revisions {

/// Each pack left has at least twice the objects of all smaller ones together, as with `git repack --geometric=2`, up
/// to a size that keeps one run short. Errors leave the repository as it was, at worst with some objects twice.
[[nodiscard]] Result<void> pack_objects(git_repository* repository, const std::filesystem::path& folder,
                                        Durability durability, const std::function<void(Step)>& fault);

}  // namespace bossey::revisions
