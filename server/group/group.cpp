#include "group/group.hpp"

#include <utility>

#include "document/canonical.hpp"
#include "document/section_document.hpp"
#include "group/calls.hpp"
#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

/// Nothing of a group exists for whoever has no role in it.
Result<void> check_reader(const Caller& caller) {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  return {};
}

/// With the revision that made the decision, which is in git.
void answer_agreed(const PartsPtr& parts, const SectionId& section, const AgreedView& view,
                   const Done<AgreedView>& done) {
  using Found = std::vector<revisions::PathRevision>;
  parts->around.revisions.run<Found>(
      parts->state.id,
      [path = consensus::decision_path(view.decision)](revisions::Repository& repository) {
        return repository.history(path, 1);
      },
      [parts, section, view = AgreedView(view), done](const Result<Found>& found) mutable {
        if (!found) return done(fail(found.error().code, found.error().detail));
        if (found->empty()) return done(fail(Errc::unavailable, "The revision is being made. Try again in a moment."));
        view.revision = found->front().revision.id.hex();
        view.live = parts->texts.find(section)->canonical;
        done(std::move(view));
      });
}

void tell_if_changed(const PartsPtr& parts, const SectionId& section) {
  const auto pin = parts->state.pins.find(section);
  if (pin == parts->state.pins.end() || !pin->second.reopened) return;
  const bool changed = parts->overview().standing(section).changed_since();
  if (std::exchange(parts->told_changed[section], changed) == changed) return;
  tell_section(parts, section);
  tell_outline(parts, parts->state.report_of.at(section));
}

}  // namespace

Group::Group(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
Group::~Group() {
  parts_->pauses.clear();
  parts_->call_clock.reset();
  parts_->writer->stop();
}

const GroupId& Group::id() const {
  return parts_->state.id;
}
const std::string& Group::name() const {
  return parts_->state.name;
}
const GroupState& Group::state() const {
  return parts_->state;
}

void Group::attach(room::Rooms& rooms) {
  parts_->around.rooms = &rooms;
  wake_calls(parts_);
}

Result<GroupView> Group::view(const Caller& caller) const {
  BOSSEY_TRY_VOID(check_reader(caller));
  return parts_->overview(caller.person).group(caller.roles);
}

Result<ReportView> Group::report(const Caller& caller, const ReportId& slug) const {
  BOSSEY_TRY_VOID(check_reader(caller));
  const Report* report = parts_->state.report(slug);
  if (report == nullptr) return fail(Errc::not_found, "No such report.");
  ReportView view = parts_->overview(caller.person).report(*report);
  view.pauses = pauses_of(*parts_, slug);
  return view;
}

Result<SectionView> Group::section(const Caller& caller, const ReportId& report, const SectionId& section) const {
  BOSSEY_TRY_VOID(check_reader(caller));
  return parts_->overview(caller.person).section(report, section);
}

Result<std::string> Group::canonical(const Caller& caller, const ReportId& report, const SectionId& section) const {
  BOSSEY_TRY_VOID(check_reader(caller));
  BOSSEY_TRY_VOID(report_holding(*parts_, report, section));
  const SectionText* text = parts_->texts.find(section);
  if (text == nullptr) return fail(Errc::not_found, "No such section.");
  return text->canonical;
}

Result<std::string> Group::text_path(const Caller& caller, const ReportId& report, const SectionId& section) const {
  BOSSEY_TRY_VOID(check_reader(caller));
  BOSSEY_TRY_VOID(report_holding(*parts_, report, section));
  return group::text_path(report, section);
}

void Group::agreed(const Caller& caller, const ReportId& report, const SectionId& section,
                   const Done<AgreedView>& done) const {
  if (const auto live = canonical(caller, report, section); !live)
    return done(fail(live.error().code, live.error().detail));
  // What was agreed last, also when the section was put in brackets since.
  for (std::size_t i = parts_->state.chain.size(); i-- > 0;) {
    const consensus::Decision& decision = parts_->state.chain[i];
    if (!decision.result || consensus::row(*decision.result).settles != consensus::Settles::yes) continue;
    if (parts_->overview().decision(i).undone_by) continue;
    for (const DecidedText& text : parts_->state.records[i].texts) {
      if (text.section != section) continue;
      AgreedView view;
      view.decision = decision.no;
      view.text_id = document::text_id(text.canonical);
      view.canonical = text.canonical;
      // A decision is answered when it is on disk, and its revision may still be behind others.
      parts_->writer->when_written([parts = parts_, section, view, done](const Result<void>& written) {
        if (!written) return done(fail(written.error().code, written.error().detail));
        answer_agreed(parts, section, view, done);
      });
      return;
    }
  }
  done(fail(Errc::not_found, "This section was never agreed."));
}

void Group::restore(const Caller& caller, RestoreSection command, Done<SectionView> done) {
  if (const auto good = check_command(caller, consensus::Action::shape_outline, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<SectionView>(parts_, std::move(done),
                           [parts = parts_, caller, command = std::move(command)](const Done<SectionView>& finish) {
                             restore_section(parts, caller, command, finish);
                           });
}

bool Group::holds(const SectionId& section) const {
  return parts_->state.report_of.contains(section);
}

std::optional<std::uint64_t> Group::closed_by(const SectionId& section) const {
  return parts_->state.closed_by(section);
}

void Group::text_changed(const SectionId& section, room::Room& room) {
  parts_->texts.changed(section, room.shared_from_this());
  parts_->writer->text_changed(section);
  // Pages hear of titles and counts when the revision is made; that agreed words changed, or came back, at once.
  tell_if_changed(parts_, section);
  call_text_changed(parts_, section);
  ask_authors(parts_, section);
  const auto pin = parts_->state.pins.find(section);
  if (pin == parts_->state.pins.end() || pin->second.status != consensus::Status::alternatives) return;
  const SectionId& frame = parts_->state.chain[pin->second.decision - 1].subject.front().section;
  if (frame != section) tell_if_changed(parts_, frame);
}

void Group::commit_all(Done<void> done) {
  commit_readme(parts_);
  parts_->writer->commit_all(std::move(done));
}

}  // namespace bossey::group
