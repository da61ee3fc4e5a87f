#include "app/group_check.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "consensus/decision.hpp"
#include "crdt/doc.hpp"
#include "document/content_hash.hpp"
#include "group/repository_files.hpp"
#include "group/section_text.hpp"
#include "group/state.hpp"
#include "revisions/decision_chain.hpp"
#include "revisions/durable_files.hpp"
#include "revisions/repository.hpp"

namespace bossey::app {

namespace {

namespace fs = std::filesystem;
using revisions::Repository;
using revisions::RevisionId;

/// Rows after the one that a revision names, of which one may be the last in its text.
constexpr std::size_t kRowsAfterMax = 2'000;

constexpr const char* kAdviceObjects =
    "Every text and decision is also in the journal. Stop the server and put back this repository from a backup; "
    "without one, move it away: the next start commits texts and decisions again, and only the revisions between are "
    "lost.";
constexpr const char* kAdviceUnclean =
    "The last end was not clean. Start the server: it goes back to the last whole revision and makes the rest again "
    "from the journal. Then check again.";
constexpr const char* kAdviceJournal =
    "Stop the server, keep a copy of the folder, and restore the last backup. The group's repository shows what its "
    "texts were.";
constexpr const char* kAdviceChanged =
    "Somebody or something other than bossey wrote to the repository. Stop the server, keep a copy, and put back this "
    "repository from a backup; without one, move it away: the next start commits the journal's texts and decisions.";

class GroupCheck {
 public:
  GroupCheck(journal::Reader& reader, const GroupId& group, fs::path folder, DataReport& report)
      : reader_(reader), group_(group), folder_(std::move(folder)), report_(report) {}

  void run() {
    const bool has_state = fold();
    std::error_code error;
    if (!fs::exists(folder_, error)) {
      problem("the repository " + folder_.string() + " is missing", kAdviceObjects);
      return;
    }
    revisions::OpenOptions options;
    options.repair = false;
    auto opened = Repository::open(folder_, std::move(options));
    if (!opened) {
      problem(opened.error().detail, kAdviceObjects);
      return;
    }
    repository_ = std::move(*opened);
    if (!check_objects()) return;
    check_chain();
    if (!has_state || !head_) return;
    check_decisions_of_journal();
    check_texts();
  }

 private:
  void problem(const std::string& what, const char* advice) {
    report_.problems.push_back({fmt::format("group {}: {}", group_.value, what), advice});
  }
  void note(const std::string& what) { report_.notes.push_back(fmt::format("group {}: {}", group_.value, what)); }

  // The group as its events tell it. False: they cannot be read.
  bool fold() {
    state_.id = group_;
    const auto events = reader_.events(group_);
    if (!events) {
      problem("its events cannot be read: " + events.error().detail, kAdviceJournal);
      return false;
    }
    for (const auto& stored : *events) {
      const auto event = group::parse_event(stored.kind, stored.json);
      const auto folded =
          event ? group::apply(state_, *event, stored.time_ms) : Result<void>(tl::unexpected<Error>(event.error()));
      if (folded) continue;
      problem(fmt::format("row {} of the journal does not follow from those before: {}", stored.seq.value,
                          folded.error().detail),
              kAdviceJournal);
      return false;
    }
    if (events->empty()) problem("it has a repository, but the journal does not know it", kAdviceJournal);
    return !events->empty();
  }

  // True if the rest can be looked at.
  bool check_objects() {
    const auto mark = revisions::read_mark(folder_);
    const bool clean = mark && mark->clean;
    const auto found = repository_->check();
    if (!found) problem(found.error().detail, kAdviceObjects);
    if (found)
      for (const auto& each : *found) problem(each, clean ? kAdviceObjects : kAdviceUnclean);
    if (!found || !found->empty()) return false;
    const auto head = repository_->head();
    if (head) head_ = *head;
    report_.parts.push_back(fmt::format("group {}: {} sections, {} decisions, head {}", group_.value,
                                        state_.report_of.size(), state_.chain.size(),
                                        head_ ? head_->hex().substr(0, 12) : "none yet"));
    if (!head_ && !state_.name.empty()) note("its repository has no revision yet; the next start makes the first");
    return head.has_value();
  }

  void check_chain() {
    const auto found = revisions::check_decisions(*repository_);
    if (!found) return problem("the decisions cannot be read: " + found.error().detail, kAdviceChanged);
    for (const auto& each : *found) problem(each, kAdviceChanged);
  }

