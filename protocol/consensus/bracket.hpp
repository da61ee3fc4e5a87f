// Square brackets: words marked as not agreed. Who may set and lift them, and how many stand where. The marks
// themselves are in the text (document); here is what is kept beside it. Called by group.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "consensus/role.hpp"

namespace bossey::consensus {

inline constexpr std::size_t kBracketReason_bytes = 500;

/// What is kept of one mark. `id` is the mark's in the document.
struct BracketMark {
  std::string id;
  SectionId section;
  std::string words;              ///< As they are now.
  std::string reason;             ///< For everybody to read.
  std::optional<PersonId> owner;  ///< Who asked for it. Private.
  friend bool operator==(const BracketMark&, const BracketMark&) = default;
};

enum class BracketState : std::uint8_t { asked, set, lifted, withdrawn };
[[nodiscard]] std::string_view name_of(BracketState state);
[[nodiscard]] std::optional<BracketState> bracket_state_from(std::string_view name);

/// What is recorded of brackets: asked for by a member and not set yet, or kept of a mark in the text.
struct BracketRecord {
  std::uint64_t number = 0;
  SectionId section;
  std::string mark;       ///< Id of the mark in the document; empty while they are asked for.
  std::string words;      ///< As they were when somebody last said something of them.
  std::uint32_t nth = 0;  ///< Asked: which of the places where these words stand.
  std::uint32_t of = 1;   ///< Asked: of how many.
  std::string reason;
  std::optional<PersonId> owner;
  BracketState state = BracketState::asked;
  bool owner_consents = false;  ///< To lifting, on `words`.
  bool chair_consents = false;
  std::int64_t at_s = 0;
  friend bool operator==(const BracketRecord&, const BracketRecord&) = default;
};
using BracketRecords = std::vector<BracketRecord>;

/// The record of a mark; null if nobody has said anything of it.
[[nodiscard]] const BracketRecord* record_of(const BracketRecords& records, std::string_view mark);

/// Who acts. `typist`: named by the chair, by default the secretariat. `co_lead`: of the section's team.
struct Hand {
  PersonId person;
  RoleSet roles;
  bool typist = false;
  bool co_lead = false;
  bool writes = false;  ///< The section is open to this person's own typing: an owner then lifts by own hand.
};

/// Any member asks for brackets; typist or co-lead sets them. Errc::forbidden, bad_input (no reason), too_large.
[[nodiscard]] Result<void> check_bracketing(const Hand& hand, bool asked_by_member, std::string_view reason);

/// A member asks for brackets; a reason is needed. Errc::forbidden, bad_input, too_large.
[[nodiscard]] Result<void> check_asking(const Hand& hand, std::string_view reason);

/// Saying why a mark is there: whoever may write, the first time; later its owner, the typist, a co-lead or the chair.
/// `record`: of the mark, if there is one. Errc::forbidden, bad_input, too_large.
[[nodiscard]] Result<void> check_reason(const Hand& hand, const BracketRecord* record, std::string_view reason);

/// Lifting needs the consent of the owner or of the chair, and the hand of typist or co-lead; the chair who consents
/// and holds the console, and an owner who types, need nobody else. Errc::forbidden.
[[nodiscard]] Result<void> check_lifting(const Hand& hand, const BracketMark& mark, std::optional<PersonId> consenting,
                                         bool chair_consents);

/// The mark as it stands now, with what is recorded of it, and the consents that hold: those given on these very words.
struct LiftFacts {
  BracketMark mark;
  std::optional<PersonId> consenting;
  bool chair_consents = false;
};
[[nodiscard]] LiftFacts lift_facts(const BracketRecord* record, const SectionId& section, std::string_view mark,
                                   std::string_view words);

/// "Lift all 2": every mark or none. Names the words of those whose owner is still to be asked. Errc::forbidden, or
/// not_found when there is none.
[[nodiscard]] Result<void> check_lifting_all(const Hand& hand, std::span<const LiftFacts> marks);

/// A section, the one it stands in, and the brackets in its own text.
struct BracketedSection {
  SectionId section;
  std::optional<SectionId> parent;
  std::uint32_t own = 0;
};
struct BracketCounts {
  std::map<SectionId, std::uint32_t> within;  ///< Own ones and those of all sections within: a chapter's count.
  std::uint32_t report = 0;
};
/// `in_order`: parents before what they hold, as in an outline.
[[nodiscard]] BracketCounts count_brackets(std::span<const BracketedSection> in_order);

}  // namespace bossey::consensus
