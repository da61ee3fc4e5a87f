// The inside of Group: what its source files share. Included by server/group/*.cpp only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "group/amendment_texts.hpp"
#include "group/event.hpp"
#include "group/group.hpp"
#include "group/overview.hpp"
#include "group/revision_writer.hpp"
#include "group/section_texts.hpp"
#include "group/state.hpp"

namespace bossey::group {

/// When the words of a proposal are read: at once for its first edit, then for all edits of a second together.
struct WordsReading {
  bool running = false;
  bool wanted = false;  ///< Edits came that the last reading lacks.
  std::unique_ptr<net::Timer> pause;
};

struct Deciding;

/// A decision that is being asked for (pausing.cpp). Its texts are held.
struct Pause {
  std::string id;
  std::shared_ptr<Deciding> deciding;
  std::uint32_t seconds = 0;
  std::int64_t deadline_ms = 0;  ///< Scheduler::now_ms.
  std::unique_ptr<net::Timer> timer;
};

struct Group::Parts : std::enable_shared_from_this<Parts> {
  Parts(GroupId id, Surroundings surroundings) : around(std::move(surroundings)) { state.id = std::move(id); }

  Surroundings around;
  GroupState state;
  SectionTexts texts;
  AmendmentTexts amendments;
  std::map<std::uint64_t, ProposalWords> proposal_words;
  std::map<std::uint64_t, WordsReading> words_readings;
  std::uint64_t proposal_numbers_taken = 0;
  std::set<std::uint64_t> opening_again;  ///< Withdrawn proposals whose reopening is on its way to the disk.
  std::shared_ptr<RevisionWriter> writer;
  // Generated files as of the last commit that is queued, and of what they were made.
  std::map<std::string, Sha256> files_written;
  std::map<ReportId, std::uint64_t> versions_written;
  std::map<std::uint64_t, ProposalState> proposals_written;
  std::set<std::uint64_t> amendments_due;  ///< Their files are not as they are.
  std::map<SectionId, std::unique_ptr<net::Timer>> telling_amendments;
  std::unique_ptr<net::Timer> readme_due;

  /// How many commits of decisions and outlines hold the text of a section: a commit of its text alone that was being
  /// prepared meanwhile is older than these.
  std::map<SectionId, std::uint64_t> texts_queued;

  std::map<SectionId, bool> told_changed;  ///< Of reopened sections: whether pages last heard "changed since".

  std::map<std::string, Pause> pauses;

  /// Sections whose text moved under positions: their authors are asked when it has been at rest for a while.
  std::map<SectionId, std::unique_ptr<net::Timer>> asking_authors;

  // Calls for consensus (call_clock.cpp).
  std::unique_ptr<net::Timer> call_clock;
  std::int64_t call_clock_due_ms = 0;         ///< Scheduler::now_ms.
  std::optional<std::int64_t> alive_until_s;  ///< Of the run before this one, as far as is known.
  bool calls_due = false;                     ///< A look at their texts waits for its turn.

  // Commands wait for the one before: numbers, versions and `prev` follow each other.
  std::deque<std::function<void()>> waiting;
  bool busy = false;

