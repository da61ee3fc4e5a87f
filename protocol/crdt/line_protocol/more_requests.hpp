// Requests of the line protocol beyond the common ones, for the comparison with npm yjs in tests/integration/crdt:
// cutting updates, snapshots, relative positions and events. For bossey-crdt only.
#pragma once

#include "base/error.hpp"
#include "lib0/any.hpp"

namespace bossey::crdt::line_protocol {

[[nodiscard]] Result<lib0::AnyObject> answer_diff(const lib0::AnyObject& request);
[[nodiscard]] Result<lib0::AnyObject> answer_snapshot(const lib0::AnyObject& request);
[[nodiscard]] Result<lib0::AnyObject> answer_positions(const lib0::AnyObject& request);
[[nodiscard]] Result<lib0::AnyObject> answer_events(const lib0::AnyObject& request);
[[nodiscard]] Result<lib0::AnyObject> answer_undo(const lib0::AnyObject& request);

}  // namespace bossey::crdt::line_protocol
