#include "revisions/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "base/sha256.hpp"
#include "consensus/decision.hpp"
#include "consensus/release.hpp"
#include "consensus/standing.hpp"
#include "revisions/git.hpp"
#include "revisions/tree_diff.hpp"

namespace bossey::revisions {

namespace {

constexpr std::size_t kFindingsMax = 100;
constexpr std::string_view kDecisions = "decisions/";
constexpr std::string_view kReleases = "releases/";

std::string text_path(const ReportId& report, const SectionId& section) {
  return "reports/" + report.value + "/sections/" + section.value + ".md";
}

/// What a revision changed, as far as it is of interest here.
struct Touched {
  std::vector<std::string> added, changed, removed;     ///< Decision files.
  std::map<std::string, std::optional<git_oid>> texts;  ///< Path of a section's text -> its new blob.
  std::vector<std::string> releases;                    ///< Files of versions that were added.
};

class Walk {
 public:
  explicit Walk(git_repository* repository) : repository_(repository) {}

  Result<Verified> run() {
    BOSSEY_TRY(const auto revisions, from_first_to_head());
    verified_.revisions = revisions.size();
    Git<git_tree> before;
    for (const RevisionId& revision : revisions) {
      BOSSEY_TRY(auto tree, tree_of(repository_, revision));
      BOSSEY_TRY_VOID(step(revision, before.get(), tree.get()));
      before = std::move(tree);
      if (verified_.findings.size() >= kFindingsMax || broken_) break;
    }
    verified_.decisions = chain_.size();
    return std::move(verified_);
  }

 private:
  void find(std::string what) {
    if (verified_.findings.size() < kFindingsMax) verified_.findings.push_back(std::move(what));
  }

  Result<std::vector<RevisionId>> from_first_to_head() {
    git_oid at;
    const int code = git_reference_name_to_id(&at, repository_, "HEAD");
    if (code == GIT_ENOTFOUND || code == GIT_EUNBORNBRANCH) return std::vector<RevisionId>{};
    BOSSEY_TRY_VOID(check_git(code, "reading HEAD"));
    std::vector<RevisionId> out;
    while (true) {
      out.push_back(from_git<RevisionId>(at));
      BOSSEY_TRY(const auto commit, find_commit(repository_, out.back()));
      const unsigned parents = git_commit_parentcount(commit.get());
      if (parents > 1) find(fmt::format("Revision {} joins two lines of history; a record has one.", out.back().hex()));
      if (parents == 0) break;
      git_oid_cpy(&at, git_commit_parent_id(commit.get(), 0));
    }
    std::reverse(out.begin(), out.end());
    return out;
  }

