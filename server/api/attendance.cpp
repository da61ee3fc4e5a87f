#include "api/attendance.hpp"

namespace bossey::api {

std::vector<accounts::Membership> on_the_roll(const accounts::Roll& roll, const GroupId& group) {
  auto people = roll.members_of(group);
  std::erase_if(people, [](const auto& membership) {
    return membership.role != consensus::Role::member && membership.role != consensus::Role::chair;
  });
  return people;
}

consensus::ByCategory present_by_category(const accounts::Roll& roll, const GroupId& group, std::uint64_t meeting) {
  const auto& here = roll.present_at(group, meeting);
  consensus::ByCategory counts;
  for (const auto& membership : on_the_roll(roll, group))
    if (here.contains(membership.person)) ++counts[membership.category];
  return counts;
}

}  // namespace bossey::api
