// When the days for which people are kept are over: who typed, held, led, read and decided what is taken out of the
// rows, and the state is folded again from what is left, exactly as after a restart.
#include <algorithm>

#include "group/parts.hpp"

namespace bossey::group {
namespace {

struct WithoutPeople {
  Event& event;

  void operator()(DecisionRecorded& e) const { e.maker.reset(); }
  void operator()(ProposalMade& e) const {
    e.person.reset();
    e.session = 0;
  }
  void operator()(PositionsSet& e) const {
    for (consensus::Position& p : e.positions) {
      if (!p.holder) continue;
      // Without a holder it would count as said from the floor: the words go with the name.
      p.holder.reset();
      p.words.clear();
      p.could_live_with.clear();
      p.is_signed = false;
    }
  }
  void operator()(RoomFact& e) const { std::visit(*this, e.what); }
  void operator()(TeamSet& e) const {
    e.team.co_leads.clear();
    e.team.members.clear();
  }
  void operator()(TypistNamed& e) const { e.person.reset(); }
  void operator()(ReviewSet& e) const {
    // How many there were stays.
    std::fill(e.round.roll.begin(), e.round.roll.end(), PersonId{0});
    std::fill(e.round.readers.begin(), e.round.readers.end(), PersonId{0});
  }
  void operator()(ReviewRead& e) const { e.person = PersonId{0}; }
  void operator()(BracketsSet& e) const {
    for (consensus::BracketRecord& one : e.brackets) one.owner.reset();
  }
  void operator()(CallSet& e) const {
    // How many stood where stays.
    for (consensus::CallMember& member : e.record.call.roll) member.person = PersonId{0};
    e.record.opener.reset();
    e.record.words.clear();
  }
  void operator()(CallMemberSet& e) const {
    e.member.person = PersonId{0};
    e.words = {};
  }
  void operator()(CorrectionsSet& e) const {
    for (FiledCorrection& one : e.corrections) one.correction.author.reset();
  }
  void operator()(AmendmentMade& e) const { e.record.author.reset(); }

  // Nobody is in these. A new kind of event has to say so here.
  void operator()(GroupMade&) const {}
  void operator()(ReportAdded&) const {}
  void operator()(OutlineSet&) const {}
  void operator()(ProposalWithdrawn&) const {}
  void operator()(TextRestored&) const {}
  void operator()(RulesSet&) const {}
  void operator()(WordingSet&) const {}
  void operator()(FactsSet&) const {}
  void operator()(GroupRulesSet&) const {}
  void operator()(ReleaseMade&) const {}
  void operator()(WindowOpened&) const {}
  void operator()(TransmittalRecorded&) const {}
  void operator()(AmendmentsSet&) const {}
  void operator()(MeetingSet&) const {}
  void operator()(SectionsGiven&) const {}
};

std::optional<std::string> without_people(const std::string& kind, const std::string& json) {
  auto event = parse_event(kind, json);
  if (!event) return std::nullopt;
  event->key.reset();
  std::visit(WithoutPeople{*event}, event->what);
  std::string stripped = to_row(GroupId{"any"}, *event, 0).json;
  if (stripped == json) return std::nullopt;
  return stripped;
}

/// When the last report was transmitted; nothing while one is not.
std::optional<std::int64_t> transmitted_s(const GroupState& state) {
  std::map<ReportId, std::int64_t> transmitted;
  for (const consensus::Decision& decision : state.chain) {
    if (!decision.phase) continue;
    if (decision.phase == consensus::Phase::transmitted)
      transmitted[decision.report] = decision.at_s;
    else
      transmitted.erase(decision.report);
  }
  if (transmitted.empty() || transmitted.size() < state.reports.size()) return std::nullopt;
  std::int64_t last_s = 0;
  for (const auto& [report, at_s] : transmitted) last_s = std::max(last_s, at_s);
  return last_s;
}

Result<GroupState> folded(const GroupId& id, const std::vector<journal::StoredEvent>& events) {
  GroupState state;
  state.id = id;
  for (const journal::StoredEvent& stored : events) {
    BOSSEY_TRY(const Event event, parse_event(stored.kind, stored.json));
    BOSSEY_TRY_VOID(apply(state, event, stored.time_ms));
  }
  return state;
}

void fold_again(const PartsPtr& parts, const Done<void>& done) {
  using Events = std::vector<journal::StoredEvent>;
  parts->around.journal.read<Events>([id = parts->state.id](journal::Reader& reader) { return reader.events(id); },
                                     [parts, done](const Result<Events>& events) {
                                       if (!events) return done(fail(events.error().code, events.error().detail));
                                       auto state = folded(parts->state.id, *events);
                                       if (!state) return done(fail(state.error().code, state.error().detail));
                                       parts->state = *std::move(state);
                                       tell_room(parts, "rules");
                                       done({});
                                     });
}

}  // namespace

std::optional<std::int64_t> Group::forget_until_s() const {
  const GroupState& state = parts_->state;
  const auto transmitted = transmitted_s(state);
  if (!transmitted) return std::nullopt;
  const std::int64_t now_s = parts_->now_s();
  const auto is_due = [&](std::int64_t at_s) {
    return consensus::deletion_s(rule_since(state.attribution_history, at_s), transmitted) <= now_s;
  };
  // What was typed later is kept as long or longer: everything up to the last change of the rule that is due, and all
  // of it if the present rule is.
  if (is_due(now_s)) return now_s;
  std::optional<std::int64_t> until;
  for (const auto& [since_s, rule] : state.attribution_history)
    if (is_due(since_s)) until = since_s;
  return until;
}

void Group::forget_people(std::int64_t until_s, const Done<void>& done) {
  run_command<void>(parts_, done, [parts = parts_, until_s](const Done<void>& finish) {
    journal::Forgetting work;
    work.group = parts->state.id;
    work.until_ms = until_s * 1000 + 999;
    for (const auto& [section, report] : parts->state.report_of) work.documents.push_back(document_of(section));
    for (const auto& [number, proposal] : parts->state.proposals)
      work.documents.push_back(fork_document(parts->state.id, number));
    for (const auto& [number, amendment] : parts->state.amendments)
      work.documents.push_back(fork_document(parts->state.id, number));
    work.without_people = without_people;
    parts->around.journal.forget(std::move(work), [parts, finish](const Result<void>& forgotten) {
      if (!forgotten) return finish(fail(forgotten.error().code, forgotten.error().detail));
      fold_again(parts, finish);
    });
  });
}

}  // namespace bossey::group
