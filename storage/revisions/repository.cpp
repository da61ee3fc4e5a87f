#include "revisions/repository.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "revisions/loose_object.hpp"
#include "revisions/maintenance.hpp"
#include "revisions/message.hpp"
#include "revisions/pack_check.hpp"
#include "revisions/recovery.hpp"
#include "revisions/repository_state.hpp"

namespace bossey::revisions {

namespace fs = std::filesystem;

Result<void> Repository::State::reopen() {
  git.reset();
  BOSSEY_TRY(git, open_handle(folder));
  return {};
}

Result<void> Repository::State::check_may_write() const {
  if (options.repair) return {};
  return fail(Errc::forbidden, fmt::format("the repository {} is open for reading only", folder.string()));
}

Result<void> Repository::State::mark_open() {
  BOSSEY_TRY_VOID(check_may_write());
  if (!mark.clean) return {};
  BOSSEY_TRY_VOID(write_mark(folder, {mark.through, false}, durability()));
  mark.clean = false;
  return {};
}

Result<void> Repository::State::mark_clean() {
  BOSSEY_TRY_VOID(check_may_write());
  BOSSEY_TRY(const auto head, read_main(git.get()));
  BOSSEY_TRY_VOID(sync_file_system(folder, durability()));
  BOSSEY_TRY_VOID(write_mark(folder, {head, true}, durability()));
  mark = {head, true};
  return {};
}

Result<void> Repository::State::load_index() {
  index_file.emplace(folder);
  index_file->read([this](IndexedRevision revision) { index.load(std::move(revision)); });
  BOSSEY_TRY(const auto head, read_main(git.get()));
  // No step: only what a power cut took from the branch is taken from the index.
  BOSSEY_TRY_VOID(index.advance(git.get(), head, 0));
  return {};
}

void Repository::State::store_index(std::size_t at_least) {
  if (!index_file || index.unstored() < at_least) return;
  const auto unstored = index.to_store();
  // What cannot be written now is written the next time, or made again after a start.
  if (index_file->append(unstored.position, unstored.revisions)) index.stored();
}

namespace {

// Made under another name and moved to its place when it is on disk: there is a whole repository, or none.
Result<void> make_repository(const fs::path& folder, Durability durability) {
  const fs::path fresh = folder.string() + ".new";
  std::error_code error;
  fs::remove_all(fresh, error);
  git_repository_init_options options{};
  BOSSEY_TRY_VOID(check_git(git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION),
                            "making the repository " + folder.string()));
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
  options.mode = 0700;
  options.initial_head = "main";
  BOSSEY_TRY_VOID(make_git<git_repository>("making the repository " + folder.string(), git_repository_init_ext,
                                           fresh.c_str(), &options));
  // libgit2 fills these with notes and samples for people who work in the folder by hand.
  fs::remove_all(fresh / "hooks", error);
  fs::remove(fresh / "description", error);
  BOSSEY_TRY_VOID(write_mark(fresh, {std::nullopt, true}, durability));
  BOSSEY_TRY_VOID(sync_file_system(fresh, durability));
  fs::rename(fresh, folder, error);
  if (error) return fail(Errc::io, fmt::format("making the repository {}: {}", folder.string(), error.message()));
  return sync_path(folder.parent_path(), durability);
}

Result<void> check_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder / "objects", error) && fs::is_directory(folder / "refs", error)) return {};
  return fail(Errc::corrupt, fmt::format("{} is not a bare git repository; move it away, or restore the last backup",
                                         folder.string()));
}

}  // namespace

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::~Repository() = default;

Result<std::unique_ptr<Repository>> Repository::open(const fs::path& folder, OpenOptions options) {
  auto state = std::make_unique<State>();
  state->folder = folder;
  state->options = std::move(options);
  std::error_code error;
  if (!fs::exists(folder, error)) {
    if (!state->options.create || !state->options.repair)
      return fail(Errc::not_found, fmt::format("no repository at {}", folder.string()));
    BOSSEY_TRY_VOID(make_repository(folder, state->durability()));
  }
  BOSSEY_TRY_VOID(check_folder(folder));
  // libgit2 reads beyond the end of memory, or for ever, where a pack's octets are wrong.
  if (auto faults = check_packs(folder); !faults.empty())
    return fail(Errc::corrupt,
                fmt::format("{}; restore the last backup, or move the repository away: the texts and decisions are "
                            "then committed again from the journal",
                            fmt::join(faults, "; ")));
  const auto mark = read_mark(folder);
  if (!state->options.repair) {
    state->mark = mark.value_or(SyncMark{});
    BOSSEY_TRY_VOID(state->reopen());
    return std::unique_ptr<Repository>(new Repository(std::move(state)));
  }
  BOSSEY_TRY(state->repairs, repair_head_file(folder, state->durability()));
  auto found = remove_leftovers(folder, !mark || !mark->clean);
  state->repairs.insert(state->repairs.end(), found.begin(), found.end());
  BOSSEY_TRY_VOID(state->reopen());

  const auto head = read_main(state->git.get());
  const bool clean_end = mark && mark->clean && head && *head == mark->through;
  if (clean_end) {
    state->mark = *mark;
    if (*head) BOSSEY_TRY_VOID(tree_of(state->git.get(), **head));
  } else {
    BOSSEY_TRY(found, recover(state->git.get(), folder, mark ? mark->through : std::nullopt));
    state->repairs.insert(state->repairs.end(), found.begin(), found.end());
    // Objects that were looked for in vain are not looked for again by an open handle.
    BOSSEY_TRY_VOID(state->reopen());
    if (auto marked = state->mark_clean(); !marked) {
      // A full disk must not keep anybody from reading; the next sync does it again.
      if (marked.error().code != Errc::unavailable) return tl::unexpected<Error>(std::move(marked).error());
      state->mark = {mark ? mark->through : std::nullopt, false};
      state->repairs.push_back(std::move(marked).error().detail);
    }
  }
  BOSSEY_TRY_VOID(state->load_index());
  state->loose_estimate = revisions::loose_objects(folder).size();
  return std::unique_ptr<Repository>(new Repository(std::move(state)));
}

