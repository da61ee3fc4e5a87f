#include "revisions/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>

#include "revisions/loose_object.hpp"
#include "revisions/tree_diff.hpp"

namespace bossey::revisions {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHead = "ref: refs/heads/main\n";

struct LooseCommit {
  RevisionId id;
  std::optional<RevisionId> parent;
  std::int64_t time_s = 0;
};

// A half-written object must go even if nothing refers to it: git would take it for the whole one when the same bytes
// are written again. Returns the number removed.
Result<std::size_t> drop_broken_objects(const fs::path& folder) {
  std::size_t dropped = 0;
  for (const auto& object : loose_objects(folder)) {
    if (is_whole(object)) continue;
    std::error_code error;
    dropped += fs::remove(object.file, error) ? 1 : 0;
    if (error)
      return fail(Errc::io, fmt::format("cannot remove the broken {}: {}", object.file.string(), error.message()));
  }
  return dropped;
}

Result<LooseCommit> read_link(git_repository* repository, const RevisionId& id) {
  BOSSEY_TRY(const auto commit, find_commit(repository, id));
  LooseCommit link{id, std::nullopt, git_commit_time(commit.get())};
  if (git_commit_parentcount(commit.get()) > 0)
    link.parent = from_git<RevisionId>(*git_commit_parent_id(commit.get(), 0));
  return link;
}

// The revisions from the one after `synced` to `head`, oldest first; an error if the chain has a gap.
Result<std::vector<RevisionId>> chain_back(git_repository* repository, const RevisionId& head,
                                           const std::optional<RevisionId>& synced) {
  std::vector<RevisionId> chain;
  for (std::optional<RevisionId> at = head; at && at != synced;) {
    BOSSEY_TRY(const auto link, read_link(repository, *at));
    chain.push_back(*at);
    at = link.parent;
    if (!at && synced)
      return fail(Errc::corrupt, "the branch main does not hold the last revision known to be on disk");
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

// The same without knowing the head: from `synced` on to children, the newest where there are several.
Result<std::vector<RevisionId>> chain_forward(git_repository* repository, const fs::path& folder,
                                              const std::optional<RevisionId>& synced) {
  BOSSEY_TRY(const auto odb, open_loose_objects(folder));
  std::multimap<std::optional<RevisionId>, LooseCommit> children;
  for (const auto& object : loose_objects(folder)) {
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, odb.get(), &object.id) != 0 || type != GIT_OBJECT_COMMIT) continue;
    const auto link = read_link(repository, from_git<RevisionId>(object.id));
    if (link) children.emplace(link->parent, *link);
  }
  std::vector<RevisionId> chain;
  for (std::optional<RevisionId> at = synced;;) {
    const auto [first, last] = children.equal_range(at);
    if (first == last) return chain;
    const auto newest = std::max_element(first, last, [](const auto& a, const auto& b) {
      return std::pair(a.second.time_s, a.first) < std::pair(b.second.time_s, b.first);
    });
    at = newest->second.id;
    chain.push_back(*at);
  }
}

Result<void> move_main(git_repository* repository, const fs::path& folder, const std::optional<RevisionId>& to) {
  // libgit2 reads the old value first, and an unreadable one would stop it.
  std::error_code error;
  fs::remove(folder / kMain, error);
  if (!to) return {};
  const auto oid = to_git(*to);
  git_reference* raw = nullptr;
  const int code = git_reference_create(&raw, repository, kMain, &oid, 1, nullptr);
  const Git<git_reference> reference(raw);
  return check_git(code, "moving the branch main to " + to->hex());
}

}  // namespace

Result<std::vector<std::string>> repair_head_file(const fs::path& repository, Durability durability) {
  std::ifstream stream(repository / "HEAD", std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (text.str() == kHead) return std::vector<std::string>{};
  BOSSEY_TRY_VOID(replace_file(repository / "HEAD", kHead, durability));
  return std::vector<std::string>{"HEAD did not name the branch main; it does again"};
}

Result<void> check_revision(git_repository* repository, const RevisionId& id, const git_tree* before) {
  BOSSEY_TRY(const auto tree, tree_of(repository, id));
  BOSSEY_TRY(const auto odb, make_git<git_odb>("looking at objects", git_repository_odb, repository));
  return diff_trees(repository, before, tree.get(), [&](const FileDifference& difference) -> Result<void> {
    if (difference.after == nullptr) return {};
    BOSSEY_TRY_VOID(make_git<git_odb_object>("reading " + difference.path + " of " + id.hex(), git_odb_read, odb.get(),
                                             difference.after));
    return {};
  });
}

Result<std::vector<std::string>> recover(git_repository* repository, const fs::path& folder,
                                         const std::optional<RevisionId>& synced) {
  std::vector<std::string> repairs;
  BOSSEY_TRY(const auto dropped, drop_broken_objects(folder));
  if (dropped > 0) repairs.push_back(fmt::format("removed {} half-written objects", dropped));

  Git<git_tree> before;
  if (synced) {
    auto tree = tree_of(repository, *synced);
    if (!tree)
      return fail(Errc::corrupt,
                  fmt::format("the repository {} has lost revision {}, which was on disk; restore the last backup, or "
                              "move the repository away: the texts and decisions are then committed again from the "
                              "journal ({})",
                              folder.string(), synced->hex(), tree.error().detail));
    before = std::move(*tree);
  }
  const auto head = read_main(repository);
  auto chain = head && *head ? chain_back(repository, **head, synced)
                             : Result<std::vector<RevisionId>>(fail(Errc::corrupt, "no readable branch"));
  if (!chain) {
    BOSSEY_TRY(chain, chain_forward(repository, folder, synced));
  }
  auto whole = synced;
  for (const auto& id : *chain) {
    if (!check_revision(repository, id, before.get())) break;
    BOSSEY_TRY(before, tree_of(repository, id));
    whole = id;
  }
  if (head && *head == whole) return repairs;
  BOSSEY_TRY_VOID(move_main(repository, folder, whole));
  repairs.push_back(fmt::format("moved the branch main from {} to the last whole revision, {}",
                                head && *head ? (*head)->hex() : "an unreadable state", whole ? whole->hex() : "none"));
  return repairs;
}

}  // namespace bossey::revisions
