// One working group: its reports, outlines, decisions, proposals, and the revisions that are due. Called by server/api,
// on the network thread only; commands run one after the other and answer when they are on disk. It holds no people
// and no sockets, and it changes text only through rooms, by ordinary edits.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "group/amendment_commands.hpp"
#include "group/bracket_commands.hpp"
#include "group/call_commands.hpp"
#include "group/caller.hpp"
#include "group/closing_commands.hpp"
#include "group/commands.hpp"
#include "group/group_events.hpp"
#include "group/group_rules.hpp"
#include "group/room_commands.hpp"
#include "group/views.hpp"
#include "journal/journal.hpp"
#include "net/scheduler.hpp"
#include "revisions/revision_store.hpp"
#include "room/access.hpp"
#include "room/late_edits.hpp"
#include "room/rooms.hpp"

namespace bossey::group {

struct GroupState;

/// What a group uses. All outlive it.
struct Surroundings {
  net::Scheduler& scheduler;
  journal::Journal& journal;
  revisions::RevisionStore& revisions;
  GroupEvents& events;
  std::function<std::uint64_t()> random;  ///< 64 random bits, for ids of sections and client ids.
  /// Set once rooms exist (rooms need the group as their LateEdits first).
  room::Rooms* rooms = nullptr;
};

/// Which decisions to list. Empty fields do not narrow.
struct DecisionFilter {
  std::optional<ReportId> report;
  std::optional<SectionId> section;
  std::string words{};    ///< Each of them stands in the sentence, reason or features; case does not matter.
  std::string meeting{};  ///< Likewise, in the meeting's name.
  std::optional<consensus::DecisionKind> kind{};
  std::optional<std::int64_t> from_s{}, until_s{};  ///< From the one, before the other.
};

/// Where somebody writes: a section's text, or the words of an amendment beside it.
struct TextPlace {
  SectionId section;
  std::uint64_t beside = 0;  ///< Number of the amendment; 0: the text itself.
};

class Group {
 public:
  struct Parts;
  explicit Group(std::shared_ptr<Parts> parts);
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  [[nodiscard]] const GroupId& id() const;
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const GroupState& state() const;
  /// Once rooms exist; commands that touch text are refused before.
  void attach(room::Rooms& rooms);

  // --- Reading. What the caller may not see is not_found, like what does not exist. ---

  [[nodiscard]] Result<GroupView> view(const Caller& caller) const;
  [[nodiscard]] Result<ReportView> report(const Caller& caller, const ReportId& report) const;
  [[nodiscard]] Result<SectionView> section(const Caller& caller, const ReportId& report,
                                            const SectionId& section) const;
  /// The canonical text of a section as of now.
  [[nodiscard]] Result<std::string> canonical(const Caller& caller, const ReportId& report,
                                              const SectionId& section) const;
  /// Newest first.
  [[nodiscard]] Result<std::vector<DecisionView>> decisions(const Caller& caller, const DecisionFilter& filter) const;
  /// One decision, and the words it is about, in the order of its subject.
  [[nodiscard]] Result<DecidedView> decision(const Caller& caller, std::uint64_t number) const;
  [[nodiscard]] Result<std::vector<ProposalView>> proposals(const Caller& caller, const ReportId& report,
                                                            const SectionId& section) const;
  /// On the section's words as they are now: one's own, all of them for the chair, counts for everybody.
  [[nodiscard]] Result<PositionsView> positions(const Caller& caller, const ReportId& report,
                                                const SectionId& section) const;
  /// The bracket marks of a section as it is now, with what is recorded of them; of all sections that hold some.
  [[nodiscard]] Result<BracketsView> brackets(const Caller& caller, const ReportId& report,
                                              const SectionId& section) const;
  [[nodiscard]] Result<std::vector<BracketsView>> brackets(const Caller& caller, const ReportId& report) const;
  /// Calls for consensus, newest first, without their texts; and one of them, with everything that the caller may see.
  [[nodiscard]] Result<std::vector<CallView>> calls(const Caller& caller) const;
  [[nodiscard]] Result<CallView> call(const Caller& caller, std::uint64_t number) const;
  /// What was agreed last, with the revision that holds it. Error not_found if nothing ever was.
  void agreed(const Caller& caller, const ReportId& report, const SectionId& section,
              const Done<AgreedView>& done) const;
  /// Path of a section's text in the repository, `reports/<slug>/sections/<id>.md`: for history and redlines.
  [[nodiscard]] Result<std::string> text_path(const Caller& caller, const ReportId& report,
                                              const SectionId& section) const;