const std::vector<std::string>& Repository::repairs() const {
  return state_->repairs;
}

namespace {

Result<void> check_commit(const Commit& commit) {
  BOSSEY_TRY_VOID(check_identity(commit.author));
  if (commit.time_s < 0) return fail(Errc::bad_input, "a revision's time is before 1970");
  std::set<std::string_view> paths;
  for (const auto& change : commit.changes) {
    BOSSEY_TRY_VOID(check_path(change.path));
    if (!paths.insert(change.path).second)
      return fail(Errc::bad_input, fmt::format("a revision changes {} twice", change.path));
    if (change.bytes && change.bytes->size() > kFileBytesMax)
      return fail(Errc::too_large, fmt::format("{} has more than {} bytes", change.path, kFileBytesMax));
  }
  return {};
}

struct Update {
  const FileChange* change;
  git_oid id;
};

// Changes that would change something.
Result<std::vector<Update>> effective_changes(const Commit& commit, const git_tree* base) {
  std::vector<Update> updates;
  for (const auto& change : commit.changes) {
    git_tree_entry* raw = nullptr;
    const int code = base == nullptr ? GIT_ENOTFOUND : git_tree_entry_bypath(&raw, base, change.path.c_str());
    const Git<git_tree_entry> entry(raw);
    if (code != GIT_ENOTFOUND) BOSSEY_TRY_VOID(check_git(code, "looking for " + change.path));
    if (entry && git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB)
      return fail(Errc::conflict, fmt::format("{} is a folder", change.path));
    Update update{&change, {}};
    if (change.bytes) {
      BOSSEY_TRY_VOID(check_git(git_odb_hash(&update.id, change.bytes->data(), change.bytes->size(), GIT_OBJECT_BLOB),
                                "naming " + change.path));
      if (entry && git_oid_equal(git_tree_entry_id(entry.get()), &update.id) != 0) continue;
    } else if (!entry) {
      continue;
    }
    updates.push_back(update);
  }
  return updates;
}

Result<git_oid> write_tree(git_repository* git, git_tree* base, const std::vector<Update>& updates) {
  std::vector<git_tree_update> tree_updates;
  for (const auto& [change, expected] : updates) {
    git_tree_update update{GIT_TREE_UPDATE_REMOVE, {}, GIT_FILEMODE_BLOB, change->path.c_str()};
    if (change->bytes) {
      update.action = GIT_TREE_UPDATE_UPSERT;
      BOSSEY_TRY_VOID(
          check_git(git_blob_create_from_buffer(&update.id, git, change->bytes->data(), change->bytes->size()),
                    "writing " + change->path));
    }
    tree_updates.push_back(update);
  }
  git_oid tree;
  const int code = git_tree_create_updated(&tree, git, base, tree_updates.size(), tree_updates.data());
  if (auto made = check_git(code, "writing the tree of a revision"); !made) {
    // The one thing that is wrong with the request and not with the repository: a file on the way to a path.
    const auto* last = git_error_last();
    const bool on_the_way = last != nullptr && last->klass == GIT_ERROR_TREE;
    return fail(on_the_way ? Errc::conflict : made.error().code, made.error().detail);
  }
  return tree;
}

}  // namespace

