// Labels that are names: "4.2 bis", "OP6 alt 2". Once given they stay when everything around is renumbered. Called by
// whoever inserts a section or an option; a label is stored in the outline in place of the computed number.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace bossey::consensus {

/// `bis`: a new paragraph between two others. `alt`: another wording of the same one.
enum class LabelKind : std::uint8_t { bis, alt };

/// A label taken apart: "4.2 ter" is {"4.2", bis, 3}, "OP6alt" is {"OP6", alt, 1}, "OP6 alt 2" {"OP6", alt, 2}.
struct LabelParts {
  std::string base;
  LabelKind kind = LabelKind::bis;
  std::uint32_t ordinal = 0;  ///< bis is 2, ter 3, ...; alternatives count from 1.
  friend bool operator==(const LabelParts&, const LabelParts&) = default;
};
/// Nothing for a label of another form.
[[nodiscard]] std::optional<LabelParts> split_label(std::string_view label);

/// The written form, "4.2 bis"; beyond the last Latin word "4.2 bis 11".
[[nodiscard]] std::string label_of(const LabelParts& parts);

/// The next free name beside `label` (a number or a label): never one of `taken`, which holds every label that the
/// report has or had, so that a name never means something else later.
[[nodiscard]] std::string next_label(std::string_view label, LabelKind kind, const std::set<std::string>& taken);

/// The capital letter of the next option under a frame: A to Z, then AA. Letters of options that went are `taken`, too.
[[nodiscard]] std::string next_option(const std::set<std::string>& taken);

}  // namespace bossey::consensus
