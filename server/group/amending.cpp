// Amendments from their beginning to their end, but for adoption. Each command is checked by the rules of
// consensus/proposal.hpp on what amendments ask of the present text, recorded, and told.
#include "group/amending.hpp"

#include <algorithm>
#include <array>

#include "document/canonical.hpp"
#include "document/section_document.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using consensus::Action;
using consensus::Amendments;
using consensus::Fate;
using Finish = Done<ProposalView>;
using RoomPtr = std::shared_ptr<room::Room>;

constexpr std::array<std::string_view, 7> kMoves{"withdraw", "hand_in",  "refuse",  "set_aside",
                                                 "take_up",  "describe", "bring_up"};

void refuse(const Finish& done, const Error& error) {
  done(fail(error.code, error.detail));
}

/// One line, for a label.
std::string on_one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// One that its author began and has not written a word of: begun again it is the same.
const AmendmentRecord* begun_by(const Group::Parts& parts, const Caller& caller, const PutForward& command) {
  const auto numbers = parts.state.amendments_of.find(command.section);
  if (numbers == parts.state.amendments_of.end()) return nullptr;
  for (const std::uint64_t number : numbers->second) {
    const AmendmentRecord& record = parts.state.amendments.at(number);
    if (record.author != caller.person || record.fate != Fate::open || record.on != command.on) continue;
    const AmendmentNow* now = parts.amendments.now(parts.state, parts.texts, number);
    if (now != nullptr && now->untouched && !now->behind) return &record;
  }
  return nullptr;
}

Result<void> check_number(const Group::Parts& parts, const Caller& caller, const SectionId& section) {
  if (parts.state.proposals.size() + parts.state.amendments.size() >= kProposalsMax)
    return fail(Errc::too_large, "The group holds too many proposals. Tell the secretariat.");
  std::size_t own = 0;
  if (const auto numbers = parts.state.amendments_of.find(section); numbers != parts.state.amendments_of.end())
    for (const std::uint64_t number : numbers->second) {
      const AmendmentRecord& record = parts.state.amendments.at(number);
      own += record.author == caller.person && record.is_live() ? 1 : 0;
    }
  if (own >= kOpenAmendmentsMax) return fail(Errc::too_large, "Withdraw one of your proposals here first.");
  return {};
}

Result<void> check_place(const Group::Parts& parts, const Caller& caller, const PutForward& command) {
  BOSSEY_TRY_VOID(report_holding(parts, command.report, command.section));
  const auto pin = parts.state.pins.find(command.section);
  if (pin != parts.state.pins.end() && pin->second.status == consensus::Status::withdrawn)
    return fail(Errc::conflict, "The section is withdrawn. Ask the chair to reopen it.");
  if (is_asked(parts, command.section)) return tl::unexpected<Error>(being_asked());
  // One that nobody has written a word of yet is nothing to others.
  if (command.on) BOSSEY_TRY_VOID(find_amendment(parts, *command.on, author(caller)));
  return {};
}

AmendmentRecord record_of(const Caller& caller, const PutForward& command) {
  AmendmentRecord record;
  record.section = command.section;
  record.author = author(caller);
  record.on = command.on;
  record.strength = command.strength;
  record.signed_by = command.signed_by;
  return record;
}

Result<void> check_beginning(const Group::Parts& parts, const Caller& caller, const AmendmentRecord& record) {
  consensus::Amendment a;
  a.section = record.section;
  a.on = record.on;
  a.author = record.author;
  a.signed_by = record.signed_by;
  return consensus::check_beginning(a, caller.roles, false,
                                    parts.amendments.of_section(parts.state, parts.texts, record.section));
}

