// The framing of @hocuspocus/provider 4: `varstring address, varuint type, payload`, many documents on one socket.
// server/room decodes what clients send and encodes answers; the load generator and tests do the reverse.
// Golden bytes: tests/protocol/sync/hocuspocus_test.cpp. Must not look into updates or awareness.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "sync/message.hpp"

namespace bossey::sync {

/// One frame. `address` is the document's name, or name + NUL + session id, exactly as the client wrote it; it is
/// empty for Ping and Pong, which have none.
struct ClientFrame {
  std::string address;
  ClientMessage message;
  friend bool operator==(const ClientFrame&, const ClientFrame&) = default;
};
struct ServerFrame {
  std::string address;
  ServerMessage message;
  friend bool operator==(const ServerFrame&, const ServerFrame&) = default;
};

/// The document's name in an address: all before the first NUL.
[[nodiscard]] std::string_view document_of(std::string_view address);

/// Decodes a whole frame; octets left over are an error. Errors: bad_input (what is wrong), too_large (which limit).
[[nodiscard]] Result<ClientFrame> decode_client_frame(BytesView frame);
[[nodiscard]] Result<ServerFrame> decode_server_frame(BytesView frame);

/// Encodes; the limits are not checked.
[[nodiscard]] Bytes encode(const ClientFrame& frame);
[[nodiscard]] Bytes encode(const ServerFrame& frame);

}  // namespace bossey::sync
