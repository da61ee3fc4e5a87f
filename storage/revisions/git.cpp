#include "revisions/git.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace bossey::revisions {

namespace {

Errc kind_of(int code, std::string_view said) {
  for (const int full : {ENOSPC, EDQUOT, EFBIG})
    if (said.find(std::strerror(full)) != std::string_view::npos) return Errc::unavailable;
  if (said.find(std::strerror(EACCES)) != std::string_view::npos || code == GIT_EOWNER) return Errc::forbidden;
  switch (code) {
    case GIT_ENOTFOUND:
      return Errc::not_found;
    case GIT_EEXISTS:
    case GIT_EMODIFIED:
    case GIT_EAMBIGUOUS:
      return Errc::conflict;
    case GIT_EINVALIDSPEC:
    case GIT_EINVALID:
      return Errc::bad_input;
    case GIT_ELOCKED:
      return Errc::unavailable;
    case GIT_EMISMATCH:
      return Errc::corrupt;
    default:
      break;
  }
  const auto* last = git_error_last();
  const int area = last != nullptr ? last->klass : GIT_ERROR_NONE;
  if (area == GIT_ERROR_ODB || area == GIT_ERROR_ZLIB || area == GIT_ERROR_OBJECT || area == GIT_ERROR_TREE)
    return Errc::corrupt;
  return Errc::io;
}

}  // namespace

LibGit2::LibGit2() {
  git_libgit2_init();
  for (const int level :
       {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(32) << 20);
}

LibGit2::~LibGit2() {
  git_libgit2_shutdown();
}

Result<void> check_git(int code, std::string_view attempt) {
  if (code >= 0) return {};
  const auto* last = git_error_last();
  const std::string_view said = last != nullptr ? last->message : "no reason given";
  const auto kind = kind_of(code, said);
  const auto* advice = kind == Errc::unavailable ? "; make room on the server's disk"
                       : kind == Errc::forbidden ? "; give the folder to the user who runs bossey"
                                                 : "";
  return fail(kind, fmt::format("{}: {} (libgit2 {}){}", attempt, said, code, advice));
}

Result<Git<git_tree>> tree_of(git_repository* repository, const RevisionId& id) {
  BOSSEY_TRY(const auto commit, find_commit(repository, id));
  return make_git<git_tree>("reading the tree of " + id.hex(), git_commit_tree, commit.get());
}

Result<std::optional<RevisionId>> read_main(git_repository* repository) {
  git_oid oid;
  const int code = git_reference_name_to_id(&oid, repository, kMain);
  if (code == GIT_ENOTFOUND) return std::nullopt;
  if (auto read = check_git(code, "reading the branch main"); !read)
    return fail(Errc::corrupt, std::move(read).error().detail);
  return from_git<RevisionId>(oid);
}

}  // namespace bossey::revisions
