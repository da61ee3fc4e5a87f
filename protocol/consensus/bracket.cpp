#include "consensus/bracket.hpp"

#include <algorithm>
#include <array>

namespace bossey::consensus {
namespace {

bool has_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

bool holds_pen(const Hand& hand) {
  return hand.typist || hand.co_lead;
}

Result<void> check_words(std::string_view reason) {
  if (!has_word(reason)) return fail(Errc::bad_input, "Give a reason of at least one word.");
  if (reason.size() > kBracketReason_bytes) return fail(Errc::too_large, "Shorten the reason to 500 characters.");
  return {};
}

constexpr std::array<std::string_view, 4> kStates{"asked", "set", "lifted", "withdrawn"};

}  // namespace

std::string_view name_of(BracketState state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::optional<BracketState> bracket_state_from(std::string_view name) {
  for (std::size_t i = 0; i < kStates.size(); ++i)
    if (kStates[i] == name) return static_cast<BracketState>(i);
  return std::nullopt;
}

const BracketRecord* record_of(const BracketRecords& records, std::string_view mark) {
  if (mark.empty()) return nullptr;
  const auto at =
      std::find_if(records.rbegin(), records.rend(), [&](const BracketRecord& one) { return one.mark == mark; });
  return at == records.rend() ? nullptr : &*at;
}

Result<void> check_asking(const Hand& hand, std::string_view reason) {
  if (!hand.roles.has(Role::member)) return fail(Errc::forbidden, "Only members ask for brackets.");
  return check_words(reason);
}

Result<void> check_reason(const Hand& hand, const BracketRecord* record, std::string_view reason) {
  if (!may(hand.roles, Action::bracket_words)) return fail(Errc::forbidden, "Your role does not allow this.");
  const bool own =
      record == nullptr || record->owner == hand.person || holds_pen(hand) || may(hand.roles, Action::decide);
  if (!own) return fail(Errc::forbidden, "Who asked for the brackets gives the reason.");
  return check_words(reason);
}

LiftFacts lift_facts(const BracketRecord* record, const SectionId& section, std::string_view mark,
                     std::string_view words) {
  LiftFacts facts;
  facts.mark = {std::string(mark), section, std::string(words), {}, std::nullopt};
  if (record == nullptr) return facts;
  facts.mark.reason = record->reason;
  facts.mark.owner = record->owner;
  if (record->words != words) return facts;
  if (record->owner_consents) facts.consenting = record->owner;
  facts.chair_consents = record->chair_consents;
  return facts;
}

Result<void> check_bracketing(const Hand& hand, bool asked_by_member, std::string_view reason) {
  if (!holds_pen(hand)) return fail(Errc::forbidden, "Ask the typist or a co-lead to set brackets.");
  // A typist serves: what is put in brackets is what somebody in the group cannot agree to.
  if (!asked_by_member && !hand.roles.has(Role::member) && !may(hand.roles, Action::decide))
    return fail(Errc::forbidden, "Name a member who asks for the brackets.");
  return check_words(reason);
}

Result<void> check_lifting(const Hand& hand, const BracketMark& mark, std::optional<PersonId> consenting,
                           bool chair_consents) {
  const bool chair = may(hand.roles, Action::decide);
  const bool own_hand = hand.writes && mark.owner == hand.person;
  if (!holds_pen(hand) && !chair && !own_hand)
    return fail(Errc::forbidden, "Ask the typist or a co-lead to lift brackets.");
  const bool owner = mark.owner && (consenting == mark.owner || hand.person == *mark.owner);
  if (!owner && !chair && !chair_consents)
    return fail(Errc::forbidden, "Ask who wanted the brackets, or the chair, first.");
  return {};
}

Result<void> check_lifting_all(const Hand& hand, std::span<const LiftFacts> marks) {
  if (marks.empty()) return fail(Errc::not_found, "There are no brackets to lift.");
  std::string missing;
  for (const LiftFacts& one : marks) {
    const auto lifted = check_lifting(hand, one.mark, one.consenting, one.chair_consents);
    if (!lifted && marks.size() == 1) return lifted;
    if (!lifted) missing += (missing.empty() ? " [" : ", [") + one.mark.words + ']';
  }
  if (!missing.empty()) return fail(Errc::forbidden, "Ask who wanted these brackets, or the chair, first:" + missing);
  return {};
}

BracketCounts count_brackets(std::span<const BracketedSection> in_order) {
  BracketCounts counts;
  // From the end, so that what a section holds is counted before the section passes its sum on.
  for (auto at = in_order.rbegin(); at != in_order.rend(); ++at) {
    const std::uint32_t within = counts.within[at->section] += at->own;
    counts.report += at->own;
    if (at->parent) counts.within[*at->parent] += within;
  }
  return counts;
}

}  // namespace bossey::consensus
