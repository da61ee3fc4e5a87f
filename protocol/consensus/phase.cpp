#include "consensus/phase.hpp"

#include <algorithm>

namespace bossey::consensus {
namespace {

constexpr std::size_t kNamed = 5;

std::string named(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i) out += (i == 0 ? " " : "; ") + names[i];
  if (names.size() > kNamed) out += "; and " + std::to_string(names.size() - kNamed) + " more";
  return out;
}

Result<void> check_settled(const PhaseFacts& facts) {
  std::vector<std::string> in_the_way;
  for (const SectionAtClosing& s : facts.sections) {
    if (s.standing.settled() || s.standing.status() == Status::withdrawn) continue;
    if (!facts.left_open.contains(s.section)) in_the_way.push_back(s.name);
  }
  if (!in_the_way.empty())
    return fail(Errc::conflict, "Settle these sections, or list them as left open:" + named(in_the_way));
  if (facts.open_calls > 0) return fail(Errc::conflict, "End the running calls for consensus first.");
  return {};
}

}  // namespace

Result<void> check_phase(const PhaseFacts& facts) {
  if (!may(facts.roles, Action::decide)) return fail(Errc::forbidden, "Only the chair changes the phase.");
  const auto* const move = std::find_if(kPhaseMoves.begin(), kPhaseMoves.end(),
                                        [&](const PhaseMove& m) { return m.from == facts.now && m.to == facts.to; });
  if (move == kPhaseMoves.end()) {
    if (!row(facts.now).writes && row(facts.to).writes)
      return fail(Errc::conflict, "A closed report stays closed. File a correction instead.");
    return fail(Errc::bad_input,
                "From \"" + std::string(row(facts.now).screen) + "\" the report cannot go there directly.");
  }
  switch (move->needs) {
    case PhaseNeeds::nothing:
      return {};
    case PhaseNeeds::settled:
      return check_settled(facts);
    case PhaseNeeds::corrected:
      if (facts.window_open) return fail(Errc::conflict, "The window is still open. Wait for its end.");
      if (!facts.open_points.empty())
        return fail(Errc::conflict, "Settle every outstanding point first:" + named(facts.open_points));
      return {};
    case PhaseNeeds::transmittal:
      if (!facts.transmittal_recorded) return fail(Errc::conflict, "Record to whom it went, when, and which version.");
      return {};
  }
  return {};
}

std::set<std::uint64_t> undone_in(std::span<const Decision> chain) {
  std::set<std::uint64_t> undone;
  for (const Decision& d : chain)
    if (d.kind == DecisionKind::undo && d.refers_to) undone.insert(*d.refers_to);
  return undone;
}

Phase phase_of(std::span<const Decision> chain, const ReportId& report) {
  const auto undone = undone_in(chain);
  Phase phase = Phase::drafting;
  for (const Decision& d : chain)
    if (d.kind == DecisionKind::phase && d.phase && d.report == report && !undone.contains(d.no)) phase = *d.phase;
  return phase;
}

std::set<SectionId> left_open_of(std::span<const Decision> chain, const ReportId& report) {
  const auto undone = undone_in(chain);
  std::set<SectionId> open;
  for (const Decision& d : chain) {
    if (d.report != report || undone.contains(d.no)) continue;
    for (const Subject& s : d.subject) {
      if (d.kind == DecisionKind::leave_open)
        open.insert(s.section);
      else if (d.result && row(*d.result).settles != Settles::no)
        open.erase(s.section);
    }
  }
  return open;
}

Labels labels_of(std::span<const Decision> chain) {
  const auto undone = undone_in(chain);
  Labels labels;
  for (const Decision& d : chain) {
    if (undone.contains(d.no)) continue;
    const bool sets = d.kind == DecisionKind::label;
    if (!sets && d.kind != DecisionKind::unlabel) continue;
    if (d.subject.empty()) {
      if (sets)
        labels.reports.insert(d.report);
      else
        labels.reports.erase(d.report);
    }
    for (const Subject& s : d.subject) {
      if (sets)
        labels.sections.insert(s.section);
      else
        labels.sections.erase(s.section);
    }
  }
  return labels;
}

}  // namespace bossey::consensus
