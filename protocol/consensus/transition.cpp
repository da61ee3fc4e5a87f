#include "consensus/transition.hpp"

#include <algorithm>

namespace bossey::consensus {
namespace {

// Enough to find them by; the page shows all of them in the text.
constexpr std::size_t kBracketsNamed = 5;
constexpr std::size_t kBracketWords_bytes = 60;

bool has_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

// Cuts at a character, never inside one.
std::string shortened(std::string_view words) {
  if (words.size() <= kBracketWords_bytes) return std::string(words);
  std::size_t end = kBracketWords_bytes;
  while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
  return std::string(words.substr(0, end)) + "…";
}

std::string named(const std::vector<std::string>& brackets) {
  std::string out;
  for (std::size_t i = 0; i < brackets.size() && i < kBracketsNamed; ++i)
    out += (i == 0 ? " [" : ", [") + shortened(brackets[i]) + ']';
  if (brackets.size() > kBracketsNamed) out += ", and " + std::to_string(brackets.size() - kBracketsNamed) + " more";
  return out;
}

std::string text_changed(const std::optional<std::int64_t>& changed_s_ago) {
  if (!changed_s_ago || *changed_s_ago > 3600) return "Text changed. Look again.";
  if (*changed_s_ago < 60) {
    const std::int64_t s = std::max<std::int64_t>(*changed_s_ago, 1);
    return "Text changed " + std::to_string(s) + (s == 1 ? " second" : " seconds") + " ago. Look again.";
  }
  const std::int64_t minutes = *changed_s_ago / 60;
  return "Text changed " + std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes") + " ago. Look again.";
}

Result<void> check_section(const TransitionRow& row, const SectionFacts& s, const DecisionFacts& facts) {
  if (!s.living) return fail(Errc::not_found, "This section is no longer in the report.");
  if (row.from == From::open && s.standing.pin.closed)
    return fail(Errc::conflict, "Already decided. Reopen the section first.");
  if (row.from == From::closed && !s.standing.pin.closed) return fail(Errc::conflict, "The section is open already.");
  if (row.matches_text) {
    if (!s.shown_text_id || !s.shown_content_hash)
      return fail(Errc::bad_input, "Send the text as shown. Load the page again.");
  }
  // Other decisions need not show the text; when they do, it is the one that the chair read.
  const bool moved = (s.shown_text_id && *s.shown_text_id != s.text_id) ||
                     (s.shown_content_hash && *s.shown_content_hash != s.content_hash);
  if (row.from == From::open && moved) return fail(Errc::conflict, text_changed(facts.changed_s_ago));
  if (row.kind == DecisionKind::agree && !s.has_text) return fail(Errc::conflict, "This section has no text to agree.");
  if (row.clean && s.unknown_nodes)
    return fail(Errc::conflict, "The text holds unknown parts. Remove or retype them first.");
  if (row.clean && !s.brackets.empty())
    return fail(Errc::conflict, "Lift the brackets, or put the section in brackets:" + named(s.brackets));
  return {};
}

/// Whether each section of a Reopen says what it said while it was closed. Asked of the pins before it: those after it
/// have forgotten the words of a withdrawn section.
bool holds_closed_words(std::span<const Decision> before, const Decision& reopen,
                        const std::map<SectionId, Sha256>& texts) {
  const Pins pins = pins_of(before);
  return std::all_of(reopen.subject.begin(), reopen.subject.end(), [&](const Subject& subject) {
    const auto text = texts.find(subject.section);
    return text != texts.end() && standing_of(pins, subject.section, text->second).fresh;
  });
}

}  // namespace

const TransitionRow* transition_of(DecisionKind kind) {
  const auto at = std::find_if(kTransitions.begin(), kTransitions.end(),
                               [kind](const TransitionRow& row) { return row.kind == kind; });
  return at == kTransitions.end() ? nullptr : &*at;
}

Result<void> check(DecisionKind kind, const DecisionFacts& facts) {
  if (!may(facts.roles, Action::decide)) return fail(Errc::forbidden, "Only the chair decides.");
  const TransitionRow* row = transition_of(kind);
  if (row == nullptr || kind == DecisionKind::undo) return fail(Errc::bad_input, "No decision of this kind.");
  if (row->reason) {
    if (!has_word(facts.reason)) return fail(Errc::bad_input, "Give a reason of at least one word.");
    if (facts.reason.size() > kReasonMax_bytes) return fail(Errc::too_large, "Shorten the reason to 2000 characters.");
    if (kind == DecisionKind::withdraw && !withdraw_reason_from(facts.reason))
      return fail(Errc::bad_input, "Choose a reason: merged, no drafter, or no consensus.");
  }
  if (facts.subject.empty()) return fail(Errc::not_found, "No such section.");
  if (row->options) {
    const auto options =
        std::count_if(facts.subject.begin() + 1, facts.subject.end(), [](const SectionFacts& s) { return s.has_text; });
    if (options < 2 || options + 1 != static_cast<std::ptrdiff_t>(facts.subject.size()))
      return fail(Errc::bad_input, "Add two or more alternatives below it, each with text.");
  }
  for (const SectionFacts& section : facts.subject) BOSSEY_TRY_VOID(check_section(*row, section, facts));
  return {};
}

Status result_of_agree(std::uint32_t reservations, std::uint32_t objections_not_accommodated) {
  return reservations == 0 && objections_not_accommodated == 0 ? Status::agreed : Status::rough_consensus;
}

Result<void> check_undo(std::span<const Decision> chain, std::uint64_t no, RoleSet roles, bool same_maker,
                        std::int64_t now_s, const std::map<SectionId, Sha256>& texts) {
  if (!may(roles, Action::decide)) return fail(Errc::forbidden, "Only the chair decides.");
  if (chain.empty()) return fail(Errc::not_found, "There is no decision to undo.");
  const Decision& last = chain.back();
  if (last.no != no) return fail(Errc::conflict, "Another decision came after it. Reopen the section instead.");
  if (last.kind == DecisionKind::undo) return fail(Errc::conflict, "Already undone. Decide again instead.");
  // A merge by the secretariat withdraws in the chair's name, so the chair may take it back.
  if (!same_maker && last.basis != Basis::editorial)
    return fail(Errc::forbidden, "Only who made the decision can undo it.");
  if (now_s - last.at_s > kUndoWindow_s)
    return fail(Errc::conflict, "Ten minutes are over. Reopen the section instead.");
  if (last.kind == DecisionKind::reopen && !holds_closed_words(chain.first(chain.size() - 1), last, texts))
    return fail(Errc::conflict, "Text changed since reopening. Agree it, or restore it.");
  return {};
}

std::vector<SectionId> reopened_with(std::span<const Decision> chain, const Pins& pins, const SectionId& section) {
  const auto pin = pins.find(section);
  if (pin == pins.end() || pin->second.closed_by == 0) return {section};
  std::vector<SectionId> out;
  for (const Decision& d : chain) {
    if (d.no != pin->second.closed_by) continue;
    for (const Subject& subject : d.subject) {
      const auto other = pins.find(subject.section);
      if (other != pins.end() && other->second.closed_by == d.no) out.push_back(subject.section);
    }
  }
  if (out.empty()) out.push_back(section);
  return out;
}

}  // namespace bossey::consensus
