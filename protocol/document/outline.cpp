#include "document/outline.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace bossey::document {

namespace {

constexpr std::array<std::pair<SectionKind, std::string_view>, 5> kKinds{{{SectionKind::section, "section"},
                                                                          {SectionKind::opening, "opening"},
                                                                          {SectionKind::box, "box"},
                                                                          {SectionKind::annex, "annex"},
                                                                          {SectionKind::alternative, "alternative"}}};
constexpr std::size_t kMaxLabelBytes = 128;
constexpr std::size_t kMaxLabelCharacters = 32;

Error not_in_outline(const SectionId& id) {
  return {Errc::not_found, "There is no section '" + id.value + "' in this outline. Load the report again."};
}

/// One past the last entry that lies within entry `at`.
std::size_t end_of(const Outline& outline, std::size_t at) {
  std::unordered_set<SectionId> within{outline.entries[at].id};
  std::size_t end = at + 1;
  while (end < outline.entries.size() && outline.entries[end].parent && within.contains(*outline.entries[end].parent))
    within.insert(outline.entries[end++].id);
  return end;
}

/// Index at which an entry goes that is put at `place`.
Result<std::size_t> index_for(const Outline& outline, const Place& place) {
  std::size_t at = 0;
  if (place.parent) {
    const auto parent = index_of(outline, *place.parent);
    if (!parent) return tl::unexpected(not_in_outline(*place.parent));
    at = *parent + 1;
  }
  if (!place.after) return at;
  const auto sibling = index_of(outline, *place.after);
  if (!sibling) return tl::unexpected(not_in_outline(*place.after));
  if (outline.entries[*sibling].parent != place.parent)
    return fail(Errc::bad_input, "The section to stand after is not on the same level.");
  return end_of(outline, *sibling);
}

Result<Outline> checked(Outline outline) {
  BOSSEY_TRY_VOID(check(outline));
  return outline;
}

bool is_one_short_line(const std::string& label) {
  if (label.size() > kMaxLabelBytes) return false;
  const auto characters = std::count_if(label.begin(), label.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return static_cast<std::size_t>(characters) <= kMaxLabelCharacters &&
         std::none_of(label.begin(), label.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// "A" … "Z", "AA" …
std::string letters(std::size_t number) {
  std::string out;
  for (; number > 0; number = (number - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (number - 1) % 26));
  return out;
}

}  // namespace

std::string_view name_of(SectionKind kind) {
  return kKinds[static_cast<std::size_t>(kind)].second;
}

std::optional<SectionKind> section_kind_from(std::string_view name) {
  for (const auto& [kind, word] : kKinds)
    if (word == name) return kind;
  return std::nullopt;
}

Result<void> check(const Outline& outline) {
  if (outline.entries.size() > kMaxSections)
    return fail(Errc::too_large, "A report holds at most 2,000 sections. Merge some, or begin a second report.");
  std::unordered_map<SectionId, int> depth;
  std::vector<SectionId> path;
  for (const OutlineEntry& entry : outline.entries) {
    if (entry.id.value.empty()) return fail(Errc::bad_input, "A section needs an id.");
    if (!is_one_short_line(entry.label))
      return fail(Errc::bad_input, "A label is one line of at most 32 characters. Shorten it.");
    // In reading order the parent is the last entry or one that holds it.
    while (!path.empty() && (!entry.parent || path.back() != *entry.parent)) path.pop_back();
    if (entry.parent && path.empty())
      return fail(Errc::bad_input, "Section '" + entry.id.value + "' does not stand within its parent.");
    path.push_back(entry.id);
    if (path.size() > static_cast<std::size_t>(kMaxOutlineDepth))
      return fail(Errc::too_large, "An outline has at most 6 levels. Put the section one level up.");
    if (!depth.emplace(entry.id, static_cast<int>(path.size())).second)
      return fail(Errc::bad_input, "Section '" + entry.id.value + "' is in the outline twice.");
  }
  return {};
}

Result<Outline> add(const Outline& outline, const OutlineEntry& entry, const Place& place) {
  BOSSEY_TRY(const std::size_t at, index_for(outline, place));
  Outline made = outline;
  OutlineEntry placed = entry;
  placed.parent = place.parent;
  made.entries.insert(made.entries.begin() + static_cast<std::ptrdiff_t>(at), std::move(placed));
  return checked(std::move(made));
}

Result<Outline> move(const Outline& outline, const SectionId& id, const Place& place) {
  const auto from = index_of(outline, id);
  if (!from) return tl::unexpected(not_in_outline(id));
  const std::size_t end = end_of(outline, *from);
  const auto lies_within = [&](const std::optional<SectionId>& other) {
    if (!other) return false;
    const auto index = index_of(outline, *other);
    return index && *index >= *from && *index < end;
  };
  if (lies_within(place.parent) || lies_within(place.after))
    return fail(Errc::bad_input, "A section cannot be moved into itself. Choose another place.");
  Outline rest = outline;
  const auto begin = rest.entries.begin();
  std::vector<OutlineEntry> moved(begin + static_cast<std::ptrdiff_t>(*from), begin + static_cast<std::ptrdiff_t>(end));
  rest.entries.erase(begin + static_cast<std::ptrdiff_t>(*from), begin + static_cast<std::ptrdiff_t>(end));
  BOSSEY_TRY(const std::size_t at, index_for(rest, place));
  moved.front().parent = place.parent;
  rest.entries.insert(rest.entries.begin() + static_cast<std::ptrdiff_t>(at), moved.begin(), moved.end());
  return checked(std::move(rest));
}

Result<Outline> remove(const Outline& outline, const SectionId& id) {
  const auto at = index_of(outline, id);
  if (!at) return tl::unexpected(not_in_outline(id));
  Outline made = outline;
  const std::optional<SectionId> parent = outline.entries[*at].parent;
  made.entries.erase(made.entries.begin() + static_cast<std::ptrdiff_t>(*at));
  for (OutlineEntry& entry : made.entries)
    if (entry.parent == id) entry.parent = parent;
  return checked(std::move(made));
}

Result<Outline> split(const Outline& outline, const SectionId& id, const SectionId& made_id) {
  const auto at = index_of(outline, id);
  if (!at) return tl::unexpected(not_in_outline(id));
  Outline made = outline;
  const OutlineEntry& old = outline.entries[*at];
  for (OutlineEntry& entry : made.entries)
    if (entry.parent == id) entry.parent = made_id;
  made.entries.insert(
      made.entries.begin() + static_cast<std::ptrdiff_t>(*at) + 1,
      OutlineEntry{made_id, old.parent, old.kind == SectionKind::opening ? SectionKind::section : old.kind, {}});
  return checked(std::move(made));
}

Result<Outline> merge(const Outline& outline, const SectionId& id, const SectionId& into) {
  const auto from = index_of(outline, id);
  if (!from) return tl::unexpected(not_in_outline(id));
  const auto target = index_of(outline, into);
  if (!target) return tl::unexpected(not_in_outline(into));
  const std::size_t end = end_of(outline, *from);
  if (*target >= *from && *target < end)
    return fail(Errc::bad_input, "A section cannot be merged into itself or a part of it. Choose another one.");
  Outline rest = outline;
  const auto begin = rest.entries.begin();
  std::vector<OutlineEntry> held(begin + static_cast<std::ptrdiff_t>(*from) + 1,
                                 begin + static_cast<std::ptrdiff_t>(end));
  rest.entries.erase(begin + static_cast<std::ptrdiff_t>(*from), begin + static_cast<std::ptrdiff_t>(end));
  for (OutlineEntry& entry : held)
    if (entry.parent == id) entry.parent = into;
  const std::size_t at = end_of(rest, *index_of(rest, into));
  rest.entries.insert(rest.entries.begin() + static_cast<std::ptrdiff_t>(at), held.begin(), held.end());
  return checked(std::move(rest));
}

Result<Outline> relabel(const Outline& outline, const SectionId& id, std::string label) {
  const auto at = index_of(outline, id);
  if (!at) return tl::unexpected(not_in_outline(id));
  Outline made = outline;
  made.entries[*at].label = std::move(label);
  return checked(std::move(made));
}

std::vector<int> depths(const Outline& outline) {
  std::unordered_map<SectionId, int> depth;
  std::vector<int> out;
  for (const OutlineEntry& entry : outline.entries) {
    int here = 0;
    if (entry.parent)
      if (const auto above = depth.find(*entry.parent); above != depth.end()) here = above->second + 1;
    depth[entry.id] = here;
    out.push_back(here);
  }
  return out;
}

namespace {

/// "4.2 bis", "OP6 alt 2": the second word is a small one. "IV" and "Annex B" take the place of a number instead.
bool stands_beside(std::string_view label) {
  const std::size_t space = label.find(' ');
  return space != std::string_view::npos && space + 1 < label.size() && label[space + 1] >= 'a' &&
         label[space + 1] <= 'z';
}

}  // namespace

std::vector<std::string> numbers(const Outline& outline) {
  struct Counts {
    std::map<SectionKind, std::size_t> of;
  };
  std::unordered_map<SectionId, Counts> within;
  std::unordered_map<SectionId, std::string> number_of;
  Counts top;
  std::size_t annexes = 0;
  std::vector<std::string> out;
  for (const OutlineEntry& entry : outline.entries) {
    Counts& counts = entry.parent ? within[*entry.parent] : top;
    // A name beside another place takes no number away from what follows: that is what it is for.
    const bool counts_here = !stands_beside(entry.label) || entry.kind == SectionKind::alternative;
    const std::size_t count = counts_here ? ++counts.of[entry.kind] : 0;
    const std::string above = entry.parent ? number_of[*entry.parent] : std::string();
    std::string number;
    switch (entry.kind) {
      case SectionKind::section:
        number = (above.empty() ? "" : above + ".") + std::to_string(count);
        break;
      case SectionKind::box:
        number = "Box " + (above.empty() ? "" : above + ".") + std::to_string(count);
        break;
      case SectionKind::annex:
        if (counts_here) number = "Annex " + std::to_string(++annexes);
        break;
      case SectionKind::alternative:
        number = (above.empty() ? "" : above + ".") + (is_option_letter(entry.label) ? entry.label : letters(count));
        break;
      case SectionKind::opening:
        break;
    }
    const bool is_letter = entry.kind == SectionKind::alternative && is_option_letter(entry.label);
    if (!entry.label.empty() && !is_letter) number = entry.label;
    number_of[entry.id] = number;
    out.push_back(std::move(number));
  }
  return out;
}

std::optional<Place> place_of(const Outline& outline, const SectionId& id) {
  const auto at = index_of(outline, id);
  if (!at) return std::nullopt;
  Place place{outline.entries[*at].parent, std::nullopt};
  for (const std::size_t sibling : children_of(outline, place.parent)) {
    if (sibling == *at) break;
    place.after = outline.entries[sibling].id;
  }
  return place;
}

bool is_option_letter(std::string_view label) {
  return !label.empty() && label.size() <= 3 &&
         std::all_of(label.begin(), label.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::set<std::string> option_letters(const Outline& outline, const SectionId& frame) {
  std::set<std::string> out;
  std::size_t count = 0;
  for (const std::size_t index : children_of(outline, frame)) {
    const OutlineEntry& entry = outline.entries[index];
    if (entry.kind != SectionKind::alternative) continue;
    ++count;
    out.insert(entry.label.empty() ? letters(count) : entry.label);
  }
  return out;
}

std::optional<std::size_t> index_of(const Outline& outline, const SectionId& id) {
  for (std::size_t i = 0; i < outline.entries.size(); ++i)
    if (outline.entries[i].id == id) return i;
  return std::nullopt;
}

std::vector<std::size_t> children_of(const Outline& outline, const std::optional<SectionId>& id) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < outline.entries.size(); ++i)
    if (outline.entries[i].parent == id) out.push_back(i);
  return out;
}

}  // namespace bossey::document
