// Commands about brackets, and what a page is shown of them, as plain values: parsed and written by server/api. Owners
// stand in a view only for the owner and the chair.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/bracket.hpp"

namespace bossey::group {

/// Says why the mark `mark` is there; or asks for brackets around `words`, which the typist's own call sets at once.
struct BracketWords {
  std::string key;
  ReportId report;
  SectionId section;
  std::string mark;  ///< Empty: `words` count.
  std::string words;
  std::uint32_t nth = 0;  ///< Which of the places where the words stand.
  std::string reason;
  std::optional<PersonId> on_behalf_of;  ///< A member of the group, for whom the typist acts.
};

/// `set`: the typist sets what was asked for. `withdraw`: who asked no longer does. `consent`: owner or chair agree to
/// lifting it.
enum class BracketMove : std::uint8_t { set, withdraw, consent };
struct MoveBracket {
  std::string key;
  ReportId report;
  SectionId section;
  std::uint64_t number = 0;
  BracketMove move = BracketMove::set;
};

struct LiftBrackets {
  std::string key;
  ReportId report;
  SectionId section;
  Sha256 text_id{};                ///< As the page shows it.
  std::vector<std::string> marks;  ///< None: all of the section.
};

struct BracketView {
  std::uint64_t number = 0;  ///< Of its record; 0: nobody has said anything of it.
  std::string mark;          ///< Empty while it is asked for.
  std::string words;
  std::uint32_t depth = 0;
  std::string reason;  ///< Empty: missing.
  consensus::BracketState state = consensus::BracketState::set;
  bool there = true;  ///< False: the record is set, and the mark is gone. Shown to owner, typist and chair.
  bool mine = false;
  std::optional<PersonId> owner;
  bool owner_consents = false, chair_consents = false;  ///< On these words.
  bool may_lift = false, may_set = false, may_give_reason = false, may_consent = false;
};
struct BracketsView {
  SectionId section;
  Sha256 text_id{};
  std::vector<BracketView> brackets;  ///< In reading order; then what is asked for, then what is gone.
};

inline constexpr std::size_t kBracketWords_bytes = 10'000;
inline constexpr std::size_t kBracketRecordsMax = 100'000;

}  // namespace bossey::group
