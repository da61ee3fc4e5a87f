// Commands on proposals beside a section, as plain values, and what they answer. Parsed from JSON by server/api; each
// carries the page's idempotency key. The rules are consensus/proposal.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/proposal.hpp"
#include "group/views.hpp"

namespace bossey::group {

/// Begins an amendment: a fork of the section, or of the proposal that it is on. It is its author's alone until a word
/// of it changes.
struct PutForward {
  std::string key;
  ReportId report;
  SectionId section;
  std::optional<std::uint64_t> on;
  consensus::Strength strength = consensus::Strength::should;
  std::string signed_by;  ///< A delegation; unsigned when empty.
  std::string words;      ///< Plain; each line becomes a paragraph at the section's end. May be empty.
};

/// "What wording could you live with?" of a position, as an amendment of its holder.
struct PutPositionForward {
  std::string key;
  ReportId report;
  SectionId section;
  std::uint64_t position = 0;
};

enum class AmendmentMove : std::uint8_t {
  withdraw,  ///< Its author.
  hand_in,   ///< The author of a late edit: all read it from now on.
  refuse,    ///< The chair, as the two that follow.
  set_aside,
  take_up,   ///< What was set aside is open again.
  describe,  ///< Its author: strength and signature.
  bring_up,  ///< On to the present text. Its author or the chair; anybody who proposes where nothing is overtaken.
};

struct MoveAmendment {
  std::string key;
  std::uint64_t number = 0;
  AmendmentMove move = AmendmentMove::withdraw;
  std::optional<consensus::Strength> strength;  ///< Describe; nothing: as before.
  std::optional<std::string> signed_by;
};

/// Which proposals to adopt: those named, or all of a section that nothing contests.
struct Adoptable {
  ReportId report;
  SectionId section;
  std::vector<std::uint64_t> numbers;
  bool uncontested = false;  ///< Then `numbers` is empty.
};

/// Compare-and-adopt. A proposal on a proposal is adopted into that one by its author, all others by the chair.
struct Adopt {
  std::string key;
  Adoptable what;
  Sha256 text_id;  ///< Of the result as the preview showed it.
};

/// What adopting would give, or gave.
struct AdoptionView {
  std::vector<std::uint64_t> numbers;
  std::string before;  ///< Canonical texts.
  std::string after;
  Sha256 text_id;                        ///< Of `after`.
  std::vector<std::uint64_t> overtaken;  ///< Others that lose a part of their own by it.
  SectionView section;
};

}  // namespace bossey::group