  void check_decisions_of_journal() {
    for (std::size_t i = 0; i < state_.records.size(); ++i) {
      const auto path = consensus::decision_path(i + 1);
      const auto bytes = repository_->read(*head_, path);
      if (bytes && *bytes != state_.records[i].bytes)
        problem(fmt::format("{} is not the decision that the journal has", path), kAdviceChanged);
      if (bytes) continue;
      const auto history = repository_->history(path, 1);
      if (history && history->empty())
        note(fmt::format("{} is in the journal and not committed yet; the server does it, or the next start", path));
      else
        problem(fmt::format("{} is missing, though it was recorded", path), kAdviceChanged);
    }
    const auto next = consensus::decision_path(state_.records.size() + 1);
    if (const auto found = repository_->find(*head_, next); found && *found)
      problem(fmt::format("the repository holds {}, which the journal lacks", next), kAdviceJournal);
  }

  void check_texts() {
    std::size_t pending = 0;
    for (const auto& [section, report] : state_.report_of) {
      const auto path = group::text_path(report, section);
      const auto blob = repository_->find(*head_, path);
      if (!blob) return problem(blob.error().detail, kAdviceObjects);
      const auto rows = reader_.load(DocumentId{"section/" + section.value});
      if (!rows) {
        problem(fmt::format("section {}: {}", section.value, rows.error().detail), kAdviceJournal);
        continue;
      }
      const auto now = text_after(*rows);
      if (!now)
        problem(fmt::format("section {}: {}", section.value, now.error().detail), kAdviceJournal);
      else if (!*blob || **blob != revisions::blob_id(as_bytes(*now)))
        pending += check_older_text(section, path, *blob) ? 1 : 0;
    }
    if (pending > 0)
      note(
          fmt::format("{} sections have words that are in the journal and not in git yet; the server commits them "
                      "soon, or the next start",
                      pending));
  }

  // A text at head that is not the document's present one: true if it was the document's text at the row that its
  // revision names, or soon after.
  bool check_older_text(const SectionId& section, const std::string& path,
                        const std::optional<revisions::BlobId>& blob) {
    const auto history = repository_->history(path, 1);
    if (!blob && history && history->empty()) return true;
    const auto seq = history && !history->empty() ? named_row(history->front().revision, section) : std::nullopt;
    const auto rows = reader_.load(DocumentId{"section/" + section.value}, journal::From::start);
    if (blob && seq && rows && was_text(*rows, *seq, *blob)) return true;
    problem(fmt::format("{} at head is not the text of its document{}", path,
                        blob ? "" : ": it was removed, but the section is there"),
            kAdviceChanged);
    return false;
  }

  /// The row up to which a revision holds a section's text: its own trailer, or the only one.
  static std::optional<std::uint64_t> named_row(const revisions::Revision& revision, const SectionId& section) {
    std::optional<std::uint64_t> found;
    bool mine = false;
    for (const auto& trailer : revision.trailers) {
      if (trailer.key == "Section") mine = trailer.value == section.value;
      if (trailer.key != "Journal-Seq") continue;
      std::uint64_t number = 0;
      const auto* end = trailer.value.data() + trailer.value.size();
      if (std::from_chars(trailer.value.data(), end, number).ec != std::errc{}) continue;
      if (mine) return number;
      found = number;
    }
    return found;
  }

  static void name_roots(crdt::Doc& doc) {
    // Typed before anything is applied, as in rooms, so that all read the same from the same rows.
    static_cast<void>(doc.text(document::kTitleRoot));
    static_cast<void>(doc.xml_fragment(document::kBodyRoot));
  }

  static Result<std::string> text_after(const journal::Loaded& rows) {
    crdt::Doc doc(crdt::ClientId{1});
    name_roots(doc);
    if (rows.snapshot) BOSSEY_TRY_VOID(doc.apply_update(rows.snapshot->bytes, crdt::UpdateFormat::v2));
    for (const auto& row : rows.updates) static_cast<void>(doc.apply_update(row.bytes));
    return group::text_of(doc).canonical;
  }

  static bool was_text(const journal::Loaded& rows, std::uint64_t seq, const revisions::BlobId& blob) {
    crdt::Doc doc(crdt::ClientId{1});
    name_roots(doc);
    std::size_t i = 0;
    for (; i < rows.updates.size() && rows.updates[i].seq.value <= seq; ++i)
      static_cast<void>(doc.apply_update(rows.updates[i].bytes));
    // Commits of outlines name the row of their event, and hold what had been typed when it was on disk.
    for (std::size_t after = 0;; ++after, ++i) {
      if (revisions::blob_id(as_bytes(group::text_of(doc).canonical)) == blob) return true;
      if (i >= rows.updates.size() || after >= kRowsAfterMax) return false;
      static_cast<void>(doc.apply_update(rows.updates[i].bytes));
    }
  }

  journal::Reader& reader_;
  const GroupId& group_;
  fs::path folder_;
  DataReport& report_;
  group::GroupState state_;
  std::unique_ptr<Repository> repository_;
  std::optional<RevisionId> head_;
};

}  // namespace

void check_group(journal::Reader& reader, const GroupId& group, const fs::path& repository, DataReport& report) {
  GroupCheck(reader, group, repository, report).run();
}

}  // namespace bossey::app
