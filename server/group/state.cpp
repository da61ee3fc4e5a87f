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
    if (e.command == "split" && e.from && e.section) report.split_from[*e.section] = {*e.from, state.chain.size()};
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
    state.records.push_back({e.bytes, e.maker, e.texts});
    state.pins = consensus::pins_of(state.chain);
    return {};
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

  Result<void> operator()(const RulesSet& e) const {
    state.objection_pause_s = e.objection_pause_s;
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

std::uint64_t GroupState::next_proposal() const {
  const std::uint64_t late = proposals.empty() ? 0 : proposals.rbegin()->first;
  return std::max(late, amendments.empty() ? 0 : amendments.rbegin()->first) + 1;
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
