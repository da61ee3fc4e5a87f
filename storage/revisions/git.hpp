// libgit2's handles as values that free themselves, and its errors as ours. Used inside storage/revisions only.
#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "revisions/revision.hpp"

namespace bossey::revisions {

struct FreeGit {
  void operator()(git_repository* handle) const { git_repository_free(handle); }
  void operator()(git_reference* handle) const { git_reference_free(handle); }
  void operator()(git_commit* handle) const { git_commit_free(handle); }
  void operator()(git_tree* handle) const { git_tree_free(handle); }
  void operator()(git_tree_entry* handle) const { git_tree_entry_free(handle); }
  void operator()(git_blob* handle) const { git_blob_free(handle); }
  void operator()(git_object* handle) const { git_object_free(handle); }
  void operator()(git_odb* handle) const { git_odb_free(handle); }
  void operator()(git_odb_object* handle) const { git_odb_object_free(handle); }
  void operator()(git_signature* handle) const { git_signature_free(handle); }
  void operator()(git_packbuilder* handle) const { git_packbuilder_free(handle); }
};
template <class T>
using Git = std::unique_ptr<T, FreeGit>;

/// Starts the library for as long as one of these lives, deaf to the configuration of the user and the machine: the
/// same call must do the same everywhere.
class LibGit2 {
 public:
  LibGit2();
  ~LibGit2();
  LibGit2(const LibGit2&) = delete;
  LibGit2& operator=(const LibGit2&) = delete;
};

/// Nothing if `code` is not negative; otherwise what libgit2 says, after what was attempted. GIT_ENOTFOUND is
/// Errc::not_found, GIT_EEXISTS and GIT_EMODIFIED Errc::conflict, a full disk Errc::unavailable, a broken object
/// Errc::corrupt, the rest Errc::io.
[[nodiscard]] Result<void> check_git(int code, std::string_view attempt);

/// A call that makes a handle: `BOSSEY_TRY(auto tree, make_git<git_tree>("reading a tree", git_tree_lookup, repo,
/// id));`
template <class T, class Call, class... Arguments>
[[nodiscard]] Result<Git<T>> make_git(std::string_view attempt, Call call, Arguments... arguments) {
  T* raw = nullptr;
  const int code = call(&raw, arguments...);
  Git<T> handle(raw);
  BOSSEY_TRY_VOID(check_git(code, attempt));
  return handle;
}

template <class Id>
[[nodiscard]] git_oid to_git(const Id& id) {
  git_oid oid;
  git_oid_fromraw(&oid, id.octets.data());
  return oid;
}

template <class Id>
[[nodiscard]] Id from_git(const git_oid& oid) {
  Id id;
  std::memcpy(id.octets.data(), oid.id, id.octets.size());
  return id;
}

[[nodiscard]] inline Result<Git<git_commit>> find_commit(git_repository* repository, const RevisionId& id) {
  const auto oid = to_git(id);
  return make_git<git_commit>("reading revision " + id.hex(), git_commit_lookup, repository, &oid);
}

[[nodiscard]] Result<Git<git_tree>> tree_of(git_repository* repository, const RevisionId& id);

/// The commit that `main` names; none if it has none yet. Errc::corrupt if the file of the branch is unreadable.
[[nodiscard]] Result<std::optional<RevisionId>> read_main(git_repository* repository);

inline constexpr const char* kMain = "refs/heads/main";

}  // namespace bossey::revisions