  [[nodiscard]] Overview overview(std::optional<PersonId> reader = std::nullopt) const {
    return Overview{state, texts, amendments, proposal_words, reader, now_s()};
  }
  [[nodiscard]] std::uint64_t client_id() const;  ///< Random, 32 bits, not 0.
  /// For a new proposal: late edits come between a command and its record.
  [[nodiscard]] std::uint64_t take_proposal_number();
  [[nodiscard]] SectionId new_section_id() const;
  [[nodiscard]] std::int64_t now_s() const { return around.scheduler.unix_ms() / 1000; }
};

using PartsPtr = std::shared_ptr<Group::Parts>;

/// One line of at least one character and at most kTitleMax_bytes.
[[nodiscard]] Result<void> check_title(const std::string& title);
[[nodiscard]] inline std::optional<PersonId> author(const Caller& caller) {
  return caller.person.value == 0 ? std::nullopt : std::optional(caller.person);
}
[[nodiscard]] inline DocumentId document_of(const SectionId& section) {
  return DocumentId{"section/" + section.value};
}

/// Starts the writer of a group whose state and texts are complete.
void start_writer(Group::Parts& parts);

// --- commands.cpp ---

/// Checks the key and the role; nothing for an empty key of the command line.
[[nodiscard]] Result<void> check_command(const Caller& caller, consensus::Action action, const std::string& key);
/// The first answer to this key, if there is one. `asked`: what the command is about, as far as it names it.
/// Errc::bad_input: the key was used for another kind of command, or for another report, section or proposal.
[[nodiscard]] Result<std::optional<Answer>> answered(const Group::Parts& parts, const Caller& caller,
                                                     const std::string& key, const Answer& asked);
[[nodiscard]] std::optional<KeyUse> key_use(const Caller& caller, const std::string& key, Answer answer);

/// Runs `job` when the commands before it have ended; `job` calls what it is given once, at its end. False: too many.
[[nodiscard]] bool enqueue(const PartsPtr& parts, std::function<void(std::function<void()>)> job);

/// The same for a command with an answer: `body` is given a callback that both answers and lets the next one start.
template <class T>
void run_command(const PartsPtr& parts, Done<T> done, std::function<void(Done<T>)> body) {
  const bool queued = enqueue(parts, [done, body = std::move(body)](std::function<void()> finished) {
    body([done, finished = std::move(finished)](Result<T> result) {
      done(std::move(result));
      finished();
    });
  });
  if (!queued) done(fail(Errc::unavailable, "Too much is waiting. Try again in a moment."));
}

using OnRecorded = std::function<void(Result<JournalSeq>)>;
/// Appends rows and events in one transaction. When they are on disk: folds the events in, then calls `then`.
void record(const PartsPtr& parts, std::vector<journal::Row> rows, std::vector<Event> events, const OnRecorded& then);

/// The same together with an edit of a document: what it changes and the events are on disk together, or nothing is.
void record_with(const PartsPtr& parts, room::Room& room, room::Room::Edit edit, std::vector<Event> events,
                 const OnRecorded& then);

/// Opens rooms of sections, or of any documents, in order. Error: the first that failed.
using OnRooms = std::function<void(Result<std::vector<std::shared_ptr<room::Room>>>)>;
void open_documents(const PartsPtr& parts, std::vector<DocumentId> documents, OnRooms then);
void open_rooms(const PartsPtr& parts, const std::vector<SectionId>& sections, OnRooms then);

/// The section of an outline command or a decision. Errc::not_found.
[[nodiscard]] Result<const Report*> report_holding(const Group::Parts& parts, const ReportId& report,
                                                   const SectionId& section);

// --- telling.cpp ---

void tell_section(const PartsPtr& parts, const SectionId& section);
void tell_outline(const PartsPtr& parts, const ReportId& report);
void tell_report(const PartsPtr& parts, const ReportId& report);
/// That positions on a section changed: counts are in its view, and pages ask for the rest.
void tell_positions(const PartsPtr& parts, const ReportId& report, const SectionId& section);
void tell_brackets(const PartsPtr& parts, const ReportId& report, const SectionId& section);
/// That words moved under positions: their authors' pages ask, "Keep or withdraw?"
void tell_asks(const PartsPtr& parts, const ReportId& report, const SectionId& section);
/// `event`: a pause and its `state`.
void tell_pause(const PartsPtr& parts, nlohmann::json event);
/// That a call was opened or moved, or that somebody answered it.
void tell_call(const PartsPtr& parts, const ReportId& report, std::uint64_t number, std::string_view state);
/// That the group's rules, meeting or teams changed: pages ask for what they may see.
void tell_room(const PartsPtr& parts, std::string_view type);
/// That phase, corrections, versions or transmittals of a report changed: pages ask for what they may see.
void tell_closing(const PartsPtr& parts, const ReportId& report);
void tell_trouble(const PartsPtr& parts, const std::string& message);

// --- making_revisions.cpp ---

[[nodiscard]] revisions::Identity drafting_team();
[[nodiscard]] revisions::Identity secretariat();
[[nodiscard]] revisions::Identity chair();
/// Of a section's drafting team; the drafting team at large while it has none.
[[nodiscard]] revisions::Identity author_of_text(const GroupState& state, const SectionId& section);
/// Differs whenever a report's file does.
[[nodiscard]] std::uint64_t shape_of(const Report& report);
/// These count as written from now on. Those that differ from the last queued commit.
[[nodiscard]] std::vector<revisions::FileChange> write_files(Group::Parts& parts,
                                                             std::map<std::string, std::string> files);
/// The README follows what it lists by half a second, in a commit of its own: it is as long as all reports together.
void readme_soon(const PartsPtr& parts);
/// At once, if it is due.
void commit_readme(const PartsPtr& parts);
/// The commit of one decision, from its record alone, now and at any later time: the file and the words it is about.
[[nodiscard]] revisions::Commit decision_commit(const GroupState& state, std::size_t index);
void commit_decision(const PartsPtr& parts, std::size_t index);
/// The commit of a version without a decision of its own, likewise.
[[nodiscard]] revisions::Commit release_commit(const ReleaseRecord& record);
void commit_release(const PartsPtr& parts, const ReleaseRecord& record);
/// Queues a commit of the files of outlines and proposals that changed (and `texts`, section by section), for commands
/// on outlines and proposals.
void commit_shape(const PartsPtr& parts, std::string title, revisions::Identity author, JournalSeq seq,
                  const std::vector<SectionId>& texts = {});

// --- deciding.cpp ---

/// What a decision is recorded with, beside the text.
struct Finding {
  consensus::DecisionKind kind = consensus::DecisionKind::agree;
  ReportId report;
  std::vector<SectionId> subject;
  std::string reason;
  std::string session;
  std::optional<consensus::Present> present;
  std::vector<std::string> features;
  std::string agreed_by;
  std::string room;  ///< Of the team whose co-lead makes it.
  std::optional<std::uint64_t> refers_to;
  consensus::Basis basis = consensus::Basis::room;
  PersonId maker;
  std::optional<std::uint64_t> call{};  ///< That it closes, with the columns of its roll.
  std::vector<std::pair<std::string, std::uint32_t>> columns{};
  std::optional<consensus::Phase> phase{};  ///< Phase: the one that begins, with the version that it makes.
  std::string release{};
};
using RoomList = std::vector<std::shared_ptr<room::Room>>;
/// The event of a decision on the texts as they stand in `rooms`, numbered after the last one.
[[nodiscard]] DecisionRecorded draft_decision(const PartsPtr& parts, const Finding& finding, const RoomList& rooms);
/// Makes rooms agree with the state after a decision: closed, open, or released.
void settle_rooms(const PartsPtr& parts, const std::vector<SectionId>& sections, const RoomList& rooms,
                  std::uint64_t decision);

// --- phases.cpp ---

/// Errc::conflict once the report is closed: nothing of its text, outline or statuses changes any more.
[[nodiscard]] Result<void> check_written(const Report& report);

// --- pausing.cpp ---

/// Whether "Any objection?" is being asked on a section: nothing else changes it meanwhile.
[[nodiscard]] bool is_asked(const Group::Parts& parts, const SectionId& section);
[[nodiscard]] Error being_asked();
/// "So decided": compares again and records, or refuses and lets the held writes go on.
void decide_after_pause(const std::shared_ptr<Deciding>& deciding);
[[nodiscard]] std::vector<PauseView> pauses_of(const Group::Parts& parts, const ReportId& report);

/// An objection filed as a position ends the pause on its section.
void objected_in_pause(const PartsPtr& parts, const SectionId& section);

// --- reports.cpp ---

struct NewReport {
  std::string key, title, slug;
  bool imported = false;
  std::vector<NewSection> sections;
  std::string kind = "report";
  std::vector<Origin> origins{};  ///< Of a derived copy: one for each section.
  std::string command = "report";
};
/// Documents and event in one transaction; within a command, its key answered already.
void make_report(const PartsPtr& parts, const Caller& caller, const NewReport& report, const Done<ReportMade>& done);
// --- asking_authors.cpp ---

/// The text of a section differs from now on: whoever holds a position on earlier words is asked, once.
void ask_authors(const PartsPtr& parts, const SectionId& section);

// --- restoring.cpp ---

void restore_section(const PartsPtr& parts, const Caller& caller, const RestoreSection& command,
                     const Done<SectionView>& done);

// --- late_edits.cpp ---

[[nodiscard]] std::vector<ProposalView> late_edit_views(const Group::Parts& parts, const Caller& caller,
                                                        const SectionId& section);
/// The words of a proposal, from its base and the late rows of its section. Pure but for the reader.
[[nodiscard]] Result<ProposalWords> words_of_proposal(journal::Reader& reader, const GroupId& group,
                                                      const Proposal& proposal);
/// The same of a proposal without a decision: the words alone, plain, paragraphs parted by empty lines
/// (kept_words.cpp).
[[nodiscard]] Result<std::string> kept_words(const std::vector<BytesView>& rows);

}  // namespace bossey::group
