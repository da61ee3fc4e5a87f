// Everything a group knows, folded from its events by a pure function: the same events give the same state, before and
// after a restart. Read by commands and views; changed by `apply` alone. Holds no text but what was decided on.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "consensus/decision.hpp"
#include "consensus/disclaimer.hpp"
#include "consensus/standing.hpp"
#include "document/outline.hpp"
#include "group/event.hpp"
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
  friend bool operator==(const Report&, const Report&) = default;
};

/// Beside the decision itself, which stands at the same index of `GroupState::chain`.
struct DecisionRecord {
  std::string bytes;
  std::optional<PersonId> maker;
  std::vector<DecidedText> texts;
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
  consensus::Wording wording;
  std::uint32_t objection_pause_s = kObjectionPause_s;
  std::map<ReportId, Report> reports;
  std::vector<ReportId> report_order;
  std::map<SectionId, ReportId> report_of;
  std::vector<consensus::Decision> chain;
  std::vector<DecisionRecord> records;
  consensus::Pins pins;
  std::map<std::uint64_t, Proposal> proposals;  ///< Late edits and kept words; those handed in are amendments, too.
  std::map<std::uint64_t, AmendmentRecord> amendments;
  std::map<SectionId, std::vector<std::uint64_t>> amendments_of;  ///< Their numbers, ascending.
  consensus::Positions positions;  ///< Private to their holders and the chair; number n stands at index n - 1.
  std::map<std::pair<PersonId, std::string>, Answer> answers;
  std::deque<std::pair<PersonId, std::string>> answer_order;  ///< Oldest first; bounded by kKeysKept.
  friend bool operator==(const GroupState&, const GroupState&) = default;

  [[nodiscard]] const Report* report(const ReportId& slug) const;
  /// The report and place of a section; null if the group has no such section.
  [[nodiscard]] const Report* report_with(const SectionId& section) const;
  [[nodiscard]] std::uint64_t next_proposal() const;
  /// The words that the present status of a section is about; null for a Draft.
  [[nodiscard]] const std::string* decided_text(const SectionId& section) const;
};

/// Folds one event in. Errc::corrupt: the event does not follow from the ones before (a decision that does not fit the
/// chain, an unknown report); the state is then unchanged.
[[nodiscard]] Result<void> apply(GroupState& state, const Event& event, std::int64_t time_ms);

}  // namespace bossey::group
