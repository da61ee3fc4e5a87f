// Words that stand elsewhere become an amendment: a late edit that its author hands in. From then on everybody reads
// it, it counts when the section is decided, and it lives as any amendment does, under its own number.
#include "document/canonical.hpp"
#include "document/content_hash.hpp"
#include "document/section_document.hpp"
#include "group/amending.hpp"

namespace bossey::group {
namespace {

using Finish = Done<ProposalView>;

struct HandingIn {
  PartsPtr parts;
  Caller caller;
  std::string key;
  Answer answer;
  Proposal proposal;
  Finish done;
};
using HandingInPtr = std::shared_ptr<HandingIn>;

void refuse(const HandingInPtr& job, const Error& error) {
  job->done(fail(error.code, error.detail));
}

/// What the fork begins with: its base, and the words on it. `base_row`: the base is not in the journal yet.
void record_fork(const HandingInPtr& job, const crdt::Doc& base, const document::Section& words, bool base_row) {
  const PartsPtr& parts = job->parts;
  auto update = said_with(base, words, parts->client_id());
  if (!update) return refuse(job, update.error());
  if (update->empty()) return refuse(job, {Errc::conflict, "The text says these words already. Withdraw them."});
  crdt::Doc fork = base.clone();
  AmendmentRecord record;
  record.number = job->proposal.number;
  record.section = job->proposal.section;
  record.kind = consensus::ProposalKind::late;
  record.author = job->proposal.person;
  record.base = text_of(fork).canonical;
  record.at_s = parts->now_s();
  static_cast<void>(fork.apply_update(*update));
  const SectionText text = text_of(fork);
  const DocumentId document = fork_document(parts->state.id, record.number);
  std::vector<journal::Row> rows;
  if (base_row) rows.emplace_back(journal::UpdateRow{document, std::nullopt, {}, base.encode_state_as_update(), 0});
  rows.emplace_back(journal::UpdateRow{document, record.author, {}, std::move(*update), 0});
  Event event{AmendmentMade{std::move(record)}, key_use(job->caller, job->key, job->answer)};
  group::record(parts, std::move(rows), {std::move(event)}, [job, text](const Result<JournalSeq>& seq) {
    if (!seq) return refuse(job, seq.error());
    const std::uint64_t number = job->proposal.number;
    job->parts->amendments.set(number, text, seq->value);
    amendments_moved(job->parts, "Hand in proposal " + std::to_string(number), {number}, *seq);
    job->done(own_view(*job->parts, number, job->caller));
  });
}

/// Words that landed in nothing stand at the end of the text as it is now.
void hand_in_kept(const HandingInPtr& job, const std::string& words) {
  open_rooms(job->parts, {job->proposal.section}, [job, words](Result<RoomList> rooms) {
    if (!rooms) return refuse(job, rooms.error());
    crdt::Doc copy = rooms->front()->doc().clone();
    const document::Section section = with_paragraphs(document::read_section(copy), words);
    record_fork(job, copy, section, true);
  });
}

void hand_in_late(const HandingInPtr& job, const document::Section& words) {
  job->parts->around.journal.load(fork_document(job->parts->state.id, job->proposal.number),
                                  [job, words](const Result<journal::Loaded>& loaded) {
                                    if (!loaded) return refuse(job, loaded.error());
                                    crdt::Doc base(crdt::ClientId{1});
                                    static_cast<void>(base.text(document::kTitleRoot));
                                    static_cast<void>(base.xml_fragment(document::kBodyRoot));
                                    for (const journal::StoredUpdate& update : loaded->updates)
                                      static_cast<void>(base.apply_update(update.bytes));
                                    record_fork(job, base, words, false);
                                  });
}

}  // namespace

void hand_in(const PartsPtr& parts, const Caller& caller, const MoveAmendment& command, const Answer& answer,
             const Finish& done) {
  const auto before = answered(*parts, caller, command.key, answer);
  if (!before) return done(fail(before.error().code, before.error().detail));
  const auto at = parts->state.proposals.find(command.number);
  const bool theirs = at != parts->state.proposals.end() && at->second.person && at->second.person == caller.person;
  if (!theirs) return done(fail(Errc::not_found, "You have no such proposal."));
  if (parts->state.amendments.contains(command.number)) return done(own_view(*parts, command.number, caller));
  if (at->second.state != ProposalState::open) return done(fail(Errc::conflict, "This proposal is withdrawn."));
  if (is_asked(*parts, at->second.section)) return done(tl::unexpected<Error>(being_asked()));
  const auto job = std::make_shared<HandingIn>(HandingIn{parts, caller, command.key, answer, at->second, done});
  const auto words = parts->proposal_words.find(command.number);
  if (words == parts->proposal_words.end())
    return refuse(job, {Errc::unavailable, "Its words are being read. Try again in a moment."});
  if (job->proposal.decision == 0) return hand_in_kept(job, words->second.canonical);
  const auto section = document::read_canonical(words->second.canonical);
  if (!section) return refuse(job, {Errc::conflict, "Copy these words and propose a change with them."});
  hand_in_late(job, *section);
}

}  // namespace bossey::group
