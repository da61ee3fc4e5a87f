#include "group/repository_files.hpp"

#include <nlohmann/json.hpp>

#include "consensus/moment.hpp"
#include "document/canonical.hpp"

namespace bossey::group {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTitleShown_bytes = 80;

std::string bytes_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

// Titles are people's text; in the README they must not turn into markup.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '[' || c == ']' || c == '*' || c == '_' || c == '`' || c == '<' || c == '|' || c == '#')
      out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

/// The entries straight below each section, and below nothing: the chapters.
using Children = std::map<std::optional<SectionId>, std::vector<const document::OutlineEntry*>>;

Children children_in(const document::Outline& outline) {
  Children children;
  for (const document::OutlineEntry& entry : outline.entries) children[entry.parent].push_back(&entry);
  return children;
}

Json outline_level(const Children& children, const std::optional<SectionId>& parent) {
  Json list = Json::array();
  const auto here = children.find(parent);
  if (here == children.end()) return list;
  for (const document::OutlineEntry* each : here->second) {
    const document::OutlineEntry& entry = *each;
    Json one = {{"id", entry.id.value}, {"kind", document::name_of(entry.kind)}};
    if (!entry.label.empty()) one["label"] = entry.label;
    Json below = outline_level(children, entry.id);
    if (!below.empty()) one["sections"] = std::move(below);
    list.push_back(std::move(one));
  }
  return list;
}

Json section_json(const Report& report, const document::OutlineEntry& entry) {
  Json origin = {{"from", report.imported ? "import" : "written"}};
  if (const auto at = report.split_from.find(entry.id); at != report.split_from.end())
    origin = {{"from", "split"}, {"section", at->second.section.value}};
  if (const auto at = report.origins.find(entry.id); at != report.origins.end())
    origin = {{"from", "report"},
              {"report", at->second.report.value},
              {"section", at->second.section.value},
              {"decision", at->second.decision},
              {"text_id", document::text_id(at->second.canonical).hex()}};
  const auto room = report.rooms.find(entry.id);
  return {{"kind", document::name_of(entry.kind)},
          {"team", room == report.rooms.end() ? Json(nullptr) : Json(room->second)},
          {"origin", std::move(origin)}};
}

}  // namespace

std::string text_path(const ReportId& report, const SectionId& section) {
  return "reports/" + report.value + "/sections/" + section.value + ".md";
}

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  if (out.size() > kTitleShown_bytes) {
    std::size_t end = kTitleShown_bytes;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
    out = out.substr(0, end) + "…";
  }
  return out;
}

std::string readme_of(const Overview& overview) {
  const GroupState& state = overview.state;
  std::string out = "# " + escaped(state.name) + "\n\n";
  if (!state.addressee.empty()) out += "Reports to: " + escaped(state.addressee) + "\n\n";
  out +=
      "Texts are in `reports/*/sections`, decisions in `decisions`. `sha256sum` of a text is the text_id that a "
      "decision names.\n";
  for (const ReportId& slug : state.report_order) {
    const ReportView view = overview.report(state.reports.at(slug));
    out += "\n## " + escaped(view.title) + "\n\n" + view.phase + ". " + view.chapter_line + ".\n";
    for (const SectionView& section : view.sections) {
      const std::string title = section.title.empty() ? "(no title)" : escaped(section.title);
      out += "\n### " + (section.number.empty() ? title : section.number + ' ' + title) + "\n\n";
      out += "[Text](" + text_path(slug, section.id) + "). " + section.status.line + ".\n";
      if (section.prints_disclaimer) out += "\n> " + escaped(section.disclaimer.full) + '\n';
    }
  }
  return out;
}

void add_report_files(const Report& report, const std::function<bool(const std::string&)>& has, FileMap& files) {
  const std::string folder = "reports/" + report.slug.value + '/';
  files[folder + "report.json"] = bytes_of({{"title", report.title},
                                            {"kind", report.kind},
                                            {"phase", consensus::name_of(report.phase)},
                                            {"outline", outline_level(children_in(report.outline), std::nullopt)}});
  for (const document::OutlineEntry& entry : report.outline.entries) {
    std::string path = folder + "sections/" + entry.id.value + ".json";
    if (!has(path)) files[std::move(path)] = bytes_of(section_json(report, entry));
  }
}

void add_proposal_file(const Proposal& proposal, FileMap& files) {
  files["proposals/" + std::to_string(proposal.number) + ".json"] =
      bytes_of({{"number", proposal.number},
                {"section", proposal.section.value},
                {"kind", proposal.decision == 0 ? "kept words" : "late edit"},
                {"after_decision", proposal.beside == 0 ? proposal.decision : 0},
                {"at", consensus::iso_utc(proposal.at_s)},
                {"state", name_of(proposal.state)}});
}

void add_amendment_files(const Overview& overview, std::uint64_t number, FileMap& files) {
  const auto at = overview.state.amendments.find(number);
  const AmendmentNow* now = overview.amendments.now(overview.state, overview.texts, number);
  if (at == overview.state.amendments.end() || now == nullptr || now->untouched) return;
  const AmendmentRecord& record = at->second;
  const std::string path = "proposals/" + std::to_string(number);
  Json json = {{"number", number},
               {"section", record.section.value},
               {"kind", record.kind == consensus::ProposalKind::late ? "late edit, handed in" : "amendment"},
               {"strength", consensus::name_of(record.strength)},
               {"at", consensus::iso_utc(record.at_s)},
               {"state", consensus::name_of(record.fate)},
               {"base", document::text_id(record.base).hex()},
               {"text_id", document::text_id(now->words).hex()}};
  if (!record.signed_by.empty()) json["signed_by"] = record.signed_by;
  if (record.on) json["on"] = *record.on;
  files[path + ".json"] = bytes_of(json);
  files[path + ".md"] = now->words;
}

FileMap generated_files(const Overview& overview) {
  const GroupState& state = overview.state;
  FileMap files;
  files["group.json"] = bytes_of({{"name", state.name},
                                  {"addressee", state.addressee},
                                  {"terms_of_reference", state.terms},
                                  {"rules", {{"attributed", false}}}});
  for (const auto& [slug, report] : state.reports)
    add_report_files(
        report, [](const std::string&) { return false; }, files);
  for (const auto& [number, proposal] : state.proposals)
    if (!state.amendments.contains(number)) add_proposal_file(proposal, files);
  for (const auto& [number, record] : state.amendments) add_amendment_files(overview, number, files);
  files["README.md"] = readme_of(overview);
  return files;
}

}  // namespace bossey::group
