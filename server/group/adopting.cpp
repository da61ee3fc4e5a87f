// Compare-and-adopt. Forks and text are merged in a scratch copy; what comes out must be, octet for octet, what the
// rules say on the words alone, and what the chair's page showed. Only then the living text takes the forks in, and the
// fate of the proposals is on disk together with it. The merge alone is never relied on.
#include <algorithm>

#include "document/canonical.hpp"
#include "group/amending.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using consensus::Amendments;
using Finish = Done<AdoptionView>;
using RoomPtr = std::shared_ptr<room::Room>;

struct Adopting {
  PartsPtr parts;
  Caller caller;
  Adoptable what;
  std::optional<Sha256> shown;  ///< Nothing for a preview.
  std::string key;
  std::vector<std::uint64_t> numbers;
  std::optional<std::uint64_t> into;  ///< The proposal that takes another one in; nothing for the section.
  RoomList rooms;                     ///< What takes in first, then the forks.
  Finish done;
};
using AdoptingPtr = std::shared_ptr<Adopting>;

void refuse(const AdoptingPtr& job, const Error& error) {
  job->done(fail(error.code, error.detail));
}

Amendments all_of(const Adopting& job) {
  return job.parts->amendments.of_section(job.parts->state, job.parts->texts, job.what.section);
}

const consensus::Amendment* find(const Amendments& all, std::uint64_t number) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& a) { return a.number == number; });
  return at == all.end() ? nullptr : &*at;
}

/// Which ones, and into what.
Result<void> name_them(Adopting& job) {
  const PartsPtr& parts = job.parts;
  BOSSEY_TRY_VOID(report_holding(*parts, job.what.report, job.what.section));
  job.numbers = job.what.numbers;
  if (job.what.uncontested) {
    const SectionText* text = parts->texts.find(job.what.section);
    job.numbers = consensus::uncontested(all_of(job), job.what.section, text == nullptr ? Sha256{} : text->text_id);
    if (job.numbers.empty()) return fail(Errc::conflict, "Every open proposal here has a rival or is overtaken.");
  }
  std::sort(job.numbers.begin(), job.numbers.end());
  job.numbers.erase(std::unique(job.numbers.begin(), job.numbers.end()), job.numbers.end());
  if (job.numbers.empty()) return fail(Errc::bad_input, "Name a proposal to adopt.");
  if (job.numbers.size() > kAdoptedTogetherMax) return fail(Errc::too_large, "Adopt at most 200 proposals at once.");
  for (const std::uint64_t number : job.numbers) {
    BOSSEY_TRY(const AmendmentRecord* record, find_amendment(*parts, number, author(job.caller)));
    if (record->section != job.what.section) return fail(Errc::not_found, "No such proposal.");
    if (record->on && job.numbers.size() == 1) job.into = record->on;
  }
  if (is_asked(*parts, job.what.section)) return tl::unexpected<Error>(being_asked());
  return {};
}

/// The words that should come out.
Result<std::string> wanted_words(const Adopting& job, const std::string& text) {
  const Amendments all = all_of(job);
  if (!job.into) {
    const Sha256 text_id = document::text_id(text);
    return consensus::try_adopt(all, job.numbers, job.caller.roles, text_id, text);
  }
  const consensus::Amendment* child = find(all, job.numbers.front());
  if (child == nullptr) return fail(Errc::not_found, "No such proposal.");
  std::string words = consensus::with_changes(text, child->changes);
  // The rule says who may; what becomes of the others follows from the texts.
  BOSSEY_TRY_VOID(consensus::adopt_into(all, child->number, job.caller.person, {}, document::text_id(words)));
  return words;
}

/// The merge must say what the words say: one that drops or joins words is no adoption.
Result<void> take_in(crdt::Doc& doc, const std::vector<Bytes>& forks, const std::string& before,
                     const std::string& after) {
  if (text_of(doc).canonical != before) return fail(Errc::conflict, "Text changed. Look again.");
  for (const Bytes& fork : forks) BOSSEY_TRY_VOID(doc.apply_update(fork));
  const SectionText merged = text_of(doc);
  if (merged.unknown) return fail(Errc::conflict, "The proposal holds unknown parts. Retype them first.");
  if (merged.canonical != after)
    return fail(Errc::conflict, "The text has overtaken this proposal. Bring it up to date first.");
  return {};
}

std::vector<std::uint64_t> newly_overtaken(const Adopting& job, const std::string& before, const std::string& after) {
  std::vector<std::uint64_t> out;
  const consensus::TextChanges moved = changes_between(before, after);
  for (const consensus::Amendment& a : all_of(job)) {
    const bool adopted = std::find(job.numbers.begin(), job.numbers.end(), a.number) != job.numbers.end();
    if (adopted || a.fate != consensus::Fate::open || a.on != job.into) continue;
    if (!consensus::rebase(a.changes, moved).overtaken.empty()) out.push_back(a.number);
  }
  return out;
}

Result<AmendmentsSet> fates_after(const Adopting& job, const std::string& after) {
  const Amendments all = all_of(job);
  const Sha256 text_id = document::text_id(after);
  if (!job.into) return changes_of(job.parts->state, consensus::after_adoption(all, job.numbers, text_id));
  BOSSEY_TRY(const Amendments then, consensus::adopt_into(all, job.numbers.front(), job.caller.person, {}, text_id));
  return changes_of(job.parts->state, then);
}

void answer(const AdoptingPtr& job, AdoptionView view) {
  auto section = job->parts->overview(job->caller.person).section(job->what.report, job->what.section);
  if (!section) return refuse(job, section.error());
  view.section = std::move(*section);
  job->done(std::move(view));
}

