// Edits that came after a decision: one proposal for each person, section and decision, readable by its author alone.
// Words that landed in nothing have no decision (0); kept_words.cpp reads them.
#include <algorithm>
#include <chrono>

#include "consensus/moment.hpp"
#include "crdt/swallowed.hpp"
#include "document/canonical.hpp"
#include "document/section_document.hpp"
#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

constexpr std::int64_t kWhileTyping_s = 60;
constexpr std::chrono::milliseconds kWordsPause{1'000};

std::string clock_of(std::int64_t at_s) {
  return consensus::iso_utc(at_s).substr(11, 5) + " UTC";
}

std::string reason_of(const GroupState& state, const Proposal& proposal) {
  const std::string kept = "Your words are kept as proposal " + std::to_string(proposal.number) + '.';
  if (proposal.decision == 0) return "The paragraph you wrote in was moved or deleted. " + kept;
  if (proposal.beside != 0)
    return "Proposal " + std::to_string(proposal.beside) + " had ended before your words came. " + kept;
  if (proposal.decision > state.chain.size()) return "The text was closed. " + kept;
  const consensus::Decision& decision = state.chain[proposal.decision - 1];
  std::string deed = "Agreed";
  if (decision.kind == consensus::DecisionKind::alternatives) deed = "Presented as alternatives";
  if (decision.kind == consensus::DecisionKind::withdraw) deed = "Withdrawn";
  if (decision.kind == consensus::DecisionKind::phase) deed = "The report was closed";
  if (proposal.at_s - decision.at_s <= kWhileTyping_s)
    return deed + " at " + clock_of(decision.at_s) + " while you were typing. " + kept;
  return deed + " on " + consensus::moment_in_words(decision.at_s) + ", before your words came. " + kept;
}

/// One for each author, section and decision, also a withdrawn one: its words are still in the author's old page. Of
/// words that landed in nothing only an open one: what is typed later has nothing to do with what was withdrawn.
const Proposal* proposal_of(const GroupState& state, const TextPlace& place, const room::LateEdit& edit) {
  for (const auto& [number, proposal] : state.proposals) {
    // What was handed in is everybody's; what comes now is its author's alone again.
    if (state.amendments.contains(number)) continue;
    const bool same_author =
        proposal.person == edit.person && (edit.person.has_value() || proposal.session == edit.session);
    const bool joins = edit.decision != 0 || proposal.state == ProposalState::open;
    const bool same_place = proposal.section == place.section && proposal.beside == place.beside;
    if (same_author && joins && same_place && proposal.decision == edit.decision) return &proposal;
  }
  return nullptr;
}

room::LateProposal named(const GroupState& state, const Proposal& proposal) {
  return {proposal.number, std::to_string(proposal.number), reason_of(state, proposal)};
}

/// New words came for a withdrawn proposal: whoever writes on has not withdrawn these.
void open_again(const PartsPtr& parts, std::uint64_t number) {
  if (!parts->opening_again.insert(number).second) return;
  record(parts, {}, {Event{ProposalWithdrawn{number, true}, std::nullopt}}, [parts, number](const auto& seq) {
    parts->opening_again.erase(number);
    if (!seq) return;
    commit_shape(parts, "Keep proposal " + std::to_string(number), secretariat(), *seq);
    tell_section(parts, parts->state.proposals.at(number).section);
  });
}

/// Its author took all of its words back: nothing is left to be read or withdrawn.
void withdraw_empty(const PartsPtr& parts, std::uint64_t number) {
  record(parts, {}, {Event{ProposalWithdrawn{number}, std::nullopt}}, [parts, number](const auto& seq) {
    if (!seq) return;
    commit_shape(parts, "Withdraw proposal " + std::to_string(number), secretariat(), *seq);
    tell_section(parts, parts->state.proposals.at(number).section);
  });
}

void words_read(const PartsPtr& parts, std::uint64_t number, const Result<ProposalWords>& words) {
  const bool is_new = !parts->proposal_words.contains(number);
  ProposalWords& known = parts->proposal_words[number];
  const bool changed = words && words->version != known.version;
  if (words) known = *words;
  if (is_new)
    commit_shape(parts, "Keep proposal " + std::to_string(number), secretariat(), parts->around.journal.last_durable());
  // A page that shows the proposal reads its words again.
  const Proposal& proposal = parts->state.proposals.at(number);
  if (is_new || changed) tell_section(parts, proposal.section);
  if (parts->state.amendments.contains(number)) return;
  const bool empty = proposal.decision == 0 && words && words->canonical.find_first_not_of(" \n") == std::string::npos;
  if (empty && proposal.state == ProposalState::open) withdraw_empty(parts, number);
}

/// Each reading applies all rows of a section, on the one thread that reads the journal for everybody. A long text
/// that was typed offline comes as hundreds of edits: they are read together.
void read_words(const PartsPtr& parts, std::uint64_t number) {
  WordsReading& reading = parts->words_readings[number];
  reading.wanted = true;
  if (reading.running || reading.pause != nullptr) return;
  reading.wanted = false;
  reading.running = true;
  parts->around.journal.read<ProposalWords>(
      [group = parts->state.id, proposal = parts->state.proposals.at(number)](journal::Reader& reader) {
        return words_of_proposal(reader, group, proposal);
      },
      [weak = parts->weak_from_this(), number](const Result<ProposalWords>& words) {
        const PartsPtr self = weak.lock();
        if (self == nullptr) return;
        WordsReading& done = self->words_readings[number];
        done.running = false;
        done.pause = self->around.scheduler.after(kWordsPause, [weak, number] {
          const PartsPtr later = weak.lock();
          if (later == nullptr) return;
          const std::uint64_t same = number;  // Erasing ends the timer, and what it captured.
          const bool again = later->words_readings[same].wanted;
          later->words_readings.erase(same);
          if (again) read_words(later, same);
        });
        words_read(self, number, words);
      });
}

/// The text of a proposal. Words for a paragraph that was gone before the decision stand at its end: the document holds
/// them as deleted, and their author must find them.
Result<std::string> with_swallowed(crdt::Doc& doc, const std::vector<Bytes>& swallowed) {
  if (swallowed.empty()) return text_of(doc).canonical;
  BOSSEY_TRY(const std::string words, kept_words({swallowed.begin(), swallowed.end()}));
  document::Section section = document::read_section(doc);
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find('\n', at), words.size());
    if (end > at) section.body.push_back(document::paragraph(words.substr(at, end - at)));
    at = end + 1;
  }
  return document::write_canonical(section);
}

