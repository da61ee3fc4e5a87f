// Positions that members hold on the words of a section, and how an objection ends. Called by group; values in, values
// out. A position is private to its holder and the chair: what others may see of it is in attribution.hpp.
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
#include "consensus/decision.hpp"
#include "consensus/role.hpp"
#include "consensus/transition.hpp"

namespace bossey::consensus {

inline constexpr std::size_t kPositionWords_bytes = 4000;

enum class PositionKind : std::uint8_t { no_objection, ad_ref, reservation, objection, not_taking_part };

/// `name` is the word in JSON and never changes. `words`: what must be said with it. `stands`: it goes on standing when
/// the text changes, until its author answers; the others lapse with the words they were about.
struct PositionRow {
  PositionKind kind;
  std::string_view name;
  std::string_view screen;
  bool blocks;
  bool words;
  bool stands;
};
inline constexpr std::array<PositionRow, 5> kPositions{{
    {PositionKind::no_objection, "no_objection", "No objection", false, false, false},
    {PositionKind::ad_ref, "ad_ref", "Agree ad referendum", false, false, true},
    {PositionKind::reservation, "reservation", "Reservation", false, true, true},
    {PositionKind::objection, "objection", "Objection", true, true, true},
    {PositionKind::not_taking_part, "not_taking_part", "Not taking part", false, false, false},
}};
[[nodiscard]] constexpr const PositionRow& row(PositionKind kind) {
  return kPositions[static_cast<std::size_t>(kind)];
}
[[nodiscard]] constexpr std::optional<PositionKind> position_kind_from(std::string_view name) {
  for (const PositionRow& r : kPositions)
    if (r.name == name) return r.kind;
  return std::nullopt;
}

/// How a position ended. `addressed`: addressed, not accommodated, by the chair's written answer; it stays on record
/// and makes Rough consensus. `turned`: into a reservation, a position of its own. `replaced`: by another one of its
/// author.
enum class Outcome : std::uint8_t { open, accommodated, addressed, turned, withdrawn, confirmed, replaced };
/// As in a decision's file: "addressed, not accommodated".
[[nodiscard]] std::string_view name_of(Outcome outcome);

struct Position {
  std::uint64_t number = 0;
  SectionId section;
  std::optional<PersonId> holder;  ///< Private. Nothing for one recorded from the floor.
  Sha256 text_id{};                ///< The words that it is about; moves on when its author keeps it.
  PositionKind kind = PositionKind::no_objection;
  std::string words;            ///< The reason or reservation.
  std::string could_live_with;  ///< Objection: the wording that its author could live with; may be empty.
  bool is_signed = false;       ///< May be printed with the delegation's name.
  std::int64_t at_s = 0;
  std::optional<std::int64_t> confirm_by_s;  ///< Ad ref.
  Outcome outcome = Outcome::open;
  std::string answer;                 ///< The chair's, to an objection.
  std::optional<Sha256> asked_about;  ///< "Keep or withdraw?" was asked about these words and not yet answered.
  friend bool operator==(const Position&, const Position&) = default;
};
using Positions = std::vector<Position>;  ///< In the order in which they were taken.

/// What a member sends. `from_floor`: said aloud; recorded by the secretariat or the chair without a holder.
struct TakePosition {
  std::uint64_t number = 0;
  SectionId section;
  std::optional<PersonId> holder;
  Sha256 shown_text_id{};
  PositionKind kind = PositionKind::no_objection;
  std::string words;
  std::string could_live_with;
  bool is_signed = false;
  std::optional<std::int64_t> confirm_by_s;
  bool from_floor = false;
};

/// Adds the position; one of the same holder on the section that still stood ends: an objection followed by a
/// reservation is "turned", by anything else "withdrawn"; other kinds are "replaced". Errc::forbidden (observers and
/// administrators hold none; the floor is recorded by secretariat or chair), bad_input, too_large, conflict (the text
/// moved, or the section is closed).
[[nodiscard]] Result<Positions> take(const Positions& positions, const TakePosition& command, RoleSet roles,
                                     const Sha256& text_id, bool closed, std::int64_t now_s);

/// Its author lets it go. Of an objection: "accommodated" if the words have changed since, else "withdrawn". One from
/// the floor is let go from the floor, through secretariat or chair. Errc::not_found, forbidden, conflict (it has
/// ended).
[[nodiscard]] Result<Positions> let_go(const Positions& positions, std::uint64_t number, std::optional<PersonId> who,
                                       RoleSet roles, const Sha256& text_id);

/// Its author keeps it on the present words: the question is answered. Errors as let_go.
[[nodiscard]] Result<Positions> keep(const Positions& positions, std::uint64_t number, std::optional<PersonId> who,
                                     RoleSet roles, const Sha256& text_id);

/// An answer ad referendum is confirmed: it becomes No objection to the present words. Errors as let_go.
[[nodiscard]] Result<Positions> confirm(const Positions& positions, std::uint64_t number, PersonId who,
                                        const Sha256& text_id);

/// The chair's written answer ends an objection as "addressed, not accommodated". Under `unanimity` it cannot.
/// Errc::forbidden, bad_input (no words), not_found, conflict.
[[nodiscard]] Result<Positions> answer(const Positions& positions, std::uint64_t number, RoleSet roles,
                                       std::string_view words, bool unanimity = false);

/// The author of an objection turns it into a reservation, in the same or new words. Errors as let_go.
[[nodiscard]] Result<Positions> turn(const Positions& positions, std::uint64_t number, std::optional<PersonId> who,
                                     RoleSet roles, std::string_view words, std::uint64_t new_number,
                                     std::int64_t now_s);

/// After the text of a section changed: marks who is to be asked "Your objection was to earlier words. Keep or
/// withdraw?" and gives their numbers. Nobody is asked again while a question is open; returning words take it back.
struct Asked {
  Positions positions;
  std::vector<std::uint64_t> to_ask;
};
[[nodiscard]] Asked ask_after_change(const Positions& positions, const SectionId& section, const Sha256& text_id);

/// Whether it has a say on these words: not ended, and on them or of a kind that stands until its author answers.
[[nodiscard]] bool stands(const Position& position, const Sha256& text_id);

/// What Agree has to know.
[[nodiscard]] PositionTally tally_of(std::span<const Position> positions, const SectionId& section,
                                     const Sha256& text_id);

/// The objections of a section that ended, for the decision's file: "o4: accommodated".
[[nodiscard]] std::vector<ObjectionOutcome> outcomes_of(std::span<const Position> positions, const SectionId& section);

}  // namespace bossey::consensus
