// Who may do what, as one table. Called by every command and by the gate of the socket; an administrator's row
// holds nothing that touches text or decisions. A speaking observer is an observer with the right to speak: proposes,
// holds no position.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bossey::consensus {

enum class Role : std::uint8_t { chair, secretariat, member, observer, administrator, speaking_observer };

inline constexpr std::array<Role, 6> kRoles{Role::chair,    Role::secretariat,   Role::member,
                                            Role::observer, Role::administrator, Role::speaking_observer};

[[nodiscard]] constexpr std::string_view name_of(Role role) {
  constexpr std::array<std::string_view, 6> kNames{"chair",    "secretariat",   "member",
                                                   "observer", "administrator", "speaking observer"};
  return kNames[static_cast<std::size_t>(role)];
}
[[nodiscard]] constexpr std::optional<Role> role_from(std::string_view name) {
  for (const Role role : kRoles)
    if (name_of(role) == name) return role;
  return std::nullopt;
}

/// The roles of one person in one group: one, except that a chair may also be a member.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(Role role) : bits_(bit(role)) {}  // NOLINT(google-explicit-constructor): a role is a set of one

  [[nodiscard]] constexpr RoleSet with(Role role) const {
    RoleSet more = *this;
    more.bits_ = static_cast<std::uint8_t>(more.bits_ | bit(role));
    return more;
  }
  [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(RoleSet, RoleSet) = default;

 private:
  static constexpr std::uint8_t bit(Role role) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role)); }
  std::uint8_t bits_ = 0;
};

enum class Action : std::uint8_t {
  read,           ///< See the report, its statuses, decisions and revisions, and that proposals of others exist.
  write_text,     ///< Write an open section.
  bracket_words,  ///< Set and lift bracket marks inside an open section.
  decide,         ///< Agree, bracket, alternatives, withdraw, reopen, undo.
  shape_outline,  ///< Create and import reports; add, rename, move, split and merge sections.
  object,         ///< Object while the chair asks "Any objection?"; the secretariat does so for the floor.
  propose,        ///< Have proposals of one's own: read, copy and withdraw them.
  administer,     ///< Add people, give roles, issue and revoke links.
};

/// One row an action; a column for each role in the order of kRoles.
struct MayRow {
  Action action;
  std::array<bool, 6> roles;
};
inline constexpr std::array<MayRow, 8> kMay{{
    //                        chair secr. memb. obs.  admin. speaking
    {Action::read, {true, true, true, true, true, true}},
    {Action::write_text, {true, true, true, false, false, false}},
    {Action::bracket_words, {true, true, true, false, false, false}},
    {Action::decide, {true, false, false, false, false, false}},
    {Action::shape_outline, {true, true, false, false, false, false}},
    {Action::object, {true, true, true, false, false, false}},
    {Action::propose, {true, true, true, false, false, true}},
    {Action::administer, {false, false, false, false, true, false}},
}};

[[nodiscard]] constexpr bool may(Role role, Action action) {
  return kMay[static_cast<std::size_t>(action)].roles[static_cast<std::size_t>(role)];
}
[[nodiscard]] constexpr bool may(RoleSet roles, Action action) {
  for (const Role role : kRoles)
    if (roles.has(role) && may(role, action)) return true;
  return false;
}

}  // namespace bossey::consensus
