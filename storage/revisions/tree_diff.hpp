// Walks what differs between two trees, and only that: trees with equal ids are not opened. Used by the history
// index, by changed_paths and by recovery.
#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"
#include "revisions/git.hpp"

namespace bossey::revisions {

struct FileDifference {
  const std::string& path;
  const git_oid* before;  ///< Null: added.
  const git_oid* after;   ///< Null: removed.
};

/// Calls `visit` for each file that differs, in git's order; its error ends the walk. Either tree may be null: empty.
[[nodiscard]] Result<void> diff_trees(git_repository* repository, const git_tree* before, const git_tree* after,
                                      const std::function<Result<void>(const FileDifference&)>& visit);

}  // namespace bossey::revisions
