#include "group/state.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "group/commands.hpp"

namespace bossey::group {
namespace {

struct Folder {
  GroupState& state;
  std::int64_t at_s;

  Result<void> operator()(const GroupMade& e) const {
    if (state.made_s != 0) return fail(Errc::corrupt, "the group is made twice");
    state.name = e.name;
    state.addressee = e.addressee;
    state.terms = e.terms;
    state.made_s = at_s == 0 ? 1 : at_s;
    return {};
  }

  Result<void> operator()(const ReportAdded& e) const {
    if (state.reports.contains(e.slug)) return fail(Errc::corrupt, "report '" + e.slug.value + "' is made twice");
    Report report;
    report.slug = e.slug;
    report.title = e.title;
    report.kind = e.kind;
    report.imported = e.imported;
    report.made_s = at_s;
    report.outline = e.outline;
    report.origins = e.origins;
    note_labels(report);
    for (const document::OutlineEntry& entry : e.outline.entries) state.report_of[entry.id] = e.slug;
    state.reports.emplace(e.slug, std::move(report));
    state.report_order.push_back(e.slug);
    return {};
  }

  Result<void> operator()(const OutlineSet& e) const {
    const auto at = state.reports.find(e.report);
    if (at == state.reports.end()) return fail(Errc::corrupt, "an outline of no report '" + e.report.value + "'");
    Report& report = at->second;
    if (e.version != report.version + 1) return fail(Errc::corrupt, "versions of an outline do not follow each other");
    report.version = e.version;
    report.outline = e.outline;
    note_labels(report);
    for (const auto& [section, room] : e.rooms) report.rooms[section] = room;
    if (e.command == "move" && e.section) note_move(report, *e.section);
    if (e.command == "split" && e.from && e.section) {
      report.split_from[*e.section] = {*e.from, state.chain.size()};
      // The words stay with the team that wrote them.
      if (const auto team = state.room.team_of.find(*e.from); team != state.room.team_of.end())
        state.room.team_of[*e.section] = team->second;
    }
    for (const document::OutlineEntry& entry : e.outline.entries) state.report_of[entry.id] = e.report;
    return {};
  }

  Result<void> operator()(const DecisionRecorded& e) const {
    BOSSEY_TRY(consensus::Decision decision, consensus::parse_decision(e.bytes));
    const std::uint64_t no = state.chain.size() + 1;
    std::optional<Sha256> before;
    if (!state.records.empty()) before = sha256(state.records.back().bytes);
    if (decision.no != no || decision.prev != before)
      return fail(Errc::corrupt, "decision No. " + std::to_string(decision.no) + " does not follow the one before");
    state.chain.push_back(std::move(decision));
    state.records.push_back({e.bytes, e.maker, e.texts, {}, e.room});
    for (const DecidedText& text : e.texts) {
      const Report* report = state.report_with(text.section);
      const auto place = report == nullptr ? std::nullopt : document::place_of(report->outline, text.section);
      state.records.back().places.push_back(place.value_or(document::Place{}));
    }
    state.pins = consensus::pins_of(state.chain);
    note_phase(state.chain.back());
    return {};
  }

  /// What decisions say beyond the sections they name.
  void note_phase(const consensus::Decision& decision) const {
    const auto at = state.reports.find(decision.report);
    if (at == state.reports.end()) return;
    Report& report = at->second;
    report.left_open = consensus::left_open_of(state.chain, report.slug);
    report.phase = consensus::phase_of(state.chain, report.slug);
    if (report.is_closed() && report.closed_by == 0) report.closed_by = decision.no;
    using consensus::DecisionKind;
    const bool labels = decision.kind == DecisionKind::label || decision.kind == DecisionKind::unlabel ||
                        decision.kind == DecisionKind::undo;
    if (labels) state.labels = consensus::labels_of(state.chain);
  }

  Result<void> operator()(const ProposalMade& e) const {
    if (state.proposals.contains(e.number))
      return fail(Errc::corrupt, "proposal " + std::to_string(e.number) + " is made twice");
    state.proposals[e.number] = {e.number, e.section, e.person, e.session, e.decision, ProposalState::open,
                                 at_s,     e.base,    e.beside};
    return {};
  }

  Result<void> operator()(const AmendmentMade& e) const {
    const std::uint64_t number = e.record.number;
    const bool handed_in = e.record.kind == consensus::ProposalKind::late;
    if (number == 0 || state.amendments.contains(number) || state.proposals.contains(number) != handed_in)
      return fail(Errc::corrupt, "proposal " + std::to_string(number) + " is made twice, or was never a late edit");
    state.amendments[number] = e.record;
    auto& numbers = state.amendments_of[e.record.section];
    numbers.insert(std::upper_bound(numbers.begin(), numbers.end(), number), number);
    return {};
  }

