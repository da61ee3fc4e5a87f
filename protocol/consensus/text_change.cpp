#include "consensus/text_change.hpp"

#include <algorithm>

namespace bossey::consensus {
namespace {

/// How many octets of the base end up elsewhere: what `moved` adds before an offset that it does not touch.
std::ptrdiff_t shift_before(std::span<const TextChange> moved, std::size_t offset) {
  std::ptrdiff_t shift = 0;
  for (const TextChange& m : moved) {
    if (m.begin >= offset) break;
    shift += static_cast<std::ptrdiff_t>(m.words.size()) - static_cast<std::ptrdiff_t>(m.end - m.begin);
  }
  return shift;
}

}  // namespace

bool well_formed(std::span<const TextChange> changes, std::size_t base_bytes) {
  std::size_t free_from = 0;
  bool first = true;
  for (const TextChange& c : changes) {
    if (c.begin > c.end || c.end > base_bytes) return false;
    if (!first && c.begin <= free_from) return false;
    first = false;
    free_from = c.end;
  }
  return true;
}

bool rivals(const TextChange& a, const TextChange& b) {
  return a.begin <= b.end && b.begin <= a.end;
}

bool rivals(std::span<const TextChange> a, std::span<const TextChange> b) {
  // Both are in order, so each step leaves the one that ends first behind.
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (rivals(a[i], b[j])) return true;
    if (a[i].end < b[j].end)
      ++i;
    else
      ++j;
  }
  return false;
}

std::string with_changes(std::string_view base, std::span<const TextChange> changes) {
  std::string out;
  std::size_t at = 0;
  for (const TextChange& c : changes) {
    out += base.substr(at, c.begin - at);
    out += c.words;
    at = c.end;
  }
  return out += base.substr(at);
}

TextChanges single_change(std::string_view before, std::string_view after) {
  if (before == after) return {};
  const auto inside = [](std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0;
  while (head < shorter && before[head] == after[head]) ++head;
  while (head > 0 && (inside(before, head) || inside(after, head))) --head;
  std::size_t tail = 0;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  while (tail > 0 && (inside(before, before.size() - tail) || inside(after, after.size() - tail))) --tail;
  return {TextChange{head, before.size() - tail, std::string(after.substr(head, after.size() - tail - head))}};
}

Rebased rebase(std::span<const TextChange> changes, std::span<const TextChange> moved) {
  Rebased out;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const TextChange& change = changes[i];
    if (std::find(moved.begin(), moved.end(), change) != moved.end()) {
      out.done.push_back(i);
      continue;
    }
    if (std::any_of(moved.begin(), moved.end(), [&](const TextChange& m) { return rivals(change, m); })) {
      out.overtaken.push_back(i);
      continue;
    }
    const std::ptrdiff_t shift = shift_before(moved, change.begin);
    TextChange carried = change;
    carried.begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(change.begin) + shift);
    carried.end = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(change.end) + shift);
    out.kept.push_back(std::move(carried));
  }
  return out;
}

}  // namespace bossey::consensus