Result<Committed> Repository::commit(const Commit& commit) {
  BOSSEY_TRY_VOID(check_commit(commit));
  BOSSEY_TRY(const auto message, compose_message(commit.title, commit.body, commit.trailers));
  git_repository* git = state_->git.get();
  BOSSEY_TRY(const auto head, read_main(git));
  Git<git_commit> parent;
  Git<git_tree> base;
  if (head) {
    BOSSEY_TRY(parent, find_commit(git, *head));
    BOSSEY_TRY(base, make_git<git_tree>("reading the tree of head", git_commit_tree, parent.get()));
  }
  BOSSEY_TRY(const auto updates, effective_changes(commit, base.get()));
  if (updates.empty()) {
    if (head) return Committed{*head, false};
    return fail(Errc::bad_input, "the first revision of a repository holds at least one file");
  }
  BOSSEY_TRY_VOID(state_->mark_open());
  state_->reach(Step::before_objects);
  BOSSEY_TRY(const auto tree_id, write_tree(git, base.get(), updates));
  BOSSEY_TRY(const auto tree, make_git<git_tree>("reading a new tree", git_tree_lookup, git, &tree_id));
  BOSSEY_TRY(const auto author,
             make_git<git_signature>("naming the author", git_signature_new, commit.author.name.c_str(),
                                     commit.author.email.c_str(), static_cast<git_time_t>(commit.time_s), 0));
  const git_commit* parents[] = {parent.get()};
  git_oid id;
  BOSSEY_TRY_VOID(check_git(git_commit_create(&id, git, nullptr, author.get(), author.get(), nullptr, message.c_str(),
                                              tree.get(), head ? 1 : 0, parents),
                            "writing a revision"));
  // A commit, its files, and at most one new tree for each folder on the way.
  state_->loose_estimate += 2;
  for (const auto& update : updates) {
    const auto& path = update.change->path;
    state_->loose_estimate += 1 + static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
  }
  state_->reach(Step::before_ref);
  // Moves only from the head that was read: nobody else writes here, and if somebody does, nothing is lost.
  const auto old_id = head ? to_git(*head) : git_oid{};
  BOSSEY_TRY_VOID(make_git<git_reference>("moving the branch main", git_reference_create_matching, git, kMain, &id,
                                          head ? 1 : 0, head ? &old_id : nullptr, nullptr));
  state_->reach(Step::after_ref);
  IndexedRevision made{from_git<RevisionId>(id), {}};
  for (const auto& [change, blob] : updates)
    made.changes.push_back({change->path, change->bytes ? std::optional(from_git<BlobId>(blob)) : std::nullopt});
  state_->index.add(head, std::move(made));
  state_->store_index(kIndexStep);
  return Committed{from_git<RevisionId>(id), true};
}

Result<void> Repository::tag(std::string_view name, const RevisionId& revision) {
  const bool good = !name.empty() && name.size() <= 64 && name.front() != '.' && name.front() != '-' &&
                    name.back() != '.' && name.find("..") == std::string_view::npos && !name.ends_with(".lock") &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                             c == '_' || c == '-';
                    });
  if (!good) return fail(Errc::bad_input, "a tag has letters, digits, '.', '_' and '-', at most 64");
  git_repository* git = state_->git.get();
  BOSSEY_TRY_VOID(find_commit(git, revision));
  const auto reference = "refs/tags/" + std::string(name);
  git_oid there;
  const auto id = to_git(revision);
  if (git_reference_name_to_id(&there, git, reference.c_str()) == 0) {
    if (git_oid_equal(&there, &id) != 0) return {};
    return fail(Errc::conflict, fmt::format("the tag {} names another revision", name));
  }
  BOSSEY_TRY_VOID(state_->mark_open());
  BOSSEY_TRY_VOID(make_git<git_reference>("making the tag " + std::string(name), git_reference_create, git,
                                          reference.c_str(), &id, 0, nullptr));
  return {};
}

std::size_t Repository::loose_objects() const {
  return revisions::loose_objects(state_->folder).size();
}

bool Repository::needs_maintenance() const {
  if (state_->loose_estimate <= state_->options.loose_objects_max) return false;
  // The estimate is too high as a rule: many trees of neighbouring changes are the same.
  state_->loose_estimate = loose_objects();
  return state_->loose_estimate > state_->options.loose_objects_max;
}

Result<void> Repository::maintain() {
  BOSSEY_TRY_VOID(state_->mark_open());
  if (const auto packing = Packing::plan(state_->folder, state_->durability(), state_->options.fault)) {
    BOSSEY_TRY_VOID(packing->write({}));
    BOSSEY_TRY_VOID(packing->publish());
    while (!packing->remove_some(kRemovedAtOnce)) continue;
  }
  // The old handle holds packs that were removed, by this or by another packing.
  BOSSEY_TRY_VOID(state_->reopen());
  state_->loose_estimate = loose_objects();
  state_->store_index(1);
  return state_->mark_clean();
}

Result<void> Repository::sync() {
  state_->store_index(1);
  if (state_->mark.clean) return {};
  return state_->mark_clean();
}

std::optional<RevisionId> Repository::synced_through() const {
  return state_->mark.through;
}

bool Repository::is_synced() const {
  return state_->mark.clean;
}

}  // namespace bossey::revisions
