// The files of a repository that libgit2 does not care for: what is on disk for good, and what a crash leaves lying
// about. Used by Repository, recovery and maintenance.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "revisions/revision.hpp"

namespace bossey::revisions {

/// Whether the calls below that say so wait for the disk (OpenOptions::wait_for_disk).
enum class Durability : std::uint8_t { on_disk, in_memory };

/// The content of `bossey-synced`: how far a power cut cannot reach. While `clean`, nothing was written since.
struct SyncMark {
  std::optional<RevisionId> through;
  bool clean = false;
};

/// None if the file is missing or not of its form: then nothing is known to be on disk.
[[nodiscard]] std::optional<SyncMark> read_mark(const std::filesystem::path& repository);
/// On disk when this returns.
[[nodiscard]] Result<void> write_mark(const std::filesystem::path& repository, const SyncMark& mark,
                                      Durability durability);

/// Replaces a file so that a crash leaves the old one or the new one. On disk when this returns.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& file, std::string_view bytes,
                                        Durability durability);
[[nodiscard]] Result<void> sync_path(const std::filesystem::path& file_or_folder, Durability durability);
/// Everything written so far on the file system that holds `folder`, with one call instead of one for each object.
[[nodiscard]] Result<void> sync_file_system(const std::filesystem::path& folder, Durability durability);

/// Removes lock files, temporary files and half-made packs: they belong to nobody, as one process holds the data
/// folder. `thorough` looks into the folders of objects, too. Returns one sentence for each lock file removed.
[[nodiscard]] std::vector<std::string> remove_leftovers(const std::filesystem::path& repository, bool thorough);

/// The folder in which a pack is made before it is moved to its place as a whole.
[[nodiscard]] inline std::filesystem::path new_pack_folder(const std::filesystem::path& repository) {
  return repository / "bossey-new-pack";
}

}  // namespace bossey::revisions
