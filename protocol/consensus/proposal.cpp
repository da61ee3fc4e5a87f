#include "consensus/proposal.hpp"

#include <algorithm>
#include <utility>

namespace bossey::consensus {
namespace {

constexpr std::array<std::string_view, 3> kStrengths{"must", "should", "could"};

const Amendment* find(const Amendments& all, std::uint64_t number) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const Amendment& a) { return a.number == number; });
  return at == all.end() ? nullptr : &*at;
}
Amendment* find(Amendments& all, std::uint64_t number) {
  return const_cast<Amendment*>(find(std::as_const(all), number));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

bool contains(std::span<const std::uint64_t> numbers, std::uint64_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

bool is_live(const Amendment& a) {
  return a.fate == Fate::open || a.fate == Fate::set_aside;
}

/// Beside each other: they change the same text, so one may stand in the other's way.
bool beside(const Amendment& a, const Amendment& b) {
  return a.section == b.section && a.on == b.on && a.base == b.base;
}

void carry_over(Amendment& a, std::span<const TextChange> moved, const Sha256& new_base) {
  Rebased rebased = rebase(a.changes, moved);
  for (const std::size_t i : rebased.overtaken) a.overtaken.push_back(std::move(a.changes[i]));
  a.changes = std::move(rebased.kept);
  a.base = new_base;
}

/// A proposal and those on it, after its base moved. Theirs is its text: where all of it was carried over, so are they;
/// where part of it was overtaken, nothing says what they are about any more.
void carry_family(Amendments& all, std::size_t index, std::span<const TextChange> moved, const Sha256& new_base) {
  const TextChanges before = all[index].changes;
  const std::size_t overtaken_before = all[index].overtaken.size();
  carry_over(all[index], moved, new_base);
  const bool whole = all[index].overtaken.size() == overtaken_before;
  const TextChanges in_its_text = rebase(moved, before).kept;
  for (Amendment& child : all) {
    if (!is_live(child) || child.on != all[index].number) continue;
    if (whole) {
      carry_over(child, in_its_text, child.base);
    } else {
      child.overtaken.insert(child.overtaken.end(), child.changes.begin(), child.changes.end());
      child.changes.clear();
    }
  }
}

/// All changes of a set without rivals, in order of place.
Result<TextChanges> together(const Amendments& all, std::span<const std::uint64_t> numbers) {
  TextChanges out;
  for (const std::uint64_t number : numbers) {
    const Amendment* const a = find(all, number);
    if (a == nullptr) continue;
    if (rivals(std::span<const TextChange>(out), a->changes))
      return fail(Errc::conflict, "These proposals change the same words. Adopt one of them.");
    out.insert(out.end(), a->changes.begin(), a->changes.end());
    std::sort(out.begin(), out.end(), [](const TextChange& x, const TextChange& y) { return x.begin < y.begin; });
  }
  return out;
}

void set_aside_what_is_on(Amendments& all, std::uint64_t number) {
  for (Amendment& a : all) {
    if (a.on != number || a.fate != Fate::open) continue;
    a.fate = Fate::set_aside;
    set_aside_what_is_on(all, a.number);
  }
}

}  // namespace

std::string_view name_of(Strength strength) {
  return kStrengths[static_cast<std::size_t>(strength)];
}
std::string_view name_of(Fate fate) {
  constexpr std::array<std::string_view, 5> kFates{"open", "adopted", "refused", "withdrawn", "set_aside"};
  return kFates[static_cast<std::size_t>(fate)];
}
std::optional<Strength> strength_from(std::string_view name) {
  for (std::size_t i = 0; i < kStrengths.size(); ++i)
    if (kStrengths[i] == name) return static_cast<Strength>(i);
  return std::nullopt;
}

Result<void> check_beginning(const Amendment& amendment, RoleSet roles, bool speaking_observer,
                             const Amendments& others) {
  const bool speaks = may(roles, Action::propose) || (roles.has(Role::observer) && speaking_observer);
  if (!speaks) return fail(Errc::forbidden, "You may read here, not propose.");
  if (amendment.signed_by.size() > kDelegation_bytes) return fail(Errc::too_large, "Shorten the delegation's name.");
  if (amendment.on) {
    const Amendment* const parent = find(others, *amendment.on);
    if (parent == nullptr || parent->section != amendment.section) return fail(Errc::not_found, "No such proposal.");
    if (parent->fate != Fate::open) return fail(Errc::conflict, "That proposal has ended already.");
    if (parent->on) return fail(Errc::bad_input, "Propose to the proposal itself, not to one on it.");
  }
  return {};
}

Result<void> check_proposing(const Amendment& amendment, RoleSet roles, bool speaking_observer,
                             const Amendments& others, std::size_t base_bytes) {
  BOSSEY_TRY_VOID(check_beginning(amendment, roles, speaking_observer, others));
  if (amendment.changes.empty()) return fail(Errc::bad_input, "Change at least one word.");
  if (!well_formed(amendment.changes, base_bytes))
    return fail(Errc::bad_input, "The proposal is not about this text. Load the page again.");
  return {};
}

std::vector<std::uint64_t> rivals_of(const Amendments& all, std::uint64_t number) {
  std::vector<std::uint64_t> out;
  const Amendment* const one = find(all, number);
  if (one == nullptr || one->fate != Fate::open) return out;
  for (const Amendment& other : all) {
    if (other.number == number || other.fate != Fate::open || !beside(*one, other)) continue;
    if (rivals(std::span<const TextChange>(one->changes), other.changes)) out.push_back(other.number);
  }
  return out;
}

std::vector<std::uint64_t> uncontested(const Amendments& all, const SectionId& section, const Sha256& text_id) {
  std::vector<std::uint64_t> out;
  for (const Amendment& a : all) {
    if (a.section != section || a.fate != Fate::open || a.kind != ProposalKind::amendment || a.on) continue;
    if (a.base != text_id || !a.overtaken.empty() || a.changes.empty()) continue;
    if (rivals_of(all, a.number).empty()) out.push_back(a.number);
  }
  return out;
}

Result<std::string> try_adopt(const Amendments& all, std::span<const std::uint64_t> numbers, RoleSet roles,
                              const Sha256& text_id, std::string_view text) {
  if (!may(roles, Action::decide)) return fail(Errc::forbidden, "Only the chair adopts proposals.");
  if (numbers.empty()) return fail(Errc::bad_input, "Name a proposal to adopt.");
  for (const std::uint64_t number : numbers) {
    const Amendment* const a = find(all, number);
    if (a == nullptr) return fail(Errc::not_found, "No such proposal.");
    if (!is_live(*a)) return fail(Errc::conflict, "This proposal has ended already.");
    if (a->on) return fail(Errc::conflict, "Its author takes it into the other proposal first.");
    if (!a->overtaken.empty())
      return fail(Errc::conflict, "The text has overtaken this proposal. Bring it up to date first.");
    if (a->base != text_id || !well_formed(a->changes, text.size()))
      return fail(Errc::conflict, "Text changed. Look again.");
  }
  BOSSEY_TRY(const TextChanges changes, together(all, numbers));
  return with_changes(text, changes);
}

Amendments after_adoption(const Amendments& all, std::span<const std::uint64_t> numbers, const Sha256& new_text_id) {
  Amendments out = all;
  const auto moved = together(all, numbers);
  const Amendment* const first = numbers.empty() ? nullptr : find(all, numbers.front());
  if (!moved || first == nullptr) return out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    Amendment& a = out[i];
    if (contains(numbers, a.number)) {
      a.fate = Fate::adopted;
      a.adopted_with = first->number;
      continue;
    }
    if (!is_live(a) || a.section != first->section) continue;
    if (a.on && contains(numbers, *a.on)) {
      // The words it is about are the section's now. With others adopted beside them they stand elsewhere.
      TextChanges others;
      for (const std::uint64_t number : numbers)
        if (const Amendment* const b = find(all, number); number != *a.on && b != nullptr)
          others.insert(others.end(), b->changes.begin(), b->changes.end());
      std::sort(others.begin(), others.end(),
                [](const TextChange& x, const TextChange& y) { return x.begin < y.begin; });
      const Amendment* const parent = find(all, *a.on);
      carry_over(a, rebase(others, parent->changes).kept, new_text_id);
      a.on.reset();
      a.adopted_with = first->number;
    } else if (!a.on && a.base == first->base) {
      carry_family(out, i, *moved, new_text_id);
      a.adopted_with = first->number;
    }
  }
  return out;
}

