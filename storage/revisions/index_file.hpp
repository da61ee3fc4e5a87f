// The history index of a repository as a file beside its objects, `bossey-history` (docs/formats/repository.md), so
// that a start need not walk all revisions. Used by Repository. It saves time and nothing else: whatever is unreadable
// is made again from the repository, and nothing waits for the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "revisions/revision.hpp"

namespace bossey::revisions {

struct IndexedChange {
  std::string path;
  std::optional<BlobId> blob;  ///< None: removed by this revision.

  friend bool operator==(const IndexedChange&, const IndexedChange&) = default;
};

/// A revision and the paths that it changed.
struct IndexedRevision {
  RevisionId id;
  std::vector<IndexedChange> changes;

  friend bool operator==(const IndexedRevision&, const IndexedRevision&) = default;
};

class IndexFile {
 public:
  explicit IndexFile(const std::filesystem::path& repository) : file_(repository / "bossey-history") {}

  /// Calls `take` for each revision in the file, oldest first, up to its end or to the first block that is damaged.
  void read(const std::function<void(IndexedRevision)>& take);
  /// Adds a block behind what read() and append() found whole; `position`: how many revisions come before. With 0 the
  /// file begins anew. After an error the next append replaces what was written.
  [[nodiscard]] Result<void> append(std::size_t position, const std::vector<IndexedRevision>& revisions);

 private:
  std::filesystem::path file_;
  std::uintmax_t whole_bytes_ = 0;
};

}  // namespace bossey::revisions