/// The document whose late rows hold the words of a proposal.
DocumentId typed_into(const GroupId& group, const Proposal& proposal) {
  return proposal.beside == 0 ? document_of(proposal.section) : fork_document(group, proposal.beside);
}

}  // namespace

Result<ProposalWords> words_of_proposal(journal::Reader& reader, const GroupId& group, const Proposal& proposal) {
  BOSSEY_TRY(const std::vector<journal::StoredLate> late, reader.late(typed_into(group, proposal)));
  const std::string id = std::to_string(proposal.number);
  ProposalWords words;
  std::vector<BytesView> own;
  std::vector<BytesView> others;
  for (const journal::StoredLate& row : late) {
    (row.proposal == id ? own : others).emplace_back(row.bytes);
    if (row.proposal == id) words.version = row.seq.value;
  }
  if (proposal.decision == 0) {
    BOSSEY_TRY(words.canonical, kept_words(own));
    return words;
  }
  BOSSEY_TRY(const journal::Loaded base, reader.load(fork_document(group, proposal.number)));
  crdt::Doc doc(crdt::ClientId{1});
  // A row that the document refuses is passed over, as rooms do: it must not hide the words of the others.
  for (const journal::StoredUpdate& update : base.updates) static_cast<void>(doc.apply_update(update.bytes));
  std::vector<Bytes> swallowed;
  for (const BytesView row : own) {
    auto lost = crdt::swallowed_words(doc, row);
    if (lost && !lost->update.empty()) swallowed.push_back(std::move(lost->update));
    static_cast<void>(doc.apply_update(row));
  }
  // Words that stand on another author's late words bring those along.
  for (const BytesView row : others) {
    if (!doc.has_pending()) break;
    static_cast<void>(doc.apply_update(row));
  }
  BOSSEY_TRY(words.canonical, with_swallowed(doc, swallowed));
  return words;
}

