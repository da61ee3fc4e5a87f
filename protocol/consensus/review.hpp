// Review rounds: a text goes to the whole roll, with a deadline, before it becomes a draft working paper. Called by
// group with its clock's time. A round is about exact words: other words were not reviewed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"

namespace bossey::consensus {

inline constexpr std::size_t kReviewSectionsMax = 1'000;
inline constexpr std::int64_t kReviewMax_s = 365LL * 24 * 3600;

struct ReviewRound {
  std::uint64_t number = 0;  ///< 1, 2, 3 ... within the group.
  ReportId report;
  std::map<SectionId, Sha256> texts;
  std::int64_t sent_s = 0;
  std::int64_t deadline_s = 0;
  std::optional<std::int64_t> ended_s;
  bool outside = false;           ///< Held by other means; the secretariat says that it went to the whole roll.
  std::vector<PersonId> roll;     ///< As it was when it was sent. Private.
  std::vector<PersonId> readers;  ///< Of the roll: those who have opened it. Private.
  friend bool operator==(const ReviewRound&, const ReviewRound&) = default;

  [[nodiscard]] bool is_ended() const { return ended_s.has_value(); }
  [[nodiscard]] bool asks(PersonId person) const { return std::find(roll.begin(), roll.end(), person) != roll.end(); }
  [[nodiscard]] bool is_read_by(PersonId person) const {
    return std::find(readers.begin(), readers.end(), person) != readers.end();
  }
};
/// Number n stands at index n - 1.
using ReviewRounds = std::vector<ReviewRound>;

/// A round may end when its deadline has come, or when everybody has opened it.
[[nodiscard]] inline Result<void> check_end(const ReviewRound& round, std::int64_t now_s) {
  if (round.is_ended()) return fail(Errc::conflict, "This review has ended already.");
  if (now_s < round.deadline_s && round.readers.size() < round.roll.size())
    return fail(Errc::conflict, "Not everybody has opened it. Wait for the deadline.");
  return {};
}

/// What rounds that have ended say of a text: nothing, that it was reviewed, or that earlier words of it were. One held
/// outside says nothing by itself: the working paper that was recorded with it does, until it is undone.
struct RoundsOn {
  bool this_text = false;
  std::optional<std::int64_t> earlier_s;  ///< When a round of other words of it ended last.
};
[[nodiscard]] inline RoundsOn rounds_on(const ReviewRounds& rounds, const SectionId& section, const Sha256& text_id) {
  RoundsOn out;
  for (const ReviewRound& round : rounds) {
    const auto at = round.texts.find(section);
    if (!round.is_ended() || round.outside || at == round.texts.end()) continue;
    if (at->second == text_id)
      out.this_text = true;
    else
      out.earlier_s = round.ended_s;
  }
  return out;
}

}  // namespace bossey::consensus
