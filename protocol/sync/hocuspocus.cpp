#include "sync/hocuspocus.hpp"

#include <utility>

#include "sync/payload.hpp"

namespace bossey::sync {
namespace {

constexpr std::uint8_t kPingOctet = 9;
constexpr std::uint8_t kPongOctet = 10;
constexpr std::uint64_t kMessageTypes = 11;

tl::unexpected<Error> unknown(const char* what, std::uint64_t number) {
  return fail(Errc::bad_input, std::string("unknown ") + what + " " + std::to_string(number));
}

Result<std::string> read_address(lib0::Decoder& in) {
  BOSSEY_TRY(std::string address, read_text(in, kAddressBytesMax, "the address"));
  if (document_of(address).empty()) return fail(Errc::bad_input, "the address names no document");
  return address;
}

Result<MessageType> read_type(lib0::Decoder& in) {
  BOSSEY_TRY(const std::uint64_t type, in.var_uint());
  if (type >= kMessageTypes) return unknown("message type", type);
  return static_cast<MessageType>(type);
}

Result<ClientMessage> read_auth_token(lib0::Decoder& in) {
  BOSSEY_TRY(const std::uint64_t kind, in.var_uint());
  if (kind != 0) return unknown("auth message", kind);
  AuthToken auth;
  BOSSEY_TRY(auth.token, read_text(in, kTokenBytesMax, "the token"));
  // Providers before 3.x end here.
  if (!in.empty()) {
    BOSSEY_TRY(auth.version, read_text(in, kVersionBytesMax, "the provider version"));
  }
  return ClientMessage{std::move(auth)};
}

Result<ClientMessage> read_client_payload(lib0::Decoder& in, MessageType type) {
  switch (type) {
    // A SyncReply differs from a Sync only in what the receiver answers: nothing that a client's step needs.
    case MessageType::sync:
    case MessageType::sync_reply:
      return read_sync<ClientMessage>(in);
    case MessageType::awareness: {
      BOSSEY_TRY(Bytes update, read_bytes(in, kAwarenessBytesMax, "the awareness update"));
      return ClientMessage{AwarenessUpdate{std::move(update)}};
    }
    case MessageType::auth:
      return read_auth_token(in);
    case MessageType::query_awareness:
      return ClientMessage{QueryAwareness{}};
    case MessageType::stateless: {
      BOSSEY_TRY(std::string payload, read_text(in, kStatelessBytesMax, "the stateless message"));
      return ClientMessage{Stateless{std::move(payload)}};
    }
    case MessageType::close: {
      if (in.empty()) return ClientMessage{CloseAddress{}};
      BOSSEY_TRY(std::string reason, read_text(in, kReasonBytesMax, "the reason"));
      return ClientMessage{CloseAddress{std::move(reason)}};
    }
    case MessageType::broadcast_stateless:
      return fail(Errc::bad_input, "BroadcastStateless is for servers; send Stateless");
    case MessageType::sync_status:
      return fail(Errc::bad_input, "SyncStatus is sent by servers only");
    case MessageType::ping:
      return ClientMessage{Ping{}};
    case MessageType::pong:
      return ClientMessage{Pong{}};
  }
  return unknown("message type", static_cast<std::uint64_t>(type));
}

Result<ServerMessage> read_server_auth(lib0::Decoder& in) {
  BOSSEY_TRY(const std::uint64_t kind, in.var_uint());
  if (kind == 0) return ServerMessage{AuthTokenRequest{}};
  if (kind == 1) {
    BOSSEY_TRY(std::string reason, read_text(in, kReasonBytesMax, "the reason"));
    return ServerMessage{PermissionDenied{std::move(reason)}};
  }
  if (kind != 2) return unknown("auth message", kind);
  BOSSEY_TRY(const std::string scope, read_text(in, kVersionBytesMax, "the scope"));
  if (scope == "readonly") return ServerMessage{Authenticated{true}};
  if (scope == "read-write") return ServerMessage{Authenticated{false}};
  return fail(Errc::bad_input, "unknown scope");
}

Result<ServerMessage> read_server_payload(lib0::Decoder& in, MessageType type) {
  switch (type) {
    case MessageType::sync:
    case MessageType::sync_reply:
      return read_sync<ServerMessage>(in);
    case MessageType::awareness: {
      BOSSEY_TRY(Bytes update, read_bytes(in, kUpdateBytesMax, "the awareness update"));
      return ServerMessage{AwarenessUpdate{std::move(update)}};
    }
    case MessageType::auth:
      return read_server_auth(in);
    case MessageType::query_awareness:
      return ServerMessage{QueryAwareness{}};
    case MessageType::stateless: {
      BOSSEY_TRY(std::string payload, read_text(in, kUpdateBytesMax, "the stateless message"));
      return ServerMessage{Stateless{std::move(payload)}};
    }
    case MessageType::close: {
      BOSSEY_TRY(std::string reason, read_text(in, kReasonBytesMax, "the reason"));
      return ServerMessage{CloseAddress{std::move(reason)}};
    }
    case MessageType::sync_status: {
      BOSSEY_TRY(const lib0::SignedVarint applied, in.var_int());
      return ServerMessage{SyncStatus{applied.value() == 1}};
    }
    case MessageType::broadcast_stateless:
      return fail(Errc::bad_input, "BroadcastStateless is not for clients");
    case MessageType::ping:
      return ServerMessage{Ping{}};
    case MessageType::pong:
      return ServerMessage{Pong{}};
  }
  return unknown("message type", static_cast<std::uint64_t>(type));
}

/// Writes the payload of every message; which of them go in which direction is the variants' business.
struct Writer {
  lib0::Encoder& out;
  bool from_server;