/// Everything is checked: the fork begins with the whole state of what it departs from.
void begin_fork(const PartsPtr& parts, const Caller& caller, const PutForward& command, const room::Room& from,
                const Finish& done) {
  crdt::Doc copy = from.doc().clone();
  SectionText text = text_of(copy);
  if (text.unknown) return refuse(done, {Errc::conflict, "The text holds unknown parts. Remove or retype them first."});
  AmendmentRecord record = record_of(caller, command);
  record.number = parts->take_proposal_number();
  record.base = text.canonical;
  record.at_s = parts->now_s();
  const DocumentId document = fork_document(parts->state.id, record.number);
  std::vector<journal::Row> rows;
  rows.emplace_back(journal::UpdateRow{document, std::nullopt, {}, from.full_update(), 0});
  if (!command.words.empty()) {
    const document::Section words = with_paragraphs(document::read_section(copy), command.words);
    auto update = said_with(copy, words, parts->client_id());
    if (!update) return refuse(done, update.error());
    if (update->empty()) return refuse(done, {Errc::bad_input, "Write at least one word."});
    static_cast<void>(copy.apply_update(*update));
    text = text_of(copy);
    rows.emplace_back(journal::UpdateRow{document, author(caller), {}, std::move(*update), 0});
  }
  const std::uint64_t number = record.number;
  Event event{AmendmentMade{std::move(record)},
              key_use(caller, command.key, Answer{"amendment", command.report, command.section, number})};
  group::record(parts, std::move(rows), {std::move(event)},
                [parts, caller, number, text, done](const Result<JournalSeq>& seq) {
                  if (!seq) return refuse(done, seq.error());
                  parts->amendments.set(number, text, seq->value);
                  amendments_moved(parts, "Propose " + std::to_string(number), {number}, *seq);
                  done(own_view(*parts, number, caller));
                });
}

void run_put_forward(const PartsPtr& parts, const Caller& caller, const PutForward& command, const Finish& done) {
  const auto before = answered(*parts, caller, command.key, {"amendment", command.report, command.section});
  if (!before) return refuse(done, before.error());
  if (*before) return done(own_view(*parts, (*before)->number, caller));
  if (const auto good = check_place(*parts, caller, command); !good) return refuse(done, good.error());
  if (const auto good = check_beginning(*parts, caller, record_of(caller, command)); !good)
    return refuse(done, good.error());
  if (const AmendmentRecord* begun = begun_by(*parts, caller, command); begun != nullptr && command.words.empty())
    return done(own_view(*parts, begun->number, caller));
  if (const auto good = check_number(*parts, caller, command.section); !good) return refuse(done, good.error());
  const DocumentId from = command.on ? fork_document(parts->state.id, *command.on) : document_of(command.section);
  open_documents(parts, {from}, [parts, caller, command, done](Result<RoomList> rooms) {
    if (!rooms) return refuse(done, rooms.error());
    begin_fork(parts, caller, command, *rooms->front(), done);
  });
}

std::string deed_of(AmendmentMove move) {
  constexpr std::array<std::string_view, 7> kDeeds{"Withdraw", "Hand in",  "Refuse",          "Set aside",
                                                   "Take up",  "Describe", "Bring up to date"};
  return std::string(kDeeds[static_cast<std::size_t>(move)]);
}

Fate fate_after(AmendmentMove move) {
  switch (move) {
    case AmendmentMove::withdraw:
      return Fate::withdrawn;
    case AmendmentMove::refuse:
      return Fate::refused;
    case AmendmentMove::set_aside:
      return Fate::set_aside;
    default:
      return Fate::open;
  }
}

Result<AmendmentsSet> described(const AmendmentRecord& record, const Caller& caller, const MoveAmendment& command) {
  if (record.author != caller.person) return fail(Errc::forbidden, "Only its author says how strongly it is meant.");
  if (!record.is_live()) return fail(Errc::conflict, "This proposal has ended already.");
  AmendmentChange change = change_of(record);
  if (command.strength) change.strength = *command.strength;
  if (command.signed_by) change.signed_by = on_one_line(*command.signed_by);
  if (change.signed_by.size() > consensus::kDelegation_bytes)
    return fail(Errc::too_large, "Shorten the delegation's name.");
  return AmendmentsSet{{std::move(change)}};
}

Result<AmendmentsSet> ended(const Group::Parts& parts, const AmendmentRecord& record, const Caller& caller,
                            const MoveAmendment& command) {
  const Amendments all = parts.amendments.of_section(parts.state, parts.texts, record.section);
  BOSSEY_TRY(const Amendments after,
             consensus::end_with(all, record.number, fate_after(command.move), author(caller), caller.roles));
  return changes_of(parts.state, after);
}

