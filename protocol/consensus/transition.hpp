// Which decision is possible when. One table; a check against it; nothing else decides. Called by group while the
// section's writes are held, with facts that it has collected; must not be called on facts that may still move.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "consensus/decision.hpp"
#include "consensus/role.hpp"
#include "consensus/standing.hpp"

namespace bossey::consensus {

inline constexpr std::int64_t kUndoWindow_s = 600;
inline constexpr std::size_t kReasonMax_bytes = 2000;

enum class Closing : std::uint8_t { closes, opens, keeps };
enum class From : std::uint8_t { open, closed, any };

/// One row a kind of decision. `matches_text`: the page must show exactly the present words; words that it shows
/// without need must be those, too. Agree needs a text of at least one word. `clean`: no brackets and no unknown nodes.
/// `options`: two or more alternatives with text. Reopen carries words, Withdraw one of three.
struct TransitionRow {
  DecisionKind kind;
  std::optional<Status> result;
  From from;
  Closing closing;
  bool matches_text;
  bool clean;
  bool options;
  bool reason;
};

inline constexpr std::array<TransitionRow, 6> kTransitions{{
    //                           result                from          closing          text   clean  options reason
    {DecisionKind::agree, Status::agreed, From::open, Closing::closes, true, true, false, false},
    {DecisionKind::bracket, Status::in_brackets, From::open, Closing::keeps, false, false, false, false},
    {DecisionKind::alternatives, Status::alternatives, From::open, Closing::closes, true, true, true, false},
    {DecisionKind::withdraw, Status::withdrawn, From::open, Closing::closes, false, false, false, true},
    {DecisionKind::reopen, std::nullopt, From::closed, Closing::opens, false, false, false, true},
    {DecisionKind::undo, std::nullopt, From::any, Closing::opens, false, false, false, false},
}};

/// The row of a kind; nothing for kinds that are not made by a command of this version.
[[nodiscard]] const TransitionRow* transition_of(DecisionKind kind);

/// What the page showed, and what the server has, of one section of the subject.
struct SectionFacts {
  SectionId section;
  Standing standing;
  Sha256 text_id;                            ///< Of the text with all writes applied that have arrived.
  Sha256 content_hash;                       ///< Likewise, of title and body unnormalised.
  std::optional<Sha256> shown_text_id;       ///< As sent by the chair's page; nothing when it sent none.
  std::optional<Sha256> shown_content_hash;  ///< Likewise.
  std::vector<std::string> brackets;         ///< The words of each bracket, in order.
  bool unknown_nodes = false;
  bool has_text = false;  ///< A body with at least one word.
  bool living = true;     ///< In the outline.
};

struct DecisionFacts {
  RoleSet roles;
  std::vector<SectionFacts> subject;  ///< For alternatives: the frame first, then its options in order.
  std::string reason;
  std::optional<std::int64_t> changed_s_ago;  ///< Since the last change of the subject's text, when known.
};

/// Whether the decision may be recorded now. Refusals say what to do in twelve words or fewer, after which names
/// may follow. Errc::forbidden (role), bad_input (reason, too few options), conflict (text, brackets, closed, open).
[[nodiscard]] Result<void> check(DecisionKind kind, const DecisionFacts& facts);

/// Agreed, or Rough consensus when a reservation or an answered objection stands.
[[nodiscard]] Status result_of_agree(std::uint32_t reservations, std::uint32_t objections_not_accommodated);

/// Whether the last decision of the chain may be taken back: by its maker, before the next, within ten minutes, and
/// not itself an undo. A withdrawal by merging may be made by the secretariat: any chair undoes it. Undoing a Reopen
/// closes again, so every section must hold the words that were closed. `texts`: the present text_id of each section of
/// the decision. Errc::forbidden, not_found (empty chain) or conflict.
[[nodiscard]] Result<void> check_undo(std::span<const Decision> chain, std::uint64_t no, RoleSet roles, bool same_maker,
                                      std::int64_t now_s, const std::map<SectionId, Sha256>& texts);

/// The sections that a Reopen of `section` opens: those of the decision that closed it which it still closes.
[[nodiscard]] std::vector<SectionId> reopened_with(std::span<const Decision> chain, const Pins& pins,
                                                   const SectionId& section);

}  // namespace bossey::consensus
