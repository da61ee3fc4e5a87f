// The roll of a call for consensus, as it is at this moment: everybody in the group who may hold a position. Used by
// the routes that open calls; groups keep no accounts.
#pragma once

#include <vector>

#include "accounts/roll.hpp"
#include "consensus/call.hpp"

namespace bossey::api {

[[nodiscard]] inline std::vector<consensus::CallMember> frozen_roll(const accounts::Roll& roll, const GroupId& group) {
  std::vector<consensus::CallMember> members;
  for (const accounts::Membership& membership : roll.members_of(group)) {
    if (membership.role != consensus::Role::member) continue;
    members.emplace_back(consensus::CallMember{membership.person, membership.category, {}, {}, {}});
  }
  return members;
}

}  // namespace bossey::api
