// A section made the common frame of options, in one command: the options are sections of their own, so that several
// rooms write in parallel, each with a letter that stays. As with a split, words are on disk in their new place before
// they leave the old one.
#include <utility>

#include "consensus/label.hpp"
#include "document/section_document.hpp"
#include "group/moving_words.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using Finish = Done<OutlineChanged>;
using RoomPtr = std::shared_ptr<room::Room>;

struct Presenting {
  PartsPtr parts;
  Caller caller;
  OutlineCommand command;
  PresentAlternatives present;
  Finish done;
  RoomPtr room;
  document::Section frame;

  void refuse(const Error& error) const {
    if (room != nullptr && room->is_held()) room->release();
    done(fail(error.code, error.detail));
  }
};
using PresentingPtr = std::shared_ptr<Presenting>;

Result<void> check_options(const PresentAlternatives& present) {
  if (present.options.size() < 2) return fail(Errc::bad_input, "Name two or more options.");
  if (present.options.size() > kOptionsMax) return fail(Errc::too_large, "Present at most twelve options.");
  for (const PresentAlternatives::Option& option : present.options) {
    BOSSEY_TRY_VOID(check_title(option.title));
    if (option.room.size() > kRoomName_bytes) return fail(Errc::too_large, "Shorten the room's name.");
  }
  return {};
}

/// The options as sections of the outline, in order and first below the frame, with their documents.
struct Made {
  document::Outline outline;
  std::vector<SectionId> ids;
  std::vector<NewDocument> documents;
  std::map<SectionId, std::string> rooms;
};

Result<Made> make_options(const Presenting& presenting) {
  const Report& report = *presenting.parts->state.report(presenting.command.report);
  Made made{report.outline, {}, {}, {}};
  std::optional<SectionId> after;
  for (const PresentAlternatives::Option& option : presenting.present.options) {
    document::OutlineEntry entry;
    do entry.id = presenting.parts->new_section_id();
    while (document::index_of(made.outline, entry.id));
    entry.parent = presenting.present.section;
    entry.kind = document::SectionKind::alternative;
    entry.label = next_option_letter(report, presenting.present.section, made.outline);
    BOSSEY_TRY(made.outline, document::add(made.outline, entry, {entry.parent, after}));
    document::Section text;
    text.title = option.title;
    const bool takes_text = presenting.present.moves_text && made.ids.empty();
    if (takes_text)
      text.body = presenting.frame.body;
    else
      text.body.push_back(document::paragraph(std::string()));
    BOSSEY_TRY(made.documents.emplace_back(), new_document(text, presenting.parts->client_id()));
    if (!option.room.empty()) made.rooms[entry.id] = option.room;
    made.ids.push_back(entry.id);
    after = entry.id;
  }
  return made;
}

void finish(const PresentingPtr& presenting, const std::vector<SectionId>& options, JournalSeq seq) {
  const PartsPtr& parts = presenting->parts;
  const SectionId frame = presenting->present.section;
  parts->texts.read(frame, *presenting->room);
  std::vector<SectionId> texts = options;
  texts.push_back(frame);
  commit_shape(parts, "Present alternatives of '" + one_line(presenting->frame.title) + "'", secretariat(), seq, texts);
  tell_outline(parts, presenting->command.report);
  tell_section(parts, frame);
  presenting->done(OutlineChanged{presenting->command.version + 1, frame});
}

/// The options are on disk: the words that the first one has leave the frame.
void empty_frame(const PresentingPtr& presenting, const std::vector<SectionId>& options, JournalSeq seq) {
  if (!presenting->present.moves_text) {
    presenting->room->release();
    return finish(presenting, options, seq);
  }
  document::Section bare;
  bare.title = presenting->frame.title;
  bare.body.push_back(document::paragraph(std::string()));
  presenting->room->edit([bare](crdt::Doc& doc) { return document::replace_section(doc, bare); },
                         author(presenting->caller),
                         [presenting, options, seq](const Result<JournalSeq>& edited) {
                           presenting->room->release();
                           finish(presenting, options, edited ? *edited : seq);
                         });
}

void present_in(const PresentingPtr& presenting) {
  const PartsPtr& parts = presenting->parts;
  const SectionId& frame = presenting->present.section;
  if (presenting->room->is_closed())
    return presenting->refuse({Errc::conflict, "The text is closed. Reopen the section first."});
  presenting->room->hold();
  crdt::Doc copy = presenting->room->doc().clone();
  presenting->frame = document::read_section(copy);
  if (presenting->frame.has_unknown)
    return presenting->refuse({Errc::conflict, "The text holds unknown parts. Remove or retype them first."});
  auto made = make_options(*presenting);
  if (!made) return presenting->refuse(made.error());
  std::vector<journal::Row> rows;
  for (std::size_t i = 0; i < made->ids.size(); ++i)
    rows.emplace_back(
        journal::UpdateRow{document_of(made->ids[i]), author(presenting->caller), {}, made->documents[i].update, 0});
  Event event = outline_event(presenting->caller, presenting->command, "alternatives", frame, std::nullopt,
                              std::move(made->outline));
  std::get<OutlineSet>(event.what).rooms = made->rooms;
  record(parts, std::move(rows), {std::move(event)},
         [presenting, ids = made->ids, documents = made->documents](const Result<JournalSeq>& seq) {
           if (!seq) return presenting->refuse(seq.error());
           for (std::size_t i = 0; i < ids.size(); ++i) presenting->parts->texts.set(ids[i], documents[i].text);
           empty_frame(presenting, ids, *seq);
         });
}

}  // namespace

std::string next_option_letter(const Report& report, const SectionId& frame, const document::Outline& outline) {
  std::set<std::string> taken = document::option_letters(outline, frame);
  const std::string prefix = frame.value + '/';
  for (const std::string& given : report.labels_given)
    if (given.starts_with(prefix)) taken.insert(given.substr(prefix.size()));
  return consensus::next_option(taken);
}

void present_alternatives(const PartsPtr& parts, const Caller& caller, const OutlineCommand& command,
                          const PresentAlternatives& present, const Finish& done) {
  if (const auto good = check_options(present); !good) return done(fail(good.error().code, good.error().detail));
  const Report& report = *parts->state.report(command.report);
  const auto index = document::index_of(report.outline, present.section);
  if (index && report.outline.entries[*index].kind == document::SectionKind::alternative)
    return done(fail(Errc::conflict, "This is an option already. Choose its common frame."));
  auto presenting = std::make_shared<Presenting>(Presenting{parts, caller, command, present, done, nullptr, {}});
  open_rooms(parts, {present.section}, [presenting](Result<RoomList> rooms) {
    if (!rooms) return presenting->refuse(rooms.error());
    presenting->room = rooms->front();
    present_in(presenting);
  });
}

}  // namespace bossey::group
