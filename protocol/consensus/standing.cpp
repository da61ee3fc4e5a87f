#include "consensus/standing.hpp"

#include <algorithm>
#include <set>

#include "consensus/moment.hpp"

namespace bossey::consensus {
namespace {

bool closes(DecisionKind kind) {
  return kind == DecisionKind::agree || kind == DecisionKind::alternatives || kind == DecisionKind::withdraw;
}

// A pin and, for a withdrawn section, what it was before: that is what reopening gives back.
struct Track {
  Pin now;
  Pin before_withdrawal;
};

void apply(const Decision& d, const Subject& subject, Track& track) {
  Pin& pin = track.now;
  if (d.kind == DecisionKind::reopen) {
    if (pin.status == Status::withdrawn) pin = track.before_withdrawal;
    pin.closed = false;
    pin.closed_by = 0;
    pin.reopened = row(pin.status).settles != Settles::no;
    return;
  }
  if (!d.result) return;
  if (d.kind == DecisionKind::withdraw) track.before_withdrawal = pin;
  const bool closed = closes(d.kind) || (d.kind == DecisionKind::carry && pin.closed);
  pin = Pin{.status = *d.result,
            .decision = d.no,
            .at_s = d.at_s,
            .text_id = subject.text_id,
            .closed = closed,
            .reopened = false,
            .closed_by = closed ? d.no : 0,
            .reason = d.kind == DecisionKind::withdraw ? d.reason : std::string()};
}

void add_part(std::string& out, std::uint32_t count, std::string_view word) {
  if (count == 0) return;
  out += "; " + std::to_string(count) + ' ' + std::string(word);
}

}  // namespace

Pins pins_of(std::span<const Decision> chain) {
  std::set<std::uint64_t> undone;
  for (const Decision& d : chain)
    if (d.kind == DecisionKind::undo && d.refers_to) undone.insert(*d.refers_to);
  std::map<SectionId, Track> tracks;
  for (const Decision& d : chain) {
    if (d.kind == DecisionKind::undo || undone.contains(d.no)) continue;
    for (const Subject& subject : d.subject) apply(d, subject, tracks[subject.section]);
  }
  Pins pins;
  for (auto& [section, track] : tracks) pins.emplace(section, std::move(track.now));
  return pins;
}

bool Standing::changed_since() const {
  const Settles settles = row(pin.status).settles;
  return !fresh && (settles == Settles::yes || settles == Settles::half);
}

bool Standing::settled() const {
  return row(pin.status).settles == Settles::yes && fresh && !pin.reopened;
}

std::string Standing::in_words() const {
  std::string out(row(pin.status).screen);
  if (pin.decision != 0) out += ' ' + moment_in_words(pin.at_s);
  if (pin.status == Status::withdrawn && !pin.reason.empty()) out += " (" + pin.reason + ')';
  if (changed_since())
    out += ", changed since";
  else if (pin.reopened)
    out += ", reopened";
  return out;
}

Standing standing_of(const Pins& pins, const SectionId& section, const Sha256& current_text_id) {
  const auto at = pins.find(section);
  if (at == pins.end()) return {};
  const bool fresh = at->second.decision == 0 || at->second.text_id == current_text_id;
  return {at->second, fresh};
}

void Tally::add(const Standing& standing) {
  if (standing.status() == Status::withdrawn) {
    ++withdrawn;
    return;
  }
  ++total;
  if (standing.settled())
    ++settled;
  else if (standing.changed_since())
    ++changed_since;
  else if (standing.pin.reopened)
    ++reopened;
  else
    ++unsettled[standing.status()];
}

std::string Tally::in_words() const {
  std::string out = std::to_string(settled) + " of " + std::to_string(total) + " settled";
  add_part(out, changed_since, "changed since agreed");
  add_part(out, reopened, "reopened");
  // The most advanced first: what is nearest to being settled is what a chair looks for.
  for (auto at = unsettled.rbegin(); at != unsettled.rend(); ++at) add_part(out, at->second, row(at->first).count);
  add_part(out, withdrawn, "withdrawn");
  return out;
}

}  // namespace bossey::consensus
