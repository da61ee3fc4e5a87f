#include "sync/hocuspocus.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "protocol/sync/hex.hpp"
#include "sync/limits.hpp"

using namespace bossey;
using namespace bossey::sync;
using bossey::test::hex;

namespace {

struct ClientRow {
  const char* name;
  const char* bytes;
  ClientFrame frame;
};
struct ServerRow {
  const char* name;
  const char* bytes;
  ServerFrame frame;
};

// The tables of docs/formats/sync.md. The octets were recorded from @hocuspocus/provider 4.8 and its server.
const std::vector<ClientRow> kClientRows = {
    {"Auth", "02 73 31 02 00 03 74 6f 6b 05 34 2e 38 2e 30", {"s1", AuthToken{"tok", "4.8.0"}}},
    {"Auth of an older provider", "02 73 31 02 00 03 74 6f 6b", {"s1", AuthToken{"tok", ""}}},
    {"SyncStep1", "02 73 31 00 00 01 00", {"s1", SyncStep1{{0}}}},
    {"SyncStep2", "02 73 31 00 01 02 00 00", {"s1", SyncStep2{{0, 0}}}},
    {"Update",
     "02 73 31 00 02 0c 01 01 01 00 04 01 01 74 02 48 69 00",
     {"s1", SyncUpdate{hex("01 01 01 00 04 01 01 74 02 48 69 00")}}},
    {"Awareness", "02 73 31 01 06 01 01 00 02 7b 7d", {"s1", AwarenessUpdate{hex("01 01 00 02 7b 7d")}}},
    {"QueryAwareness", "02 73 31 03", {"s1", QueryAwareness{}}},
    {"Stateless", "02 73 31 05 02 7b 7d", {"s1", Stateless{"{}"}}},
    {"CLOSE", "02 73 32 07", {"s2", CloseAddress{""}}},
    {"Ping", "09", {"", Ping{}}},
    {"Pong", "0a", {"", Pong{}}},
    {"an address with a session id", "05 73 31 00 78 79 00 00 01 00", {std::string("s1\0xy", 5), SyncStep1{{0}}}},
};

const std::vector<ServerRow> kServerRows = {
    {"Authenticated read-write", "02 73 31 02 02 0a 72 65 61 64 2d 77 72 69 74 65", {"s1", Authenticated{false}}},
    {"Authenticated readonly", "02 73 31 02 02 08 72 65 61 64 6f 6e 6c 79", {"s1", Authenticated{true}}},
    {"PermissionDenied",
     "02 73 31 02 01 11 70 65 72 6d 69 73 73 69 6f 6e 2d 64 65 6e 69 65 64",
     {"s1", PermissionDenied{"permission-denied"}}},
    {"AuthTokenRequest", "02 73 31 02 00", {"s1", AuthTokenRequest{}}},
    {"SyncStep1", "02 73 31 00 00 01 00", {"s1", SyncStep1{{0}}}},
    {"SyncStep2", "02 73 31 00 01 02 00 00", {"s1", SyncStep2{{0, 0}}}},
    {"Update", "02 73 31 00 02 02 00 00", {"s1", SyncUpdate{{0, 0}}}},
    {"SyncStatus applied", "02 73 31 08 01", {"s1", SyncStatus{true}}},
    {"SyncStatus refused", "02 73 31 08 00", {"s1", SyncStatus{false}}},
    {"Awareness", "02 73 31 01 08 01 01 02 04 6e 75 6c 6c", {"s1", AwarenessUpdate{hex("01 01 02 04 6e 75 6c 6c")}}},
    {"Stateless",
     "02 73 31 05 13 7b 22 73 74 61 74 75 73 22 3a 22 61 67 72 65 65 64 22 7d",
     {"s1", Stateless{"{\"status\":\"agreed\"}"}}},
    {"CLOSE", "02 73 31 07 09 46 6f 72 62 69 64 64 65 6e", {"s1", CloseAddress{"Forbidden"}}},
    {"CLOSE without words", "02 73 31 07 00", {"s1", CloseAddress{""}}},
    {"Ping", "09", {"", Ping{}}},
    {"Pong", "0a", {"", Pong{}}},
};

Errc client_error(const Bytes& bytes) {
  const auto frame = decode_client_frame(bytes);
  REQUIRE_FALSE(frame);
  return frame.error().code;
}

}  // namespace