  Result<std::string> read(const git_oid& id) {
    BOSSEY_TRY(const auto blob, make_git<git_blob>("reading a file", git_blob_lookup, repository_, &id));
    const auto size = static_cast<std::size_t>(git_blob_rawsize(blob.get()));
    return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())), size);
  }

  std::optional<git_oid> blob_at(const git_tree* tree, const std::string& path) {
    git_tree_entry* raw = nullptr;
    if (git_tree_entry_bypath(&raw, tree, path.c_str()) < 0) return std::nullopt;
    const Git<git_tree_entry> entry(raw);
    return *git_tree_entry_id(entry.get());
  }

  Result<Touched> touched_between(const git_tree* before, const git_tree* after) {
    Touched touched;
    BOSSEY_TRY_VOID(diff_trees(repository_, before, after, [&](const FileDifference& file) -> Result<void> {
      if (file.path.starts_with(kDecisions)) {
        auto& list = file.before == nullptr ? touched.added : file.after == nullptr ? touched.removed : touched.changed;
        list.push_back(file.path);
      } else if (file.path.starts_with(kReleases)) {
        (file.before == nullptr  ? touched.releases
         : file.after == nullptr ? touched.removed
                                 : touched.changed)
            .push_back(file.path);
      } else if (file.path.starts_with("reports/") && file.path.ends_with(".md")) {
        touched.texts[file.path] = file.after == nullptr ? std::nullopt : std::optional(*file.after);
      }
      return {};
    }));
    std::sort(touched.added.begin(), touched.added.end());
    return touched;
  }

  Result<void> step(const RevisionId& revision, const git_tree* before, const git_tree* after) {
    BOSSEY_TRY(const Touched touched, touched_between(before, after));
    for (const std::string& path : touched.changed)
      find(fmt::format("{} was changed after it was recorded, in revision {}.", path, revision.hex()));
    for (const std::string& path : touched.removed)
      find(fmt::format("{} was removed, in revision {}.", path, revision.hex()));
    const auto closed_before = closed_;
    for (const std::string& path : touched.added) BOSSEY_TRY_VOID(add_decision(path, revision, after));
    check_closed(closed_before, touched, revision);
    BOSSEY_TRY_VOID(check_releases(touched, revision, after));
    return {};
  }

  Result<void> check_releases(const Touched& touched, const RevisionId& revision, const git_tree* tree) {
    std::set<std::string> now;  // Folders of reports that get a version here.
    for (const std::string& path : touched.releases) {
      const auto id = blob_at(tree, path);
      if (!id) return fail(Errc::corrupt, path + " cannot be read");
      BOSSEY_TRY(const std::string bytes, read(*id));
      const auto release = consensus::parse_release(bytes);
      if (!release || consensus::release_path(*release) != path) {
        find(fmt::format("{} is not the file of a version.", path));
        continue;
      }
      ++verified_.releases;
      now.insert("reports/" + release->report.value + '/');
      if (release->decision == 0 || release->decision != chain_.size())
        find(fmt::format("{} does not follow decision {}.", path, release->decision));
      BOSSEY_TRY_VOID(check_release_texts(*release, path, revision, tree));
    }
    for (const auto& [path, id] : touched.texts)
      for (const std::string& folder : released_)
        if (path.starts_with(folder) && !now.contains(folder))
          find(fmt::format("{} got other words in revision {}, though its report is closed.", path, revision.hex()));
    released_.merge(now);
    return {};
  }

  Result<void> check_release_texts(const consensus::Release& release, const std::string& path,
                                   const RevisionId& revision, const git_tree* tree) {
    for (const consensus::ReleasedSection& section : release.sections) {
      ++verified_.texts;
      const auto id = blob_at(tree, text_path(release.report, section.section));
      const auto text = id ? read(*id) : Result<std::string>(fail(Errc::corrupt, "no such file"));
      if (!text || sha256(*text) != section.text_id)
        find(fmt::format("Section {} holds other words in revision {} than {} says.", section.section.value,
                         revision.hex(), path));
    }
    return {};
  }

  Result<void> add_decision(const std::string& path, const RevisionId& revision, const git_tree* tree) {
    if (broken_) return {};
    const std::uint64_t no = chain_.size() + 1;
    if (path != consensus::decision_path(no)) {
      find(fmt::format("{} was recorded in revision {} where {} should come: decisions are missing or out of order.",
                       path, revision.hex(), consensus::decision_path(no)));
      broken_ = true;
      return {};
    }
    const auto id = blob_at(tree, path);
    if (!id) return fail(Errc::corrupt, path + " cannot be read");
    BOSSEY_TRY(std::string bytes, read(*id));
    auto decision = consensus::parse_decision(bytes);
    if (!decision || decision->no != no) {
      find(fmt::format("{} is not the file of decision {}{}.", path, no,
                       decision ? std::string() : ": " + decision.error().detail));
      broken_ = true;
      return {};
    }
    if (decision->prev != last_)
      find(fmt::format("{} does not carry the hash of the decision before it: one of the two was changed.", path));
    last_ = sha256(bytes);
    BOSSEY_TRY_VOID(check_texts(*decision, revision, tree));
    chain_.push_back(std::move(*decision));
    note_closed();
    return {};
  }

  Result<void> check_texts(const consensus::Decision& decision, const RevisionId& revision, const git_tree* tree) {
    for (const consensus::Subject& subject : decision.subject) {
      ++verified_.texts;
      const std::string path = text_path(decision.report, subject.section);
      const auto id = blob_at(tree, path);
      if (!id) {
        // A merge withdraws a section and takes its file away; its words are then named by their blob.
        const auto named = BlobId::from_hex(subject.blob);
        const auto text = named ? read(to_git(*named)) : Result<std::string>(fail(Errc::corrupt, "no blob"));
        if (!text || sha256(*text) != subject.text_id)
          find(fmt::format("The text of decision {} on {} is not in revision {}.", decision.no, path, revision.hex()));
        continue;
      }
      BOSSEY_TRY(const std::string text, read(*id));
      if (sha256(text) != subject.text_id || from_git<BlobId>(*id).hex() != subject.blob)
        find(fmt::format("{} holds other words in revision {} than decision {} is about.", path, revision.hex(),
                         decision.no));
    }
    return {};
  }

  /// Which files are closed, and with which words.
  void note_closed() {
    closed_.clear();
    for (const auto& [section, pin] : consensus::pins_of(chain_)) {
      if (!pin.closed || pin.closed_by == 0) continue;
      const consensus::Decision& by = chain_[pin.closed_by - 1];
      for (const consensus::Subject& subject : by.subject)
        if (subject.section == section)
          closed_[text_path(by.report, section)] = {subject.blob, pin.closed_by,
                                                    pin.status == consensus::Status::withdrawn};
    }
  }

  struct Closed {
    std::string blob;
    std::uint64_t decision = 0;
    bool withdrawn = false;
  };

  void check_closed(const std::map<std::string, Closed>& before, const Touched& touched, const RevisionId& revision) {
    for (const auto& [path, id] : touched.texts) {
      const auto was = before.find(path);
      const auto is = std::as_const(closed_).find(path);
      // Opened by a decision of this very revision, or closed by one: the texts of decisions are compared above.
      if (was == before.end() || is == closed_.end() || was->second.decision != is->second.decision) continue;
      if (!id && was->second.withdrawn) continue;
      if (!id || from_git<BlobId>(*id).hex() != was->second.blob)
        find(fmt::format("{} got other words in revision {}, though decision {} had closed it.", path, revision.hex(),
                         was->second.decision));
    }
  }

  git_repository* repository_;
  Verified verified_;
  std::vector<consensus::Decision> chain_;
  std::optional<Sha256> last_;
  std::map<std::string, Closed> closed_;
  std::set<std::string> released_;  ///< Folders of closed reports.
  bool broken_ = false;             ///< The chain cannot be followed any further.
};

}  // namespace

Result<Verified> verify_repository(const std::filesystem::path& folder) {
  const LibGit2 library;
  git_repository* raw = nullptr;
  const int code = git_repository_open(&raw, folder.c_str());
  const Git<git_repository> repository(raw);
  if (code == GIT_ENOTFOUND) return fail(Errc::not_found, "There is no git repository in " + folder.string() + '.');
  BOSSEY_TRY_VOID(check_git(code, "opening " + folder.string()));
  return Walk(repository.get()).run();
}

}  // namespace bossey::revisions
