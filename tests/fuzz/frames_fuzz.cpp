// Frames of both framings: what decodes must encode to something that decodes to the same value again.
#include <cstddef>
#include <cstdint>

#include "base/error.hpp"
#include "sync/hocuspocus.hpp"
#include "sync/y_websocket.hpp"

using namespace bossey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  if (const auto frame = sync::decode_client_frame(input)) {
    const auto again = sync::decode_client_frame(sync::encode(*frame));
    BOSSEY_CHECK(again && *again == *frame);
  }
  if (const auto frame = sync::decode_server_frame(input)) {
    const auto again = sync::decode_server_frame(sync::encode(*frame));
    BOSSEY_CHECK(again && *again == *frame);
  }
  if (const auto message = sync::decode_plain(input)) {
    const auto again = sync::decode_plain(sync::encode_plain(*message));
    BOSSEY_CHECK(again && *again == *message);
  }
  return 0;
}
