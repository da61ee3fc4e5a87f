// The structs of several updates as those of one, as yjs src/utils/updates.js (mergeUpdatesV2): what overlaps comes
// once, gaps become Skip structs. Used to merge updates and to join pending structs. Internal to crdt.
#pragma once

#include <functional>
#include <vector>

#include "crdt/struct_reader.hpp"
#include "crdt/update_struct.hpp"

namespace bossey::crdt {

/// The gap between two clocks.
[[nodiscard]] UpdateStruct skip_struct(ClientId client, Clock from, Clock to);

/// Reads all sources to their ends and gives each merged struct to `sink`. Clients come in descending order.
/// Time grows as n log n in the number of structs, whatever the number of sources.
[[nodiscard]] Result<void> merge_structs(const std::vector<StructSource*>& sources,
                                         const std::function<void(UpdateStruct&&)>& sink);

}  // namespace bossey::crdt
