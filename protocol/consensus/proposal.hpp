// Proposals beside a text: their life, their rivals, and what adopting one does to the others. Called by group, which
// keeps the forks; values in, values out. Adopting changes the section by compare-and-adopt, never by these values
// alone.
//
//   open ── adopt (chair) ──> adopted          open ── refuse (chair) ──> refused
//   open ── withdraw (its author) ──> withdrawn   open <── set aside, taken up again (chair) ──> set_aside
//   set_aside ── adopt, refuse, withdraw ──> as above
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/role.hpp"
#include "consensus/text_change.hpp"

namespace bossey::consensus {

inline constexpr std::size_t kDelegation_bytes = 200;

enum class Strength : std::uint8_t { must, should, could };
enum class Fate : std::uint8_t { open, adopted, refused, withdrawn, set_aside };
/// `late`: words that came after a decision; only their author reads them until they are handed in.
enum class ProposalKind : std::uint8_t { amendment, late, correction };
[[nodiscard]] std::string_view name_of(Strength strength);
[[nodiscard]] std::string_view name_of(Fate fate);
[[nodiscard]] std::optional<Strength> strength_from(std::string_view name);

struct Amendment {
  std::uint64_t number = 0;
  ProposalKind kind = ProposalKind::amendment;
  SectionId section;
  std::optional<std::uint64_t> on;  ///< A proposal to this proposal: the base is its text.
  std::optional<PersonId> author;   ///< Private.
  Strength strength = Strength::should;
  std::string signed_by;  ///< A delegation, by the proposer's choice; unsigned when empty, the default.
  /// text_id of the text that `changes` are about; on a proposal, of its text when this one was put forward or adopted
  /// into it last.
  Sha256 base{};
  TextChanges changes;
  Fate fate = Fate::open;
  /// Parts of its own that a changed text has overtaken, as they stood: "its own part only".
  std::vector<TextChange> overtaken{};
  std::uint64_t adopted_with = 0;  ///< The adoption (of this or another proposal) that it was last carried over.
  friend bool operator==(const Amendment&, const Amendment&) = default;
};
using Amendments = std::vector<Amendment>;

/// Whether somebody may begin one, before a word of it is written: role, delegation and the proposal that it is on.
/// Errors as check_proposing.
[[nodiscard]] Result<void> check_beginning(const Amendment& amendment, RoleSet roles, bool speaking_observer,
                                           const Amendments& others);

/// Whether it may be put forward: writers and observers with the right to speak; not in a closed report unless it is a
/// correction. Errc::forbidden, bad_input, conflict, too_large.
[[nodiscard]] Result<void> check_proposing(const Amendment& amendment, RoleSet roles, bool speaking_observer,
                                           const Amendments& others, std::size_t base_bytes);

/// Numbers of open proposals that change the same words of the same base, of this one alone.
[[nodiscard]] std::vector<std::uint64_t> rivals_of(const Amendments& all, std::uint64_t number);

/// Open amendments of a section (not those on proposals, late words or corrections) without rivals, nothing overtaken
/// and on the present text, in order: what "Adopt all uncontested" adopts.
[[nodiscard]] std::vector<std::uint64_t> uncontested(const Amendments& all, const SectionId& section,
                                                     const Sha256& text_id);

/// What adopting would give; the server compares it with the merge of the forks and refuses when they differ.
/// Errc::forbidden, not_found, conflict (ended, other text, overtaken, rivals within the set).
[[nodiscard]] Result<std::string> try_adopt(const Amendments& all, std::span<const std::uint64_t> numbers,
                                            RoleSet roles, const Sha256& text_id, std::string_view text);

/// After adoption: the adopted ones have their fate, and everything else on the section goes on with the new text. What
/// they wanted of words that changed is theirs as `overtaken`; proposals on an adopted one become proposals on the
/// section.
[[nodiscard]] Amendments after_adoption(const Amendments& all, std::span<const std::uint64_t> numbers,
                                        const Sha256& new_text_id);

/// After the text moved by typing: `moved` leads from the base of the section's proposals to the present text.
[[nodiscard]] Amendments after_change(const Amendments& all, const SectionId& section, const Sha256& old_text_id,
                                      std::span<const TextChange> moved, const Sha256& new_text_id);

/// A proposal on a proposal is adopted by the author of the one that it is on: that one's words change, and the others
/// on it are carried over. `changes`: from the section's text to the new words. Errc::not_found, forbidden, conflict.
[[nodiscard]] Result<Amendments> adopt_into(const Amendments& all, std::uint64_t number, PersonId who,
                                            TextChanges changes, const Sha256& new_words_id);

/// Chair: refuse, set_aside, and open again what was set aside. Author: withdrawn. What is on it goes with it: set
/// aside. Errc::not_found, forbidden, conflict.
[[nodiscard]] Result<Amendments> end_with(const Amendments& all, std::uint64_t number, Fate fate,
                                          std::optional<PersonId> who, RoleSet roles);

}  // namespace bossey::consensus
