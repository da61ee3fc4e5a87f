// Which revisions changed which path, in memory, so that the history of a section need not walk all revisions. Owned
// by Repository, which stores what is new in it (index_file.hpp) and tells it of each revision made. What is missing
// it reads from the repository, in steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "revisions/git.hpp"
#include "revisions/index_file.hpp"

namespace bossey::revisions {

class PathIndex {
 public:
  struct Change {
    RevisionId revision;
    std::optional<BlobId> blob;  ///< None: removed by this revision.
  };
  /// What the file lacks: to be written behind its first `position` revisions.
  struct Unstored {
    std::size_t position = 0;
    std::vector<IndexedRevision> revisions;
  };

  /// Takes in what was stored: before anything else.
  void load(IndexedRevision revision);
  /// Takes in up to `steps` more revisions on the way to `head`. True when nothing is left to do.
  [[nodiscard]] Result<bool> advance(git_repository* repository, const std::optional<RevisionId>& head,
                                     std::size_t steps);
  /// Takes in a revision just made, if everything up to its parent is there; otherwise advance() will.
  void add(const std::optional<RevisionId>& parent, IndexedRevision revision);

  /// The changes of a path, newest first, at most `limit`; those before revision `before` only. Errc::not_found if
  /// `before` is no revision of this history.
  [[nodiscard]] Result<std::vector<Change>> changes(std::string_view path, std::size_t limit,
                                                    const std::optional<RevisionId>& before) const;

  [[nodiscard]] std::size_t unstored() const { return revisions_.size() - stored_; }
  [[nodiscard]] Unstored to_store() const;
  /// Everything that to_store() gave is in the file.
  void stored() { stored_ = revisions_.size(); }

 private:
  struct Entry {
    std::uint32_t position;  ///< In revisions_.
    bool removed;
    BlobId blob;
  };

  /// Forgets all but the oldest `count` revisions.
  void cut_to(std::size_t count);
  void take(IndexedRevision revision);
  [[nodiscard]] Result<void> collect(git_repository* repository);
  /// `last` is the tree of the newest revision taken in, or null: read once for each two neighbours.
  [[nodiscard]] Result<void> take_in(git_repository* repository, Git<git_tree>& last);

  std::vector<RevisionId> revisions_;  ///< Oldest first, as far as indexed.
  std::size_t stored_ = 0;             ///< So many of them are in the file, which has no others.
  std::unordered_map<std::string, std::vector<Entry>> paths_;
  std::vector<RevisionId> to_do_;     ///< Newer than revisions_, newest first.
  std::optional<RevisionId> cursor_;  ///< Where collecting to_do_ has come to.
};

}  // namespace bossey::revisions
