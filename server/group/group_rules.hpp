// The rules that a group gives itself: what unanimous consent means, quorum, who sees what. Read by whatever depends on
// one of them, from GroupState; changed by the chair (ruling.cpp), each change an event. No defaults stand elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "consensus/attribution.hpp"
#include "consensus/call.hpp"

namespace bossey::group {

struct GroupRules {
  consensus::Unanimous unanimous = consensus::Unanimous::none_objects;
  bool silence_by_itself = false;        ///< An unbroken silence procedure takes effect without the chair's word.
  bool co_leads_agree_ad_ref = true;     ///< On the sections of their own team.
  bool proposals_signed = false;         ///< What the box says before a proposer chooses.
  bool typist_alone_in_plenary = false;  ///< In phase Plenary only the typist and the chair write.
  std::uint32_t quorum = 0;              ///< Of a decision that agrees; 0: none.
  std::map<std::string, std::uint32_t> quorum_by_category;
  consensus::AttributionRule attribution;

  /// Whether the secretariat sees who holds which position; of one position ask `rule_since`.
  [[nodiscard]] bool secretariat_sees_positions() const { return attribution.secretariat_sees; }
  friend bool operator==(const GroupRules&, const GroupRules&) = default;
};

inline constexpr std::uint32_t kQuorumMax = 100'000;
inline constexpr std::size_t kQuorumCategoriesMax = 50;
inline constexpr std::int64_t kKeptDaysMax = 3'650;
inline constexpr std::int64_t kRoundedMax_s = 24 * 3600;

/// Since when which rule of attribution holds, oldest first; before the first one the default.
using AttributionHistory = std::vector<std::pair<std::int64_t, consensus::AttributionRule>>;
/// Under which rule words stay that were typed at `at_s`: of all that held since, each point the strictest. A later,
/// more open rule never opens them.
[[nodiscard]] consensus::AttributionRule rule_since(const AttributionHistory& history, std::int64_t at_s);

[[nodiscard]] nlohmann::json to_json(const GroupRules& rules);
/// Fields that are missing stay as in `before`. Errc::bad_input names the field and what to send.
[[nodiscard]] Result<GroupRules> rules_from(const nlohmann::json& fields, const GroupRules& before);

}  // namespace bossey::group
