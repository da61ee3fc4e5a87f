// One tar file, written and read through libarchive, so that any tar can look into a backup. Used by backup and restore
// only; it knows nothing of what the files mean.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace bossey::app {

class ArchiveWriter {
 public:
  /// Makes the file, mode 0600. Errc::conflict: it is there already. Errc::forbidden, Errc::io.
  [[nodiscard]] static Result<ArchiveWriter> create(const std::filesystem::path& file);
  ~ArchiveWriter();
  ArchiveWriter(ArchiveWriter&& other) noexcept;
  ArchiveWriter& operator=(ArchiveWriter&&) = delete;
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  /// Adds a file under `name` ("groups/a.git/HEAD"). Errc::unavailable: the disk is full.
  [[nodiscard]] Result<void> add_file(const std::string& name, const std::filesystem::path& file);
  [[nodiscard]] Result<void> add_bytes(const std::string& name, std::string_view bytes);
  /// Ends the archive; all of it is on disk when this returns. Nothing may be added after it.
  [[nodiscard]] Result<void> finish();

 private:
  struct State;
  explicit ArchiveWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Puts all files of an archive below `folder`, which exists: folders 0700, files 0600. Only plain files with plain
/// relative names are taken. Errc::corrupt: cut short, damaged, or another kind of file.
[[nodiscard]] Result<void> extract_archive(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace bossey::app
