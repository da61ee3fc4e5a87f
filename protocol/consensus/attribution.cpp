#include "consensus/attribution.hpp"

#include <algorithm>

namespace bossey::consensus {
namespace {

constexpr std::int64_t kDay_s = 86'400;

}  // namespace

ByCategory shown_categories(const ByCategory& present) {
  ByCategory shown;
  std::uint32_t hidden_people = 0;
  std::size_t hidden = 0;
  for (const auto& [category, count] : present) {
    if (count >= kSmallGroup) {
      shown[category] = count;
    } else if (count > 0) {
      ++hidden;
      hidden_people += count;
    }
  }
  // Total minus what is shown is what is hidden. If that is still a small number of people, hide one more.
  if (hidden > 0 && (hidden == 1 || hidden_people < kSmallGroup) && !shown.empty())
    shown.erase(
        std::min_element(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
  return shown;
}

Present present_of(const ByCategory& present, std::optional<std::uint32_t> roll) {
  Present out;
  for (const auto& [category, count] : present) out.count += count;
  out.roll = roll;
  out.by_category = shown_categories(present);
  return out;
}

bool sees(const Viewer& viewer, const Position& position) {
  if (position.holder && *position.holder == viewer.person) return true;
  if (viewer.roles.has(Role::chair)) return true;
  // What came from the floor the secretariat has written down itself.
  if (viewer.roles.has(Role::secretariat)) return viewer.secretariat_sees || !position.holder;
  return false;
}

std::vector<SeenPositions> seen_by_others(std::span<const Position> positions, const SectionId& section,
                                          const Sha256& text_id,
                                          const std::function<std::string(PersonId)>& category_of,
                                          const ByCategory& present) {
  std::vector<SeenPositions> out;
  for (const PositionRow& row : kPositions) {
    SeenPositions seen{row.kind, 0, {}};
    for (const Position& p : positions) {
      if (p.section != section || p.kind != row.kind || !stands(p, text_id)) continue;
      ++seen.count;
      if (!p.holder) continue;
      const std::string category = category_of(*p.holder);
      const auto at = present.find(category);
      if (at != present.end() && at->second >= kSmallGroup) ++seen.by_category[category];
    }
    if (seen.count > 0) out.push_back(std::move(seen));
  }
  return out;
}

AttributionRule rule_for(const AttributionRule& then, const AttributionRule& now) {
  return {then.attributed && now.attributed, std::min(then.kept_days, now.kept_days),
          std::max(then.rounded_to_s, now.rounded_to_s), then.secretariat_sees && now.secretariat_sees};
}

std::string seen_line(const AttributionRule& rule, std::string_view audience) {
  return "Who can see this: " + std::string(audience) + ". Kept until: transmittal + " +
         std::to_string(rule.kept_days) + (rule.kept_days == 1 ? " day" : " days") +
         ". Attributed: " + (rule.attributed ? "yes." : "no.");
}

std::optional<std::int64_t> deletion_s(const AttributionRule& rule, std::optional<std::int64_t> transmitted_s) {
  if (!transmitted_s) return std::nullopt;
  return *transmitted_s + rule.kept_days * kDay_s;
}

std::int64_t rounded(std::int64_t at_s, const AttributionRule& rule) {
  if (rule.rounded_to_s <= 1) return at_s;
  const std::int64_t into = at_s % rule.rounded_to_s;
  return at_s - (into < 0 ? into + rule.rounded_to_s : into);
}

RoomIdentity identity_of_room(std::string_view room) {
  RoomIdentity out;
  std::string word;
  for (const char c : room) {
    const auto octet = static_cast<unsigned char>(c);
    // git ends a name at these, and a control character ends a header.
    if (octet < 0x20 || octet == 0x7F || c == '<' || c == '>') continue;
    out.name += c;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) word += c;
    if (c >= 'A' && c <= 'Z') word += static_cast<char>(c + 32);
  }
  constexpr std::string_view kDrafting = "drafting";
  if (word.starts_with(kDrafting) && word.size() > kDrafting.size()) word.erase(0, kDrafting.size());
  if (out.name.empty()) out.name = "drafting team";
  out.email = (word.empty() ? "team" : word) + "@bossey.invalid";
  return out;
}

}  // namespace bossey::consensus