TEST_SUITE("sync/hocuspocus") {
  TEST_CASE("each frame of a client is read and written as the provider does") {
    for (const ClientRow& row : kClientRows) {
      CAPTURE(row.name);
      const Bytes bytes = hex(row.bytes);
      const auto frame = decode_client_frame(bytes);
      REQUIRE(frame);
      CHECK(*frame == row.frame);
      CHECK(encode(row.frame) == bytes);
    }
  }

  TEST_CASE("each frame of a server is read and written as the provider expects") {
    for (const ServerRow& row : kServerRows) {
      CAPTURE(row.name);
      const Bytes bytes = hex(row.bytes);
      const auto frame = decode_server_frame(bytes);
      REQUIRE(frame);
      CHECK(*frame == row.frame);
      CHECK(encode(row.frame) == bytes);
    }
  }

  TEST_CASE("a frame cut anywhere is refused or a shorter frame, never read past its end") {
    for (const ClientRow& row : kClientRows) {
      CAPTURE(row.name);
      const Bytes bytes = hex(row.bytes);
      for (std::size_t size = 0; size + 1 < bytes.size(); ++size) {
        const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const auto frame = decode_client_frame(cut);
        if (frame) CHECK(encode(*frame) == cut);
      }
    }
  }

  TEST_CASE("octets behind a frame are an error") {
    for (const ClientRow& row : kClientRows) {
      Bytes bytes = hex(row.bytes);
      bytes.push_back(0x7f);
      CAPTURE(row.name);
      CHECK(client_error(bytes) == Errc::bad_input);
    }
  }

  TEST_CASE("what only servers may send is refused from a client") {
    CHECK(client_error(hex("02 73 31 06 02 7b 7d")) == Errc::bad_input);  // BroadcastStateless
    CHECK(client_error(hex("02 73 31 08 01")) == Errc::bad_input);        // SyncStatus
    CHECK(client_error(hex("02 73 31 02 02 08 72 65 61 64 6f 6e 6c 79")) == Errc::bad_input);
  }

  TEST_CASE("unknown types, empty addresses and broken UTF-8 are refused") {
    CHECK(client_error({}) == Errc::bad_input);
    CHECK(client_error(hex("02 73 31 0b")) == Errc::bad_input);
    CHECK(client_error(hex("02 73 31 ff ff ff ff ff ff ff ff ff ff 01")) == Errc::bad_input);
    CHECK(client_error(hex("00 00 00 01 00")) == Errc::bad_input);
    CHECK(client_error(hex("02 00 31 03")) == Errc::bad_input);
    CHECK(client_error(hex("02 ff fe 03")) == Errc::bad_input);
    CHECK(client_error(hex("02 73 31 00 03 01 00")) == Errc::bad_input);
  }

  TEST_CASE("fields over their limit are refused as too large") {
    CHECK(client_error(encode(ClientFrame{std::string(kAddressBytesMax + 1, 'a'), QueryAwareness{}})) ==
          Errc::too_large);
    CHECK(client_error(encode(ClientFrame{"a", AuthToken{std::string(kTokenBytesMax + 1, 't'), ""}})) ==
          Errc::too_large);
    CHECK(client_error(encode(ClientFrame{"a", Stateless{std::string(kStatelessBytesMax + 1, 's')}})) ==
          Errc::too_large);
    CHECK(client_error(encode(ClientFrame{"a", AwarenessUpdate{Bytes(kAwarenessBytesMax + 1)}})) == Errc::too_large);
  }

  TEST_CASE("the document is what stands before the first NUL of an address") {
    CHECK(document_of("section/a") == "section/a");
    CHECK(document_of(std::string_view("section/a\0id\0x", 14)) == "section/a");
    CHECK(document_of("").empty());
  }
}