  /// What is in the way of closing a report; once it is closed its window, corrections, versions and transmittals.
  [[nodiscard]] Result<ClosingView> closing(const Caller& caller, const ReportId& report) const;
  /// One version with its words, for print and Markdown, for ever the same.
  [[nodiscard]] Result<ReleasedReport> release(const Caller& caller, const ReportId& report,
                                               const std::string& id) const;
  /// Id of each version -> the 40 digits of its revision, for redlines.
  void release_revisions(const Caller& caller, const ReportId& report,
                         const Done<std::map<std::string, std::string>>& done) const;

  // --- Commands. Errors beside those named: forbidden, bad_input, too_large, unavailable (try again). ---

  /// conflict: a report of that name exists; the detail advises.
  void create_report(const Caller& caller, CreateReport command, Done<ReportMade> done);
  void import_report(const Caller& caller, ImportReport command, Done<ReportMade> done);
  /// conflict: the version moved, or the section is closed.
  void change_outline(const Caller& caller, OutlineCommand command, Done<OutlineChanged> done);
  /// Compare-and-agree and the other decisions. conflict: the text moved, brackets, closed or open already.
  void decide(const Caller& caller, Decide command, Done<Decided> done);
  /// "Any objection?": holds and compares as `decide` would, for agree and alternatives, and starts the pause. Whoever
  /// began it then decides with its id when it is over. conflict: as `decide`; asked already.
  void ask_for_objection(const Caller& caller, Decide command, Done<PauseView> done);
  /// Ends a pause; the held writes go on. conflict: it is over.
  [[nodiscard]] Result<void> object(const Caller& caller, const std::string& pause);
  [[nodiscard]] Result<void> cancel_pause(const Caller& caller, const std::string& pause);
  /// How many seconds the pause lasts; 0 to kObjectionPauseMax_s.
  void set_objection_pause(const Caller& caller, const std::string& key, std::uint32_t seconds, Done<void> done);
  /// The rules that the group gives itself; `change` is asked for the new ones when its turn comes. conflict:
  /// attributed mode after the first report.
  [[nodiscard]] Result<GroupRules> rules(const Caller& caller) const;
  using ChangeRules = std::function<Result<GroupRules>(const GroupRules& before)>;
  void change_rules(const Caller& caller, const std::string& key, ChangeRules change, Done<GroupRules> done);
  /// Meetings, teams, the typist and reviews; each answers with its number. What there is stands in state().room.
  /// conflict: a meeting is open already, or has ended.
  void open_meeting(const Caller& caller, OpenMeeting command, Done<std::uint64_t> done);
  void change_meeting(const Caller& caller, ChangeMeeting command, Done<std::uint64_t> done);
  /// Somebody came or went: pages count anew.
  void tell_attendance();
  void set_team(const Caller& caller, SetTeam command, Done<std::uint64_t> done);
  void give_section(const Caller& caller, GiveSection command, Done<std::uint64_t> done);
  void name_typist(const Caller& caller, NameTypist command, Done<std::uint64_t> done);
  /// conflict: the text moved. bad_input: the deadline.
  void send_review(const Caller& caller, SendReview command, Done<std::uint64_t> done);
  /// conflict: its deadline is to come, and not everybody has opened it.
  void end_review(const Caller& caller, const std::string& key, std::uint64_t number, Done<std::uint64_t> done);
  /// The text of a round was displayed to somebody on its roll; not_found for anybody else.
  void read_review(const Caller& caller, std::uint64_t number, Done<void> done);
  /// conflict: the text moved, the section is closed, the position has ended. Answers with what `positions` gives.
  void take_position(const Caller& caller, TakePosition command, Done<PositionsView> done);
  void move_position(const Caller& caller, MovePosition command, Done<PositionsView> done);
  /// conflict: the words moved, the section is closed. not_found: no such mark. All answer with what `brackets` gives.
  void bracket_words(const Caller& caller, BracketWords command, Done<BracketsView> done);
  void move_bracket(const Caller& caller, MoveBracket command, Done<BracketsView> done);
  void lift_brackets(const Caller& caller, LiftBrackets command, Done<BracketsView> done);
  /// conflict: the name is taken, or a text holds unknown parts.
  void derive_report(const Caller& caller, DeriveReport command, Done<ReportMade> done);
  /// not_found: the section is no copy.
  [[nodiscard]] Result<OriginTexts> origin(const Caller& caller, const ReportId& report,
                                           const SectionId& section) const;
  /// One level of wordings; with `preview`, as it would be with the wording of `about`.
  [[nodiscard]] Result<WordingView> wording(const Caller& caller, const SetWording& about, bool preview) const;
  void set_wording(const Caller& caller, SetWording command, Done<WordingView> done);
  void set_facts(const Caller& caller, SetFacts command, Done<void> done);
  /// Silence procedures. conflict: the text moved, the call is over or suspended, something is in the way of Agree.
  void open_call(const Caller& caller, OpenCall command, Done<CallView> done);
  void respond_to_call(const Caller& caller, RespondCall command, Done<CallView> done);
  void mark_call(const Caller& caller, const MarkCall& command, Done<void> done);
  /// Restart, extend, end, or confirm, which records the decision.
  void move_call(const Caller& caller, MoveCall command, Done<CallView> done);
  /// The report's phase. conflict, naming what is in the way.
  void change_phase(const Caller& caller, ChangePhase command, Done<ClosingChanged> done);
  void leave_open(const Caller& caller, const LeaveOpen& command, Done<ClosingChanged> done);
  void set_label(const Caller& caller, const SetLabel& command, Done<ClosingChanged> done);
  /// What the check for substance says of a correction; files nothing.
  [[nodiscard]] Result<CheckedCorrection> check_correction(const Caller& caller, const FileCorrection& command) const;
  /// conflict: the text moved, or the check finds substance and the author does not insist.
  void file_correction(const Caller& caller, FileCorrection command, Done<ClosingChanged> done);
  void move_correction(const Caller& caller, MoveCorrection command, Done<ClosingChanged> done);
  void record_transmittal(const Caller& caller, RecordTransmittal command, Done<ClosingChanged> done);
  /// Puts the words of a revision back by an ordinary edit. conflict: closed. Answers with the section.
  void restore(const Caller& caller, RestoreSection command, Done<SectionView> done);
  void withdraw_proposal(const Caller& caller, const WithdrawProposal& command, Done<void> done);
  /// Amendments (amending.cpp, adopting.cpp). conflict: withdrawn section, ended proposal, text moved, overtaken.
  void put_forward(const Caller& caller, PutForward command, Done<ProposalView> done);
  void put_forward(const Caller& caller, const PutPositionForward& command, Done<ProposalView> done);
  void move_amendment(const Caller& caller, MoveAmendment command, Done<ProposalView> done);
  /// What `adopt` would give now; whoever may not adopt it gets the refusal.
  void preview_adoption(const Caller& caller, const Adoptable& what, Done<AdoptionView> done) const;
  void adopt(const Caller& caller, Adopt command, Done<AdoptionView> done);

