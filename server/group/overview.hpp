// From state and texts to what a person is shown. Called by Group and by the README of the repository. Reads only.
#pragma once

#include <optional>

#include "base/ids.hpp"
#include "group/caller.hpp"
#include "group/section_texts.hpp"
#include "group/state.hpp"
#include "group/views.hpp"

namespace bossey::group {

/// `reader`: whose proposals are "mine"; nothing for events, files and exports.
struct Overview {
  const GroupState& state;
  const SectionTexts& texts;
  std::optional<PersonId> reader;

  [[nodiscard]] ReportView report(const Report& report) const;
  /// Errc::not_found, also when the section is of another report.
  [[nodiscard]] Result<SectionView> section(const ReportId& report, const SectionId& section) const;
  [[nodiscard]] GroupView group(consensus::RoleSet roles) const;
  [[nodiscard]] DecisionView decision(std::size_t index) const;
  [[nodiscard]] consensus::Standing standing(const SectionId& section) const;

 private:
  [[nodiscard]] SectionView section_view(const Report& report, std::size_t index) const;
  [[nodiscard]] StatusView status(const SectionId& section, const consensus::Standing& standing) const;
  [[nodiscard]] consensus::Tally tally(const Report& report, std::size_t begin, std::size_t end) const;
};

}  // namespace bossey::group