Result<room::LateProposal> Group::late_proposal(const TextPlace& place, const room::LateEdit& edit) {
  GroupState& state = parts_->state;
  if (!holds(place.section)) return fail(Errc::not_found, "No such section.");
  if (const Proposal* proposal = proposal_of(state, place, edit); proposal != nullptr) return named(state, *proposal);
  if (edit.brings == room::LateWords::signs) return fail(Errc::not_found, "No proposal is open.");
  if (state.proposals.size() + state.amendments.size() >= kProposalsMax)
    return fail(Errc::too_large, "The group holds too many proposals. Copy your words and tell the secretariat.");
  const std::shared_ptr<room::Room> room =
      parts_->around.rooms == nullptr ? nullptr : parts_->around.rooms->find(edit.document);
  if (room == nullptr) return fail(Errc::unavailable, "The section is not open. Try again.");

  const std::uint64_t number = parts_->take_proposal_number();
  std::vector<journal::Row> rows;
  std::string base;
  // Words that landed in nothing stand for themselves.
  if (edit.decision != 0) {
    crdt::Doc copy = room->doc().clone();
    base = text_of(copy).canonical;
    rows.emplace_back(journal::UpdateRow{fork_document(state.id, number), std::nullopt, {}, room->full_update(), 0});
  }
  const Event event{
      ProposalMade{number, place.section, edit.person, edit.session, edit.decision, std::move(base), place.beside},
      std::nullopt};
  rows.emplace_back(to_row(state.id, event, edit.time_ms));
  BOSSEY_TRY_VOID(parts_->around.journal.append_group(std::move(rows)));
  BOSSEY_TRY_VOID(apply(state, event, edit.time_ms));
  return named(state, state.proposals.at(number));
}

void Group::late_edit_kept(const room::LateEdit& edit, const room::LateProposal& kept) {
  const auto at = parts_->state.proposals.find(kept.number);
  if (at == parts_->state.proposals.end()) return;
  const bool withdrawn = at->second.state == ProposalState::withdrawn;
  if (withdrawn && edit.brings != room::LateWords::taken_back) open_again(parts_, kept.number);
  read_words(parts_, kept.number);
}

std::vector<ProposalView> late_edit_views(const Group::Parts& parts, const Caller& caller, const SectionId& section) {
  std::vector<ProposalView> out;
  for (const auto& [number, proposal] : parts.state.proposals) {
    if (proposal.section != section || parts.state.amendments.contains(number)) continue;
    ProposalView view;
    view.number = number;
    view.section = section;
    view.state = proposal.state;
    view.mine = proposal.person == caller.person;
    view.at_s = proposal.at_s;
    // Of words typed into a proposal that had ended the decision is that proposal's own end.
    if (proposal.beside == 0) view.decision = proposal.decision;
    if (view.mine) {
      view.reason = reason_of(parts.state, proposal);
      if (proposal.decision != 0) view.base = proposal.base;
      const auto words = parts.proposal_words.find(number);
      if (words != parts.proposal_words.end()) view.canonical = words->second.canonical;
    } else if (proposal.beside != 0) {
      view.reason = "Came after proposal " + std::to_string(proposal.beside) + " had ended.";
    } else if (proposal.decision == 0) {
      view.reason = "Words for a paragraph that was moved or deleted.";
    } else {
      view.reason = "Came after decision " + std::to_string(proposal.decision) + '.';
    }
    out.push_back(std::move(view));
  }
  return out;
}

void Group::withdraw_proposal(const Caller& caller, const WithdrawProposal& command, Done<void> done) {
  if (const auto good = check_command(caller, consensus::Action::propose, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  if (parts_->state.amendments.contains(command.number))
    return move_amendment(caller, {command.key, command.number, AmendmentMove::withdraw, {}, {}},
                          [done = std::move(done)](const Result<ProposalView>& view) {
                            view ? done({}) : done(fail(view.error().code, view.error().detail));
                          });
  run_command<void>(parts_, std::move(done), [parts = parts_, caller, command](const Done<void>& finish) {
    const auto before = answered(*parts, caller, command.key, {"withdraw", {}, {}, command.number});
    if (!before) return finish(fail(before.error().code, before.error().detail));
    const auto at = parts->state.proposals.find(command.number);
    // Whose a proposal is stays with its author: to others it is as if there were none.
    const bool handed_in = parts->state.amendments.contains(command.number);
    if (handed_in || at == parts->state.proposals.end() || at->second.person != caller.person)
      return finish(fail(Errc::not_found, "You have no such proposal."));
    if (*before || at->second.state == ProposalState::withdrawn) return finish({});
    Event event{ProposalWithdrawn{command.number},
                key_use(caller, command.key, Answer{"withdraw", {}, at->second.section, command.number})};
    record(parts, {}, {std::move(event)},
           [parts, number = command.number, section = at->second.section, finish](const Result<JournalSeq>& seq) {
             if (!seq) return finish(fail(seq.error().code, seq.error().detail));
             commit_shape(parts, "Withdraw proposal " + std::to_string(number), secretariat(), *seq);
             tell_section(parts, section);
             finish({});
           });
  });
}

}  // namespace bossey::group
