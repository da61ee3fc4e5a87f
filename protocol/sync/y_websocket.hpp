// The framing of y-websocket: `varuint type, payload`, one document per socket, named in the URL's path.
// Used by server/room for `/y/<document>`, and by tests. Must not look into updates or awareness.
// Golden bytes: tests/protocol/sync/y_websocket_test.cpp.
#pragma once

#include <variant>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "sync/message.hpp"

namespace bossey::sync {

/// Both directions are alike, but PermissionDenied, which only a server sends.
using PlainMessage = std::variant<SyncStep1, SyncStep2, SyncUpdate, AwarenessUpdate, QueryAwareness, PermissionDenied>;

/// Decodes a whole frame; octets left over are an error. Errors: bad_input (what is wrong), too_large (which limit).
[[nodiscard]] Result<PlainMessage> decode_plain(BytesView frame);

[[nodiscard]] Bytes encode_plain(const PlainMessage& message);

}  // namespace bossey::sync