struct Moving {
  PartsPtr parts;
  Caller caller;
  MoveAmendment command;
  Answer answer;
  Finish done;
};

void finish_move(const std::shared_ptr<Moving>& moving, const std::vector<std::uint64_t>& numbers,
                 const Result<JournalSeq>& seq) {
  if (!seq) return refuse(moving->done, seq.error());
  const std::uint64_t number = moving->command.number;
  amendments_moved(moving->parts, deed_of(moving->command.move) + " proposal " + std::to_string(number), numbers, *seq);
  // Who may write it depends on whether it is signed.
  if (moving->command.move == AmendmentMove::describe)
    moving->parts->around.rooms->recheck(fork_document(moving->parts->state.id, number));
  moving->done(own_view(*moving->parts, number, moving->caller));
}

/// The fork takes in the present text and then says it with its own changes: what is overtaken is kept in the record.
void bring_up(const std::shared_ptr<Moving>& moving, const AmendmentRecord& record, const RoomList& rooms) {
  const PartsPtr& parts = moving->parts;
  const AmendmentNow* now = parts->amendments.now(parts->state, parts->texts, record.number);
  if (now == nullptr) return refuse(moving->done, {Errc::not_found, "No such proposal."});
  const auto words = document::read_canonical(now->wanted);
  if (!words) return refuse(moving->done, {Errc::conflict, "It no longer fits the text. Copy it and propose anew."});
  AmendmentChange change = change_of(record);
  change.base = now->target;
  change.left.insert(change.left.end(), now->overtaken.begin(), now->overtaken.end());
  Event event{AmendmentsSet{{std::move(change)}}, key_use(moving->caller, moving->command.key, moving->answer)};
  const auto edit = [update = rooms.front()->full_update(), wanted = now->wanted,
                     section = *words](crdt::Doc& doc) -> Result<void> {
    BOSSEY_TRY_VOID(doc.apply_update(update));
    BOSSEY_TRY_VOID(document::replace_section(doc, section));
    if (text_of(doc).canonical != wanted)
      return fail(Errc::conflict, "It no longer fits the text. Copy it and propose anew.");
    return {};
  };
  const RoomPtr fork = rooms.back();
  record_with(parts, *fork, edit, {std::move(event)},
              [moving, fork, number = record.number](const Result<JournalSeq>& seq) {
                if (seq) moving->parts->amendments.changed(number, fork);
                finish_move(moving, {number}, seq);
              });
}

void start_bringing_up(const std::shared_ptr<Moving>& moving, const AmendmentRecord& record) {
  const PartsPtr& parts = moving->parts;
  const AmendmentNow* now = parts->amendments.now(parts->state, parts->texts, record.number);
  if (!record.is_live()) return refuse(moving->done, {Errc::conflict, "This proposal has ended already."});
  const bool theirs = record.author == moving->caller.person || may(moving->caller.roles, Action::decide);
  if (now != nullptr && !now->overtaken.empty() && !theirs)
    return refuse(moving->done, {Errc::forbidden, "Its author or the chair brings it up to date."});
  if (now != nullptr && !now->behind) return moving->done(own_view(*parts, record.number, moving->caller));
  const DocumentId target = record.on ? fork_document(parts->state.id, *record.on) : document_of(record.section);
  open_documents(parts, {target, fork_document(parts->state.id, record.number)},
                 [moving, number = record.number](Result<RoomList> rooms) {
                   if (!rooms) return refuse(moving->done, rooms.error());
                   const AmendmentRecord& same = moving->parts->state.amendments.at(number);
                   if (!same.on) moving->parts->texts.read(same.section, *rooms->front());
                   bring_up(moving, same, *rooms);
                 });
}