Amendments after_change(const Amendments& all, const SectionId& section, const Sha256& old_text_id,
                        std::span<const TextChange> moved, const Sha256& new_text_id) {
  Amendments out = all;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (is_live(out[i]) && out[i].section == section && !out[i].on && out[i].base == old_text_id)
      carry_family(out, i, moved, new_text_id);
  return out;
}

Result<Amendments> adopt_into(const Amendments& all, std::uint64_t number, PersonId who, TextChanges changes,
                              const Sha256& new_words_id) {
  Amendments out = all;
  Amendment* const child = find(out, number);
  if (child == nullptr || !child->on) return fail(Errc::not_found, "No such proposal.");
  if (!is_live(*child)) return fail(Errc::conflict, "This proposal has ended already.");
  Amendment* const parent = find(out, *child->on);
  if (parent == nullptr) return fail(Errc::not_found, "No such proposal.");
  if (parent->author != who) return fail(Errc::forbidden, "Only its author takes words into a proposal.");
  if (!is_live(*parent)) return fail(Errc::conflict, "That proposal has ended already.");
  if (!child->overtaken.empty())
    return fail(Errc::conflict, "The proposal has changed since. Bring it up to date first.");
  const TextChanges moved = child->changes;
  const Sha256 old_base = child->base;
  child->fate = Fate::adopted;
  child->adopted_with = number;
  parent->changes = std::move(changes);
  for (Amendment& a : out)
    if (is_live(a) && a.on == parent->number && a.base == old_base) carry_over(a, moved, new_words_id);
  return out;
}

Result<Amendments> end_with(const Amendments& all, std::uint64_t number, Fate fate, std::optional<PersonId> who,
                            RoleSet roles) {
  Amendments out = all;
  Amendment* const a = find(out, number);
  if (a == nullptr) return fail(Errc::not_found, "No such proposal.");
  switch (fate) {
    case Fate::withdrawn:
      if (!a->author || a->author != who) return fail(Errc::forbidden, "Only its author withdraws a proposal.");
      break;
    case Fate::refused:
    case Fate::set_aside:
    case Fate::open:
      if (!may(roles, Action::decide)) return fail(Errc::forbidden, "Only the chair refuses or sets aside.");
      break;
    case Fate::adopted:
      return fail(Errc::bad_input, "Adopting compares the text first.");
  }
  if (!is_live(*a) || a->fate == fate) return fail(Errc::conflict, "This proposal has ended already.");
  a->fate = fate;
  if (fate != Fate::open) set_aside_what_is_on(out, number);
  return out;
}

}  // namespace bossey::consensus
