#include "sync/y_websocket.hpp"

#include <string>
#include <utility>

#include "sync/payload.hpp"

namespace bossey::sync {
namespace {

Result<PlainMessage> read_plain(lib0::Decoder& in) {
  BOSSEY_TRY(const std::uint64_t type, in.var_uint());
  switch (type) {
    case 0:
      return read_sync<PlainMessage>(in);
    case 1: {
      BOSSEY_TRY(Bytes update, read_bytes(in, kAwarenessBytesMax, "the awareness update"));
      return PlainMessage{AwarenessUpdate{std::move(update)}};
    }
    case 2: {
      BOSSEY_TRY(const std::uint64_t kind, in.var_uint());
      if (kind != 0) return fail(Errc::bad_input, "unknown auth message " + std::to_string(kind));
      BOSSEY_TRY(std::string reason, read_text(in, kReasonBytesMax, "the reason"));
      return PlainMessage{PermissionDenied{std::move(reason)}};
    }
    case 3:
      return PlainMessage{QueryAwareness{}};
    default:
      return fail(Errc::bad_input, "unknown message type " + std::to_string(type));
  }
}

struct PlainWriter {
  lib0::Encoder& out;

  void operator()(const SyncStep1& step) { write_sync(out, 0, step.state_vector); }
  void operator()(const SyncStep2& step) { write_sync(out, 1, step.update); }
  void operator()(const SyncUpdate& step) { write_sync(out, 2, step.update); }
  void operator()(const AwarenessUpdate& awareness) {
    write_type(out, MessageType::awareness);
    out.var_bytes(awareness.update);
  }
  void operator()(const QueryAwareness&) { write_type(out, MessageType::query_awareness); }
  void operator()(const PermissionDenied& denied) {
    write_type(out, MessageType::auth);
    out.u8(0);
    out.var_string(denied.reason);
  }
};

}  // namespace

Result<PlainMessage> decode_plain(BytesView frame) {
  lib0::Decoder in(frame);
  BOSSEY_TRY(PlainMessage message, read_plain(in));
  BOSSEY_TRY_VOID(in.expect_end());
  return message;
}

Bytes encode_plain(const PlainMessage& message) {
  lib0::Encoder out;
  std::visit(PlainWriter{out}, message);
  return out.take();
}

}  // namespace bossey::sync
