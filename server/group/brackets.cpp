// Brackets: why a mark is there and who asked for it, setting and lifting by edits of the living document. The rules
// are consensus/bracket.hpp. Marks are text, so whoever writes may also type and take them away; what is recorded here
// stands beside them.
#include <set>

#include "document/bracket_marks.hpp"
#include "document/canonical.hpp"
#include "document/section_document.hpp"
#include "group/bracket_commands.hpp"
#include "group/parts.hpp"

namespace bossey::group {
namespace {

using consensus::BracketRecord;
using consensus::BracketRecords;
using consensus::BracketState;
using consensus::Hand;
using Finish = Done<BracketsView>;

bool may_decide(const Caller& caller) {
  return may(caller.roles, consensus::Action::decide);
}

Hand hand_of(const Group::Parts& parts, const Caller& caller, const Report& report) {
  const GroupState& state = parts.state;
  Hand hand{caller.person, caller.roles, false, false, false};
  hand.typist = state.room.typist
                    ? *state.room.typist == caller.person && may(caller.roles, consensus::Action::bracket_words)
                    : caller.roles.has(consensus::Role::secretariat);
  hand.writes = may(caller.roles, consensus::Action::write_text) && consensus::row(report.phase).writes;
  return hand;
}

/// What somebody may see and do of one mark or of what is asked for.
class Viewer {
 public:
  Viewer(const Group::Parts& parts, const Caller& caller, const Report& report)
      : caller_(caller), hand_(hand_of(parts, caller, report)) {}

  [[nodiscard]] BracketView mark(const BracketRecord* record, const SectionId& section,
                                 const document::BracketText& text) const {
    const consensus::LiftFacts facts = consensus::lift_facts(record, section, text.id, text.words);
    BracketView view = record == nullptr ? BracketView{} : recorded(*record);
    view.mark = text.id;
    view.words = text.words;
    view.depth = text.depth;
    view.state = BracketState::set;
    view.owner_consents = facts.consenting.has_value();
    view.chair_consents = facts.chair_consents;
    view.may_lift = consensus::check_lifting(hand_, facts.mark, facts.consenting, facts.chair_consents).has_value();
    view.may_give_reason = consensus::check_reason(hand_, record, "reason").has_value();
    view.may_consent = !view.may_lift && view.mine && !view.owner_consents;
    return view;
  }
  [[nodiscard]] BracketView recorded(const BracketRecord& record) const {
    BracketView view;
    view.number = record.number;
    view.mark = record.mark;
    view.words = record.words;
    view.reason = record.reason;
    view.state = record.state;
    view.mine = record.owner == caller_.person;
    if (view.mine || may_decide(caller_)) view.owner = record.owner;
    view.may_set = record.state == BracketState::asked && (hand_.typist || hand_.co_lead);
    return view;
  }
  /// Of brackets that are gone without having been lifted: whom it concerns.
  [[nodiscard]] bool minds(const BracketRecord& record) const {
    return record.owner && (record.owner == caller_.person || may_decide(caller_) || hand_.typist);
  }

 private:
  const Caller& caller_;
  Hand hand_;
};

BracketsView view_of(const Group::Parts& parts, const Caller& caller, const SectionId& section) {
  BracketsView view;
  view.section = section;
  const SectionText* text = parts.texts.find(section);
  const Report* report = parts.state.report_with(section);
  if (text == nullptr || report == nullptr) return view;
  view.text_id = text->text_id;
  const Viewer viewer(parts, caller, *report);
  std::set<std::string> there;
  for (const document::BracketText& mark : text->marks) {
    there.insert(mark.id);
    view.brackets.push_back(viewer.mark(consensus::record_of(parts.state.brackets, mark.id), section, mark));
  }
  for (const BracketRecord& record : parts.state.brackets)
    if (record.section == section && record.state == BracketState::asked)
      view.brackets.push_back(viewer.recorded(record));
  for (const BracketRecord& record : parts.state.brackets) {
    if (record.section != section || record.state != BracketState::set || there.contains(record.mark)) continue;
    if (!viewer.minds(record)) continue;
    view.brackets.push_back(viewer.recorded(record));
    view.brackets.back().there = false;
  }
  return view;
}

/// What every command on brackets carries from step to step.
struct Step {
  PartsPtr parts;
  Caller caller;
  std::string key;
  Answer answer;
  Finish done;

