// What phases.cpp, corrections.cpp and closing.cpp share: the facts of a closing, and how the commands answer.
// Included by nobody else.
#pragma once

#include <vector>

#include "consensus/phase.hpp"
#include "group/closing_commands.hpp"
#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {

/// Sections with text of their own, in reading order, with the names that a refusal gives them.
[[nodiscard]] std::vector<consensus::SectionAtClosing> sections_at_closing(const Group::Parts& parts,
                                                                           const Report& report);

[[nodiscard]] ClosingView closing_view(const Group::Parts& parts, const Caller& caller, const Report& report);
[[nodiscard]] Result<ClosingChanged> closing_changed(const Group::Parts& parts, const Caller& caller,
                                                     const ReportId& report, std::uint64_t number);

/// Those who decide together: members and chairs.
[[nodiscard]] inline bool on_roll(const Caller& caller) {
  return caller.roles.has(consensus::Role::member) || caller.roles.has(consensus::Role::chair);
}

}  // namespace bossey::group
