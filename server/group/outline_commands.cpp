// Commands that touch the outline alone, or one title: add, rename, move. Split and merge are in moving_words.cpp.
#include <utility>

#include "consensus/label.hpp"
#include "document/section_document.hpp"
#include "group/moving_words.hpp"
#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using Finish = Done<OutlineChanged>;

std::string kind_of(const OutlineCommand& command) {
  struct Kind {
    const char* operator()(const AddSection&) const { return "outline.add"; }
    const char* operator()(const RenameSection&) const { return "outline.rename"; }
    const char* operator()(const MoveSection&) const { return "outline.move"; }
    const char* operator()(const SplitSection&) const { return "outline.split"; }
    const char* operator()(const MergeSection&) const { return "outline.merge"; }
    const char* operator()(const PresentAlternatives&) const { return "outline.alternatives"; }
  };
  return std::visit(Kind{}, command.what);
}

/// After an OutlineSet is on disk.
void changed(const PartsPtr& parts, const OutlineCommand& command, const std::string& title, const SectionId& section,
             JournalSeq seq, const std::vector<SectionId>& texts, const Finish& done) {
  commit_shape(parts, title, secretariat(), seq, texts);
  tell_outline(parts, command.report);
  done(OutlineChanged{command.version + 1, section});
}

/// The label of a section to be added: the letter of an option, a name beside the one before, or none.
Result<std::string> label_for(const Group::Parts& parts, const Report& report, const AddSection& add) {
  if (add.kind == document::SectionKind::alternative && add.parent && !add.label)
    return next_option_letter(report, *add.parent, report.outline);
  if (!add.label) return std::string();
  const auto at = add.after ? document::index_of(report.outline, *add.after) : std::nullopt;
  if (!at) return fail(Errc::bad_input, "Choose the section that it follows.");
  const std::vector<std::string> numbers = parts.overview().numbers(report);
  if (numbers[*at].empty()) return fail(Errc::bad_input, "The section before it has no number to be named by.");
  std::set<std::string> taken = report.labels_given;
  taken.insert(numbers.begin(), numbers.end());
  return consensus::next_label(numbers[*at], *add.label, taken);
}

void add_section(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command, const AddSection& add,
                 const Finish& done) {
  if (const auto good = check_title(add.title); !good) return done(fail(good.error().code, good.error().detail));
  document::OutlineEntry entry;
  entry.id = parts->new_section_id();
  entry.parent = add.parent;
  entry.kind = add.kind;
  const Report& report = *parts->state.report(command.report);
  auto label = label_for(*parts, report, add);
  if (!label) return done(fail(label.error().code, label.error().detail));
  entry.label = *std::move(label);
  auto outline = document::add(report.outline, entry, {add.parent, add.after});
  if (!outline) return done(fail(outline.error().code, outline.error().detail));
  document::Section section;
  section.title = add.title;
  section.body.push_back(document::paragraph(std::string()));
  auto document = new_document(section, parts->client_id());
  if (!document) return done(fail(document.error().code, document.error().detail));

  std::vector<journal::Row> rows;
  rows.emplace_back(journal::UpdateRow{document_of(entry.id), author(caller), {}, document->update, 0});
  record(parts, std::move(rows), {outline_event(caller, command, "add", entry.id, std::nullopt, std::move(*outline))},
         [parts, command, id = entry.id, text = document->text, done](Result<JournalSeq> seq) {
           if (!seq) return done(fail(seq.error().code, seq.error().detail));
           parts->texts.set(id, text);
           changed(parts, command, "Add section '" + one_line(text.title) + "'", id, *seq, {id}, done);
         });
}

void move_section(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command, const MoveSection& move,
                  const Finish& done) {
  auto outline = document::move(parts->state.report(command.report)->outline, move.section, {move.parent, move.after});
  if (!outline) return done(fail(outline.error().code, outline.error().detail));
  record(parts, {}, {outline_event(caller, command, "move", move.section, std::nullopt, std::move(*outline))},
         [parts, command, id = move.section, done](Result<JournalSeq> seq) {
           if (!seq) return done(fail(seq.error().code, seq.error().detail));
           const SectionText* text = parts->texts.find(id);
           changed(parts, command, "Move section '" + one_line(text == nullptr ? "" : text->title) + "'", id, *seq, {},
                   done);
         });
}

/// The title is text: an ordinary edit of the section's document, then a new version so that pages look again.
void rename_section(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                    const RenameSection& rename, const Finish& done) {
  if (const auto good = check_title(rename.title); !good) return done(fail(good.error().code, good.error().detail));
  open_rooms(parts, {rename.section}, [parts, caller, command, rename, done](Result<RoomList> rooms) {
    if (!rooms) return done(fail(rooms.error().code, rooms.error().detail));
    const std::shared_ptr<room::Room> room = rooms->front();
    if (room->is_closed()) return done(fail(Errc::conflict, "Decided text keeps its title. Reopen the section first."));
    room->edit([title = rename.title](crdt::Doc& doc) { return document::replace_title(doc, title); }, author(caller),
               [parts, caller, command, rename, room, done](Result<JournalSeq> edited) {
                 if (!edited) return done(fail(edited.error().code, edited.error().detail));
                 parts->texts.read(rename.section, *room);
                 const Report* report = parts->state.report(command.report);
                 record(parts, {},
                        {outline_event(caller, command, "rename", rename.section, std::nullopt, report->outline)},
                        [parts, command, rename, done](Result<JournalSeq> seq) {
                          if (!seq) return done(fail(seq.error().code, seq.error().detail));
                          changed(parts, command, "Rename section '" + one_line(rename.title) + "'", rename.section,
                                  *seq, {rename.section}, done);
                          tell_section(parts, rename.section);
                        });
               });
  });
}

