#include "sync/y_websocket.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "protocol/sync/hex.hpp"

using namespace bossey;
using namespace bossey::sync;
using bossey::test::hex;

namespace {

struct Row {
  const char* name;
  const char* bytes;
  PlainMessage message;
};

// The table of docs/formats/sync.md.
const std::vector<Row> kRows = {
    {"SyncStep1", "00 00 01 00", SyncStep1{{0}}},
    {"SyncStep2", "00 01 02 00 00", SyncStep2{{0, 0}}},
    {"Update", "00 02 02 00 00", SyncUpdate{{0, 0}}},
    {"Awareness", "01 06 01 01 00 02 7b 7d", AwarenessUpdate{hex("01 01 00 02 7b 7d")}},
    {"PermissionDenied", "02 00 02 6e 6f", PermissionDenied{"no"}},
    {"QueryAwareness", "03", QueryAwareness{}},
};

}  // namespace

TEST_SUITE("sync/y_websocket") {
  TEST_CASE("each message is read and written as y-websocket does") {
    for (const Row& row : kRows) {
      CAPTURE(row.name);
      const Bytes bytes = hex(row.bytes);
      const auto message = decode_plain(bytes);
      REQUIRE(message);
      CHECK(*message == row.message);
      CHECK(encode_plain(row.message) == bytes);
    }
  }

  TEST_CASE("a message cut anywhere, with octets behind it or of unknown type is refused") {
    for (const Row& row : kRows) {
      CAPTURE(row.name);
      Bytes bytes = hex(row.bytes);
      for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_plain(BytesView(bytes).first(size)));
      bytes.push_back(0);
      CHECK_FALSE(decode_plain(bytes));
    }
    CHECK_FALSE(decode_plain(hex("04")));
    CHECK_FALSE(decode_plain(hex("05 02 7b 7d")));
    CHECK_FALSE(decode_plain(hex("02 01 02 6e 6f")));
    CHECK_FALSE(decode_plain(hex("00 00 ff ff ff ff ff ff ff ff 7f")));
  }
}
