// Makes a repository whole again after a process was killed or the power was cut: drops objects that are half-written,
// moves `main` to the last revision of which everything is there. Used by Repository::open only, under the lock of
// the data folder. It never invents content; what it gives up is made again from the journal.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "revisions/durable_files.hpp"
#include "revisions/git.hpp"

namespace bossey::revisions {

/// Brings the files that name the branch into a state that libgit2 can open, before it does: HEAD.
/// Returns a sentence if something had to be written.
[[nodiscard]] Result<std::vector<std::string>> repair_head_file(const std::filesystem::path& repository,
                                                                Durability durability);

/// After an end that was not clean. `synced` is the last revision known to be on disk. Errc::corrupt if that one is
/// not whole either: then nothing is changed but half-written objects, and the detail says what to do. Returns what
/// was repaired, one sentence each.
[[nodiscard]] Result<std::vector<std::string>> recover(git_repository* repository, const std::filesystem::path& folder,
                                                       const std::optional<RevisionId>& synced);

/// The commit can be read, with every file and folder that it does not share with `before` (null: all of them).
[[nodiscard]] Result<void> check_revision(git_repository* repository, const RevisionId& id, const git_tree* before);

}  // namespace bossey::revisions
