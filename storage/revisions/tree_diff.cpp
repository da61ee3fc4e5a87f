#include "revisions/tree_diff.hpp"

namespace bossey::revisions {

namespace {

// Trees that we make have four levels; a foreign one must not exhaust the stack.
constexpr int kDepthMax = 64;

class Walk {
 public:
  Walk(git_repository* repository, const std::function<Result<void>(const FileDifference&)>& visit)
      : repository_(repository), visit_(visit) {}

  Result<void> trees(const git_tree* before, const git_tree* after) {
    if (++depth_ > kDepthMax) return fail(Errc::corrupt, "a tree of the repository is too deep");
    const std::size_t before_size = before != nullptr ? git_tree_entrycount(before) : 0;
    const std::size_t after_size = after != nullptr ? git_tree_entrycount(after) : 0;
    std::size_t b = 0;
    std::size_t a = 0;
    while (b < before_size || a < after_size) {
      const auto* left = b < before_size ? git_tree_entry_byindex(before, b) : nullptr;
      const auto* right = a < after_size ? git_tree_entry_byindex(after, a) : nullptr;
      // The order of git: a folder sorts as if its name ended with a slash.
      const int order = left == nullptr ? 1 : right == nullptr ? -1 : git_tree_entry_cmp(left, right);
      BOSSEY_TRY_VOID(entries(order <= 0 ? left : nullptr, order >= 0 ? right : nullptr));
      b += order <= 0 ? 1 : 0;
      a += order >= 0 ? 1 : 0;
    }
    --depth_;
    return {};
  }

 private:
  Result<void> entries(const git_tree_entry* before, const git_tree_entry* after) {
    const auto* before_id = before != nullptr ? git_tree_entry_id(before) : nullptr;
    const auto* after_id = after != nullptr ? git_tree_entry_id(after) : nullptr;
    if (before_id != nullptr && after_id != nullptr && git_oid_equal(before_id, after_id) != 0) return {};
    const auto* any = before != nullptr ? before : after;
    const auto length = path_.size();
    path_ += git_tree_entry_name(any);
    Result<void> done;
    if (git_tree_entry_type(any) == GIT_OBJECT_TREE) {
      path_ += '/';
      done = folders(before_id, after_id);
    } else {
      done = visit_({path_, before_id, after_id});
    }
    path_.resize(length);
    return done;
  }

  Result<void> folders(const git_oid* before_id, const git_oid* after_id) {
    Git<git_tree> before;
    Git<git_tree> after;
    if (before_id != nullptr) {
      BOSSEY_TRY(before, make_git<git_tree>("reading a tree", git_tree_lookup, repository_, before_id));
    }
    if (after_id != nullptr) {
      BOSSEY_TRY(after, make_git<git_tree>("reading a tree", git_tree_lookup, repository_, after_id));
    }
    return trees(before.get(), after.get());
  }

  git_repository* repository_;
  const std::function<Result<void>(const FileDifference&)>& visit_;
  std::string path_;
  int depth_ = 0;
};

}  // namespace

Result<void> diff_trees(git_repository* repository, const git_tree* before, const git_tree* after,
                        const std::function<Result<void>(const FileDifference&)>& visit) {
  return Walk(repository, visit).trees(before, after);
}

}  // namespace bossey::revisions
