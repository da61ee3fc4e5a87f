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
/// Whose move it is. `co_lead`: a co-lead, on sections of the own group, or the chair.
enum class Maker : std::uint8_t { chair, co_lead, secretariat, either };
/// What a kind needs beside text and reason. `answered`: every objection answered, open proposals adopted, refused or
/// set aside, answers ad referendum confirmed or named. `standing`: the words before are those that the status is
/// about.
enum class Needs : std::uint8_t { nothing, answered, features, present, review, standing };

/// One row a kind of decision on sections. `matches_text`: the page must show exactly the present words; words that it
/// shows without need must be those, too. Agree needs a text of at least one word. `clean`: no brackets and no unknown
/// nodes. `options`: two or more alternatives with text. Reopen carries words, Withdraw one of three.
struct TransitionRow {
  DecisionKind kind;
  std::optional<Status> result;
  Maker maker;
  From from;
  Closing closing;
  bool matches_text;
  bool clean;
  bool options;
  bool reason;
  Needs needs;
};

inline constexpr std::array<TransitionRow, 13> kTransitions{{
    // kind, result, maker, from, closing, text, clean, options, reason, needs
    {DecisionKind::agree, Status::agreed, Maker::chair, From::open, Closing::closes, true, true, false, false,
     Needs::answered},
    {DecisionKind::bracket, Status::in_brackets, Maker::chair, From::open, Closing::keeps, false, false, false, false,
     Needs::nothing},
    {DecisionKind::alternatives, Status::alternatives, Maker::chair, From::open, Closing::closes, true, true, true,
     false, Needs::answered},
    {DecisionKind::withdraw, Status::withdrawn, Maker::chair, From::open, Closing::closes, false, false, false, true,
     Needs::nothing},
    {DecisionKind::reopen, std::nullopt, Maker::chair, From::closed, Closing::opens, false, false, false, true,
     Needs::nothing},
    {DecisionKind::undo, std::nullopt, Maker::chair, From::any, Closing::opens, false, false, false, false,
     Needs::nothing},
    {DecisionKind::adref, Status::agreed_ad_ref, Maker::co_lead, From::open, Closing::keeps, true, true, false, false,
     Needs::present},
    {DecisionKind::principle, Status::agreed_in_principle, Maker::chair, From::open, Closing::keeps, false, false,
     false, false, Needs::features},
    {DecisionKind::working_paper, Status::working_paper, Maker::secretariat, From::open, Closing::keeps, true, false,
     false, false, Needs::review},
    {DecisionKind::carry, std::nullopt, Maker::either, From::any, Closing::keeps, true, true, false, false,
     Needs::standing},
    {DecisionKind::leave_open, std::nullopt, Maker::chair, From::open, Closing::keeps, false, false, false, false,
     Needs::nothing},
    {DecisionKind::label, std::nullopt, Maker::chair, From::any, Closing::keeps, false, false, false, false,
     Needs::nothing},
    {DecisionKind::unlabel, std::nullopt, Maker::chair, From::any, Closing::keeps, false, false, false, false,
     Needs::nothing},
}};

/// The row of a kind; nothing for `phase`, which is about a report (phase.hpp).
[[nodiscard]] const TransitionRow* transition_of(DecisionKind kind);

/// What the positions held on one section come to; made by tally_of (position.hpp).
struct PositionTally {
  std::vector<std::uint64_t> unanswered;  ///< Objections that block, by number.
  std::uint32_t answered = 0;             ///< Objections that ended as "addressed, not accommodated".
  std::uint32_t reservations = 0;
  std::uint32_t ad_ref_open = 0;
  friend bool operator==(const PositionTally&, const PositionTally&) = default;
};

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
  bool has_text = false;                        ///< A body with at least one word.
  bool living = true;                           ///< In the outline.
  PositionTally positions{};                    ///< Of the frame alone for alternatives: presenting is not agreeing.
  std::vector<std::uint64_t> open_proposals{};  ///< Neither adopted, refused, withdrawn nor set aside.
  bool reviewed = false;                        ///< A round of this text went to the whole roll and has ended.
  std::optional<Sha256> carried_from{};         ///< Carry: the words before the correction.
};

struct DecisionFacts {
  RoleSet roles;
  std::vector<SectionFacts> subject;  ///< For alternatives: the frame first, then its options in order.
  std::string reason;
  std::optional<std::int64_t> changed_s_ago;  ///< Since the last change of the subject's text, when known.
  Phase phase = Phase::drafting;
  bool co_lead = false;                 ///< Of the team of every section of the subject.
  bool present_recorded = false;        ///< Ad ref: who was there.
  std::vector<std::string> features{};  ///< Principle: the brief.
  bool names_open_ad_ref = false;       ///< The chair has seen which answers ad referendum are still open.
  bool sets_aside = false;              ///< The chair sets open proposals aside with this decision.
};

/// Whether the decision may be recorded now. Refusals say what to do in twelve words or fewer, after which names
/// may follow. Errc::forbidden (role), bad_input (reason, too few options), conflict (text, brackets, closed, open).
[[nodiscard]] Result<void> check(DecisionKind kind, const DecisionFacts& facts);

/// The status that the decision gives: that of the table, except Rough consensus where Agree meets something on record,
/// and for Carry the status that stands. Nothing where none is given.
[[nodiscard]] std::optional<Status> result_of(DecisionKind kind, const DecisionFacts& facts);

/// Agreed, or Rough consensus when a reservation or an answered objection stands.
[[nodiscard]] Status result_of_agree(std::uint32_t reservations, std::uint32_t objections_not_accommodated,
                                     std::uint32_t ad_ref_open = 0);

/// Whether the last decision of the chain may be taken back: by its maker, before the next, within ten minutes, and
/// not itself an undo. A withdrawal by merging may be made by the secretariat: any chair undoes it. Undoing a Reopen
/// closes again, so every section must hold the words that were closed. A closing of the report stays. `texts`: the
/// present text_id of each section of the decision. Errc::forbidden, not_found (empty chain) or conflict.
[[nodiscard]] Result<void> check_undo(std::span<const Decision> chain, std::uint64_t no, RoleSet roles, bool same_maker,
                                      std::int64_t now_s, const std::map<SectionId, Sha256>& texts);

/// The sections that a Reopen of `section` opens: those of the decision that closed it which it still closes.
[[nodiscard]] std::vector<SectionId> reopened_with(std::span<const Decision> chain, const Pins& pins,
                                                   const SectionId& section);

}  // namespace bossey::consensus
