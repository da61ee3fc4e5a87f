#include "consensus/label.hpp"

#include <algorithm>
#include <array>

namespace bossey::consensus {
namespace {

// The second is "bis".
constexpr std::array<std::string_view, 9> kLatin{"bis",     "ter",    "quater", "quinquies", "sexies",
                                                 "septies", "octies", "nonies", "decies"};
constexpr std::uint32_t kOrdinalMax = 9999;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<std::uint32_t> number(std::string_view digits) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  std::uint32_t out = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return out;
}

/// What stands before `word` at the end of `label`. The word stands apart, or straight after a digit: "OP6alt".
std::optional<std::string> before(std::string_view label, std::string_view word) {
  if (label.size() <= word.size() || !label.ends_with(word)) return std::nullopt;
  label.remove_suffix(word.size());
  const bool apart = label.back() == ' ' || (label.back() >= '0' && label.back() <= '9');
  const std::string_view base = trimmed(label);
  if (!apart || base.empty()) return std::nullopt;
  return std::string(base);
}

}  // namespace

std::optional<LabelParts> split_label(std::string_view label) {
  label = trimmed(label);
  for (std::uint32_t i = 0; i < kLatin.size(); ++i)
    if (auto base = before(label, kLatin[i])) return LabelParts{*std::move(base), LabelKind::bis, i + 2};
  if (auto base = before(label, "alt")) return LabelParts{*std::move(base), LabelKind::alt, 1};
  const std::size_t space = label.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto ordinal = number(label.substr(space + 1));
  if (!ordinal) return std::nullopt;
  const std::string_view head = trimmed(label.substr(0, space));
  if (auto base = before(head, "alt"); base && *ordinal >= 2)
    return LabelParts{*std::move(base), LabelKind::alt, *ordinal};
  if (auto base = before(head, "bis"); base && *ordinal > kLatin.size() + 1)
    return LabelParts{*std::move(base), LabelKind::bis, *ordinal};
  return std::nullopt;
}

std::string label_of(const LabelParts& parts) {
  if (parts.kind == LabelKind::alt)
    return parts.base + " alt" + (parts.ordinal > 1 ? ' ' + std::to_string(parts.ordinal) : "");
  const std::uint32_t at = parts.ordinal - 2;
  if (at < kLatin.size()) return parts.base + ' ' + std::string(kLatin[at]);
  return parts.base + " bis " + std::to_string(parts.ordinal);
}

std::string next_label(std::string_view label, LabelKind kind, const std::set<std::string>& taken) {
  const auto parts = split_label(label);
  // "4.2 ter" follows "4.2 bis"; an alternative to "4.2 bis" is one of that, "4.2 bis alt".
  const bool same = parts && parts->kind == kind;
  LabelParts next{same ? parts->base : std::string(trimmed(label)), kind, kind == LabelKind::bis ? 2U : 1U};
  const auto is_taken = [&](const LabelParts& one) {
    return std::any_of(taken.begin(), taken.end(), [&](const std::string& name) { return split_label(name) == one; });
  };
  while (is_taken(next) && next.ordinal < kOrdinalMax) ++next.ordinal;
  return label_of(next);
}

std::string next_option(const std::set<std::string>& taken) {
  for (std::uint32_t n = 0;; ++n) {
    std::string name;
    for (std::uint32_t rest = n + 1; rest > 0; rest = (rest - 1) / 26)
      name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
    if (!taken.contains(name)) return name;
  }
}

}  // namespace bossey::consensus
