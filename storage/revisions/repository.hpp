// The bare git repository of one group, branch `main` (docs/formats/repository.md): makes revisions and answers
// questions about them. Synchronous; used on one store thread, by RevisionStore, or by a tool. It knows nothing of
// the journal: whoever commits says in trailers what a revision holds.
//
// What survives: after a killed process every revision whose commit() returned. After a power cut those up to
// synced_through(); opening then drops half-written objects and moves `main` back to the last whole revision, says
// so in repairs(), and the rest is made again from the journal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "revisions/revision.hpp"

namespace bossey::revisions {

/// Places at which a test may end the process: see OpenOptions::fault.
enum class Step : std::uint8_t { before_objects, before_ref, after_ref, before_pack, before_removal, after_removal };

struct OpenOptions {
  /// Make the repository if there is none.
  bool create = true;
  /// False: only look, for checks. Nothing is made, repaired, removed or moved, and whatever would write is refused
  /// (Errc::forbidden). Others may write meanwhile.
  bool repair = true;
  /// Loose objects above which needs_maintenance() is true.
  std::size_t loose_objects_max = 4000;
  /// False: nothing waits for the disk, and synced_through() promises nothing. For tests and throw-away folders.
  bool wait_for_disk = true;
  /// Test seam: called in commit() and maintain().
  std::function<void(Step)> fault;
};

class Repository {
 public:
  /// Opens the repository and repairs what a crash left: the caller holds the lock of the data folder, so lock files
  /// and temporary files found here belong to nobody and are removed. Errc::not_found, Errc::corrupt (not a bare
  /// repository, a damaged pack, or no whole revision is left of one that had some), Errc::forbidden, Errc::io.
  /// Reads every pack once.
  [[nodiscard]] static Result<std::unique_ptr<Repository>> open(const std::filesystem::path& folder,
                                                                OpenOptions options = {});
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  /// What open() had to repair, one sentence each; empty after a clean end.
  [[nodiscard]] const std::vector<std::string>& repairs() const;

  /// Makes a revision on top of head, without index or work tree. If nothing would change none is made. Errc::bad_input
  /// (path, identity, title or trailer of a wrong form), Errc::too_large, Errc::conflict (a file where a folder is, or
  /// the reverse), Errc::unavailable (the disk is full), Errc::io. After an error the head is what it was.
  [[nodiscard]] Result<Committed> commit(const Commit& commit);

  /// None while the repository has no revision.
  [[nodiscard]] Result<std::optional<RevisionId>> head() const;
  /// A revision by its full or abbreviated id (at least 4 hexadecimal digits), `head`, or the name of a tag.
  /// Errc::not_found; Errc::conflict if an abbreviation fits several. Never runs git's expression language.
  [[nodiscard]] Result<RevisionId> resolve(std::string_view text) const;
  [[nodiscard]] Result<Revision> revision(const RevisionId& id) const;

  /// The bytes of a file in a revision. Errc::not_found.
  [[nodiscard]] Result<std::string> read(const RevisionId& revision, std::string_view path) const;
  [[nodiscard]] Result<std::string> read_blob(const BlobId& blob) const;
  /// The id of a file's bytes in a revision; none if it has no such file.
  [[nodiscard]] Result<std::optional<BlobId>> find(const RevisionId& revision, std::string_view path) const;
  /// Entries of a folder (empty: the root) in git's order. `deep`: files at every depth, no folders.
  [[nodiscard]] Result<std::vector<TreeEntry>> list(const RevisionId& revision, std::string_view folder = {},
                                                    bool deep = false) const;

  /// Revisions from head, or from the parent of `before`, newest first; at most min(limit, kLogMax).
  [[nodiscard]] Result<std::vector<Revision>> log(std::size_t limit, std::optional<RevisionId> before = {}) const;
  /// The revisions that changed `path`, newest first, those before `before` only. Served from an index in memory,
  /// which the first call builds (see warm_index).
  [[nodiscard]] Result<std::vector<PathRevision>> history(std::string_view path, std::size_t limit,
                                                          std::optional<RevisionId> before = {});
  /// Paths that differ between two revisions, in order of path; `from` none: everything in `to`.
  [[nodiscard]] Result<std::vector<ChangedPath>> changed_paths(std::optional<RevisionId> from,
                                                               const RevisionId& to) const;

  /// Builds the index of history() now, in steps of about 1,000 revisions. True when it is complete.
  [[nodiscard]] Result<bool> warm_index();

  /// Marks a revision with a tag (for a release): [A-Za-z0-9._-], not starting with a dot or dash. Errc::conflict if
  /// the tag names another one.
  [[nodiscard]] Result<void> tag(std::string_view name, const RevisionId& revision);

  /// Files of objects not yet in a pack.
  [[nodiscard]] std::size_t loose_objects() const;
  [[nodiscard]] bool needs_maintenance() const;
  /// Packs the loose objects (and small packs with them), puts everything on disk for good, removes what is packed
  /// and reopens. All revisions stay; nothing is pruned.
  [[nodiscard]] Result<void> maintain();
  /// Puts everything committed so far on disk for good, without packing: at shutdown and now and then.
  [[nodiscard]] Result<void> sync();
  /// The newest revision that a power cut cannot take; none if there is none.
  [[nodiscard]] std::optional<RevisionId> synced_through() const;
  /// True if synced_through() is head.
  [[nodiscard]] bool is_synced() const;

  /// Reads every object that head reaches and checks its hash (the sums of packs were checked on opening). Empty if
  /// whole; else what is wrong, at most 100. Objects in files of their own are all read, but after an end that was not
  /// clean: then some that nothing refers to may be half-written, which the next opening removes.
  [[nodiscard]] Result<std::vector<std::string>> check() const;

 private:
  struct State;
  explicit Repository(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bossey::revisions
