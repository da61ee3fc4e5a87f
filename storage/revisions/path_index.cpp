#include "revisions/path_index.hpp"

#include <algorithm>
#include <utility>

#include "revisions/tree_diff.hpp"

namespace bossey::revisions {

void PathIndex::load(IndexedRevision revision) {
  take(std::move(revision));
  stored();
}

void PathIndex::add(const std::optional<RevisionId>& parent, IndexedRevision revision) {
  const bool up_to_parent = parent ? !revisions_.empty() && revisions_.back() == *parent : revisions_.empty();
  if (up_to_parent && to_do_.empty() && !cursor_) take(std::move(revision));
}

void PathIndex::take(IndexedRevision revision) {
  const auto position = static_cast<std::uint32_t>(revisions_.size());
  for (auto& change : revision.changes)
    paths_[std::move(change.path)].push_back({position, !change.blob, change.blob.value_or(BlobId{})});
  revisions_.push_back(revision.id);
}

void PathIndex::cut_to(std::size_t count) {
  if (count >= revisions_.size()) return;
  for (auto& [path, entries] : paths_)
    while (!entries.empty() && entries.back().position >= count) entries.pop_back();
  revisions_.resize(count);
  if (stored_ > count) stored_ = 0;  // The file has more than that: it begins anew.
}

PathIndex::Unstored PathIndex::to_store() const {
  Unstored unstored{stored_, {}};
  unstored.revisions.resize(revisions_.size() - stored_);
  for (std::size_t i = 0; i < unstored.revisions.size(); ++i) unstored.revisions[i].id = revisions_[stored_ + i];
  for (const auto& [path, entries] : paths_) {
    for (auto entry = entries.rbegin(); entry != entries.rend() && entry->position >= stored_; ++entry)
      unstored.revisions[entry->position - stored_].changes.push_back(
          {path, entry->removed ? std::nullopt : std::optional<BlobId>(entry->blob)});
  }
  return unstored;
}

Result<bool> PathIndex::advance(git_repository* repository, const std::optional<RevisionId>& head, std::size_t steps) {
  Git<git_tree> last;
  for (;; --steps) {
    if (!cursor_ && to_do_.empty()) {
      if (!head || (!revisions_.empty() && revisions_.back() == *head)) return true;
      // A power cut may have moved the branch back.
      const auto known = std::find(revisions_.rbegin(), revisions_.rend(), *head);
      cut_to(known == revisions_.rend() ? revisions_.size() : static_cast<std::size_t>(revisions_.rend() - known));
      if (known == revisions_.rend()) cursor_ = head;
      if (!cursor_) return true;
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
    cut_to(0);
    return {};
  }
  const auto parent = from_git<RevisionId>(*git_commit_parent_id(commit.get(), 0));
  if (revisions_.empty() || revisions_.back() != parent) cursor_ = parent;
  return {};
}

Result<void> PathIndex::take_in(git_repository* repository, Git<git_tree>& last) {
  IndexedRevision revision{to_do_.back(), {}};
  BOSSEY_TRY(auto after, tree_of(repository, revision.id));
  if (!last && !revisions_.empty()) {
    BOSSEY_TRY(last, tree_of(repository, revisions_.back()));
  }
  // Gathered first: a revision that cannot be read must not be taken in by half.
  BOSSEY_TRY_VOID(
      diff_trees(repository, last.get(), after.get(), [&](const FileDifference& difference) -> Result<void> {
        IndexedChange change{difference.path, std::nullopt};
        if (difference.after != nullptr) change.blob = from_git<BlobId>(*difference.after);
        revision.changes.push_back(std::move(change));
        return {};
      }));
  take(std::move(revision));
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
