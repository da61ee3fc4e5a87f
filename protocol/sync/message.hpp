// The messages of the live channel as plain values: what hocuspocus.hpp and y_websocket.hpp decode to and encode from.
// server/room acts on them. Values only: no pointers, no virtual functions, compared with ==.
// Where the rules come from: y-protocols (sync, awareness, auth), @hocuspocus/provider 4; docs/formats/sync.md.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/bytes.hpp"

namespace bossey::sync {

/// "I have this state vector: send what I lack."
struct SyncStep1 {
  Bytes state_vector;
  friend bool operator==(const SyncStep1&, const SyncStep1&) = default;
};

/// The answer to a SyncStep1: an update (format v1) of what the other side lacks.
struct SyncStep2 {
  Bytes update;
  friend bool operator==(const SyncStep2&, const SyncStep2&) = default;
};

/// An update (format v1), as it happens.
struct SyncUpdate {
  Bytes update;
  friend bool operator==(const SyncUpdate&, const SyncUpdate&) = default;
};

/// An awareness update; awareness.hpp reads it.
struct AwarenessUpdate {
  Bytes update;
  friend bool operator==(const AwarenessUpdate&, const AwarenessUpdate&) = default;
};

/// Asks for all awareness states.
struct QueryAwareness {
  friend bool operator==(const QueryAwareness&, const QueryAwareness&) = default;
};

/// Client to server: who I am. `version` is empty from providers that send none.
struct AuthToken {
  std::string token;
  std::string version;
  friend bool operator==(const AuthToken&, const AuthToken&) = default;
};

/// Server to client: send your token again.
struct AuthTokenRequest {
  friend bool operator==(const AuthTokenRequest&, const AuthTokenRequest&) = default;
};

/// Server to client: no, and why, for the person.
struct PermissionDenied {
  std::string reason;
  friend bool operator==(const PermissionDenied&, const PermissionDenied&) = default;
};

/// Server to client: yes; `read_only` says how far.
struct Authenticated {
  bool read_only = false;
  friend bool operator==(const Authenticated&, const Authenticated&) = default;
};

/// Text of the application, JSON by our convention.
struct Stateless {
  std::string payload;
  friend bool operator==(const Stateless&, const Stateless&) = default;
};

/// This address is done. From a client without a reason (empty), from a server with one.
struct CloseAddress {
  std::string reason;
  friend bool operator==(const CloseAddress&, const CloseAddress&) = default;
};

/// Answer to each SyncStep2 and SyncUpdate, in their order: stored (true) or refused (false).
struct SyncStatus {
  bool applied = false;
  friend bool operator==(const SyncStatus&, const SyncStatus&) = default;
};

/// A hocuspocus frame of one octet, without an address.
struct Ping {
  friend bool operator==(const Ping&, const Ping&) = default;
};
struct Pong {
  friend bool operator==(const Pong&, const Pong&) = default;
};

/// What a client may send.
using ClientMessage = std::variant<SyncStep1, SyncStep2, SyncUpdate, AwarenessUpdate, QueryAwareness, AuthToken,
                                   Stateless, CloseAddress, Ping, Pong>;

/// What a server may send.
using ServerMessage = std::variant<SyncStep1, SyncStep2, SyncUpdate, AwarenessUpdate, QueryAwareness, AuthTokenRequest,
                                   PermissionDenied, Authenticated, Stateless, CloseAddress, SyncStatus, Ping, Pong>;

}  // namespace bossey::sync
