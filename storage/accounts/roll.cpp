#include "accounts/roll.hpp"

#include <algorithm>

namespace bossey::accounts {

namespace {

/// The values of one person, in order of their ids.
template <class Map>
auto owned_by(const Map& map, PersonId person) {
  std::vector<typename Map::mapped_type> found;
  for (const auto& [hash, value] : map) {
    if (value.person == person) found.push_back(value);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return found;
}

}  // namespace

const Person* Roll::person(PersonId id) const {
  const auto found = people_.find(id);
  return found == people_.end() ? nullptr : &found->second;
}

const Membership* Roll::membership(const GroupId& group, PersonId person) const {
  const auto found = memberships_.find({group, person});
  return found == memberships_.end() ? nullptr : &found->second;
}

std::vector<Membership> Roll::memberships_of(PersonId person) const {
  std::vector<Membership> found;
  for (const auto& [key, membership] : memberships_) {
    if (key.second == person) found.push_back(membership);
  }
  return found;
}

std::vector<Membership> Roll::members_of(const GroupId& group) const {
  std::vector<Membership> found;
  for (auto it = memberships_.lower_bound({group, PersonId{0}}); it != memberships_.end() && it->first.first == group;
       ++it) {
    found.push_back(it->second);
  }
  return found;
}

std::vector<SignInLink> Roll::links_of(PersonId person) const {
  return owned_by(links_, person);
}

std::vector<ApiToken> Roll::tokens_of(PersonId person) const {
  return owned_by(tokens_, person);
}

std::vector<Session> Roll::sessions_of(PersonId person, std::int64_t now_s) const {
  auto found = owned_by(sessions_, person);
  std::erase_if(found, [now_s](const Session& session) { return session.expires_s <= now_s; });
  return found;
}

const SignInLink* Roll::link(const Sha256& hash, std::int64_t now_s) const {
  const auto found = links_.find(hash.octets);
  if (found == links_.end()) return nullptr;
  const auto& link = found->second;
  return link.expires_s && *link.expires_s <= now_s ? nullptr : &link;
}

const Session* Roll::session(const Sha256& hash, std::int64_t now_s) const {
  const auto found = sessions_.find(hash.octets);
  return found == sessions_.end() || found->second.expires_s <= now_s ? nullptr : &found->second;
}

const ApiToken* Roll::token(const Sha256& hash, std::int64_t now_s) const {
  const auto found = tokens_.find(hash.octets);
  return found == tokens_.end() || found->second.expires_s <= now_s ? nullptr : &found->second;
}

const std::set<PersonId>& Roll::present_at(const GroupId& group, std::uint64_t meeting) const {
  static const std::set<PersonId> kNobody;
  const auto found = attendance_.find({group, meeting});
  return found == attendance_.end() ? kNobody : found->second;
}

bool Roll::is_last_administrator(const GroupId& group, PersonId person) const {
  const auto* membership = this->membership(group, person);
  if (membership == nullptr || membership->role != Role::administrator) return false;
  const auto members = members_of(group);
  return std::count_if(members.begin(), members.end(),
                       [](const Membership& member) { return member.role == Role::administrator; }) == 1;
}

}  // namespace bossey::accounts
