// What a Repository holds. For its two source files only: repository.cpp (opening, committing, maintenance) and
// repository_read.cpp (questions).
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "revisions/durable_files.hpp"
#include "revisions/git.hpp"
#include "revisions/index_file.hpp"
#include "revisions/path_index.hpp"
#include "revisions/repository.hpp"

namespace bossey::revisions {

inline constexpr std::size_t kIndexStep = 1000;  ///< Revisions that the index takes in, or stores, at once.

struct Repository::State {
  LibGit2 library;  ///< First, so that it outlives the handles.
  std::filesystem::path folder;
  OpenOptions options;
  Git<git_repository> git;
  std::vector<std::string> repairs;
  SyncMark mark;
  PathIndex index;
  std::optional<IndexFile> index_file;  ///< None where nothing may be written.
  std::size_t loose_estimate = 0;       ///< Never less than there are, but for objects that others write.

  [[nodiscard]] Result<void> reopen();
  [[nodiscard]] Result<void> check_may_write() const;
  /// Says on disk that objects may from now on be half-written after a power cut.
  [[nodiscard]] Result<void> mark_open();
  [[nodiscard]] Result<void> mark_clean();
  [[nodiscard]] Result<void> load_index();
  /// Writes what the file of the index lacks, if that is `at_least` so many revisions.
  void store_index(std::size_t at_least);
  [[nodiscard]] Durability durability() const {
    return options.wait_for_disk ? Durability::on_disk : Durability::in_memory;
  }
  void reach(Step step) const {
    if (options.fault) options.fault(step);
  }
};

}  // namespace bossey::revisions
