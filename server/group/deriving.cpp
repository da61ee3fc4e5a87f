// "Use as a draft for another report": copies of sections into a new report. Each copy is a Draft that knows the words
// it was taken from and the decision that they stood on.
#include <set>

#include "document/canonical.hpp"
#include "group/parts.hpp"

namespace bossey::group {
namespace {

using Finish = Done<ReportMade>;

bool is_withdrawn(const GroupState& state, const SectionId& section) {
  const auto pin = state.pins.find(section);
  return pin != state.pins.end() && pin->second.status == consensus::Status::withdrawn;
}

/// The sections to be copied, by index in the outline of the report.
Result<std::vector<std::size_t>> chosen(const GroupState& state, const Report& from,
                                        const std::vector<SectionId>& sections) {
  const std::set<SectionId> wanted(sections.begin(), sections.end());
  std::vector<std::size_t> out;
  std::size_t found = 0;
  for (std::size_t i = 0; i < from.outline.entries.size(); ++i) {
    const SectionId& id = from.outline.entries[i].id;
    if (!wanted.empty() && !wanted.contains(id)) continue;
    ++found;
    if (!is_withdrawn(state, id)) out.push_back(i);
  }
  if (found < wanted.size()) return fail(Errc::not_found, "No such section.");
  if (out.empty()) return fail(Errc::bad_input, "Choose sections to copy.");
  return out;
}

Result<NewSection> copy_of(const Group::Parts& parts, const Report& from, std::size_t index, int depth) {
  const document::OutlineEntry& entry = from.outline.entries[index];
  const SectionText* text = parts.texts.find(entry.id);
  if (text == nullptr || text->unknown)
    return fail(Errc::conflict, "A text holds unknown parts. Remove or retype them first.");
  BOSSEY_TRY(const document::Section section, document::read_canonical(text->canonical));
  NewSection made;
  made.depth = static_cast<std::uint32_t>(depth);
  made.kind = entry.kind;
  BOSSEY_TRY(made.document, new_document(section, parts.client_id()));
  return made;
}

Result<NewReport> copies(const Group::Parts& parts, const DeriveReport& command) {
  const Report* from = parts.state.report(command.from);
  if (from == nullptr) return fail(Errc::not_found, "No such report.");
  BOSSEY_TRY(const auto indices, chosen(parts.state, *from, command.sections));
  const std::vector<int> depths = document::depths(from->outline);
  NewReport report{command.key, command.title, command.slug, false, {}, command.kind, {}, "derive"};
  const Overview overview = parts.overview();
  int least = depths[indices.front()];
  for (const std::size_t index : indices) {
    // A part that comes without its chapter stands at the top.
    least = std::min(least, depths[index]);
    BOSSEY_TRY(auto made, copy_of(parts, *from, index, depths[index] - least));
    const SectionId& id = from->outline.entries[index].id;
    const consensus::Standing standing = overview.standing(id);
    const std::uint64_t decision = standing.settled() ? standing.pin.decision : 0;
    report.origins.push_back({command.from, id, decision, parts.texts.find(id)->canonical});
    report.sections.push_back(std::move(made));
  }
  return report;
}

void derive(const PartsPtr& parts, const Caller& caller, const DeriveReport& command, const Finish& done) {
  const auto before = answered(*parts, caller, command.key, {"derive", ReportId{command.slug}, {}, 0});
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (*before) {
    const Report* made = parts->state.report((*before)->report);
    return done(ReportMade{(*before)->report, made == nullptr ? "" : made->title,
                           static_cast<std::uint32_t>((*before)->number)});
  }
  const auto report = copies(*parts, command);
  if (!report) return done(fail(report.error().code, report.error().detail));
  make_report(parts, caller, *report, done);
}

}  // namespace

void Group::derive_report(const Caller& caller, DeriveReport command, Done<ReportMade> done) {
  if (const auto good = check_command(caller, consensus::Action::shape_outline, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<ReportMade>(parts_, std::move(done),
                          [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                            derive(parts, caller, command, finish);
                          });
}

Result<OriginTexts> Group::origin(const Caller& caller, const ReportId& report, const SectionId& section) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  BOSSEY_TRY(const Report* holding, report_holding(*parts_, report, section));
  const auto at = holding->origins.find(section);
  if (at == holding->origins.end()) return fail(Errc::not_found, "This section was written here.");
  const SectionText* text = parts_->texts.find(section);
  return OriginTexts{origin_view(parts_->state, at->second, text->text_id), at->second.canonical, text->canonical};
}

}  // namespace bossey::group