  Result<void> operator()(const AmendmentsSet& e) const {
    for (const AmendmentChange& change : e.changes)
      if (!state.amendments.contains(change.number))
        return fail(Errc::corrupt, "no amendment " + std::to_string(change.number));
    for (const AmendmentChange& change : e.changes) {
      AmendmentRecord& record = state.amendments.at(change.number);
      record.on = change.on;
      record.strength = change.strength;
      record.signed_by = change.signed_by;
      record.fate = change.fate;
      record.adopted_with = change.adopted_with;
      record.left = change.left;
      if (change.base) record.base = *change.base;
    }
    return {};
  }

  Result<void> operator()(const ProposalWithdrawn& e) const {
    const auto at = state.proposals.find(e.number);
    if (at == state.proposals.end()) return fail(Errc::corrupt, "no proposal " + std::to_string(e.number));
    at->second.state = e.open_again ? ProposalState::open : ProposalState::withdrawn;
    return {};
  }

  Result<void> operator()(const TextRestored&) const { return {}; }

  Result<void> operator()(const PositionsSet& e) const {
    for (const consensus::Position& p : e.positions) {
      const std::uint64_t next = state.positions.size() + 1;
      if (p.number == 0 || p.number > next)
        return fail(Errc::corrupt, "position " + std::to_string(p.number) + " does not follow the one before");
      if (p.number == next)
        state.positions.push_back(p);
      else
        state.positions[p.number - 1] = p;
    }
    return {};
  }

  Result<void> operator()(const BracketsSet& e) const {
    for (const consensus::BracketRecord& one : e.brackets) {
      const std::uint64_t next = state.brackets.size() + 1;
      if (one.number == 0 || one.number > next)
        return fail(Errc::corrupt, "brackets " + std::to_string(one.number) + " do not follow those before");
      if (one.number == next)
        state.brackets.push_back(one);
      else
        state.brackets[one.number - 1] = one;
    }
    return {};
  }

  Result<void> operator()(const ReleaseMade& e) const {
    BOSSEY_TRY(consensus::Release release, consensus::parse_release(e.bytes));
    if (!state.reports.contains(release.report) || release.decision == 0 || release.decision != state.chain.size())
      return fail(Errc::corrupt, "version " + release.id + " does not follow the decision before it");
    std::vector<ReleaseRecord>& releases = state.closings[release.report].releases;
    releases.push_back({std::move(release), e});
    return {};
  }

  Result<void> operator()(const WindowOpened& e) const {
    const auto unanimous = unanimous_from(e.unanimous);
    if (!unanimous) return fail(Errc::corrupt, "unanimous consent means '" + e.unanimous + "'");
    state.closings[e.report].window = {e.opened_s, e.ends_s, e.quiet_s, e.release, *unanimous};
    return {};
  }

  Result<void> operator()(const CorrectionsSet& e) const {
    std::vector<FiledCorrection>& all = state.closings[e.report].corrections;
    for (const FiledCorrection& one : e.corrections) {
      const std::uint64_t number = one.correction.number;
      if (number == 0 || number > all.size() + 1)
        return fail(Errc::corrupt, "correction " + std::to_string(number) + " does not follow the one before");
      if (number == all.size() + 1)
        all.push_back(one);
      else
        all[number - 1] = one;
    }
    return {};
  }

  /// Names stay taken for ever, so that none means something else later.
  static void note_labels(Report& report) {
    for (const document::OutlineEntry& entry : report.outline.entries) {
      if (entry.label.empty()) continue;
      const bool option = entry.kind == document::SectionKind::alternative && entry.parent;
      report.labels_given.insert(option ? entry.parent->value + '/' + entry.label : entry.label);
    }
  }

  /// It moved with all that it holds.
  void note_move(Report& report, const SectionId& section) const {
    const auto at = document::index_of(report.outline, section);
    if (!at) return;
    const std::vector<int> depths = document::depths(report.outline);
    for (std::size_t i = *at; i < depths.size() && (i == *at || depths[i] > depths[*at]); ++i)
      report.moved[report.outline.entries[i].id] = state.chain.size();
  }

  Result<void> operator()(const WordingSet& e) const {
    consensus::Wordings* level = &state.wordings;
    if (e.section) {
      level = &state.section_wordings[*e.section];
    } else if (e.report) {
      const auto at = state.reports.find(*e.report);
      if (at == state.reports.end()) return fail(Errc::corrupt, "a wording of no report '" + e.report->value + "'");
      level = &at->second.wordings;
    }
    if (e.language.empty())
      level->plain = e.wording;
    else if (e.wording == consensus::Wording{})
      level->by_language.erase(e.language);
    else
      level->by_language[e.language] = e.wording;
    return {};
  }

  Result<void> operator()(const FactsSet& e) const {
    const auto at = state.reports.find(e.report);
    if (at == state.reports.end()) return fail(Errc::corrupt, "facts of no report '" + e.report.value + "'");
    at->second.kind = e.kind;
    at->second.language = e.language;
    at->second.published = e.published;
    return {};
  }

