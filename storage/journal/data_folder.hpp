// The folder that holds everything of one server, and the lock that lets one process use it. `app` opens it first;
// tools open it to work alone when no server runs. It makes names and holds the lock; it opens none of the files.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace bossey::journal {

class DataFolder {
 public:
  /// Makes the folder if it is missing (mode 0700; its parent must exist or be makeable) and takes its lock, which
  /// lasts until this object or the process ends. Errc::unavailable: another process has it, and the detail names
  /// its pid. Errc::forbidden, Errc::bad_input (not a folder), Errc::io: the detail says what to do.
  [[nodiscard]] static Result<DataFolder> open(const std::filesystem::path& path);
  /// The pid of the process that holds the lock of `path`; none if nobody does.
  [[nodiscard]] static std::optional<long> holder(const std::filesystem::path& path);

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&& other) noexcept;
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  ~DataFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path journal() const { return path_ / "journal.sqlite"; }
  [[nodiscard]] std::filesystem::path accounts() const { return path_ / "accounts.sqlite"; }
  /// A Unix socket's path has at most 107 octets: keep the folder's own path short.
  [[nodiscard]] std::filesystem::path control_socket() const { return path_ / "control.sock"; }
  [[nodiscard]] std::filesystem::path groups() const { return path_ / "groups"; }
  /// `groups/<slug>.git`; Errc::bad_input if the id is no slug ([a-z0-9-], 1 to 64), so that no name leaves the folder.
  [[nodiscard]] Result<std::filesystem::path> repository(const GroupId& group) const;

  /// Groups that have a repository here, by name.
  [[nodiscard]] std::vector<GroupId> repositories() const;
  /// True if no repository and no journal is here yet. A folder with repositories but no journal has lost it: open
  /// the journal with `create = is_new()`.
  [[nodiscard]] bool is_new() const;

 private:
  DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace bossey::journal
