// What people are shown of a closing: what is in the way of it, the window, corrections, versions and transmittals, and
// one version for the print. Reads only.
#include "group/closing.hpp"

#include <algorithm>

#include "group/calls.hpp"
#include "group/releasing.hpp"

namespace bossey::group {
namespace {

std::string name_of_section(const SectionView& section) {
  const std::string title = section.title.empty() ? "(no title)" : section.title;
  return section.number.empty() ? title : section.number + ' ' + title;
}

/// A heading over sections, without text of its own, is nothing that could be settled.
bool is_bare_heading(const Group::Parts& parts, const ReportView& view, std::size_t index) {
  if (index + 1 >= view.sections.size() || view.sections[index + 1].depth <= view.sections[index].depth) return false;
  const SectionText* text = parts.texts.find(view.sections[index].id);
  return text == nullptr || text->body_words == 0;
}

std::vector<std::string> moves_of(const Caller& caller, const FiledCorrection& filed,
                                  const consensus::EditorialWindow& window, std::int64_t now_s) {
  const consensus::Correction& c = filed.correction;
  std::vector<std::string> may;
  if (consensus::flag(c, on_roll(caller))) may.emplace_back("flag");
  if (consensus::applied(c, caller.roles, window, now_s)) may.emplace_back("apply");
  if (consensus::taken_out(c, caller.roles)) may.emplace_back("take_out");
  if (!c.call && consensus::may(caller.roles, consensus::Action::decide) && consensus::call_for(c, window, Sha256{}))
    may.emplace_back("call");
  if (consensus::withdrawn(c, caller.person)) may.emplace_back("withdraw");
  return may;
}

}  // namespace

std::vector<consensus::SectionAtClosing> sections_at_closing(const Group::Parts& parts, const Report& report) {
  const Overview overview = parts.overview();
  const ReportView view = overview.report(report);
  std::vector<consensus::SectionAtClosing> out;
  for (std::size_t i = 0; i < view.sections.size(); ++i) {
    if (is_bare_heading(parts, view, i)) continue;
    const SectionView& section = view.sections[i];
    out.push_back({section.id, name_of_section(section), overview.standing(section.id), section.brackets});
  }
  return out;
}

ClosingView closing_view(const Group::Parts& parts, const Caller& caller, const Report& report) {
  const GroupState& state = parts.state;
  ClosingView view;
  view.report = report.slug;
  view.phase = report.phase;
  view.open_calls = open_calls_of(state, report.slug);
  view.not_discussed = state.labels.reports.contains(report.slug);
  std::map<SectionId, std::string> names;
  for (const consensus::SectionAtClosing& at : sections_at_closing(parts, report)) {
    names[at.section] = at.name;
    if (state.labels.sections.contains(at.section)) view.labelled.push_back(at.section);
    if (at.standing.settled() || at.standing.status() == consensus::Status::withdrawn) continue;
    InTheWay one{at.section, at.name, at.standing.in_words()};
    (report.left_open.contains(at.section) ? view.left_open : view.in_the_way).push_back(std::move(one));
  }
  const auto found = state.closings.find(report.slug);
  if (found == state.closings.end()) return view;
  const Closing& closing = found->second;
  view.window = closing.window;
  view.open_points = consensus::open_points(corrections_of(closing));
  for (const FiledCorrection& filed : closing.corrections) {
    CorrectionView one;
    one.filed = filed;
    one.name = names[filed.correction.section];
    one.mine = filed.correction.author == caller.person;
    one.quiet_ends_s = filed.correction.filed_s + closing.window.quiet_s;
    if (report.phase == consensus::Phase::editorial_window)
      one.may = moves_of(caller, filed, closing.window, parts.now_s());
    view.corrections.push_back(std::move(one));
  }
  for (const ReleaseRecord& record : closing.releases)
    view.releases.push_back({record.release, sha256(record.made.bytes)});
  view.transmittals = closing.transmittals;
  return view;
}

Result<ClosingChanged> closing_changed(const Group::Parts& parts, const Caller& caller, const ReportId& report,
                                       std::uint64_t number) {
  return ClosingChanged{number, closing_view(parts, caller, parts.state.reports.at(report))};
}

Result<ClosingView> Group::closing(const Caller& caller, const ReportId& slug) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  const Report* report = parts_->state.report(slug);
  if (report == nullptr) return fail(Errc::not_found, "No such report.");
  return closing_view(*parts_, caller, *report);
}

Result<ReleasedReport> Group::release(const Caller& caller, const ReportId& report, const std::string& id) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  const auto at = parts_->state.closings.find(report);
  if (at == parts_->state.closings.end()) return fail(Errc::not_found, "No such version.");
  const std::vector<ReleaseRecord>& releases = at->second.releases;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    if (releases[i].release.id != id) continue;
    ReleasedReport out{releases[i].release, releases[i].made, {}};
    for (const consensus::ReleasedSection& section : out.release.sections) {
      const std::string* words = words_in(parts_->state, at->second, i, section.section);
      if (words == nullptr || sha256(*words) != section.text_id)
        return fail(Errc::corrupt, "version " + id + " lacks the words of section " + section.section.value);
      out.canonicals.push_back(*words);
    }
    return out;
  }
  return fail(Errc::not_found, "No such version.");
}

void Group::release_revisions(const Caller& caller, const ReportId& slug,
                              const Done<std::map<std::string, std::string>>& done) const {
  const auto view = closing(caller, slug);
  if (!view) return done(fail(view.error().code, view.error().detail));
  std::vector<consensus::Release> releases;
  for (const ReleaseView& one : view->releases) releases.push_back(one.release);
  // A version is answered when it is on disk, and its revision may still be behind others.
  parts_->writer->when_written([parts = parts_, releases, done](const Result<void>&) {
    using Found = std::map<std::string, std::string>;
    parts->around.revisions.run<Found>(
        parts->state.id,
        [releases](revisions::Repository& repository) -> Result<Found> {
          Found found;
          for (const consensus::Release& release : releases) {
            BOSSEY_TRY(const auto history, repository.history(consensus::release_path(release), 1));
            if (!history.empty()) found[release.id] = history.front().revision.id.hex();
          }
          return found;
        },
        [done](Result<Found> found) { done(std::move(found)); });
  });
}

}  // namespace bossey::group
