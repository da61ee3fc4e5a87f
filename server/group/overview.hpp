// From state and texts to what a person is shown. Called by Group and by the README of the repository. Reads only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "group/amendment_texts.hpp"
#include "group/caller.hpp"
#include "group/section_texts.hpp"
#include "group/state.hpp"
#include "group/views.hpp"

namespace bossey::group {

/// The words of a late edit's proposal, read from the journal.
struct ProposalWords {
  std::string canonical;
  std::uint64_t version = 0;  ///< The journal's last row that is in them.
};

/// The living sections of kind `alternative` straight below a frame, in order: the options of a decision on it.
[[nodiscard]] std::vector<SectionId> living_alternatives(const GroupState& state, const Report& report,
                                                         const SectionId& frame);

/// "edited from text agreed on 17 June 2005"; "taken from" while the words are the same. `now`: of the section.
[[nodiscard]] OriginView origin_view(const GroupState& state, const Origin& origin, const Sha256& now);

/// `reader`: whose proposals are "mine"; nothing for events, files and exports.
struct Overview {
  const GroupState& state;
  const SectionTexts& texts;
  const AmendmentTexts& amendments;
  const std::map<std::uint64_t, ProposalWords>& words;  ///< By the proposal's number; missing until they are read.
  std::optional<PersonId> reader;
  std::int64_t now_s = 0;  ///< For what is true until a date.

  [[nodiscard]] ReportView report(const Report& report) const;
  /// Errc::not_found, also when the section is of another report.
  [[nodiscard]] Result<SectionView> section(const ReportId& report, const SectionId& section) const;
  [[nodiscard]] GroupView group(consensus::RoleSet roles) const;
  [[nodiscard]] DecisionView decision(std::size_t index) const;
  [[nodiscard]] consensus::Standing standing(const SectionId& section) const;
  /// As printed, by index of the outline.
  [[nodiscard]] std::vector<std::string> numbers(const Report& report) const;

 private:
  [[nodiscard]] consensus::DisclaimerFacts disclaimer_facts(const Report& report, const SectionId& section,
                                                            const consensus::Standing& standing) const;
  void add_amendments(SectionView& view) const;
  [[nodiscard]] SectionView section_view(const Report& report, std::size_t index) const;
  [[nodiscard]] StatusView status(const SectionId& section, const consensus::Standing& standing) const;
  /// `depths`: of the report's outline; made once by whoever looks at many sections.
  [[nodiscard]] consensus::Tally tally(const Report& report, const std::vector<int>& depths, std::size_t begin,
                                       std::size_t end) const;
  [[nodiscard]] std::vector<std::string> numbers(const Report& report, const std::vector<int>& depths) const;
  [[nodiscard]] SectionView placed_view(const Report& report, const std::vector<int>& depths, std::size_t index) const;
  /// Titles of the sections that are settled, where the label "Not discussed in full" stands on the report.
  [[nodiscard]] const std::vector<std::string>& approved_parts(const Report& report) const;
  /// The decision on a set of alternatives that `section` is of: a carried correction leaves it in its set.
  [[nodiscard]] std::uint64_t set_decision(const SectionId& section, std::uint64_t decision) const;
  /// Whether the options of this decision on alternatives are still those below its frame, with the same words.
  [[nodiscard]] bool holds_decided_set(const SectionId& section, std::uint64_t decision) const;

 public:
  mutable std::map<ReportId, std::vector<std::string>> approved{};  ///< What approved_parts found.
};

}  // namespace bossey::group
