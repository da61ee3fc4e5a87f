// Everything a group knows, folded from its events by a pure function: the same events give the same state, before and
// after a restart. Read by commands and views; changed by `apply` alone. Holds no text but what was decided on.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "consensus/bracket.hpp"
#include "consensus/decision.hpp"
#include "consensus/disclaimer.hpp"
#include "consensus/phase.hpp"
#include "consensus/standing.hpp"
#include "document/outline.hpp"
#include "group/event.hpp"
#include "group/group_rules.hpp"
#include "group/room_state.hpp"
#include "group/views.hpp"

namespace bossey::group {

/// Where a section that was split off comes from.
struct SplitFrom {
  SectionId section;
  std::uint64_t decisions = 0;  ///< How many there were in the group then: they are of its past, later ones are not.
  friend bool operator==(const SplitFrom&, const SplitFrom&) = default;
};

struct Report {
  ReportId slug;
  std::string title;
  std::string kind;
  bool imported = false;
  std::int64_t made_s = 0;
  consensus::Phase phase = consensus::Phase::drafting;
  std::uint64_t version = 1;
  document::Outline outline;
  std::map<SectionId, SplitFrom> split_from;  ///< New section -> the one that held its words.
  std::string language = "en";                ///< Of print and disclaimers.
  std::optional<Published> published;         ///< For public comment.
  consensus::Wordings wordings;               ///< Of disclaimers, over the group's.
  std::set<std::string> labels_given;         ///< All that it has or had; of options with their frame, "<frame>/A".
  std::map<SectionId, std::uint64_t> moved;   ///< How many decisions there were when it, or what holds it, moved last.
  std::map<SectionId, std::string> rooms;     ///< Where an option is drawn up.
  std::map<SectionId, Origin> origins;        ///< Of a derived copy.
  std::uint64_t closed_by = 0;                ///< The decision that closed it for good; 0 while it is written.
  std::set<SectionId> left_open;              ///< Sections that a closing may leave unsettled.
  [[nodiscard]] bool is_closed() const { return !consensus::row(phase).writes; }
  friend bool operator==(const Report&, const Report&) = default;
};

/// Beside the decision itself, which stands at the same index of `GroupState::chain`.
struct DecisionRecord {
  std::string bytes;
  std::optional<PersonId> maker;
  std::vector<DecidedText> texts;
  std::vector<document::Place> places{};  ///< Where each stood then.
  std::string room{};                     ///< Of the team whose co-lead made it.
  friend bool operator==(const DecisionRecord&, const DecisionRecord&) = default;
};

struct Proposal {
  std::uint64_t number = 0;
  SectionId section;
  std::optional<PersonId> person;
  std::uint64_t session = 0;
  std::uint64_t decision = 0;
  ProposalState state = ProposalState::open;
  std::int64_t at_s = 0;
  std::string base;
  std::uint64_t beside = 0;  ///< Typed into the words of this amendment; 0: of the section.
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

struct GroupState {
  GroupId id;
  std::string name, addressee, terms;
  std::int64_t made_s = 0;
  consensus::Wordings wordings;
  std::map<SectionId, consensus::Wordings> section_wordings;
  std::uint32_t objection_pause_s = kObjectionPause_s;
  GroupRules rules;
  AttributionHistory attribution_history;
  RoomState room;  ///< Meetings, teams, review rounds.
  std::map<ReportId, Report> reports;
  std::vector<ReportId> report_order;
  std::map<SectionId, ReportId> report_of;
  std::vector<consensus::Decision> chain;
  std::vector<DecisionRecord> records;
  consensus::Pins pins;
  std::map<std::uint64_t, Proposal> proposals;  ///< Late edits and kept words; those handed in are amendments, too.
  std::map<std::uint64_t, AmendmentRecord> amendments;
  std::map<SectionId, std::vector<std::uint64_t>> amendments_of;  ///< Their numbers, ascending.
  consensus::Positions positions;      ///< Private to their holders and the chair; number n stands at index n - 1.
  consensus::BracketRecords brackets;  ///< Owners are private; number n stands at index n - 1.
  std::vector<CallRecord> calls;       ///< Number n stands at index n - 1. Who answered what is private.
  consensus::Labels labels;            ///< "Not discussed in full".
  std::map<ReportId, Closing> closings;
  std::map<std::pair<PersonId, std::string>, Answer> answers;
  std::deque<std::pair<PersonId, std::string>> answer_order;  ///< Oldest first; bounded by kKeysKept.
  friend bool operator==(const GroupState&, const GroupState&) = default;

  [[nodiscard]] const Report* report(const ReportId& slug) const;
  /// The report and place of a section; null if the group has no such section.
  [[nodiscard]] const Report* report_with(const SectionId& section) const;
  /// The decision that closed a section, or its whole report; nothing while it is written.
  [[nodiscard]] std::optional<std::uint64_t> closed_by(const SectionId& section) const;
  [[nodiscard]] std::uint64_t next_proposal() const;
  /// Whether a section stands elsewhere than when it was last decided on.
  [[nodiscard]] bool moved_since_decided(const SectionId& section) const;
  /// Wordings from the group down to a section, over all that hold it.
  [[nodiscard]] std::vector<consensus::Wordings> wordings_of(const Report& report, const SectionId* section) const;
  /// The words that the present status of a section is about; null for a Draft.
  [[nodiscard]] const std::string* decided_text(const SectionId& section) const;
};

/// Folds one event in. Errc::corrupt: the event does not follow from the ones before (a decision that does not fit the
/// chain, an unknown report); the state is then unchanged.
[[nodiscard]] Result<void> apply(GroupState& state, const Event& event, std::int64_t time_ms);

}  // namespace bossey::group
