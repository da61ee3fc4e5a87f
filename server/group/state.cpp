#include "group/state.hpp"

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
    state.proposals[e.number] = {e.number,   e.section,           e.person, e.session,
                                 e.decision, ProposalState::open, at_s,     e.base};
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

  Result<void> operator()(const TransmittalRecorded& e) const {
    state.closings[e.report].transmittals.push_back(e.transmittal);
    return {};
  }

  Result<void> operator()(const RulesSet& e) const {
    state.objection_pause_s = e.objection_pause_s;
    if (e.unanimous) state.unanimous = *e.unanimous;
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
  return proposals.empty() ? 1 : proposals.rbegin()->first + 1;
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
