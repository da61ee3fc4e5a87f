#include "group/moving_words.hpp"

#include <utility>

#include "document/section_document.hpp"
#include "document/split.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using Finish = Done<OutlineChanged>;
using RoomPtr = std::shared_ptr<room::Room>;

document::Section read_room(const room::Room& room) {
  crdt::Doc copy = room.doc().clone();
  return document::read_section(copy);
}

room::Room::Edit saying(document::Section section) {
  return [section = std::move(section)](crdt::Doc& doc) { return document::replace_section(doc, section); };
}

/// What both commands carry from step to step.
struct Step {
  PartsPtr parts;
  Caller caller;
  OutlineCommand command;
  Finish done;
};

void fail_released(const Step& step, const RoomList& rooms, const Error& error) {
  for (const RoomPtr& room : rooms) room->release();
  step.done(fail(error.code, error.detail));
}

/// The new section is on disk: now its words leave the old one.
void take_out(const Step& step, const RoomPtr& room, const SectionId& old, const SectionId& made,
              document::Section first, JournalSeq seq) {
  room->edit(saying(std::move(first)), author(step.caller), [step, room, old, made, seq](Result<JournalSeq> edited) {
    room->release();
    step.parts->texts.read(old, *room);
    const SectionText* text = step.parts->texts.find(old);
    commit_shape(step.parts, "Split section '" + one_line(text->title) + "'", secretariat(), edited ? *edited : seq,
                 {old, made});
    tell_outline(step.parts, step.command.report);
    tell_section(step.parts, old);
    if (!edited)
      return step.done(fail(edited.error().code, "The new section was made, but its words are in the old one, too: " +
                                                     edited.error().detail));
    step.done(OutlineChanged{step.command.version + 1, made});
  });
}

void split_room(const Step& step, const SplitSection& split, const RoomPtr& room) {
  if (room->is_closed()) return step.done(fail(Errc::conflict, "Decided text is not split. Reopen the section first."));
  room->hold();
  const document::Section whole = read_room(*room);
  if (whole.has_unknown)
    return fail_released(step, {room}, {Errc::conflict, "The text holds unknown parts. Remove or retype them first."});
  auto halves = document::split_section(whole, split.at_block, split.title);
  if (!halves) return fail_released(step, {room}, halves.error());
  const SectionId made = step.parts->new_section_id();
  auto outline = document::split(step.parts->state.report(step.command.report)->outline, split.section, made);
  if (!outline) return fail_released(step, {room}, outline.error());
  auto document = new_document(halves->second, step.parts->client_id());
  if (!document) return fail_released(step, {room}, document.error());

  std::vector<journal::Row> rows;
  rows.emplace_back(journal::UpdateRow{document_of(made), author(step.caller), {}, document->update, 0});
  Event event = outline_event(step.caller, step.command, "split", made, split.section, std::move(*outline));
  record(step.parts, std::move(rows), {std::move(event)},
         [step, room, old = split.section, made, first = std::move(halves->first),
          text = document->text](Result<JournalSeq> seq) {
           if (!seq) return fail_released(step, {room}, seq.error());
           step.parts->texts.set(made, text);
           take_out(step, room, old, made, first, *seq);
         });
}

/// The words are in `into`, on disk: now the merged section is withdrawn, and what it held moves.
void withdraw_merged(const Step& step, const MergeSection& merge, const RoomList& rooms, document::Outline outline) {
  Finding finding;
  finding.kind = consensus::DecisionKind::withdraw;
  finding.report = step.command.report;
  finding.subject = {merge.section};
  finding.reason = consensus::name_of(consensus::WithdrawReason::merged);
  finding.basis = consensus::Basis::editorial;
  finding.maker = step.caller.person;
  Event decision{draft_decision(step.parts, finding, {rooms.front()}), std::nullopt};
  Event shape = outline_event(step.caller, step.command, "merge", merge.into, merge.section, std::move(outline));
  record(step.parts, {}, {std::move(decision), std::move(shape)}, [step, merge, rooms](Result<JournalSeq> seq) {
    if (!seq) return fail_released(step, rooms, seq.error());
    const std::uint64_t number = step.parts->state.chain.size();
    settle_rooms(step.parts, {merge.section, merge.into}, rooms, number);
    step.parts->texts.read(merge.into, *rooms.back());
    const SectionText* text = step.parts->texts.find(merge.into);
    commit_shape(step.parts, "Merge into section '" + one_line(text->title) + "'", secretariat(), *seq, {merge.into});
    commit_decision(step.parts, number - 1);
    tell_outline(step.parts, step.command.report);
    tell_section(step.parts, merge.section);
    tell_section(step.parts, merge.into);
    step.done(OutlineChanged{step.command.version + 1, merge.into});
  });
}

/// What `from` holds goes to the end of what `into` holds; `from` keeps its place.
Result<document::Outline> move_children(document::Outline outline, const SectionId& from, const SectionId& into) {
  for (auto children = document::children_of(outline, from); !children.empty();
       children = document::children_of(outline, from)) {
    const SectionId child = outline.entries[children.front()].id;
    const auto there = document::children_of(outline, into);
    std::optional<SectionId> after;
    if (!there.empty()) after = outline.entries[there.back()].id;
    BOSSEY_TRY(outline, document::move(outline, child, {into, after}));
  }
  return outline;
}

void merge_rooms(const Step& step, const MergeSection& merge, const RoomList& rooms) {
  for (const RoomPtr& room : rooms)
    if (room->is_closed())
      return step.done(fail(Errc::conflict, "Decided text is not merged. Reopen the section first."));
  // A section within the merged one would have to hold its own parent's words and become their parent.
  auto outline = move_children(step.parts->state.report(step.command.report)->outline, merge.section, merge.into);
  if (!outline) return step.done(fail(outline.error().code, outline.error().detail));
  for (const RoomPtr& room : rooms) room->hold();
  const document::Section added = read_room(*rooms.front());
  const document::Section kept = read_room(*rooms.back());
  if (added.has_unknown || kept.has_unknown)
    return fail_released(step, rooms, {Errc::conflict, "The text holds unknown parts. Remove or retype them first."});
  rooms.back()->edit(saying(document::join_sections(kept, added)), author(step.caller),
                     [step, merge, rooms, outline = std::move(*outline)](Result<JournalSeq> edited) {
                       if (!edited) return fail_released(step, rooms, edited.error());
                       withdraw_merged(step, merge, rooms, outline);
                     });
}

}  // namespace

void split_section(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                   const SplitSection& split, const Finish& done) {
  if (const auto good = check_title(split.title); !good) return done(fail(good.error().code, good.error().detail));
  const Step step{parts, caller, command, done};
  open_rooms(parts, {split.section}, [step, split](Result<RoomList> rooms) {
    if (!rooms) return step.done(fail(rooms.error().code, rooms.error().detail));
    split_room(step, split, rooms->front());
  });
}

void merge_section(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                   const MergeSection& merge, const Finish& done) {
  const Step step{parts, caller, command, done};
  open_rooms(parts, {merge.section, merge.into}, [step, merge](Result<RoomList> rooms) {
    if (!rooms) return step.done(fail(rooms.error().code, rooms.error().detail));
    merge_rooms(step, merge, *rooms);
  });
}

}  // namespace bossey::group