  Result<void> operator()(const CallSet& e) const {
    const std::uint64_t number = e.record.call.id, next = state.calls.size() + 1;
    if (number == 0 || number > next)
      return fail(Errc::corrupt, "call " + std::to_string(number) + " does not follow the one before");
    if (number == next)
      state.calls.push_back(e.record);
    else
      state.calls[number - 1] = e.record;
    return {};
  }

  Result<void> operator()(const CallMemberSet& e) const {
    if (e.number == 0 || e.number > state.calls.size())
      return fail(Errc::corrupt, "no call " + std::to_string(e.number));
    // Forgotten: the call as it ended says how many stood where.
    if (e.member.person == PersonId{0}) return {};
    CallRecord& record = state.calls[e.number - 1];
    const auto at = std::find_if(record.call.roll.begin(), record.call.roll.end(),
                                 [&](const consensus::CallMember& member) { return member.person == e.member.person; });
    if (at == record.call.roll.end()) return fail(Errc::corrupt, "nobody on the roll of a call");
    *at = e.member;
    if (e.words == CallWords{})
      record.words.erase(e.member.person);
    else
      record.words[e.member.person] = e.words;
    return {};
  }

  Result<void> operator()(const TransmittalRecorded& e) const {
    state.closings[e.report].transmittals.push_back(e.transmittal);
    return {};
  }

  Result<void> operator()(const RulesSet& e) const {
    state.objection_pause_s = e.objection_pause_s;
    return {};
  }

  Result<void> operator()(const RoomFact& e) const { return apply(state.room, e); }

  Result<void> operator()(const GroupRulesSet& e) const {
    if (state.attribution_history.empty() || !(state.rules.attribution == e.rules.attribution))
      state.attribution_history.emplace_back(at_s, e.rules.attribution);
    state.rules = e.rules;
    return {};
  }
};

void remember(GroupState& state, const KeyUse& use) {
  auto key = std::make_pair(use.person, use.key);
  if (!state.answers.emplace(key, use.answer).second) return;
  state.answer_order.push_back(std::move(key));
  while (state.answer_order.size() > kKeysKept) {
    state.answers.erase(state.answer_order.front());
    state.answer_order.pop_front();
  }
}

}  // namespace

const Report* GroupState::report(const ReportId& slug) const {
  const auto at = reports.find(slug);
  return at == reports.end() ? nullptr : &at->second;
}

const Report* GroupState::report_with(const SectionId& section) const {
  const auto at = report_of.find(section);
  return at == report_of.end() ? nullptr : report(at->second);
}

std::optional<std::uint64_t> GroupState::closed_by(const SectionId& section) const {
  const auto pin = pins.find(section);
  if (pin != pins.end() && pin->second.closed) return pin->second.closed_by;
  const Report* report = report_with(section);
  if (report != nullptr && report->is_closed()) return report->closed_by;
  return std::nullopt;
}

std::uint64_t GroupState::next_proposal() const {
  const std::uint64_t late = proposals.empty() ? 0 : proposals.rbegin()->first;
  return std::max(late, amendments.empty() ? 0 : amendments.rbegin()->first) + 1;
}

bool GroupState::moved_since_decided(const SectionId& section) const {
  const Report* report = report_with(section);
  const auto pin = pins.find(section);
  if (report == nullptr || pin == pins.end() || pin->second.decision == 0 || pin->second.decision > records.size())
    return false;
  const auto moved = report->moved.find(section);
  if (moved == report->moved.end() || moved->second < pin->second.decision) return false;
  const DecisionRecord& record = records[pin->second.decision - 1];
  for (std::size_t i = 0; i < record.texts.size() && i < record.places.size(); ++i)
    if (record.texts[i].section == section) return document::place_of(report->outline, section) != record.places[i];
  return false;
}

std::vector<consensus::Wordings> GroupState::wordings_of(const Report& report, const SectionId* section) const {
  std::vector<consensus::Wordings> out;
  const bool none = section == nullptr || section_wordings.empty();
  for (std::optional<SectionId> at = none ? std::nullopt : std::optional(*section); at;) {
    if (const auto own = section_wordings.find(*at); own != section_wordings.end()) out.push_back(own->second);
    const auto index = document::index_of(report.outline, *at);
    at = index ? report.outline.entries[*index].parent : std::nullopt;
  }
  out.push_back(report.wordings);
  out.push_back(wordings);
  std::reverse(out.begin(), out.end());
  return out;
}

const std::string* GroupState::decided_text(const SectionId& section) const {
  const auto pin = pins.find(section);
  if (pin == pins.end() || pin->second.decision == 0 || pin->second.decision > records.size()) return nullptr;
  for (const DecidedText& text : records[pin->second.decision - 1].texts)
    if (text.section == section) return &text.canonical;
  return nullptr;
}

Result<void> apply(GroupState& state, const Event& event, std::int64_t time_ms) {
  BOSSEY_TRY_VOID(std::visit(Folder{state, time_ms / 1000}, event.what));
  if (event.key) remember(state, *event.key);
  return {};
}

}  // namespace bossey::group
