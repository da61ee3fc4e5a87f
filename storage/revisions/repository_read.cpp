#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "revisions/loose_object.hpp"
#include "revisions/message.hpp"
#include "revisions/recovery.hpp"
#include "revisions/repository_state.hpp"
#include "revisions/tree_diff.hpp"

namespace bossey::revisions {

namespace {

constexpr std::size_t kHexMin = 4;
constexpr std::size_t kFindingsMax = 100;

Revision to_revision(const git_commit* commit) {
  auto message = parse_message(git_commit_message(commit));
  const auto* author = git_commit_author(commit);
  Revision revision{from_git<RevisionId>(*git_commit_id(commit)),
                    std::nullopt,
                    {author->name, author->email},
                    git_commit_time(commit),
                    std::move(message.title),
                    std::move(message.body),
                    std::move(message.trailers)};
  if (git_commit_parentcount(commit) > 0) revision.parent = from_git<RevisionId>(*git_commit_parent_id(commit, 0));
  return revision;
}

// The entry of a path; null if there is none. A path of a wrong form names nothing.
Result<Git<git_tree_entry>> find_entry(git_repository* git, const RevisionId& revision, std::string_view path) {
  BOSSEY_TRY(const auto tree, tree_of(git, revision));
  if (!check_path(path)) return nullptr;
  git_tree_entry* raw = nullptr;
  const int code = git_tree_entry_bypath(&raw, tree.get(), std::string(path).c_str());
  Git<git_tree_entry> entry(raw);
  if (code == GIT_ENOTFOUND) return nullptr;
  BOSSEY_TRY_VOID(check_git(code, fmt::format("looking for {}", path)));
  return entry;
}

}  // namespace

Result<std::optional<RevisionId>> Repository::head() const {
  return read_main(state_->git.get());
}

Result<RevisionId> Repository::resolve(std::string_view text) const {
  git_repository* git = state_->git.get();
  const auto unknown = [&] { return fail(Errc::not_found, "no revision of that name"); };
  if (text == "head" || text == "HEAD" || text == "main") {
    BOSSEY_TRY(const auto id, head());
    if (!id) return fail(Errc::not_found, "there is no revision yet");
    return *id;
  }
  if (text.empty() || text.size() > 64 || !check_path(text)) return unknown();
  git_oid oid;
  const std::string name(text);
  if (git_reference_name_to_id(&oid, git, ("refs/tags/" + name).c_str()) == 0) {
    // A tag made by a person may be an object of its own.
    BOSSEY_TRY(const auto object, make_git<git_object>("reading a tag", git_object_lookup, git, &oid, GIT_OBJECT_ANY));
    BOSSEY_TRY(const auto commit,
               make_git<git_object>("reading a tag", git_object_peel, object.get(), GIT_OBJECT_COMMIT));
    return from_git<RevisionId>(*git_object_id(commit.get()));
  }
  if (name.size() < kHexMin || name.size() > GIT_OID_HEXSZ || git_oid_fromstrn(&oid, name.data(), name.size()) != 0)
    return unknown();
  git_commit* raw = nullptr;
  const int code = git_commit_lookup_prefix(&raw, git, &oid, name.size());
  const Git<git_commit> commit(raw);
  if (code == GIT_ENOTFOUND) return unknown();
  if (code == GIT_EAMBIGUOUS) return fail(Errc::conflict, "several revisions begin like this; give more digits");
  BOSSEY_TRY_VOID(check_git(code, "looking for a revision"));
  return from_git<RevisionId>(*git_commit_id(commit.get()));
}

Result<Revision> Repository::revision(const RevisionId& id) const {
  BOSSEY_TRY(const auto commit, find_commit(state_->git.get(), id));
  return to_revision(commit.get());
}

Result<std::optional<BlobId>> Repository::find(const RevisionId& revision, std::string_view path) const {
  BOSSEY_TRY(const auto entry, find_entry(state_->git.get(), revision, path));
  if (!entry || git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) return std::nullopt;
  return from_git<BlobId>(*git_tree_entry_id(entry.get()));
}

Result<std::string> Repository::read(const RevisionId& revision, std::string_view path) const {
  BOSSEY_TRY(const auto blob, find(revision, path));
  if (!blob) return fail(Errc::not_found, fmt::format("no file {} in revision {}", path, revision.hex()));
  return read_blob(*blob);
}

Result<std::string> Repository::read_blob(const BlobId& blob) const {
  const auto oid = to_git(blob);
  BOSSEY_TRY(const auto handle, make_git<git_blob>("reading " + blob.hex(), git_blob_lookup, state_->git.get(), &oid));
  return std::string(static_cast<const char*>(git_blob_rawcontent(handle.get())),
                     static_cast<std::size_t>(git_blob_rawsize(handle.get())));
}

Result<std::vector<TreeEntry>> Repository::list(const RevisionId& revision, std::string_view folder, bool deep) const {
  git_repository* git = state_->git.get();
  BOSSEY_TRY(auto tree, tree_of(git, revision));
  std::string prefix;
  if (!folder.empty()) {
    BOSSEY_TRY(const auto entry, find_entry(git, revision, folder));
    if (!entry || git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE)
      return fail(Errc::not_found, fmt::format("no folder {} in revision {}", folder, revision.hex()));
    BOSSEY_TRY(tree, make_git<git_tree>("reading a tree", git_tree_lookup, git, git_tree_entry_id(entry.get())));
    prefix = std::string(folder) + "/";
  }
  std::vector<TreeEntry> found;
  if (deep) {
    BOSSEY_TRY_VOID(diff_trees(git, nullptr, tree.get(), [&](const FileDifference& file) -> Result<void> {
      found.push_back({prefix + file.path, false, from_git<BlobId>(*file.after)});
      return {};
    }));
    return found;
  }
  for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
    const auto* entry = git_tree_entry_byindex(tree.get(), i);
    const bool is_folder = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
    found.push_back({prefix + git_tree_entry_name(entry), is_folder,
                     is_folder ? BlobId{} : from_git<BlobId>(*git_tree_entry_id(entry))});
  }
  return found;
}

