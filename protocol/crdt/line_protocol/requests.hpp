// The line protocol by which engines for Yjs documents are compared: one JSON request in, one JSON reply out. For
// bossey-crdt only.
#pragma once

#include <string>
#include <string_view>

namespace bossey::crdt::line_protocol {

/// Answers one request: case, local, merge or convert. Never fails: an error is a reply, too.
[[nodiscard]] std::string answer(std::string_view line);

}  // namespace bossey::crdt::line_protocol
