// Who counts in a meeting: members and chairs, by category. Counts alone leave the server. Used by routes of meetings
// and decisions.
#pragma once

#include <cstdint>
#include <vector>

#include "accounts/roll.hpp"
#include "consensus/attribution.hpp"

namespace bossey::api {

/// Members and chairs: those who agree. The secretariat, observers and administrators serve or watch.
[[nodiscard]] std::vector<accounts::Membership> on_the_roll(const accounts::Roll& roll, const GroupId& group);

/// Those of the roll who said "I am here"; "" for whoever has no category.
[[nodiscard]] consensus::ByCategory present_by_category(const accounts::Roll& roll, const GroupId& group,
                                                        std::uint64_t meeting);

}  // namespace bossey::api
