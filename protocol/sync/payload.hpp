// Readers and writers of the payloads that both framings share: sync steps and bounded fields. Inside protocol/sync
// only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "lib0/decoder.hpp"
#include "lib0/encoder.hpp"
#include "sync/limits.hpp"
#include "sync/message.hpp"

namespace bossey::sync {

/// Message types; the first four are the same in both framings.
enum class MessageType : std::uint8_t {
  sync = 0,
  awareness = 1,
  auth = 2,
  query_awareness = 3,
  sync_reply = 4,
  stateless = 5,
  broadcast_stateless = 6,
  close = 7,
  sync_status = 8,
  ping = 9,
  pong = 10,
};

/// Length-prefixed octets of at most `max`; `what` names them in the error (too_large).
inline Result<Bytes> read_bytes(lib0::Decoder& in, std::size_t max, std::string_view what) {
  BOSSEY_TRY(const BytesView view, in.var_bytes());
  if (view.size() > max)
    return fail(Errc::too_large, std::string(what) + " has more than " + std::to_string(max) + " octets");
  return Bytes(view.begin(), view.end());
}

/// The same for text.
inline Result<std::string> read_text(lib0::Decoder& in, std::size_t max, std::string_view what) {
  BOSSEY_TRY(const std::string_view view, in.var_string());
  if (view.size() > max)
    return fail(Errc::too_large, std::string(what) + " has more than " + std::to_string(max) + " octets");
  return std::string(view);
}

/// A sync payload into any variant that holds the three steps.
template <class Message>
Result<Message> read_sync(lib0::Decoder& in) {
  BOSSEY_TRY(const std::uint64_t step, in.var_uint());
  switch (step) {
    case 0: {
      BOSSEY_TRY(Bytes state_vector, read_bytes(in, kStateVectorBytesMax, "the state vector"));
      return Message{SyncStep1{std::move(state_vector)}};
    }
    case 1: {
      BOSSEY_TRY(Bytes update, read_bytes(in, kUpdateBytesMax, "the update"));
      return Message{SyncStep2{std::move(update)}};
    }
    case 2: {
      BOSSEY_TRY(Bytes update, read_bytes(in, kUpdateBytesMax, "the update"));
      return Message{SyncUpdate{std::move(update)}};
    }
    default:
      return fail(Errc::bad_input, "unknown sync step " + std::to_string(step));
  }
}

/// Writes `type sync` and the step.
inline void write_sync(lib0::Encoder& out, std::uint8_t step, BytesView payload) {
  out.u8(static_cast<std::uint8_t>(MessageType::sync));
  out.u8(step);
  out.var_bytes(payload);
}

inline void write_type(lib0::Encoder& out, MessageType type) {
  out.u8(static_cast<std::uint8_t>(type));
}

}  // namespace bossey::sync
