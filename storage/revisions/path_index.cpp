#include "revisions/path_index.hpp"

#include <algorithm>
#include <utility>

#include "revisions/tree_diff.hpp"

namespace bossey::revisions {

Result<bool> PathIndex::advance(git_repository* repository, const std::optional<RevisionId>& head, std::size_t steps) {
  Git<git_tree> last;
  for (;; --steps) {
    if (!cursor_ && to_do_.empty()) {
      if (!head || (!revisions_.empty() && revisions_.back() == *head)) return true;
      cursor_ = head;
    }
    if (steps == 0) return false;
    if (cursor_) {
      BOSSEY_TRY_VOID(collect(repository));
    } else {
      BOSSEY_TRY_VOID(take_in(repository, last));
    }
  }
}

Result<void> PathIndex::collect(git_repository* repository) {
  BOSSEY_TRY(const auto commit, find_commit(repository, *cursor_));
  to_do_.push_back(*cursor_);
  cursor_.reset();
  if (git_commit_parentcount(commit.get()) == 0) {
    // Not on top of what was taken in: somebody has given the branch another history.
    revisions_.clear();
    paths_.clear();
    return {};
  }
  const auto parent = from_git<RevisionId>(*git_commit_parent_id(commit.get(), 0));
  if (revisions_.empty() || revisions_.back() != parent) cursor_ = parent;
  return {};
}

Result<void> PathIndex::take_in(git_repository* repository, Git<git_tree>& last) {
  const auto id = to_do_.back();
  BOSSEY_TRY(auto after, tree_of(repository, id));
  if (!last && !revisions_.empty()) {
    BOSSEY_TRY(last, tree_of(repository, revisions_.back()));
  }
  const auto position = static_cast<std::uint32_t>(revisions_.size());
  // Gathered first: a revision that cannot be read must not be taken in by half.
  std::vector<std::pair<std::string, Entry>> changes;
  BOSSEY_TRY_VOID(
      diff_trees(repository, last.get(), after.get(), [&](const FileDifference& difference) -> Result<void> {
        Entry entry{position, difference.after == nullptr, {}};
        if (difference.after != nullptr) entry.blob = from_git<BlobId>(*difference.after);
        changes.emplace_back(difference.path, entry);
        return {};
      }));
  for (auto& [path, entry] : changes) paths_[std::move(path)].push_back(entry);
  revisions_.push_back(id);
  to_do_.pop_back();
  last = std::move(after);
  return {};
}

Result<std::vector<PathIndex::Change>> PathIndex::changes(std::string_view path, std::size_t limit,
                                                          const std::optional<RevisionId>& before) const {
  std::size_t end = revisions_.size();
  if (before) {
    const auto found = std::find(revisions_.rbegin(), revisions_.rend(), *before);
    if (found == revisions_.rend()) return fail(Errc::not_found, "no revision " + before->hex() + " in this history");
    end = static_cast<std::size_t>(revisions_.rend() - found) - 1;
  }
  std::vector<Change> answer;
  const auto found = paths_.find(std::string(path));
  if (found == paths_.end()) return answer;
  for (auto entry = found->second.rbegin(); entry != found->second.rend() && answer.size() < limit; ++entry) {
    if (entry->position >= end) continue;
    answer.push_back({revisions_[entry->position], entry->removed ? std::nullopt : std::optional<BlobId>(entry->blob)});
  }
  return answer;
}

}  // namespace bossey::revisions
