// What in a correction is likely to be substance. Called when somebody types a correction, to pre-select its class, and
// by the server again. It may escalate and never downgrade: without a finding a change is still only as editorial as
// its author says and every member lets it be. Works on canonical text; knows no library of languages, so that the same
// correction gets the same answer everywhere.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bossey::consensus {

enum class RiskKind : std::uint8_t {
  obligation,  ///< shall, should, may, must, will, and their like.
  negation,    ///< not, no, never, without.
  scope,       ///< only, all, any, every, except.
  number,      ///< Digits of any script, words for numbers.
  date,        ///< Months and weekdays.
  name,        ///< A capital letter where no sentence begins.
  bracket,     ///< A square bracket came or went.
  list,        ///< The entries of a list changed in number or kind.
  moved,       ///< Whole paragraphs stand elsewhere.
};
[[nodiscard]] std::string_view name_of(RiskKind kind);

struct Risk {
  RiskKind kind = RiskKind::obligation;
  std::string before;  ///< The word that went, or empty.
  std::string after;   ///< The word that came, or empty.
  friend bool operator==(const Risk&, const Risk&) = default;
};

inline constexpr std::size_t kRisksMax = 50;

/// Compares two canonical texts word by word: English, French, Spanish; numbers, dates and negation in Arabic and
/// Chinese, too. In reading order, at most kRisksMax. Beyond a bound on effort every word of the changed stretch counts
/// as changed: more is found, never less.
[[nodiscard]] std::vector<Risk> risks_of(std::string_view before, std::string_view after);

/// "shall → should; 30 days": for the correction's card.
[[nodiscard]] std::string in_words(const std::vector<Risk>& risks);

}  // namespace bossey::consensus
