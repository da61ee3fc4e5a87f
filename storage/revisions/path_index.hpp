// Which revisions changed which path, in memory, so that the history of a section need not walk all revisions. Owned
// by Repository. It is built from the repository, in steps, and never stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "revisions/git.hpp"

namespace bossey::revisions {

class PathIndex {
 public:
  struct Change {
    RevisionId revision;
    std::optional<BlobId> blob;  ///< None: removed by this revision.
  };

  /// Takes in up to `steps` more revisions on the way to `head`. True when nothing is left to do.
  [[nodiscard]] Result<bool> advance(git_repository* repository, const std::optional<RevisionId>& head,
                                     std::size_t steps);

  /// The changes of a path, newest first, at most `limit`; those before revision `before` only. Errc::not_found if
  /// `before` is no revision of this history.
  [[nodiscard]] Result<std::vector<Change>> changes(std::string_view path, std::size_t limit,
                                                    const std::optional<RevisionId>& before) const;

 private:
  struct Entry {
    std::uint32_t position;  ///< In revisions_.
    bool removed;
    BlobId blob;
  };

  [[nodiscard]] Result<void> collect(git_repository* repository);
  /// `last` is the tree of the newest revision taken in, or null: read once for each two neighbours.
  [[nodiscard]] Result<void> take_in(git_repository* repository, Git<git_tree>& last);

  std::vector<RevisionId> revisions_;  ///< Oldest first, as far as indexed.
  std::unordered_map<std::string, std::vector<Entry>> paths_;
  std::vector<RevisionId> to_do_;     ///< Newer than revisions_, newest first.
  std::optional<RevisionId> cursor_;  ///< Where collecting to_do_ has come to.
};

}  // namespace bossey::revisions