void run_move(const std::shared_ptr<Moving>& moving) {
  const PartsPtr& parts = moving->parts;
  const MoveAmendment& command = moving->command;
  const auto before = answered(*parts, moving->caller, command.key, moving->answer);
  if (!before) return refuse(moving->done, before.error());
  const auto found = find_amendment(*parts, command.number, author(moving->caller));
  if (!found) return refuse(moving->done, found.error());
  const AmendmentRecord& record = **found;
  if (*before) return moving->done(own_view(*parts, record.number, moving->caller));
  if (command.move == AmendmentMove::bring_up) return start_bringing_up(moving, record);
  if (command.move == AmendmentMove::withdraw && record.fate == Fate::withdrawn &&
      record.author == moving->caller.person)
    return moving->done(own_view(*parts, record.number, moving->caller));
  const auto changes = command.move == AmendmentMove::describe ? described(record, moving->caller, command)
                                                               : ended(*parts, record, moving->caller, command);
  if (!changes) return refuse(moving->done, changes.error());
  std::vector<std::uint64_t> numbers;
  for (const AmendmentChange& change : changes->changes) numbers.push_back(change.number);
  Event event{*changes, key_use(moving->caller, command.key, moving->answer)};
  group::record(parts, {}, {std::move(event)},
                [moving, numbers](const Result<JournalSeq>& seq) { finish_move(moving, numbers, seq); });
}

}  // namespace

Result<Bytes> said_with(const crdt::Doc& from, const document::Section& words, std::uint64_t client_id) {
  crdt::Doc doc = from.clone();
  doc.set_client_id(crdt::ClientId{client_id});
  const crdt::StateVector before = doc.state_vector();
  Bytes made;
  doc.on_update([&made](const crdt::UpdateEvent& event) { made = event.encode(); });
  BOSSEY_TRY_VOID(document::replace_section(doc, words));
  return made;
}

document::Section with_paragraphs(document::Section section, const std::string& words) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find('\n', at), words.size());
    std::string line = on_one_line(words.substr(at, end - at));
    if (!line.empty()) section.body.push_back(document::paragraph(std::move(line)));
    at = end + 1;
  }
  return section;
}

void Group::put_forward(const Caller& caller, PutForward command, Done<ProposalView> done) {
  if (const auto good = check_command(caller, Action::read, command.key); !good) return refuse(done, good.error());
  command.signed_by = on_one_line(std::move(command.signed_by));
  run_command<ProposalView>(parts_, std::move(done),
                            [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
                              run_put_forward(parts, caller, command, finish);
                            });
}

void Group::put_forward(const Caller& caller, const PutPositionForward& command, Done<ProposalView> done) {
  if (const auto good = check_command(caller, Action::read, command.key); !good) return refuse(done, good.error());
  run_command<ProposalView>(parts_, std::move(done), [parts = parts_, caller, command](const Finish& finish) {
    const consensus::Positions& positions = parts->state.positions;
    const std::uint64_t number = command.position;
    const consensus::Position* position = number == 0 || number > positions.size() ? nullptr : &positions[number - 1];
    // Whose a position is stays with its holder: to others it is as if there were none.
    const bool theirs = position != nullptr && position->section == command.section &&
                        (position->holder ? position->holder == caller.person : may(caller.roles, Action::object));
    if (!theirs) return refuse(finish, {Errc::not_found, "You have no such position."});
    PutForward forward{command.key, command.report, command.section, std::nullopt, {}, {}, position->could_live_with};
    if (on_one_line(forward.words).empty())
      return refuse(finish, {Errc::bad_input, "Say first what wording you could live with."});
    forward.strength = consensus::Strength::should;
    run_put_forward(parts, caller, forward, finish);
  });
}

void Group::move_amendment(const Caller& caller, MoveAmendment command, Done<ProposalView> done) {
  if (const auto good = check_command(caller, Action::propose, command.key); !good) return refuse(done, good.error());
  run_command<ProposalView>(
      parts_, std::move(done), [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
        Answer answer{
            "amendment." + std::string(kMoves[static_cast<std::size_t>(command.move)]), {}, {}, command.number};
        if (command.move == AmendmentMove::hand_in) return hand_in(parts, caller, command, answer, finish);
        run_move(std::make_shared<Moving>(Moving{parts, caller, command, std::move(answer), finish}));
      });
}

}  // namespace bossey::group
