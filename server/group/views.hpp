// What a page, a print or an export is shown of a group, as plain values: the structs of docs/formats/http.md, already
// filtered for one person. Made by Group; nothing here refers back into it. Text is UTF-8, times are seconds UTC.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/attribution.hpp"
#include "consensus/decision.hpp"
#include "consensus/disclaimer.hpp"
#include "consensus/standing.hpp"
#include "group/amendment.hpp"

namespace bossey::group {

enum class ProposalState : std::uint8_t { open, withdrawn };
[[nodiscard]] std::string_view name_of(ProposalState state);

struct StatusView {
  consensus::Status status = consensus::Status::draft;
  bool settled = false;
  bool fresh = true;
  bool changed_since = false;  ///< Settled once, other words now.
  bool reopened = false;
  bool closed = false;
  std::string line;  ///< "Agreed 17 June 2005 22:14 UTC".
  std::optional<std::uint64_t> decision;
  std::optional<std::uint32_t> changed_words;  ///< Only with changed_since.
};

struct ProposalMark {
  std::uint64_t number = 0;
  bool mine = false;
  ProposalState state = ProposalState::open;  ///< Of a late edit.
  std::uint64_t version = 0;                  ///< Grows when its words change.
  std::optional<consensus::Fate> fate;        ///< Of an amendment.
};

struct SectionView {
  SectionId id;
  DocumentId document;
  std::optional<SectionId> parent;
  std::uint32_t depth = 0;
  std::string number;  ///< "5.1"; empty where the kind is not numbered.
  std::string kind;    ///< section, opening, box, annex, alternative.
  std::string title;
  StatusView status;
  std::optional<std::string> chapter_line;  ///< Of what stands below it; nothing when it holds no sections.
  consensus::Disclaimer disclaimer;         ///< Empty only for a fresh Agreed text.
  bool prints_disclaimer = false;           ///< False where the section before has the same: print once.
  Sha256 text_id;
  Sha256 content_hash;
  std::uint32_t brackets = 0;
  bool unknown = false;  ///< Holds parts that the schema does not know: read-only, cannot be agreed.
  std::uint32_t words = 0;
  std::vector<ProposalMark> proposals;
  consensus::PositionTally positions;  ///< Counts alone are shown.
};

/// A position as its holder or the chair sees it.
struct PositionView {
  consensus::Position position;
  bool mine = false;
  bool asks = false;  ///< It was to earlier words: keep or withdraw?
};
struct PositionsView {
  SectionId section;
  Sha256 text_id;                                ///< Of the words that they are counted on.
  std::vector<PositionView> positions;           ///< Those that the reader may see, oldest first.
  std::vector<consensus::SeenPositions> counts;  ///< For everybody.
};

/// "Any objection?" is being asked.
struct PauseView {
  std::string id;
  ReportId report;
  SectionId section;
  std::vector<SectionId> subject;
  consensus::DecisionKind kind = consensus::DecisionKind::agree;
  std::uint32_t seconds = 0;
  std::int64_t left_ms = 0;  ///< Until the chair may say "So decided"; 0 or more.
  std::int64_t ends_at_s = 0;
};

struct ReportView {
  ReportId slug;
  std::string title;
  std::string kind;   ///< "report".
  std::string phase;  ///< "Drafting".
  std::uint64_t version = 0;
  std::string chapter_line;
  std::string short_disclaimer;
  std::vector<SectionView> sections;  ///< In reading order.
  std::vector<PauseView> pauses;
};

struct ReportSummary {
  ReportId slug;
  std::string title;
  std::string kind;
  std::string phase;
  std::uint32_t settled = 0;
  std::uint32_t sections = 0;
};

struct GroupView {
  GroupId slug;
  std::string name;
  std::string addressee;
  std::vector<std::string> can;  ///< write, decide, outline, create_report, people, see_people.
  std::vector<ReportSummary> reports;
  std::string privacy;
  std::uint32_t objection_pause_s = 0;
};

struct DecisionView {
  std::uint64_t number = 0;
  std::int64_t at_s = 0;
  consensus::DecisionKind kind = consensus::DecisionKind::agree;
  ReportId report;
  SectionId section;  ///< The first of its subject.
  std::vector<SectionId> subject;
  std::string title;
  Sha256 text_id;
  std::string sentence;
  std::string reason;
  std::optional<std::uint64_t> undone_by;
};

/// What an amendment has beyond a late edit.
struct AmendmentView {
  DocumentId document;
  consensus::ProposalKind kind = consensus::ProposalKind::amendment;
  consensus::Fate fate = consensus::Fate::open;
  std::optional<std::uint64_t> on;
  consensus::Strength strength = consensus::Strength::should;
  std::string signed_by;
  std::vector<std::uint64_t> rivals;
  bool uncontested = false;
  bool untouched = false;
  bool behind = false;             ///< The text has changed since it departed from it.
  bool asks = false;               ///< It wants something that the text does not say.
  std::vector<LeftOut> overtaken;  ///< Parts that a changed text has no place for.
  std::vector<LeftOut> left;       ///< The same, of earlier times when it was brought up to date.
  std::uint64_t version = 0;
  std::string target;  ///< The text as it stands, canonical.
  std::string wanted;  ///< The same with what it asks for.
};

struct ProposalView {
  std::uint64_t number = 0;
  SectionId section;
  std::optional<AmendmentView> amendment{};
  ProposalState state = ProposalState::open;
  bool mine = false;
  std::int64_t at_s = 0;
  std::uint64_t decision = 0;  ///< That came before it; 0: none, its words landed in nothing.
  std::string reason;
  std::optional<std::string> base;  ///< Canonical text it departs from. Only for its author; none without decision.
  std::optional<std::string> canonical;  ///< Canonical text with the author's words; without decision these alone.
};

/// What was agreed last of a section, and what is there now; compare them for "what changed since".
struct AgreedView {
  std::uint64_t decision = 0;
  Sha256 text_id;
  std::string revision;   ///< 40 hexadecimal digits of the commit that holds text and decision.
  std::string canonical;  ///< As agreed.
  std::string live;       ///< As of now.
};

/// The JSON of docs/formats/http.md: SECTION and so on.
[[nodiscard]] nlohmann::json to_json(const SectionView& section);
[[nodiscard]] nlohmann::json to_json(const ReportView& report);
[[nodiscard]] nlohmann::json to_json(const PauseView& pause);
[[nodiscard]] nlohmann::json to_json(const GroupView& group);
[[nodiscard]] nlohmann::json to_json(const DecisionView& decision);
/// Without `redline`, which the caller adds.
[[nodiscard]] nlohmann::json to_json(const ProposalView& proposal);

}  // namespace bossey::group