  [[nodiscard]] const Report& report() const { return *parts->state.report(answer.report); }
  [[nodiscard]] Hand hand() const { return hand_of(*parts, caller, report()); }
  void refuse(const Error& error) const { done(fail(error.code, error.detail)); }
};
using StepPtr = std::shared_ptr<Step>;

void record_brackets(const StepPtr& step, BracketRecords changed) {
  Event event{BracketsSet{std::move(changed)}, key_use(step->caller, step->key, step->answer)};
  record(step->parts, {}, {std::move(event)}, [step](const Result<JournalSeq>& seq) {
    if (!seq) return step->refuse(seq.error());
    tell_section(step->parts, step->answer.section);
    tell_brackets(step->parts, step->answer.report, step->answer.section);
    step->done(view_of(*step->parts, step->caller, step->answer.section));
  });
}

using OnRoom = std::function<void(const std::shared_ptr<room::Room>&)>;

/// Answers what was answered before; else with the section's room, if its text may be touched.
void begin(const StepPtr& step, const OnRoom& go_on) {
  const PartsPtr& parts = step->parts;
  const auto before = answered(*parts, step->caller, step->key, step->answer);
  if (!before) return step->refuse(before.error());
  const SectionId section = step->answer.section;
  if (const auto found = report_holding(*parts, step->answer.report, section); !found)
    return step->refuse(found.error());
  if (*before) return step->done(view_of(*parts, step->caller, section));
  if (parts->state.brackets.size() >= kBracketRecordsMax)
    return step->done(fail(Errc::too_large, "This group holds too many brackets."));
  open_rooms(parts, {section}, [step, section, go_on](Result<RoomList> rooms) {
    if (!rooms) return step->refuse(rooms.error());
    step->parts->texts.read(section, *rooms->front());
    go_on(rooms->front());
  });
}

Result<void> check_open(const Group::Parts& parts, const SectionId& section, const room::Room& room) {
  if (is_asked(parts, section)) return tl::unexpected<Error>(being_asked());
  if (room.is_closed()) return fail(Errc::conflict, "The text is closed. Reopen the section first.");
  if (parts.texts.find(section)->unknown)
    return fail(Errc::conflict, "The text holds unknown parts. Remove or retype them first.");
  return {};
}

std::string new_mark_id(const Group::Parts& parts) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::uint64_t bits = parts.around.random();
  std::string id = "b";
  for (int i = 0; i < 9; ++i, bits /= kAlphabet.size()) id += kAlphabet[bits % kAlphabet.size()];
  return id;
}

/// Puts the mark into the text, then records it.
void set_and_record(const StepPtr& step, const std::shared_ptr<room::Room>& room, BracketRecord record) {
  const SectionId section = record.section;
  if (const auto good = check_open(*step->parts, section, *room); !good) return step->refuse(good.error());
  record.mark = new_mark_id(*step->parts);
  record.state = BracketState::set;
  const auto edit = [record](crdt::Doc& doc) -> Result<void> {
    const document::Section text = document::read_section(doc);
    const std::size_t there = document::count_occurrences(text, record.words);
    if (there != record.of && there != 1)
      return fail(Errc::conflict, "These words are no longer there as they were. Look again.");
    const auto set = document::set_bracket(doc, record.words, there == record.of ? record.nth : 0, record.mark);
    // In a person's eyes words that have gone are a text that moved.
    if (!set && set.error().code == Errc::not_found) return fail(Errc::conflict, set.error().detail);
    return set;
  };
  room->edit(edit, author(step->caller), [step, room, record](const Result<JournalSeq>& edited) mutable {
    if (!edited) return step->refuse(edited.error());
    step->parts->texts.read(record.section, *room);
    for (const document::BracketText& mark : step->parts->texts.find(record.section)->marks)
      if (mark.id == record.mark) record.words = mark.words;
    record_brackets(step, {std::move(record)});
  });
}

/// The record of a mark that nobody said anything of yet, or that of words asked for.
BracketRecord new_record(const Step& step, const BracketWords& command) {
  BracketRecord record;
  record.number = step.parts->state.brackets.size() + 1;
  record.section = command.section;
  record.reason = command.reason;
  record.at_s = step.parts->now_s();
  record.owner = command.on_behalf_of;
  if (!record.owner && step.caller.roles.has(consensus::Role::member)) record.owner = step.caller.person;
  return record;
}

void give_reason(const StepPtr& step, const BracketWords& command) {
  const BracketRecord* known = consensus::record_of(step->parts->state.brackets, command.mark);
  const Hand hand = step->hand();
  if (const auto good = consensus::check_reason(hand, known, command.reason); !good) return step->refuse(good.error());
  if (command.on_behalf_of && !hand.typist && !hand.co_lead)
    return step->done(fail(Errc::forbidden, "Only the typist names who asked."));
  const auto& marks = step->parts->texts.find(command.section)->marks;
  const auto mark = std::find_if(marks.begin(), marks.end(), [&](const auto& one) { return one.id == command.mark; });
  if (mark == marks.end()) return step->done(fail(Errc::not_found, "These brackets are no longer there."));
  BracketRecord record = known == nullptr ? new_record(*step, command) : *known;
  record.mark = command.mark;
  record.state = BracketState::set;
  record.reason = command.reason;
  record.words = mark->words;
  if (command.on_behalf_of) record.owner = command.on_behalf_of;
  record_brackets(step, {std::move(record)});
}

void ask_or_set(const StepPtr& step, const std::shared_ptr<room::Room>& room, const BracketWords& command) {
  const Hand hand = step->hand();
  const bool sets = hand.typist || hand.co_lead;
  const auto good = sets ? consensus::check_bracketing(hand, command.on_behalf_of.has_value(), command.reason)
                         : consensus::check_asking(hand, command.reason);
  if (!good) return step->refuse(good.error());
  if (const auto open = check_open(*step->parts, command.section, *room); !open) return step->refuse(open.error());
  crdt::Doc copy = room->doc().clone();
  const std::size_t there = document::count_occurrences(document::read_section(copy), command.words);
  if (there <= command.nth) return step->done(fail(Errc::conflict, "These words are no longer there. Look again."));
  BracketRecord record = new_record(*step, command);
  record.words = command.words;
  record.nth = command.nth;
  record.of = static_cast<std::uint32_t>(there);
  if (sets) return set_and_record(step, room, std::move(record));
  record_brackets(step, {std::move(record)});
}

Result<BracketRecord> record_named(const Group::Parts& parts, const MoveBracket& command) {
  const BracketRecords& all = parts.state.brackets;
  if (command.number == 0 || command.number > all.size() || all[command.number - 1].section != command.section)
    return fail(Errc::not_found, "No such brackets.");
  return all[command.number - 1];
}

void withdraw(const StepPtr& step, BracketRecord record) {
  if (record.owner != step->caller.person) return step->done(fail(Errc::forbidden, "Only who asked withdraws it."));
  const auto& marks = step->parts->texts.find(record.section)->marks;
  const bool there = std::any_of(marks.begin(), marks.end(), [&](const auto& one) { return one.id == record.mark; });
  if (there) return step->done(fail(Errc::conflict, "These brackets stand in the text. Lift them instead."));
  record.state = BracketState::withdrawn;
  record_brackets(step, {std::move(record)});
}

void consent(const StepPtr& step, BracketRecord record) {
  const bool owner = record.owner == step->caller.person;
  if (!owner && !may_decide(step->caller))
    return step->done(fail(Errc::forbidden, "Only who wanted the brackets, or the chair, consents."));
  const auto& marks = step->parts->texts.find(record.section)->marks;
  const auto mark = std::find_if(marks.begin(), marks.end(), [&](const auto& one) { return one.id == record.mark; });
  if (mark == marks.end()) return step->done(fail(Errc::conflict, "These brackets are no longer there."));
  if (record.words != mark->words) record.owner_consents = record.chair_consents = false;
  record.words = mark->words;
  if (owner) record.owner_consents = true;
  if (may_decide(step->caller)) record.chair_consents = true;
  record_brackets(step, {std::move(record)});
}

void move_record(const StepPtr& step, const std::shared_ptr<room::Room>& room, const MoveBracket& command) {
  auto found = record_named(*step->parts, command);
  if (!found) return step->refuse(found.error());
  switch (command.move) {
    case BracketMove::set: {
      const Hand hand = step->hand();
      const auto good = consensus::check_bracketing(hand, true, found->reason);
      if (!good) return step->refuse(good.error());
      if (found->state != BracketState::asked) return step->done(fail(Errc::conflict, "These brackets are set."));
      return set_and_record(step, room, *std::move(found));
    }
    case BracketMove::withdraw:
      return withdraw(step, *std::move(found));
    case BracketMove::consent:
      return consent(step, *std::move(found));
  }
}

/// The text is the one that the page shows, and each mark may be lifted; then they go. Runs within the room's edit.
Result<void> lift_in(const Step& step, const LiftBrackets& command, crdt::Doc& doc, std::set<std::string>& lifted) {
  const document::Section section = document::read_section(doc);
  if (document::text_id(document::write_canonical(section)) != command.text_id)
    return fail(Errc::conflict, "Text changed. Look again.");
  std::vector<consensus::LiftFacts> facts;
  for (const document::BracketText& mark : document::bracket_texts(section)) {
    const bool named = std::find(command.marks.begin(), command.marks.end(), mark.id) != command.marks.end();
    if (!command.marks.empty() && !named) continue;
    const BracketRecord* record = consensus::record_of(step.parts->state.brackets, mark.id);
    facts.push_back(consensus::lift_facts(record, command.section, mark.id, mark.words));
    lifted.insert(mark.id);
  }
  if (!command.marks.empty() && lifted.size() < std::set(command.marks.begin(), command.marks.end()).size())
    return fail(Errc::conflict, "These brackets are no longer there. Look again.");
  BOSSEY_TRY_VOID(consensus::check_lifting_all(step.hand(), facts));
  BOSSEY_TRY_VOID(document::lift_brackets(doc, lifted));
  return {};
}

void lift(const StepPtr& step, const std::shared_ptr<room::Room>& room, const LiftBrackets& command) {
  if (const auto good = check_open(*step->parts, command.section, *room); !good) return step->refuse(good.error());
  const auto lifted = std::make_shared<std::set<std::string>>();
  room->edit([step, command, lifted](crdt::Doc& doc) { return lift_in(*step, command, doc, *lifted); },
             author(step->caller),
             [step, room, command, lifted](const Result<JournalSeq>& edited) {
               if (!edited) return step->refuse(edited.error());
               step->parts->texts.read(command.section, *room);
               BracketRecords changed;
               for (const std::string& mark : *lifted) {
                 const BracketRecord* record = consensus::record_of(step->parts->state.brackets, mark);
                 if (record == nullptr) continue;
                 changed.push_back(*record);
                 changed.back().state = BracketState::lifted;
               }
               record_brackets(step, std::move(changed));
             });
}

/// Checks the key and the role, waits for the commands before, and begins.
void run_brackets(const PartsPtr& parts, const Caller& caller, const std::string& key, Answer answer, Finish done,
                  std::function<void(const StepPtr&, const std::shared_ptr<room::Room>&)> go_on) {
  if (const auto good = check_command(caller, consensus::Action::bracket_words, key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<BracketsView>(parts, std::move(done),
                            [parts, caller, key, answer = std::move(answer), go_on = std::move(go_on)](Finish finish) {
                              auto step = std::make_shared<Step>(Step{parts, caller, key, answer, std::move(finish)});
                              begin(step, [step, go_on](const auto& room) { go_on(step, room); });
                            });
}

}  // namespace

Result<BracketsView> Group::brackets(const Caller& caller, const ReportId& report, const SectionId& section) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  BOSSEY_TRY_VOID(report_holding(*parts_, report, section));
  return view_of(*parts_, caller, section);
}

Result<std::vector<BracketsView>> Group::brackets(const Caller& caller, const ReportId& slug) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  const Report* report = parts_->state.report(slug);
  if (report == nullptr) return fail(Errc::not_found, "No such report.");
  std::vector<BracketsView> out;
  for (const document::OutlineEntry& entry : report->outline.entries) {
    BracketsView view = view_of(*parts_, caller, entry.id);
    if (!view.brackets.empty()) out.push_back(std::move(view));
  }
  return out;
}

