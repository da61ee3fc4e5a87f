// Puts the words of a revision back into a section: an ordinary edit of the living document, like anybody's.
#include "document/canonical.hpp"
#include "document/section_document.hpp"
#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using Finish = Done<SectionView>;

void put_back(const PartsPtr& parts, const Caller& caller, const RestoreSection& command,
              const document::Section& section, const Finish& done) {
  open_rooms(parts, {command.section}, [parts, caller, command, section, done](Result<RoomList> rooms) {
    if (!rooms) return done(fail(rooms.error().code, rooms.error().detail));
    const std::shared_ptr<room::Room> room = rooms->front();
    if (room->is_closed()) return done(fail(Errc::conflict, "The text is closed. Reopen the section first."));
    if (is_asked(*parts, command.section)) return done(tl::unexpected<Error>(being_asked()));
    room->edit([section](crdt::Doc& doc) { return document::replace_section(doc, section); }, author(caller),
               [parts, caller, command, room, done](Result<JournalSeq> edited) {
                 if (!edited) return done(fail(edited.error().code, edited.error().detail));
                 parts->texts.read(command.section, *room);
                 Event event{TextRestored{command.section, command.revision},
                             key_use(caller, command.key, Answer{"restore", command.report, command.section, 0})};
                 record(parts, {}, {std::move(event)}, [parts, caller, command, done](const Result<JournalSeq>& seq) {
                   if (!seq) return done(fail(seq.error().code, seq.error().detail));
                   commit_shape(parts, "Restore section text", secretariat(), *seq, {command.section});
                   tell_section(parts, command.section);
                   done(parts->overview(caller.person).section(command.report, command.section));
                 });
               });
  });
}

}  // namespace

void restore_section(const PartsPtr& parts, const Caller& caller, const RestoreSection& command, const Finish& done) {
  const auto before = answered(*parts, caller, command.key, {"restore", command.report, command.section});
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (const auto report = report_holding(*parts, command.report, command.section); !report)
    return done(fail(report.error().code, report.error().detail));
  if (*before) return done(parts->overview(caller.person).section(command.report, command.section));
  if (const auto written = check_written(*parts->state.report(command.report)); !written)
    return done(fail(written.error().code, written.error().detail));
  const auto revision = revisions::RevisionId::from_hex(command.revision);
  if (!revision) return done(fail(Errc::bad_input, "Name a revision by its 40 digits."));
  parts->around.revisions.run<std::string>(
      parts->state.id,
      [revision = *revision, path = text_path(command.report, command.section)](revisions::Repository& repository) {
        return repository.read(revision, path);
      },
      [parts, caller, command, done](const Result<std::string>& bytes) {
        if (!bytes) return done(fail(Errc::not_found, "That revision does not hold this section."));
        const auto section = document::read_canonical(*bytes);
        if (!section) return done(fail(section.error().code, section.error().detail));
        put_back(parts, caller, command, *section, done);
      });
}

}  // namespace bossey::group