  // --- Forgetting (server/api/forgetting.hpp) ---

  /// Up to when people are due to be forgotten now, seconds since 1970: every report is transmitted, and the days for
  /// which the rule of then keeps them are over. Nothing: not yet.
  [[nodiscard]] std::optional<std::int64_t> forget_until_s() const;
  /// Takes out of the journal and of memory who typed, held, led, read and decided what up to then.
  void forget_people(std::int64_t until_s, const Done<void>& done);

  // --- For rooms and for the gate ---

  /// What somebody may do with a document of this group now: roles, meeting, team and phase together.
  [[nodiscard]] room::Access access(const DocumentId& document, const Caller& caller) const;
  /// False: nothing of the group is shown to this role now, because a closed meeting is held.
  [[nodiscard]] bool lets_in(consensus::RoleSet roles) const;

  [[nodiscard]] bool holds(const SectionId& section) const;
  /// The decision that closed it; nothing while it is open.
  [[nodiscard]] std::optional<std::uint64_t> closed_by(const SectionId& section) const;
  [[nodiscard]] Result<room::LateProposal> late_proposal(const TextPlace& place, const room::LateEdit& edit);
  void late_edit_kept(const room::LateEdit& edit, const room::LateProposal& proposal);
  void text_changed(const SectionId& section, room::Room& room);
  /// The amendment whose words a document holds; nothing for any other document.
  [[nodiscard]] std::optional<TextPlace> amendment_at(const DocumentId& document) const;
  /// Its own number, once it has ended: its words change no more, and what comes later is late.
  [[nodiscard]] std::optional<std::uint64_t> ended(std::uint64_t amendment) const;
  /// A signed one is written by its author alone; others propose a change to it.
  [[nodiscard]] bool may_write(PersonId person, std::uint64_t amendment) const;
  void amendment_changed(std::uint64_t amendment, room::Room& room);

  /// Commits everything that is due at once, and calls back when it is in git: at shutdown, before a backup.
  void commit_all(Done<void> done);

 private:
  std::shared_ptr<Parts> parts_;
};

}  // namespace bossey::group
