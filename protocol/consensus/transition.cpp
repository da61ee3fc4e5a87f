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

Result<void> check_maker(const TransitionRow& row, const DecisionFacts& facts) {
  const bool chair = may(facts.roles, Action::decide);
  const bool secretariat = facts.roles.has(Role::secretariat);
  switch (row.maker) {
    case Maker::chair:
      if (!chair) return fail(Errc::forbidden, "Only the chair decides.");
      return {};
    case Maker::co_lead:
      if (!chair && !(facts.co_lead && facts.roles.has(Role::member)))
        return fail(Errc::forbidden, "Only the chair or the group's co-lead agrees ad referendum.");
      return {};
    case Maker::secretariat:
      if (!secretariat) return fail(Errc::forbidden, "Ask the secretariat to make it a draft working paper.");
      return {};
    case Maker::either:
      if (!chair && !secretariat)
        return fail(Errc::forbidden, "Only the secretariat or the chair applies corrections.");
      return {};
  }
  return {};
}

std::string numbered(const std::vector<std::uint64_t>& numbers) {
  std::string out;
  for (const std::uint64_t number : numbers) out += (out.empty() ? " " : ", ") + std::to_string(number);
  return out;
}

/// Objections, answers ad referendum and proposals of one section, before Agree.
Result<void> check_answered(const SectionFacts& s, const DecisionFacts& facts) {
  if (!s.positions.unanswered.empty())
    return fail(Errc::conflict, "Answer the objection, or change the text:" + numbered(s.positions.unanswered));
  if (s.positions.ad_ref_open > 0 && !facts.names_open_ad_ref)
    return fail(Errc::conflict, "Wait for the answers ad referendum, or agree with them open: " +
                                    std::to_string(s.positions.ad_ref_open));
  if (!s.open_proposals.empty() && !facts.sets_aside)
    return fail(Errc::conflict, "Adopt, refuse or set aside the open proposals first:" + numbered(s.open_proposals));
  return {};
}

Result<void> check_needs(const TransitionRow& row, const SectionFacts& s, const DecisionFacts& facts) {
  switch (row.needs) {
    case Needs::nothing:
      return {};
    case Needs::answered:
      // Presenting an option is not agreeing to it: an objection to its words does not keep the set from being shown.
      if (row.options && s.section != facts.subject.front().section) return {};
      return check_answered(s, facts);
    case Needs::features:
      if (facts.features.empty() || !std::all_of(facts.features.begin(), facts.features.end(), has_word))
        return fail(Errc::bad_input, "List the general features that were agreed.");
      return {};
    case Needs::present:
      if (!facts.present_recorded) return fail(Errc::bad_input, "Say how many were present.");
      return {};
    case Needs::review:
      if (!s.reviewed) return fail(Errc::conflict, "Send this text to all members for review first.");
      return {};
    case Needs::standing:
      if (!s.carried_from || s.standing.pin.decision == 0 || *s.carried_from != s.standing.pin.text_id)
        return fail(Errc::conflict, "The correction is on other words. File it again.");
      return {};
  }
  return {};
}

Result<void> check_phase_of(const TransitionRow& row, Phase phase) {
  if (row.kind == DecisionKind::label || row.kind == DecisionKind::unlabel)
    return phase == Phase::transmitted ? Result<void>(fail(Errc::conflict, "The report has been transmitted."))
                                       : Result<void>();
  if (row.kind == DecisionKind::carry) {
    if (phase != Phase::editorial_window) return fail(Errc::conflict, "Corrections need an open editorial window.");
    return {};
  }
  if (!consensus::row(phase).writes) return fail(Errc::conflict, "The report is closed. File a correction instead.");
  return {};
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
  return check_needs(row, s, facts);
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
  const TransitionRow* row = transition_of(kind);
  if (row == nullptr || kind == DecisionKind::undo) return fail(Errc::bad_input, "No decision of this kind.");
  BOSSEY_TRY_VOID(check_maker(*row, facts));
  BOSSEY_TRY_VOID(check_phase_of(*row, facts.phase));
  if (row->reason) {
    if (!has_word(facts.reason)) return fail(Errc::bad_input, "Give a reason of at least one word.");
    if (facts.reason.size() > kReasonMax_bytes) return fail(Errc::too_large, "Shorten the reason to 2000 characters.");
    if (kind == DecisionKind::withdraw && !withdraw_reason_from(facts.reason))
      return fail(Errc::bad_input, "Choose a reason: merged, no drafter, or no consensus.");
  }
  const bool of_report = kind == DecisionKind::label || kind == DecisionKind::unlabel;
  if (facts.subject.empty() && !of_report) return fail(Errc::not_found, "No such section.");
  if (row->options) {
    const auto options =
        std::count_if(facts.subject.begin() + 1, facts.subject.end(), [](const SectionFacts& s) { return s.has_text; });
    if (options < 2 || options + 1 != static_cast<std::ptrdiff_t>(facts.subject.size()))
      return fail(Errc::bad_input, "Add two or more alternatives below it, each with text.");
  }
  for (const SectionFacts& section : facts.subject) BOSSEY_TRY_VOID(check_section(*row, section, facts));
  return {};
}

Status result_of_agree(std::uint32_t reservations, std::uint32_t objections_not_accommodated,
                       std::uint32_t ad_ref_open) {
  return reservations == 0 && objections_not_accommodated == 0 && ad_ref_open == 0 ? Status::agreed
                                                                                   : Status::rough_consensus;
}

std::optional<Status> result_of(DecisionKind kind, const DecisionFacts& facts) {
  const TransitionRow* row = transition_of(kind);
  if (row == nullptr) return std::nullopt;
  if (kind == DecisionKind::carry)
    return facts.subject.empty() ? std::nullopt : std::optional(facts.subject.front().standing.status());
  if (kind != DecisionKind::agree) return row->result;
  Status result = Status::agreed;
  for (const SectionFacts& s : facts.subject)
    if (result_of_agree(s.positions.reservations, s.positions.answered, s.positions.ad_ref_open) != Status::agreed)
      result = Status::rough_consensus;
  return result;
}

Result<void> check_undo(std::span<const Decision> chain, std::uint64_t no, RoleSet roles, bool same_maker,
                        std::int64_t now_s, const std::map<SectionId, Sha256>& texts) {
  const TransitionRow* row = chain.empty() ? nullptr : transition_of(chain.back().kind);
  // Who else may make a decision of this kind may take back an own one.
  const bool own_kind = row != nullptr && row->maker != Maker::chair && same_maker && !roles.has(Role::administrator);
  if (!may(roles, Action::decide) && !own_kind) return fail(Errc::forbidden, "Only the chair decides.");
  if (chain.empty()) return fail(Errc::not_found, "There is no decision to undo.");
  const Decision& last = chain.back();
  if (last.no != no) return fail(Errc::conflict, "Another decision came after it. Reopen the section instead.");
  if (last.kind == DecisionKind::undo) return fail(Errc::conflict, "Already undone. Decide again instead.");
  if (last.kind == DecisionKind::phase && last.phase && !consensus::row(*last.phase).writes)
    return fail(Errc::conflict, "A closed report stays closed. File a correction instead.");
  if (last.kind == DecisionKind::carry)
    return fail(Errc::conflict, "Flag the correction instead. It is then taken out.");
  // A merge by the secretariat withdraws in the chair's name, so the chair may take it back.
  if (!same_maker && !(last.kind == DecisionKind::withdraw && last.basis == Basis::editorial))
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
