#include "group/releasing.hpp"

namespace bossey::group {
namespace {

/// Those that a version brought: of its decision, or its own.
const std::vector<DecidedText>& texts_of(const GroupState& state, const ReleaseRecord& record) {
  return record.made.alone ? record.made.texts : state.records[record.release.decision - 1].texts;
}

const std::string* brought(const GroupState& state, const ReleaseRecord& record, const SectionId& section) {
  for (const DecidedText& text : texts_of(state, record))
    if (text.section == section) return &text.canonical;
  return nullptr;
}

}  // namespace

ReleaseMade draft_release(const Overview& overview, const ReportId& report, std::string id, std::string before,
                          std::int64_t at_s) {
  const ReportView view = overview.report(overview.state.reports.at(report));
  consensus::Release release;
  release.id = std::move(id);
  release.report = report;
  release.at_s = at_s;
  release.before = std::move(before);
  release.audience = "members";
  release.decision = overview.state.chain.size();
  ReleaseMade made;
  made.title = view.title;
  made.short_form = view.short_disclaimer;
  for (const SectionView& section : view.sections) {
    release.sections.push_back({section.id, section.number, section.text_id,
                                section.prints_disclaimer ? section.disclaimer.full : std::string()});
    PrintedSection printed;
    printed.section = section.id;
    printed.depth = section.depth;
    printed.kind = section.kind;
    printed.status = section.status.status;
    printed.settled = section.status.settled;
    printed.line = section.status.line;
    printed.short_form = section.disclaimer.short_form;
    printed.disclaimer = section.disclaimer.full;
    made.printed.push_back(std::move(printed));
  }
  made.bytes = consensus::canonical_bytes(release);
  return made;
}

const std::string* words_in(const GroupState& state, const Closing& closing, std::size_t index,
                            const SectionId& section) {
  for (std::size_t i = index + 1; i-- > 0;)
    if (const std::string* words = brought(state, closing.releases[i], section); words != nullptr) return words;
  return nullptr;
}

std::vector<std::string> wordings_of(const GroupState& state, const Closing& closing, const SectionId& section) {
  std::vector<std::string> out;
  for (const ReleaseRecord& record : closing.releases) {
    const std::string* words = brought(state, record, section);
    if (words != nullptr && (out.empty() || out.back() != *words)) out.push_back(*words);
  }
  return out;
}

std::vector<consensus::Release> releases_of(const Closing& closing) {
  std::vector<consensus::Release> out;
  for (const ReleaseRecord& record : closing.releases) out.push_back(record.release);
  return out;
}

std::vector<consensus::Correction> corrections_of(const Closing& closing) {
  std::vector<consensus::Correction> out;
  for (const FiledCorrection& filed : closing.corrections) out.push_back(filed.correction);
  return out;
}

}  // namespace bossey::group