Result<std::vector<Revision>> Repository::log(std::size_t limit, std::optional<RevisionId> before) const {
  git_repository* git = state_->git.get();
  std::optional<RevisionId> at;
  if (before) {
    BOSSEY_TRY(const auto start, revision(*before));
    at = start.parent;
  } else {
    BOSSEY_TRY(at, head());
  }
  std::vector<Revision> found;
  while (at && found.size() < std::min(limit, kLogMax)) {
    BOSSEY_TRY(const auto commit, find_commit(git, *at));
    found.push_back(to_revision(commit.get()));
    at = found.back().parent;
  }
  return found;
}

Result<bool> Repository::warm_index() {
  BOSSEY_TRY(const auto newest, head());
  BOSSEY_TRY(const bool complete, state_->index.advance(state_->git.get(), newest, kIndexStep));
  state_->store_index(kIndexStep);
  return complete;
}

Result<std::vector<PathRevision>> Repository::history(std::string_view path, std::size_t limit,
                                                      std::optional<RevisionId> before) {
  for (bool complete = false; !complete;) {
    BOSSEY_TRY(complete, warm_index());
  }
  BOSSEY_TRY(const auto changes, state_->index.changes(path, std::min(limit, kLogMax), before));
  std::vector<PathRevision> found;
  for (const auto& change : changes) {
    BOSSEY_TRY(auto each, revision(change.revision));
    found.push_back({std::move(each), change.blob});
  }
  return found;
}

Result<std::vector<ChangedPath>> Repository::changed_paths(std::optional<RevisionId> from, const RevisionId& to) const {
  git_repository* git = state_->git.get();
  Git<git_tree> before;
  if (from) {
    BOSSEY_TRY(before, tree_of(git, *from));
  }
  BOSSEY_TRY(const auto after, tree_of(git, to));
  std::vector<ChangedPath> found;
  BOSSEY_TRY_VOID(diff_trees(git, before.get(), after.get(), [&](const FileDifference& difference) -> Result<void> {
    ChangedPath changed{difference.path, std::nullopt, std::nullopt};
    if (difference.before != nullptr) changed.before = from_git<BlobId>(*difference.before);
    if (difference.after != nullptr) changed.after = from_git<BlobId>(*difference.after);
    found.push_back(std::move(changed));
    return {};
  }));
  return found;
}

namespace {

// Every revision from head back, with what it does not share with its parent.
void check_revisions(git_repository* git, std::optional<RevisionId> at, std::vector<std::string>& findings) {
  while (at && findings.size() < kFindingsMax) {
    const auto commit = find_commit(git, *at);
    if (!commit) {
      findings.push_back(commit.error().detail);
      return;
    }
    std::optional<RevisionId> parent;
    Git<git_tree> before;
    if (git_commit_parentcount(commit->get()) > 0) {
      parent = from_git<RevisionId>(*git_commit_parent_id(commit->get(), 0));
      if (auto tree = tree_of(git, *parent)) before = std::move(*tree);
    }
    // What this revision shares with its parent is looked at with the parent, or one of those before it.
    if (auto whole = check_revision(git, *at, before.get()); !whole) findings.push_back(whole.error().detail);
    at = parent;
  }
}

}  // namespace

Result<std::vector<std::string>> Repository::check() const {
  std::vector<std::string> findings;
  if (state_->mark.clean)
    for (const auto& object : revisions::loose_objects(state_->folder))
      if (findings.size() < kFindingsMax && !is_whole(object))
        findings.push_back(fmt::format("the object {} is damaged", object.file.string()));
  if (!findings.empty()) return findings;
  const auto newest = head();
  if (!newest) return std::vector<std::string>{newest.error().detail};
  check_revisions(state_->git.get(), *newest, findings);
  return findings;
}

}  // namespace bossey::revisions
