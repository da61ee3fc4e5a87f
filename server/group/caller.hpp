// Who asks something of a group. Made by server/api from a session or a token; groups keep no accounts.
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.hpp"
#include "consensus/role.hpp"

namespace bossey::group {

struct Caller {
  PersonId person;
  consensus::RoleSet roles;  ///< In this group; empty: knows nothing of it.
};

}  // namespace bossey::group
