#include "export/report_view.hpp"

#include <algorithm>

#include "consensus/disclaimer.hpp"

namespace bossey::exporting {

namespace {

/// For a text of which the caller says nothing: what is said of any draft.
consensus::Disclaimer draft_disclaimer(const std::string& group_name) {
  return consensus::disclaimer_of(consensus::DisclaimerFacts{}, group_name);
}

}  // namespace

std::string disclaimer_before(const SectionView& view, const std::string& group_name) {
  if (!view.disclaimer.empty() || view.agreed) return view.disclaimer;
  return draft_disclaimer(group_name).full;
}

std::string short_disclaimer_of(const SectionView& view) {
  if (!view.short_disclaimer.empty() || view.agreed) return view.short_disclaimer;
  return draft_disclaimer({}).short_form;
}

std::string short_disclaimer_of(const ReportView& view) {
  if (!view.short_disclaimer.empty()) return view.short_disclaimer;
  const auto open = std::find_if(view.sections.begin(), view.sections.end(),
                                 [](const SectionView& section) { return !section.agreed; });
  return open == view.sections.end() ? std::string() : short_disclaimer_of(*open);
}

std::string version_line(const ReportView& view) {
  if (view.version.empty()) return {};
  return "Version " + view.version + " \xC2\xB7 SHA-256 " + view.checksum;
}

bool prints_disclaimer(const ReportView& view, std::size_t section) {
  const std::string own = disclaimer_before(view.sections[section], view.group_name);
  if (own.empty()) return false;
  return section == 0 || disclaimer_before(view.sections[section - 1], view.group_name) != own;
}

}  // namespace bossey::exporting
