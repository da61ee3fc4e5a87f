// A data folder held still for a moment: locked, when no server runs, or its repositories as hard links of one moment,
// made by the server that uses it. What check and backup look at. The journal and the accounts need no cut: SQLite
// gives each reader one moment of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "base/error.hpp"
#include "journal/data_folder.hpp"
#include "revisions/revision_store.hpp"

namespace bossey::app {

class Cut {
 public:
  /// Takes the lock, or asks the running server. Errc::not_found: no data folder. Errc::unavailable: a process holds
  /// the lock and does not answer.
  [[nodiscard]] static Result<Cut> take(const std::filesystem::path& data);
  /// Removes the links.
  ~Cut();
  Cut(Cut&& other) noexcept;
  Cut& operator=(Cut&&) = delete;
  Cut(const Cut&) = delete;
  Cut& operator=(const Cut&) = delete;

  /// Holds `<slug>.git` of each group. No newer than what the journal holds when it is read after this.
  [[nodiscard]] std::filesystem::path groups() const;

 private:
  Cut() = default;
  std::filesystem::path data_;
  std::optional<journal::DataFolder> lock_;
  std::optional<std::filesystem::path> links_;
};

/// The server's part: links all repositories below a new folder in the data folder, each on the store's thread, and
/// answers with its name. Whoever asked removes it. Errc::unavailable: too many are there already.
void make_links(const journal::DataFolder& folder, revisions::RevisionStore& store,
                std::function<void(Result<std::string>)> done);

/// Links that nobody removed, because the process that asked for them was killed. At start, under the lock.
void remove_old_links(const std::filesystem::path& data);

}  // namespace bossey::app