  void operator()(const SyncStep1& step) { write_sync(out, 0, step.state_vector); }
  void operator()(const SyncStep2& step) { write_sync(out, 1, step.update); }
  void operator()(const SyncUpdate& step) { write_sync(out, 2, step.update); }
  void operator()(const AwarenessUpdate& awareness) {
    write_type(out, MessageType::awareness);
    out.var_bytes(awareness.update);
  }
  void operator()(const QueryAwareness&) { write_type(out, MessageType::query_awareness); }
  void operator()(const AuthToken& auth) {
    write_type(out, MessageType::auth);
    out.u8(0);
    out.var_string(auth.token);
    if (!auth.version.empty()) out.var_string(auth.version);
  }
  void operator()(const AuthTokenRequest&) {
    write_type(out, MessageType::auth);
    out.u8(0);
  }
  void operator()(const PermissionDenied& denied) {
    write_type(out, MessageType::auth);
    out.u8(1);
    out.var_string(denied.reason);
  }
  void operator()(const Authenticated& authenticated) {
    write_type(out, MessageType::auth);
    out.u8(2);
    out.var_string(authenticated.read_only ? "readonly" : "read-write");
  }
  void operator()(const Stateless& stateless) {
    write_type(out, MessageType::stateless);
    out.var_string(stateless.payload);
  }
  void operator()(const CloseAddress& close) {
    write_type(out, MessageType::close);
    // A provider sends none; of a server it always reads one.
    if (from_server || !close.reason.empty()) out.var_string(close.reason);
  }
  void operator()(const SyncStatus& status) {
    write_type(out, MessageType::sync_status);
    out.var_int(status.applied ? 1 : 0);
  }
  void operator()(const Ping&) { out.u8(kPingOctet); }
  void operator()(const Pong&) { out.u8(kPongOctet); }
};

template <class Frame>
Bytes encode_frame(const Frame& frame, bool from_server) {
  lib0::Encoder out;
  const bool without_address =
      std::holds_alternative<Ping>(frame.message) || std::holds_alternative<Pong>(frame.message);
  if (!without_address) out.var_string(frame.address);
  std::visit(Writer{out, from_server}, frame.message);
  return out.take();
}

/// Ping and Pong: tested before an address is read, as the provider does.
template <class Frame>
bool read_single_octet(BytesView bytes, Frame& frame) {
  if (bytes.size() != 1) return false;
  if (bytes[0] == kPingOctet) frame.message = Ping{};
  if (bytes[0] == kPongOctet) frame.message = Pong{};
  return bytes[0] == kPingOctet || bytes[0] == kPongOctet;
}

}  // namespace

std::string_view document_of(std::string_view address) {
  return address.substr(0, address.find('\0'));
}

Result<ClientFrame> decode_client_frame(BytesView bytes) {
  ClientFrame frame;
  if (read_single_octet(bytes, frame)) return frame;
  lib0::Decoder in(bytes);
  BOSSEY_TRY(frame.address, read_address(in));
  BOSSEY_TRY(const MessageType type, read_type(in));
  BOSSEY_TRY(frame.message, read_client_payload(in, type));
  BOSSEY_TRY_VOID(in.expect_end());
  // Whatever was in front, these two have no address.
  if (type == MessageType::ping || type == MessageType::pong) frame.address.clear();
  return frame;
}

Result<ServerFrame> decode_server_frame(BytesView bytes) {
  ServerFrame frame;
  if (read_single_octet(bytes, frame)) return frame;
  lib0::Decoder in(bytes);
  BOSSEY_TRY(frame.address, read_address(in));
  BOSSEY_TRY(const MessageType type, read_type(in));
  BOSSEY_TRY(frame.message, read_server_payload(in, type));
  BOSSEY_TRY_VOID(in.expect_end());
  if (type == MessageType::ping || type == MessageType::pong) frame.address.clear();
  return frame;
}

Bytes encode(const ClientFrame& frame) {
  return encode_frame(frame, false);
}
Bytes encode(const ServerFrame& frame) {
  return encode_frame(frame, true);
}

}  // namespace bossey::sync
