// "Your objection was to earlier words. Keep or withdraw?": asked once, when words under a position moved and have been
// at rest for a while. The rules are consensus/position.hpp.
#include <algorithm>
#include <chrono>

#include "consensus/position.hpp"
#include "group/parts.hpp"

namespace bossey::group {
namespace {

/// Nobody is asked about words that somebody is still typing.
constexpr std::chrono::seconds kRest{3};

bool may_ask(const consensus::Position& position, const SectionId& section) {
  const bool open = position.outcome == consensus::Outcome::open || position.outcome == consensus::Outcome::addressed;
  return position.section == section && open && consensus::row(position.kind).stands;
}

void ask(const PartsPtr& parts, const SectionId& section, const std::function<void()>& finished) {
  const consensus::Positions& before = parts->state.positions;
  const consensus::Asked asked = consensus::ask_after_change(before, section, parts->texts.find(section)->text_id);
  PositionsSet set;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!(asked.positions[i] == before[i])) set.positions.push_back(asked.positions[i]);
  if (set.positions.empty()) return finished();
  record(parts, {}, {Event{std::move(set), std::nullopt}},
         [parts, section, tells = !asked.to_ask.empty(), finished](const Result<JournalSeq>& seq) {
           if (seq && tells) tell_asks(parts, parts->state.report_of.at(section), section);
           finished();
         });
}

}  // namespace

void ask_authors(const PartsPtr& parts, const SectionId& section) {
  const auto& positions = parts->state.positions;
  const bool any = std::any_of(positions.begin(), positions.end(),
                               [&](const consensus::Position& position) { return may_ask(position, section); });
  if (!any) return;
  // Set anew with each change: it fires when the text rests.
  parts->asking_authors[section] = parts->around.scheduler.after(kRest, [weak = parts->weak_from_this(), section] {
    const SectionId same = section;  // Ending the timer ends what it captured.
    const PartsPtr self = weak.lock();
    if (!self) return;
    self->asking_authors.erase(same);
    static_cast<void>(
        enqueue(self, [self, same](const std::function<void()>& finished) { ask(self, same, finished); }));
  });
}

}  // namespace bossey::group
