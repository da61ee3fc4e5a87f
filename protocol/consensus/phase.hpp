// The phase of a report, its label, and what a closing needs. One table; a check against it. Called by group with facts
// that it has collected; nothing here decides by itself or reads a clock.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "consensus/decision.hpp"
#include "consensus/role.hpp"
#include "consensus/standing.hpp"

namespace bossey::consensus {

/// `settled`: every section settled, withdrawn, or left open by a decision. `corrected`: no correction and no
/// outstanding point is open. `transmittal`: addressee and checksum of the version are recorded.
enum class PhaseNeeds : std::uint8_t { nothing, settled, corrected, transmittal };

struct PhaseMove {
  Phase from;
  Phase to;
  PhaseNeeds needs;
};
/// There is no way back from a closing: what was closed is a version that exists.
inline constexpr std::array<PhaseMove, 5> kPhaseMoves{{
    {Phase::drafting, Phase::plenary, PhaseNeeds::nothing},
    {Phase::plenary, Phase::drafting, PhaseNeeds::nothing},
    {Phase::plenary, Phase::editorial_window, PhaseNeeds::settled},
    {Phase::editorial_window, Phase::final_text, PhaseNeeds::corrected},
    {Phase::final_text, Phase::transmitted, PhaseNeeds::transmittal},
}};

/// A section of the report, with the name that a refusal gives it.
struct SectionAtClosing {
  SectionId section;
  std::string name;  ///< Number and title, as "4.2 Forum function".
  Standing standing;
  std::size_t brackets = 0;
};

struct PhaseFacts {
  RoleSet roles;
  Phase now = Phase::drafting;
  Phase to = Phase::plenary;
  std::vector<SectionAtClosing> sections;  ///< Those with text of their own, in reading order.
  std::set<SectionId> left_open;           ///< Of left_open_of.
  std::size_t open_calls = 0;              ///< Silence procedures that are still running or suspended.
  std::vector<std::string> open_points;    ///< Corrections and outstanding points, in words.
  bool window_open = false;                ///< The editorial window has not come to its end.
  bool transmittal_recorded = false;
};

/// Whether the chair may make this move now. Errc::forbidden, bad_input (no such move) or conflict, naming what is in
/// the way.
[[nodiscard]] Result<void> check_phase(const PhaseFacts& facts);

/// The phase of a report by its decisions; Drafting without any.
[[nodiscard]] Phase phase_of(std::span<const Decision> chain, const ReportId& report);

/// Sections of a report that a closing may leave unsettled. A later decision that settles one takes it out again.
[[nodiscard]] std::set<SectionId> left_open_of(std::span<const Decision> chain, const ReportId& report);

/// Where the label "Not discussed in full" stands.
struct Labels {
  std::set<ReportId> reports;
  std::set<SectionId> sections;
  friend bool operator==(const Labels&, const Labels&) = default;
};
[[nodiscard]] Labels labels_of(std::span<const Decision> chain);

/// Numbers of decisions that a later one has undone.
[[nodiscard]] std::set<std::uint64_t> undone_in(std::span<const Decision> chain);

}  // namespace bossey::consensus
