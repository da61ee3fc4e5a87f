// Opens a group from the journal at start: folds its events, reads its texts, and makes the revisions that are missing.
// Blocks; before the network thread runs. Called by Groups.
#pragma once

#include <memory>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "group/group.hpp"

namespace bossey::group {

/// Errors: corrupt (an event, a document or the repository does not fit; the detail says which), io.
[[nodiscard]] Result<std::unique_ptr<Group>> open_group(const Surroundings& surroundings, const GroupId& id);

}  // namespace bossey::group
