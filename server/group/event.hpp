// The facts of a group as rows of the journal: what happened, once, in order. Written by commands, folded into
// GroupState (state.hpp) at start and as they become durable. docs/formats/group-events.md gives the JSON of each.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "consensus/bracket.hpp"
#include "consensus/disclaimer.hpp"
#include "consensus/position.hpp"
#include "document/outline.hpp"
#include "group/amendment.hpp"
#include "group/call_record.hpp"
#include "group/closing_state.hpp"
#include "group/decided_text.hpp"
#include "group/group_rules.hpp"
#include "group/room_state.hpp"
#include "group/views.hpp"
#include "journal/row.hpp"

namespace bossey::group {

/// The first answer to a command, kept so that the same key gets it again.
struct Answer {
  std::string command;  ///< "report", "outline.move", "decision.agree" and so on, "restore", "withdraw", "rules".
  ReportId report;
  SectionId section;
  std::uint64_t number = 0;  ///< Version of the outline, decision, or number of sections of a new report.
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// Who used which key.
struct KeyUse {
  PersonId person;
  std::string key;
  Answer answer;
  friend bool operator==(const KeyUse&, const KeyUse&) = default;
};

struct GroupMade {
  std::string name, addressee, terms;
};
/// Where a section of a derived copy comes from: the words as they were then, and the decision that they stood on.
struct Origin {
  ReportId report;
  SectionId section;
  std::uint64_t decision = 0;  ///< 0: nobody had decided on these words.
  std::string canonical;
  friend bool operator==(const Origin&, const Origin&) = default;
};
struct ReportAdded {
  ReportId slug;
  std::string title;
  std::string kind;  ///< "report".
  bool imported = false;
  document::Outline outline;
  std::map<SectionId, Origin> origins{};  ///< Of a derived copy.
};
/// The whole outline after a command, so that a fold never depends on how a command works.
struct OutlineSet {
  ReportId report;
  std::uint64_t version = 0;
  std::string command;               ///< "add", "rename", ...: for people who read the journal.
  std::optional<SectionId> from;     ///< Split: where the new section's words come from. Merge: what was merged.
  std::optional<SectionId> section;  ///< The new or changed one.
  document::Outline outline;
  std::map<SectionId, std::string> rooms{};  ///< Options: the room where each is drawn up, no person's name.
};
struct DecisionRecorded {
  std::string bytes;  ///< Of the decision's file.
  std::optional<PersonId> maker;
  std::vector<DecidedText> texts;
  std::string room{};  ///< Of the team whose co-lead made it; else empty.
};
struct ProposalMade {
  std::uint64_t number = 0;
  SectionId section;
  std::optional<PersonId> person;
  std::uint64_t session = 0;  ///< Tells clients without a person apart.
  std::uint64_t decision = 0;
  std::string base;  ///< Canonical text it departs from.
  /// The amendment in whose words it was typed, after that had ended; 0: in the section's.
  std::uint64_t beside = 0;
};
struct ProposalWithdrawn {
  std::uint64_t number = 0;
  bool open_again = false;  ///< New words came after it was withdrawn.
};
struct TextRestored {
  SectionId section;
  std::string revision;
};

/// Rules of the group that the chair may change.
struct RulesSet {
  std::uint32_t objection_pause_s = 0;
};

inline constexpr std::uint32_t kObjectionPause_s = 5;
inline constexpr std::uint32_t kObjectionPauseMax_s = 60;

/// Positions that a command changed or made, each whole, so that no fold depends on how a position ends.
struct PositionsSet {
  consensus::Positions positions;
};

/// Records of brackets that a command changed or made, each whole.
struct BracketsSet {
  consensus::BracketRecords brackets;
};
/// What a level says otherwise, in one language or, with none, in all: whole. Empty: as the level above.
struct WordingSet {
  std::optional<ReportId> report;    ///< Nothing: the group.
  std::optional<SectionId> section;  ///< With its report.
  std::string language;
  consensus::Wording wording;
};

/// Facts of a report that its disclaimers are made from, each whole.
struct FactsSet {
  ReportId report;
  std::string kind;      ///< "report", "working paper", "background report".
  std::string language;  ///< Of print and disclaimers, "en".
  std::optional<Published> published;
};

/// All rules that the group gives itself, as they are from now on.
struct GroupRulesSet {
  GroupRules rules;
};

struct Event {
  std::variant<GroupMade, ReportAdded, OutlineSet, DecisionRecorded, ProposalMade, ProposalWithdrawn, TextRestored,
               RulesSet, PositionsSet, BracketsSet, WordingSet, FactsSet, CallSet, CallMemberSet, GroupRulesSet,
               RoomFact, ReleaseMade, WindowOpened, CorrectionsSet, TransmittalRecorded, AmendmentMade, AmendmentsSet>
      what;
  std::optional<KeyUse> key;
};

/// The row to append.
[[nodiscard]] journal::EventRow to_row(const GroupId& group, const Event& event, std::int64_t time_ms);
/// The opposite. Errc::corrupt: not JSON of that kind, or of a kind that this version does not know.
[[nodiscard]] Result<Event> parse_event(std::string_view kind, std::string_view json);

}  // namespace bossey::group
