// The commands of a group, as plain values: parsed from JSON by server/api, from the command line by app. Each carries
// the page's idempotency key (8 to 64 characters); the same person and key again get the first answer again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/attribution.hpp"
#include "consensus/decision.hpp"
#include "consensus/label.hpp"
#include "consensus/position.hpp"
#include "document/markdown_import.hpp"
#include "document/outline.hpp"
#include "group/section_text.hpp"
#include "group/views.hpp"

namespace bossey::group {

struct CreateReport {
  std::string key;
  std::string title;
  std::string slug;  ///< Empty: made from the title.
};

/// A section that does not exist yet: its place by depth in reading order (0: a chapter), and its whole document.
struct NewSection {
  std::uint32_t depth = 0;
  document::SectionKind kind = document::SectionKind::section;
  NewDocument document;  ///< With `title` and `body`.
};

struct ImportReport {
  std::string key;
  std::string title;
  std::string slug;  ///< Empty: made from the title.
  std::vector<NewSection> sections;
};

/// Builds the documents of an import: pure, and the slow part, so run it on a worker. `client_id` is a random number
/// of 32 bits, not 0. Key and slug are left to the caller. Error: bad_input (no section).
[[nodiscard]] Result<ImportReport> prepare_import(const document::ImportedReport& imported, std::uint64_t client_id);

/// Commands on an outline; `version` is the one the page has.
struct AddSection {
  std::string title;
  std::optional<SectionId> parent;
  std::optional<SectionId> after;  ///< Among the parent's children; nothing: first.
  document::SectionKind kind = document::SectionKind::section;
  /// A name beside that of `after`, "4.2 bis", so that no number moves; nothing: a number like any other.
  std::optional<consensus::LabelKind> label{};
};
struct RenameSection {
  SectionId section;
  std::string title;
};
struct MoveSection {
  SectionId section;
  std::optional<SectionId> parent;
  std::optional<SectionId> after;
};
struct SplitSection {
  SectionId section;
  std::uint32_t at_block = 0;  ///< Index of the first block of the new section, from 0.
  std::string title;           ///< Of the new section, which follows the old one.
};
struct MergeSection {
  SectionId section;  ///< Its words go to the end of `into`; it keeps a copy and is withdrawn as merged.
  SectionId into;
};
/// Makes a section the common frame of options: new sections of kind alternative, the first ones below it.
struct PresentAlternatives {
  struct Option {
    std::string title;
    std::string room;  ///< Where it is drawn up; no person's name. May be empty.
  };
  SectionId section;
  std::vector<Option> options;  ///< 2 to kOptionsMax.
  bool moves_text = true;       ///< The frame's words become those of the first option.
};
struct OutlineCommand {
  std::string key;
  ReportId report;
  std::uint64_t version = 0;
  std::variant<AddSection, RenameSection, MoveSection, SplitSection, MergeSection, PresentAlternatives> what;
};

struct Decide {
  std::string key;
  ReportId report;
  SectionId section;
  consensus::DecisionKind kind = consensus::DecisionKind::agree;
  std::optional<Sha256> text_id;  ///< As the page shows them.
  std::optional<Sha256> content_hash;
  /// Alternatives only: every option as the page shows it, in any order.
  struct ShownOption {
    SectionId section;
    Sha256 text_id;
    Sha256 content_hash;
  };
  std::vector<ShownOption> options;
  std::string reason;
  std::string session;  ///< Name of the meeting; may be empty.
  std::optional<consensus::Present>
      present;                          ///< As the chair's page says; an open meeting's own count comes before it.
  consensus::ByCategory here;           ///< Who said "I am here" in the open meeting.
  std::uint32_t roll = 0;               ///< Size of the roll, for "31 of 40".
  std::optional<std::uint64_t> undoes;  ///< For undo; nothing: the last decision.
  std::optional<std::string> pause;     ///< "So decided" after this pause, by whoever began it.
  std::vector<std::string> features;    ///< Principle: what was agreed in general.
  std::string agreed_by;                ///< Ad ref: who, never a person; empty: those present.
  bool names_open_ad_ref = false;       ///< Agree although answers ad referendum are open.
  bool asked_aloud = false;             ///< Agree without a pause: the chair asked the room aloud.
  bool sets_aside = false;              ///< Agree, alternatives: open proposals are set aside with it.
  bool reviewed = false;                ///< Working paper: a round held by other means went to the whole roll.
};

/// A member's position on the words as shown; `from_floor`: said aloud, recorded by secretariat or chair, nameless.
struct TakePosition {
  std::string key;
  ReportId report;
  SectionId section;
  consensus::PositionKind kind = consensus::PositionKind::no_objection;
  std::optional<Sha256> text_id;
  std::string words;
  std::string could_live_with;
  bool is_signed = false;
  std::optional<std::int64_t> confirm_by_s;
  bool from_floor = false;
};

enum class PositionMove : std::uint8_t { withdraw, keep, confirm, turn, answer };
struct MovePosition {
  std::string key;
  ReportId report;
  SectionId section;
  std::uint64_t number = 0;
  PositionMove move = PositionMove::withdraw;
  std::optional<Sha256> text_id;  ///< Keep and confirm: the words as shown.
  std::string words;              ///< Answer: the chair's. Turn: of the reservation; empty keeps the reason.
};

struct RestoreSection {
  std::string key;
  ReportId report;
  SectionId section;
  std::string revision;  ///< 40 hexadecimal digits.
};

struct WithdrawProposal {
  std::string key;
  std::uint64_t number = 0;
};

/// Copies sections into a new report as drafts that know where they come from.
struct DeriveReport {
  std::string key;
  ReportId from;
  std::string title;
  std::string slug;  ///< Empty: made from the title.
  std::string kind = "report";
  std::vector<SectionId> sections;  ///< Empty: all that are not withdrawn.
};

/// Wording of disclaimers at one level, in one language or, with none, in all. An empty one is a reset.
struct SetWording {
  std::string key;
  std::optional<ReportId> report;
  std::optional<SectionId> section;
  std::string language;
  consensus::Wording wording;
};

/// Nothing: as it is.
struct SetFacts {
  std::string key;
  ReportId report;
  std::optional<std::string> kind;
  std::optional<std::string> language;
  std::optional<std::optional<Published>> published;
};

struct ReportMade {
  ReportId slug;
  std::string title;
  std::uint32_t sections = 0;
};
struct OutlineChanged {
  std::uint64_t version = 0;
  SectionId section;
};
struct Decided {
  std::uint64_t number = 0;
  std::string sentence;
  SectionView section;
};

/// Called once, on the network thread, when what was done is on disk, or with why it was not.
template <class T>
using Done = std::function<void(Result<T>)>;

// Limits; over them Errc::too_large or bad_input.
inline constexpr std::size_t kKeyMin_bytes = 8;
inline constexpr std::size_t kKeyMax_bytes = 64;
inline constexpr std::size_t kTitleMax_bytes = 1000;
inline constexpr std::size_t kOptionsMax = 12;
inline constexpr std::size_t kRoomName_bytes = 100;
inline constexpr std::size_t kReportsMax = 500;
inline constexpr std::size_t kSectionsMax = 10'000;
inline constexpr std::size_t kCommandsWaitingMax = 1'000;
inline constexpr std::size_t kKeysKept = 10'000;

}  // namespace bossey::group