void Group::bracket_words(const Caller& caller, BracketWords command, Done<BracketsView> done) {
  Answer answer{command.mark.empty() ? "brackets.words" : "brackets.reason", command.report, command.section, 0};
  run_brackets(parts_, caller, command.key, std::move(answer), std::move(done),
               [command](const StepPtr& step, const std::shared_ptr<room::Room>& room) {
                 command.mark.empty() ? ask_or_set(step, room, command) : give_reason(step, command);
               });
}

void Group::move_bracket(const Caller& caller, MoveBracket command, Done<BracketsView> done) {
  constexpr std::array<std::string_view, 3> kMoves{"set", "withdraw", "consent"};
  Answer answer{"brackets." + std::string(kMoves[static_cast<std::size_t>(command.move)]), command.report,
                command.section, command.number};
  run_brackets(
      parts_, caller, command.key, std::move(answer), std::move(done),
      [command](const StepPtr& step, const std::shared_ptr<room::Room>& room) { move_record(step, room, command); });
}

void Group::lift_brackets(const Caller& caller, LiftBrackets command, Done<BracketsView> done) {
  run_brackets(parts_, caller, command.key, {"brackets.lift", command.report, command.section, 0}, std::move(done),
               [command](const StepPtr& step, const std::shared_ptr<room::Room>& room) { lift(step, room, command); });
}

}  // namespace bossey::group
