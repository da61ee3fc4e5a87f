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
#include "consensus/call.hpp"
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
  bool moved = false;  ///< Settled, and no longer where it stood then.
  std::string line;    ///< "Agreed 17 June 2005 22:14 UTC".
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

/// When a report was published for public comment, and until when comments are taken.
struct Published {
  std::int64_t at_s = 0;
  std::int64_t until_s = 0;
  friend bool operator==(const Published&, const Published&) = default;
};

/// Where a section of a derived copy comes from.
struct OriginView {
  ReportId report;
  SectionId section;
  std::string line;  ///< "edited from text agreed on 17 June 2005".
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
  std::uint32_t brackets_within = 0;  ///< With those of all sections within it.
  std::uint32_t reasons_missing = 0;  ///< Marks of its own text of which nobody has said why they are there.
  std::string room;                   ///< Of an option: where it is drawn up.
  std::optional<OriginView> origin;
  bool unknown = false;  ///< Holds parts that the schema does not know: read-only, cannot be agreed.
  std::uint32_t words = 0;
  std::vector<ProposalMark> proposals;
  consensus::PositionTally positions;  ///< Counts alone are shown.
  std::uint64_t team = 0;              ///< 0: every member writes.
  std::string team_room;
  bool left_open = false;      ///< By decision: a closing may leave it unsettled.
  bool not_discussed = false;  ///< The label "Not discussed in full" stands on it.
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

/// Of a report that was closed: enough for its head; the rest is in ClosingView.
struct WindowView {
  std::string release;  ///< The last version, "F-1.1".
  std::int64_t ends_s = 0;
  std::int64_t quiet_s = 0;
  std::uint32_t open_corrections = 0;
};

struct ReportView {
  ReportId slug;
  std::string title;
  std::string kind;   ///< "report".
  std::string phase;  ///< "Drafting".
  std::string phase_name;
  bool not_discussed = false;
  std::optional<WindowView> window;
  std::uint64_t version = 0;
  std::string chapter_line;
  std::string short_disclaimer;
  std::uint32_t brackets = 0;
  std::string language = "en";  ///< Of print and disclaimers.
  std::optional<Published> published;
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
  consensus::Unanimous unanimous = consensus::Unanimous::none_objects;
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
  std::optional<std::uint64_t> refers_to;    ///< Undo and reopen: the decision taken up again.
  std::optional<std::uint64_t> reopened_by;  ///< The last reopening of what it closed.
  std::string meeting;                       ///< Name of the meeting; may be empty.
};

/// The words of one section that a decision is about, as they were then.
struct DecidedWords {
  SectionId section;
  std::string title;
  Sha256 text_id;
  std::string canonical;
};
struct DecidedView {
  DecisionView decision;
  std::vector<DecidedWords> texts;
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

/// The words of a derived section as they were where they come from, and as they are now.
struct OriginTexts {
  OriginView origin;
  std::string before;
  std::string live;
};

/// What one level says of disclaimers in one language, what holds there without it, and how it all reads.
struct WordingView {
  std::string language;
  std::vector<std::string> languages;  ///< Of which this level says something.
  consensus::Wording own;
  std::vector<consensus::Wording> above;  ///< From the group down, in that language.
  struct Sample {
    std::string status;
    consensus::Disclaimer disclaimer;
  };
  std::vector<Sample> samples;
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
