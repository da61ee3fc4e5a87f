// The outline of a report: which sections it has, in which order, one within another. A pure value; commands give a new
// outline or an error. Called by the group's strand. Knows no text, title, status or permission.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace bossey::document {

inline constexpr std::size_t kMaxSections = 2000;
inline constexpr int kMaxOutlineDepth = 6;  ///< Levels: depth 0 to 5.

/// What a place in the outline is. A chapter is no kind of its own: it is a section that holds sections.
enum class SectionKind : std::uint8_t { section, opening, box, annex, alternative };

/// The word in JSON, as "opening".
[[nodiscard]] std::string_view name_of(SectionKind kind);
[[nodiscard]] std::optional<SectionKind> section_kind_from(std::string_view name);

struct OutlineEntry {
  SectionId id;
  std::optional<SectionId> parent;
  SectionKind kind = SectionKind::section;
  std::string label;  ///< Printed instead of the computed number, if not empty; at most 32 characters, one line.

  friend bool operator==(const OutlineEntry&, const OutlineEntry&) = default;
};

/// In reading order: a section comes straight before the sections it holds. `check` is the invariant.
struct Outline {
  std::vector<OutlineEntry> entries;

  friend bool operator==(const Outline&, const Outline&) = default;
};

/// Where something goes: under `parent` (none: top level), straight after the sibling `after` (none: first).
struct Place {
  std::optional<SectionId> parent;
  std::optional<SectionId> after;

  friend bool operator==(const Place&, const Place&) = default;
};
/// Where a section stands now; nothing if it is not there.
[[nodiscard]] std::optional<Place> place_of(const Outline& outline, const SectionId& id);

/// Ids unique, parents before children, reading order, bounds. Errors: bad_input, too_large.
Result<void> check(const Outline& outline);

/// Errors of all commands: not_found (a named section is not in the outline), bad_input (the place makes no sense,
/// the id is taken), too_large (number or depth of sections).
[[nodiscard]] Result<Outline> add(const Outline& outline, const OutlineEntry& entry, const Place& place);
/// With all sections within it.
[[nodiscard]] Result<Outline> move(const Outline& outline, const SectionId& id, const Place& place);
/// What it holds takes its place, one level up.
[[nodiscard]] Result<Outline> remove(const Outline& outline, const SectionId& id);
/// The new section `made` stands straight after `id` and takes over the sections that `id` holds.
[[nodiscard]] Result<Outline> split(const Outline& outline, const SectionId& id, const SectionId& made);
/// `id` goes; what it holds goes to the end of what `into` holds. `into` may not lie within `id`.
[[nodiscard]] Result<Outline> merge(const Outline& outline, const SectionId& id, const SectionId& into);
[[nodiscard]] Result<Outline> relabel(const Outline& outline, const SectionId& id, std::string label);

/// 0 at the top level; by index of the entry.
[[nodiscard]] std::vector<int> depths(const Outline& outline);
/// Printed numbers by index: sections "1", "1.2"; boxes "Box 1.1" and alternatives "1.A", "1.B" counted within their
/// parent; annexes "Annex 1" in the whole report, their parts "Annex 1.1"; openings none. A label replaces the number;
/// one beside another place, "4.2 bis", is not counted, so that what follows keeps its own. The label of an alternative
/// is its letter, "1.B".
[[nodiscard]] std::vector<std::string> numbers(const Outline& outline);
/// A label that is the letter of an option: "A", "AB".
[[nodiscard]] bool is_option_letter(std::string_view label);
/// The letters of the options straight under a frame, given or counted.
[[nodiscard]] std::set<std::string> option_letters(const Outline& outline, const SectionId& frame);
/// Index of a section; nullopt if it is not there.
[[nodiscard]] std::optional<std::size_t> index_of(const Outline& outline, const SectionId& id);
/// Indices of the sections straight under `id`; of the top level without one.
[[nodiscard]] std::vector<std::size_t> children_of(const Outline& outline, const std::optional<SectionId>& id);

}  // namespace bossey::document
