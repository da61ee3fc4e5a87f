#include "group/group_rules.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace bossey::group {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> kUnanimous{"none_objects", "every_member_yes"};
constexpr std::size_t kCategory_bytes = 200;

Result<void> take_flag(const json& fields, const char* name, bool& into) {
  const auto at = fields.find(name);
  if (at == fields.end()) return {};
  if (!at->is_boolean()) return fail(Errc::bad_input, std::string("The field '") + name + "' must be true or false.");
  into = at->get<bool>();
  return {};
}

template <class Number>
Result<void> take_number(const json& fields, const char* name, std::int64_t least, std::int64_t most, Number& into) {
  const auto at = fields.find(name);
  if (at == fields.end()) return {};
  const bool fits = at->is_number_integer() && at->get<std::int64_t>() >= least && at->get<std::int64_t>() <= most;
  if (!fits)
    return fail(Errc::bad_input, std::string("The field '") + name + "' must be a number from " +
                                     std::to_string(least) + " to " + std::to_string(most) + ".");
  into = static_cast<Number>(at->get<std::int64_t>());
  return {};
}

Result<void> take_unanimous(const json& fields, consensus::Unanimous& into) {
  const auto at = fields.find("unanimous");
  if (at == fields.end()) return {};
  for (std::size_t i = 0; i < kUnanimous.size(); ++i)
    if (at->is_string() && at->get_ref<const std::string&>() == kUnanimous[i]) {
      into = static_cast<consensus::Unanimous>(i);
      return {};
    }
  return fail(Errc::bad_input, "The field 'unanimous' must be none_objects or every_member_yes.");
}

Result<void> take_categories(const json& fields, std::map<std::string, std::uint32_t>& into) {
  const auto at = fields.find("quorum_by_category");
  if (at == fields.end()) return {};
  if (!at->is_object() || at->size() > kQuorumCategoriesMax)
    return fail(Errc::bad_input, "The field 'quorum_by_category' must be categories with numbers.");
  std::map<std::string, std::uint32_t> categories;
  for (const auto& [category, number] : at->items()) {
    const bool fits = !category.empty() && category.size() <= kCategory_bytes && number.is_number_integer() &&
                      number.get<std::int64_t>() >= 0 && number.get<std::int64_t>() <= kQuorumMax;
    if (!fits) return fail(Errc::bad_input, "Give each category of the quorum a number.");
    if (number.get<std::uint32_t>() > 0) categories[category] = number.get<std::uint32_t>();
  }
  into = std::move(categories);
  return {};
}

}  // namespace

consensus::AttributionRule rule_since(const AttributionHistory& history, std::int64_t at_s) {
  consensus::AttributionRule rule;
  std::size_t next = 0;
  // Within one second nobody can tell which came first: the rule before counts, too.
  for (; next < history.size() && history[next].first < at_s; ++next) rule = history[next].second;
  for (; next < history.size(); ++next) rule = consensus::rule_for(rule, history[next].second);
  return rule;
}

json to_json(const GroupRules& rules) {
  json categories = json::object();
  for (const auto& [category, number] : rules.quorum_by_category) categories[category] = number;
  return {{"unanimous", kUnanimous[static_cast<std::size_t>(rules.unanimous)]},
          {"silence_by_itself", rules.silence_by_itself},
          {"co_leads_agree_ad_ref", rules.co_leads_agree_ad_ref},
          {"proposals_signed", rules.proposals_signed},
          {"typist_alone_in_plenary", rules.typist_alone_in_plenary},
          {"quorum", rules.quorum},
          {"quorum_by_category", std::move(categories)},
          {"secretariat_sees_positions", rules.attribution.secretariat_sees},
          {"attributed", rules.attribution.attributed},
          {"kept_days", rules.attribution.kept_days},
          {"rounded_to_s", rules.attribution.rounded_to_s}};
}

Result<GroupRules> rules_from(const json& fields, const GroupRules& before) {
  GroupRules rules = before;
  BOSSEY_TRY_VOID(take_unanimous(fields, rules.unanimous));
  BOSSEY_TRY_VOID(take_flag(fields, "silence_by_itself", rules.silence_by_itself));
  BOSSEY_TRY_VOID(take_flag(fields, "co_leads_agree_ad_ref", rules.co_leads_agree_ad_ref));
  BOSSEY_TRY_VOID(take_flag(fields, "proposals_signed", rules.proposals_signed));
  BOSSEY_TRY_VOID(take_flag(fields, "typist_alone_in_plenary", rules.typist_alone_in_plenary));
  BOSSEY_TRY_VOID(take_number(fields, "quorum", 0, kQuorumMax, rules.quorum));
  BOSSEY_TRY_VOID(take_categories(fields, rules.quorum_by_category));
  BOSSEY_TRY_VOID(take_flag(fields, "secretariat_sees_positions", rules.attribution.secretariat_sees));
  BOSSEY_TRY_VOID(take_flag(fields, "attributed", rules.attribution.attributed));
  BOSSEY_TRY_VOID(take_number(fields, "kept_days", 0, kKeptDaysMax, rules.attribution.kept_days));
  BOSSEY_TRY_VOID(take_number(fields, "rounded_to_s", 1, kRoundedMax_s, rules.attribution.rounded_to_s));
  return rules;
}

}  // namespace bossey::group
