#include "consensus/bracket.hpp"

#include <algorithm>

namespace bossey::consensus {
namespace {

bool has_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

bool holds_pen(const Hand& hand) {
  return hand.typist || hand.co_lead;
}

}  // namespace

Result<void> check_bracketing(const Hand& hand, bool asked_by_member, std::string_view reason) {
  if (!holds_pen(hand)) return fail(Errc::forbidden, "Ask the typist or a co-lead to set brackets.");
  // A typist serves: what is put in brackets is what somebody in the group cannot agree to.
  if (!asked_by_member && !hand.roles.has(Role::member) && !may(hand.roles, Action::decide))
    return fail(Errc::forbidden, "Name a member who asks for the brackets.");
  if (!has_word(reason)) return fail(Errc::bad_input, "Give a reason of at least one word.");
  if (reason.size() > kBracketReason_bytes) return fail(Errc::too_large, "Shorten the reason to 500 characters.");
  return {};
}

Result<void> check_lifting(const Hand& hand, const BracketMark& mark, std::optional<PersonId> consenting,
                           bool chair_consents) {
  const bool chair = may(hand.roles, Action::decide);
  if (!holds_pen(hand) && !chair) return fail(Errc::forbidden, "Ask the typist or a co-lead to lift brackets.");
  const bool owner = mark.owner && (consenting == mark.owner || hand.person == *mark.owner);
  if (!owner && !chair && !chair_consents)
    return fail(Errc::forbidden, "Ask who wanted the brackets, or the chair, first.");
  return {};
}

Result<void> check_lifting_all(const Hand& hand, std::span<const BracketMark> marks,
                               std::span<const PersonId> consenting, bool chair_consents) {
  if (marks.empty()) return fail(Errc::not_found, "There are no brackets to lift.");
  std::string missing;
  for (const BracketMark& mark : marks) {
    std::optional<PersonId> owner;
    if (mark.owner && std::find(consenting.begin(), consenting.end(), *mark.owner) != consenting.end())
      owner = mark.owner;
    const auto lifted = check_lifting(hand, mark, owner, chair_consents);
    if (!lifted) missing += (missing.empty() ? " [" : ", [") + mark.words + ']';
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
