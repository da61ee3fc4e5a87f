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

void order_options(std::vector<SectionView>& sections) {
  for (std::size_t begin = 0; begin < sections.size();) {
    if (sections[begin].kind != "alternative") {
      ++begin;
      continue;
    }
    const int depth = sections[begin].depth;
    std::vector<std::vector<SectionView>> options;
    std::size_t end = begin;
    for (; end < sections.size() && sections[end].depth >= depth; ++end) {
      if (sections[end].depth == depth) {
        if (sections[end].kind != "alternative") break;
        options.emplace_back();
      }
      options.back().push_back(std::move(sections[end]));
    }
    // "1.B" before "1.AA".
    std::stable_sort(options.begin(), options.end(), [](const auto& a, const auto& b) {
      const std::string &x = a.front().number, &y = b.front().number;
      return x.size() != y.size() ? x.size() < y.size() : x < y;
    });
    std::size_t at = begin;
    for (auto& option : options)
      for (auto& section : option) sections[at++] = std::move(section);
    begin = end;
  }
}

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
