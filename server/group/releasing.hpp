// Versions of a report: made of its view, and looked up again. Pure; used by phases.cpp, corrections.cpp and views.
#pragma once

#include <string>
#include <vector>

#include "group/overview.hpp"
#include "group/state.hpp"

namespace bossey::group {

/// The version that `overview` shows of a report, after the last decision of its chain. Without texts.
[[nodiscard]] ReleaseMade draft_release(const Overview& overview, const ReportId& report, std::string id,
                                        std::string before, std::int64_t at_s);

/// The words of a section in version `index`; null if it does not hold the section.
[[nodiscard]] const std::string* words_in(const GroupState& state, const Closing& closing, std::size_t index,
                                          const SectionId& section);
/// The words of a section from the closing on, each differing from the one before; the last are the present ones.
[[nodiscard]] std::vector<std::string> wordings_of(const GroupState& state, const Closing& closing,
                                                   const SectionId& section);
[[nodiscard]] std::vector<consensus::Release> releases_of(const Closing& closing);
[[nodiscard]] std::vector<consensus::Correction> corrections_of(const Closing& closing);

}  // namespace bossey::group
