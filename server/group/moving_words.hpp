// Split and merge: outline commands that also move words between documents, always by ordinary edits of living ones.
// Order for safety: words are written to their new place before they leave the old one. Included by group's sources.
#pragma once

#include <optional>
#include <string>

#include "group/parts.hpp"

namespace bossey::group {

/// The event of an outline command, with the key that it answers.
[[nodiscard]] Event outline_event(const Caller& caller, const OutlineCommand& command, std::string name,
                                  const SectionId& section, std::optional<SectionId> from, document::Outline outline);

void split_section(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                   const SplitSection& split, const Done<OutlineChanged>& done);
void merge_section(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                   const MergeSection& merge, const Done<OutlineChanged>& done);

/// alternatives.cpp
void present_alternatives(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                          const PresentAlternatives& present, const Done<OutlineChanged>& done);
/// The letter for one more option under a frame: none that an option there has or had.
[[nodiscard]] std::string next_option_letter(const Report& report, const SectionId& frame,
                                             const document::Outline& outline);

}  // namespace bossey::group
