// A proposal beside a section's text, as it is recorded: whose it is, what became of it, and the text that it departed
// from. Part of GroupState; made and changed by amending.cpp and adopting.cpp through two events. Its words are a
// document of their own, a fork of the section's (docs/formats/group-events.md); what they come to on the present text
// is amendment_texts.hpp. Persons stand here and never in git.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "consensus/proposal.hpp"

namespace bossey::group {

/// Words that it wanted and that a changed text left no place for; kept when it is brought up to date.
struct LeftOut {
  std::string was;    ///< In the text that it departed from; may be empty.
  std::string words;  ///< May be empty: it took words out.
  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

struct AmendmentRecord {
  std::uint64_t number = 0;  ///< One sequence with the late edits of the group.
  SectionId section;
  consensus::ProposalKind kind = consensus::ProposalKind::amendment;
  std::optional<PersonId> author;
  std::optional<std::uint64_t> on;
  consensus::Strength strength = consensus::Strength::should;
  std::string signed_by;
  std::string base;  ///< Canonical text that its words are about.
  consensus::Fate fate = consensus::Fate::open;
  std::uint64_t adopted_with = 0;
  std::vector<LeftOut> left;
  std::int64_t at_s = 0;
  friend bool operator==(const AmendmentRecord&, const AmendmentRecord&) = default;

  /// Its words may still change, and it may still be adopted.
  [[nodiscard]] bool is_live() const { return fate == consensus::Fate::open || fate == consensus::Fate::set_aside; }
};

/// What a command changes of one: all that may ever change, so that no fold depends on how a command works.
struct AmendmentChange {
  std::uint64_t number = 0;
  std::optional<std::uint64_t> on;
  consensus::Strength strength = consensus::Strength::should;
  std::string signed_by;
  consensus::Fate fate = consensus::Fate::open;
  std::uint64_t adopted_with = 0;
  std::vector<LeftOut> left;
  std::optional<std::string> base;  ///< Nothing: as before.
};
[[nodiscard]] AmendmentChange change_of(const AmendmentRecord& record);

/// Events. A late edit that is handed in is made an amendment under its own number.
struct AmendmentMade {
  AmendmentRecord record;
};
struct AmendmentsSet {
  std::vector<AmendmentChange> changes;
};

// Limits; over them Errc::too_large.
inline constexpr std::size_t kOpenAmendmentsMax = 50;  ///< Of one person on one section.
inline constexpr std::size_t kProposalsMax = 100'000;  ///< Of a group, late edits included.
inline constexpr std::size_t kAdoptedTogetherMax = 200;

/// `proposal/<group>/<number>`: the fork, and, of a late edit, what it departs from.
[[nodiscard]] DocumentId fork_document(const GroupId& group, std::uint64_t number);
/// The number in such a name; nothing for any other.
[[nodiscard]] std::optional<std::uint64_t> fork_number(const GroupId& group, const DocumentId& document);

}  // namespace bossey::group
