// Amendments as readers see them, and what follows from a change of one: files, rooms, events to pages. Names of
// authors stay here: a reader is told only which are the reader's own.
#include <algorithm>
#include <chrono>

#include "group/amending.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using consensus::Fate;

constexpr std::chrono::milliseconds kTellPause{700};

bool holds(const std::vector<std::uint64_t>& numbers, std::uint64_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

bool differs(const AmendmentRecord& record, const consensus::Amendment& after) {
  return record.fate != after.fate || record.on != after.on || record.adopted_with != after.adopted_with;
}

/// Pages read a proposal again about once a second while somebody types in it.
void tell_soon(const PartsPtr& parts, const SectionId& section) {
  auto& timer = parts->telling_amendments[section];
  if (timer != nullptr) return;
  timer = parts->around.scheduler.after(kTellPause, [weak = parts->weak_from_this(), section] {
    const PartsPtr self = weak.lock();
    if (self == nullptr) return;
    const SectionId same = section;  // Erasing ends the timer, and what it captured.
    self->telling_amendments.erase(same);
    tell_section(self, same);
  });
}

}  // namespace

std::optional<ProposalView> amendment_view(const Group::Parts& parts, std::uint64_t number,
                                           std::optional<PersonId> reader) {
  const auto at = parts.state.amendments.find(number);
  const AmendmentNow* now = parts.amendments.now(parts.state, parts.texts, number);
  if (at == parts.state.amendments.end() || now == nullptr) return std::nullopt;
  const AmendmentRecord& record = at->second;
  const bool mine = record.author.has_value() && record.author == reader;
  if (now->untouched && !mine) return std::nullopt;
  ProposalView view;
  view.number = number;
  view.section = record.section;
  view.mine = mine;
  view.at_s = record.at_s;
  view.base = record.base;
  view.canonical = now->words;
  AmendmentView a;
  a.document = fork_document(parts.state.id, number);
  a.kind = record.kind;
  a.fate = record.fate;
  a.on = record.on;
  a.strength = record.strength;
  a.signed_by = record.signed_by;
  a.untouched = now->untouched;
  a.behind = now->behind;
  a.asks = now->asks();
  a.overtaken = now->overtaken;
  a.left = record.left;
  a.version = parts.amendments.version(number);
  a.target = now->target;
  a.wanted = now->wanted;
  if (record.fate == Fate::open) {
    const auto all = parts.amendments.of_section(parts.state, parts.texts, record.section);
    a.rivals = consensus::rivals_of(all, number);
    const SectionText* text = parts.texts.find(record.section);
    a.uncontested = text != nullptr && holds(consensus::uncontested(all, record.section, text->text_id), number);
  }
  view.amendment = std::move(a);
  return view;
}

Result<ProposalView> own_view(const Group::Parts& parts, std::uint64_t number, const Caller& caller) {
  auto view = amendment_view(parts, number, author(caller));
  if (!view) return fail(Errc::not_found, "No such proposal.");
  return *std::move(view);
}

Result<const AmendmentRecord*> find_amendment(const Group::Parts& parts, std::uint64_t number,
                                              std::optional<PersonId> reader) {
  if (!amendment_view(parts, number, reader)) return fail(Errc::not_found, "No such proposal.");
  return &parts.state.amendments.at(number);
}

AmendmentsSet changes_of(const GroupState& state, const consensus::Amendments& after) {
  AmendmentsSet out;
  for (const consensus::Amendment& a : after) {
    const AmendmentRecord& record = state.amendments.at(a.number);
    if (!differs(record, a)) continue;
    AmendmentChange change = change_of(record);
    change.fate = a.fate;
    change.on = a.on;
    change.adopted_with = a.adopted_with;
    out.changes.push_back(std::move(change));
  }
  return out;
}

AmendmentsSet set_aside_with(const Group::Parts& parts, const Caller& caller, const SectionId& section) {
  consensus::Amendments all = parts.amendments.of_section(parts.state, parts.texts, section);
  for (const std::uint64_t number : parts.amendments.open_on(parts.state, parts.texts, section))
    if (auto after = consensus::end_with(all, number, Fate::set_aside, author(caller), caller.roles))
      all = std::move(*after);
  return changes_of(parts.state, all);
}

void amendments_moved(const PartsPtr& parts, const std::string& title, const std::vector<std::uint64_t>& numbers,
                      JournalSeq seq, const std::vector<SectionId>& texts) {
  std::vector<SectionId> sections = texts;
  bool is_seen = !texts.empty();
  for (const std::uint64_t number : numbers) {
    const AmendmentRecord& record = parts->state.amendments.at(number);
    const AmendmentNow* now = parts->amendments.now(parts->state, parts->texts, number);
    is_seen = is_seen || (now != nullptr && !now->untouched);
    parts->amendments_due.insert(number);
    if (std::find(sections.begin(), sections.end(), record.section) == sections.end())
      sections.push_back(record.section);
    if (record.is_live() || parts->around.rooms == nullptr) continue;
    const auto room = parts->around.rooms->find(fork_document(parts->state.id, number));
    if (room != nullptr && !room->is_closed()) room->close(number);
  }
  // A fork without a changed word is nobody's proposal yet.
  if (is_seen) commit_shape(parts, title, texts.empty() ? secretariat() : chair(), seq, texts);
  for (const SectionId& section : sections) tell_section(parts, section);
}

Result<std::vector<ProposalView>> Group::proposals(const Caller& caller, const ReportId& report,
                                                   const SectionId& section) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  BOSSEY_TRY_VOID(report_holding(*parts_, report, section));
  std::vector<ProposalView> out = late_edit_views(*parts_, caller, section);
  if (const auto at = parts_->state.amendments_of.find(section); at != parts_->state.amendments_of.end())
    for (const std::uint64_t number : at->second)
      if (auto view = amendment_view(*parts_, number, author(caller))) {
        if (view->amendment->untouched && !parts_->state.amendments.at(number).is_live()) continue;
        out.push_back(*std::move(view));
      }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return out;
}

std::optional<TextPlace> Group::amendment_at(const DocumentId& document) const {
  const auto number = fork_number(parts_->state.id, document);
  if (!number) return std::nullopt;
  const auto at = parts_->state.amendments.find(*number);
  if (at == parts_->state.amendments.end()) return std::nullopt;
  return TextPlace{at->second.section, *number};
}

std::optional<std::uint64_t> Group::ended(std::uint64_t amendment) const {
  const auto at = parts_->state.amendments.find(amendment);
  if (at == parts_->state.amendments.end() || at->second.is_live()) return std::nullopt;
  return amendment;
}

bool Group::may_write(PersonId person, std::uint64_t amendment) const {
  const auto at = parts_->state.amendments.find(amendment);
  return at == parts_->state.amendments.end() || at->second.signed_by.empty() || at->second.author == person;
}

void Group::amendment_changed(std::uint64_t amendment, room::Room& room) {
  const auto at = parts_->state.amendments.find(amendment);
  if (at == parts_->state.amendments.end()) return;
  parts_->amendments.changed(amendment, room.shared_from_this());
  parts_->amendments_due.insert(amendment);
  parts_->writer->text_changed(fork_key(amendment));
  tell_soon(parts_, at->second.section);
}

}  // namespace bossey::group
