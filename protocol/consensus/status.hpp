// What a section can be: nine names of which the chair never picks one; they follow from decisions and facts.
// Called by everything that shows or counts sections. Pure values; nothing here reads a clock or a document.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bossey::consensus {

enum class Status : std::uint8_t {
  draft,
  working_paper,
  agreed_in_principle,
  in_brackets,
  agreed_ad_ref,
  rough_consensus,
  agreed,
  alternatives,
  withdrawn,
};

/// How much a status settles. `closed` is for Withdrawn: neither settled nor open work.
enum class Settles : std::uint8_t { no, half, yes, closed };

/// One row a status. `name` is the word in JSON and files and never changes; `screen` is what people read;
/// `mark` stands beside the word so that colour is never the only sign; `count` is used in "1 in brackets".
struct StatusRow {
  Status status;
  std::string_view name;
  std::string_view screen;
  std::string_view mark;
  std::string_view count;
  Settles settles;
};

inline constexpr std::array<StatusRow, 9> kStatuses{{
    {Status::draft, "draft", "Draft", "D", "draft", Settles::no},
    {Status::working_paper, "working_paper", "Draft working paper", "W", "draft working paper", Settles::no},
    {Status::agreed_in_principle, "agreed_in_principle", "Agreed in principle", "≈", "agreed in principle",
     Settles::no},
    {Status::in_brackets, "in_brackets", "In brackets", "[ ]", "in brackets", Settles::no},
    {Status::agreed_ad_ref, "agreed_ad_ref", "Agreed ad referendum", "ar", "agreed ad referendum", Settles::half},
    {Status::rough_consensus, "rough_consensus", "Rough consensus", "~", "rough consensus", Settles::yes},
    {Status::agreed, "agreed", "Agreed", "✓", "agreed", Settles::yes},
    {Status::alternatives, "alternatives", "Presented as alternatives", "A/B", "presented as alternatives",
     Settles::yes},
    {Status::withdrawn, "withdrawn", "Withdrawn", "–", "withdrawn", Settles::closed},
}};

[[nodiscard]] constexpr const StatusRow& row(Status status) {
  return kStatuses[static_cast<std::size_t>(status)];
}
[[nodiscard]] constexpr std::string_view name_of(Status status) {
  return row(status).name;
}

/// The status of that JSON name; nothing for a word that is none.
[[nodiscard]] constexpr std::optional<Status> status_from(std::string_view name) {
  for (const StatusRow& r : kStatuses)
    if (r.name == name) return r.status;
  return std::nullopt;
}

/// The phase of a report, changed by the chair alone. What each move needs is in phase.hpp.
enum class Phase : std::uint8_t { drafting, plenary, editorial_window, final_text, transmitted };

/// `name` is the word in JSON and files and never changes; `writes`: text is written and decided on in this phase.
struct PhaseRow {
  Phase phase;
  std::string_view name;
  std::string_view screen;
  bool writes;
};

inline constexpr std::array<PhaseRow, 5> kPhases{{
    {Phase::drafting, "drafting", "Drafting", true},
    {Phase::plenary, "plenary", "Plenary", true},
    {Phase::editorial_window, "editorial_window", "Closed, editorial window", false},
    {Phase::final_text, "final", "Final", false},
    {Phase::transmitted, "transmitted", "Transmitted", false},
}};

[[nodiscard]] constexpr const PhaseRow& row(Phase phase) {
  return kPhases[static_cast<std::size_t>(phase)];
}
[[nodiscard]] constexpr std::string_view name_of(Phase phase) {
  return row(phase).name;
}
[[nodiscard]] constexpr std::optional<Phase> phase_from(std::string_view name) {
  for (const PhaseRow& r : kPhases)
    if (r.name == name) return r.phase;
  return std::nullopt;
}

}  // namespace bossey::consensus
