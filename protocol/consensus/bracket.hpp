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

/// Who acts. `typist`: named by the chair, by default the secretariat. `co_lead`: of the section's team.
struct Hand {
  PersonId person;
  RoleSet roles;
  bool typist = false;
  bool co_lead = false;
};

/// Any member asks for brackets; typist or co-lead sets them. Errc::forbidden, bad_input (no reason), too_large.
[[nodiscard]] Result<void> check_bracketing(const Hand& hand, bool asked_by_member, std::string_view reason);

/// Lifting needs the consent of the owner or of the chair, and the hand of typist or co-lead; the chair who consents
/// and holds the console, and an owner who types, need nobody else. Errc::forbidden.
[[nodiscard]] Result<void> check_lifting(const Hand& hand, const BracketMark& mark, std::optional<PersonId> consenting,
                                         bool chair_consents);

/// "Lift all 2": every mark or none. Names the words of those whose owner is still to be asked. Errc::forbidden, or
/// not_found when there is none.
[[nodiscard]] Result<void> check_lifting_all(const Hand& hand, std::span<const BracketMark> marks,
                                             std::span<const PersonId> consenting, bool chair_consents);

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