void finish(const AdoptingPtr& job, const AdoptionView& view, const std::vector<std::uint64_t>& moved,
            const Result<JournalSeq>& seq) {
  if (!seq) return refuse(job, seq.error());
  const PartsPtr& parts = job->parts;
  std::vector<SectionId> texts;
  if (job->into)
    parts->amendments.changed(*job->into, job->rooms.front());
  else
    texts.push_back(job->what.section);
  if (!texts.empty()) parts->texts.read(job->what.section, *job->rooms.front());
  std::string title = "Adopt proposal";
  for (const std::uint64_t number : view.numbers) title += ' ' + std::to_string(number);
  amendments_moved(parts, one_line(title), moved, *seq, texts);
  // The title may have changed, and with it the outline.
  if (!texts.empty()) tell_outline(parts, job->what.report);
  answer(job, view);
}

/// Of all that nothing contests those that the living text can take in as they are; the others are brought up first.
void leave_out_unfit(Adopting& job, const std::string& before) {
  const Amendments all = all_of(job);
  std::vector<std::uint64_t> numbers;
  RoomList rooms{job.rooms.front()};
  for (std::size_t i = 0; i < job.numbers.size(); ++i) {
    const consensus::Amendment* a = find(all, job.numbers[i]);
    crdt::Doc scratch = job.rooms.front()->doc().clone();
    if (a == nullptr ||
        !take_in(scratch, {job.rooms[i + 1]->full_update()}, before, consensus::with_changes(before, a->changes)))
      continue;
    numbers.push_back(a->number);
    rooms.push_back(job.rooms[i + 1]);
  }
  if (numbers.empty()) return;
  job.numbers = std::move(numbers);
  job.rooms = std::move(rooms);
}

void adopt_or_show(const AdoptingPtr& job) {
  const PartsPtr& parts = job->parts;
  const RoomPtr text_room = job->rooms.front();
  if (!job->into) {
    if (text_room->is_closed())
      return refuse(job, {Errc::conflict, "The text is decided. Reopen the section to adopt proposals."});
    parts->texts.read(job->what.section, *text_room);
  }
  crdt::Doc scratch = text_room->doc().clone();
  const std::string before = text_of(scratch).canonical;
  if (job->what.uncontested) leave_out_unfit(*job, before);
  const auto after = wanted_words(*job, before);
  if (!after) return refuse(job, after.error());
  std::vector<Bytes> forks;
  for (std::size_t i = 1; i < job->rooms.size(); ++i) forks.push_back(job->rooms[i]->full_update());
  if (const auto good = take_in(scratch, forks, before, *after); !good) return refuse(job, good.error());
  AdoptionView view;
  view.numbers = job->numbers;
  view.before = before;
  view.after = *after;
  view.text_id = document::text_id(*after);
  view.overtaken = newly_overtaken(*job, before, *after);
  if (!job->shown) return answer(job, std::move(view));
  if (*job->shown != view.text_id) return refuse(job, {Errc::conflict, "Text changed. Look again."});
  const auto fates = fates_after(*job, *after);
  if (!fates) return refuse(job, fates.error());
  std::vector<std::uint64_t> moved;
  for (const AmendmentChange& change : fates->changes) moved.push_back(change.number);
  Event event{*fates, key_use(job->caller, job->key,
                              Answer{"adopt", job->what.report, job->what.section, job->numbers.front()})};
  const auto edit = [forks, before, after = *after](crdt::Doc& doc) { return take_in(doc, forks, before, after); };
  record_with(parts, *text_room, edit, {std::move(event)},
              [job, view, moved](const Result<JournalSeq>& seq) { finish(job, view, moved, seq); });
}

void start(const AdoptingPtr& job) {
  if (const auto named = name_them(*job); !named) return refuse(job, named.error());
  const GroupId& group = job->parts->state.id;
  std::vector<DocumentId> documents{job->into ? fork_document(group, *job->into) : document_of(job->what.section)};
  for (const std::uint64_t number : job->numbers) documents.push_back(fork_document(group, number));
  open_documents(job->parts, std::move(documents), [job](Result<RoomList> rooms) {
    if (!rooms) return refuse(job, rooms.error());
    job->rooms = std::move(*rooms);
    adopt_or_show(job);
  });
}

/// The first answer again, as far as it still holds: what was adopted stays adopted.
void answer_again(const AdoptingPtr& job, const Answer& first) {
  AdoptionView view;
  const SectionText* text = job->parts->texts.find(job->what.section);
  for (const auto& [number, record] : job->parts->state.amendments)
    if (record.fate == consensus::Fate::adopted && record.adopted_with == first.number &&
        record.section == job->what.section)
      view.numbers.push_back(number);
  if (text != nullptr) {
    view.before = view.after = text->canonical;
    view.text_id = text->text_id;
  }
  answer(job, std::move(view));
}

}  // namespace

void Group::preview_adoption(const Caller& caller, const Adoptable& what, Done<AdoptionView> done) const {
  if (!may(caller.roles, consensus::Action::read)) return done(fail(Errc::not_found, "No such group."));
  start(std::make_shared<Adopting>(Adopting{parts_, caller, what, std::nullopt, {}, {}, {}, {}, std::move(done)}));
}

void Group::adopt(const Caller& caller, Adopt command, Done<AdoptionView> done) {
  if (const auto good = check_command(caller, consensus::Action::propose, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<AdoptionView>(
      parts_, std::move(done), [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
        const auto job = std::make_shared<Adopting>(
            Adopting{parts, caller, command.what, command.text_id, command.key, {}, {}, {}, finish});
        const auto before = answered(*parts, caller, command.key, {"adopt", command.what.report, command.what.section});
        if (!before) return refuse(job, before.error());
        if (*before) return answer_again(job, **before);
        start(job);
      });
}

}  // namespace bossey::group