struct Dispatch {
  const PartsPtr& parts;
  const Caller& caller;
  const OutlineCommand& command;
  const Finish& done;

  void operator()(const AddSection& what) const { add_section(parts, caller, command, what, done); }
  void operator()(const RenameSection& what) const { rename_section(parts, caller, command, what, done); }
  void operator()(const MoveSection& what) const { move_section(parts, caller, command, what, done); }
  void operator()(const SplitSection& what) const { split_section(parts, caller, command, what, done); }
  void operator()(const MergeSection& what) const { merge_section(parts, caller, command, what, done); }
  void operator()(const PresentAlternatives& what) const { present_alternatives(parts, caller, command, what, done); }
};

/// The section that the answer to a command will name; empty for one that is new.
SectionId section_asked(const OutlineCommand& command) {
  if (const auto* move = std::get_if<MoveSection>(&command.what)) return move->section;
  if (const auto* rename = std::get_if<RenameSection>(&command.what)) return rename->section;
  if (const auto* merge = std::get_if<MergeSection>(&command.what)) return merge->into;
  if (const auto* present = std::get_if<PresentAlternatives>(&command.what)) return present->section;
  return {};
}

/// Options of a decided set stay with their frame, and no other joins them: the decision named each of them.
Result<void> check_frames(const Group::Parts& parts, const Report& report, const OutlineCommand& command) {
  const auto is_decided = [&](const std::optional<SectionId>& frame) {
    if (!frame) return false;
    const auto pin = parts.state.pins.find(*frame);
    return pin != parts.state.pins.end() && pin->second.closed && pin->second.status == consensus::Status::alternatives;
  };
  bool breaks = false;
  if (const auto* add = std::get_if<AddSection>(&command.what))
    breaks = add->kind == document::SectionKind::alternative && is_decided(add->parent);
  if (const auto* move = std::get_if<MoveSection>(&command.what)) {
    const auto index = document::index_of(report.outline, move->section);
    if (!index) return {};
    const document::OutlineEntry& entry = report.outline.entries[*index];
    breaks = entry.kind == document::SectionKind::alternative && entry.parent != move->parent &&
             (is_decided(entry.parent) || is_decided(move->parent));
  }
  if (breaks) return fail(Errc::conflict, "These alternatives are decided. Reopen them first.");
  return {};
}

/// Whose words it would change.
std::vector<SectionId> sections_changed(const OutlineCommand& command) {
  if (const auto* rename = std::get_if<RenameSection>(&command.what)) return {rename->section};
  if (const auto* split = std::get_if<SplitSection>(&command.what)) return {split->section};
  if (const auto* merge = std::get_if<MergeSection>(&command.what)) return {merge->section, merge->into};
  if (const auto* present = std::get_if<PresentAlternatives>(&command.what)) return {present->section};
  return {};
}

/// The sections that a command names must be of its report.
Result<void> check_sections(const Group::Parts& parts, const OutlineCommand& command) {
  std::vector<SectionId> named;
  if (const auto* add = std::get_if<AddSection>(&command.what)) {
    if (add->parent) named.push_back(*add->parent);
    if (add->after) named.push_back(*add->after);
  } else if (const auto* move = std::get_if<MoveSection>(&command.what)) {
    named.push_back(move->section);
  } else if (const auto* rename = std::get_if<RenameSection>(&command.what)) {
    named.push_back(rename->section);
  } else if (const auto* split = std::get_if<SplitSection>(&command.what)) {
    named.push_back(split->section);
  } else if (const auto* present = std::get_if<PresentAlternatives>(&command.what)) {
    named.push_back(present->section);
  } else if (const auto* merge = std::get_if<MergeSection>(&command.what)) {
    named = {merge->section, merge->into};
    if (merge->section == merge->into) return fail(Errc::bad_input, "Choose another section to merge into.");
  }
  for (const SectionId& section : named) BOSSEY_TRY_VOID(report_holding(parts, command.report, section));
  return {};
}

void run_outline_command(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                         const Finish& done) {
  const Report* report = parts->state.report(command.report);
  if (report == nullptr) return done(fail(Errc::not_found, "No such report."));
  const auto before = answered(*parts, caller, command.key, {kind_of(command), command.report, section_asked(command)});
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (*before) return done(OutlineChanged{(*before)->number, (*before)->section});
  if (const auto good = check_sections(*parts, command); !good)
    return done(fail(good.error().code, good.error().detail));
  if (const auto written = check_written(*report); !written)
    return done(fail(written.error().code, written.error().detail));
  if (report->version != command.version)
    return done(fail(Errc::conflict, "The outline changed meanwhile. Look again."));
  for (const SectionId& section : sections_changed(command))
    if (is_asked(*parts, section)) return done(tl::unexpected<Error>(being_asked()));
  if (const auto good = check_frames(*parts, *report, command); !good)
    return done(fail(good.error().code, good.error().detail));
  std::visit(Dispatch{parts, caller, command, done}, command.what);
}

}  // namespace

Event outline_event(const Caller& caller, const OutlineCommand& command, std::string name, const SectionId& section,
                    std::optional<SectionId> from, document::Outline outline) {
  const std::uint64_t version = command.version + 1;
  return {OutlineSet{command.report, version, std::move(name), std::move(from), section, std::move(outline)},
          key_use(caller, command.key, Answer{kind_of(command), command.report, section, version})};
}

void Group::change_outline(const Caller& caller, OutlineCommand command, Done<OutlineChanged> done) {
  if (const auto good = check_command(caller, consensus::Action::shape_outline, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<OutlineChanged>(parts_, std::move(done),
                              [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                                run_outline_command(parts, caller, command, finish);
                              });
}

}  // namespace bossey::group
