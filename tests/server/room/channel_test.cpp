#include "room/channel.hpp"

#include <doctest/doctest.h>

#include <string>

#include "protocol/sync/hex.hpp"
#include "room/presence.hpp"
#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

namespace {

room::RoomsOptions scratch_options() {
  room::RoomsOptions options;
  options.scratch = true;
  options.scratch_token = "T";
  return options;
}

/// A socket at /y/<document>.
struct PlainSocket {
  PlainSocket(World& world, const std::vector<std::string>& path, const std::string& token) {
    outbox = std::make_shared<KeptOutbox>();
    net::HttpRequest request;
    request.path = path;
    if (!token.empty()) request.query = {{"token", token}};
    auto accepted = world.door->accept(request, outbox);
    REQUIRE(accepted);
    peer = *accepted;
  }
  ~PlainSocket() { peer->on_closed(); }
  void send(const sync::PlainMessage& message) { peer->on_frame(sync::encode_plain(message)); }
  std::vector<sync::PlainMessage> take() {
    std::vector<sync::PlainMessage> messages;
    for (const Bytes& frame : std::exchange(outbox->frames, {})) {
      auto message = sync::decode_plain(frame);
      REQUIRE(message);
      messages.push_back(std::move(*message));
    }
    return messages;
  }
  std::shared_ptr<KeptOutbox> outbox;
  std::shared_ptr<net::SocketPeer> peer;
};

}  // namespace

TEST_SUITE("room/channel") {
  TEST_CASE("what is sent before authentication waits for it") {
    World world;
    world.gate.slow = true;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    CHECK(anna.heard.empty());
    // Asked a second time when the document has been read.
    for (int i = 0; i < 2; ++i) {
      for (const auto& identify : std::exchange(world.gate.waiting, {})) identify();
      settle(world, {&anna});
    }
    CHECK(anna.all<sync::Authenticated>().size() == 1);
    CHECK(anna.all<sync::SyncStep2>().size() == 1);
  }

  TEST_CASE("a wrong token and an unknown document are denied with a reason; the socket lives on") {
    World world;
    Client nobody(world, 1, "wrong");
    nobody.connect();
    settle(world, {&nobody});
    CHECK(nobody.all<sync::PermissionDenied>() == std::vector{sync::PermissionDenied{"sign in first"}});
    CHECK(nobody.outbox->open);
    CHECK(nobody.all<sync::SyncStep2>().empty());
    for (const char* name :
         {"section/x", "../etc/passwd", "section/../s1", "section\\s1", "/", "a//b", "scratch/a", "\x01"}) {
      CAPTURE(std::string(name));
      Client anna(world, 1, "person 1", name);
      anna.connect();
      settle(world, {&anna});
      REQUIRE(anna.all<sync::PermissionDenied>().size() == 1);
      CHECK(anna.all<sync::PermissionDenied>()[0].reason == "there is no such document, or it is not for you");
    }
  }

  TEST_CASE("an address with a session id is answered with exactly that address, and two are two clients") {
    World world;
    Client one(world, 1, "person 1", std::string("section/s1\0one", 14));
    Client two(world, 2, "person 1", std::string("section/s1\0two", 14));
    one.connect();
    two.connect();
    settle(world, {&one, &two});
    one.type("a");
    settle(world, {&one, &two});
    CHECK(two.text() == "a");
    CHECK(world.room("section/s1")->present().size() == 2);
  }

  TEST_CASE_FIXTURE(OneWriter, "CLOSE detaches one document and is answered") {
    anna.send(sync::CloseAddress{});
    settle(world, {&anna});
    CHECK(anna.all<sync::CloseAddress>() == std::vector{sync::CloseAddress{"provider_initiated"}});
    CHECK(world.room("section/s1")->present().empty());
    CHECK(anna.outbox->open);
    anna.send(sync::AuthToken{"person 1", ""});
    settle(world, {&anna});
    CHECK(world.room("section/s1")->present().size() == 1);
  }

  TEST_CASE_FIXTURE(OneWriter, "a ping is answered, and one is sent before a provider loses patience") {
    anna.send_raw({9});
    anna.process();
    CHECK(anna.all<sync::Pong>().size() == 1);
    CHECK(anna.all<sync::Ping>().empty());
    world.scheduler.advance(15'000);
    anna.process();
    CHECK(anna.all<sync::Ping>().size() == 1);
  }

  TEST_CASE("malformed frames close the offender with a code and a reason, and nobody else") {
    World world;
    Client bela(world, 2, "person 2");
    bela.connect();
    settle(world, {&bela});
    const std::vector<Bytes> bad = {
        {},
        {0xff},
        hex("02 73 31 0b"),
        sync::encode(sync::ClientFrame{"section/s1", sync::SyncUpdate{{0xff, 0xff, 0xff}}}),
        sync::encode(sync::ClientFrame{"section/s1", sync::SyncStep2{{1}}}),
        sync::encode(sync::ClientFrame{"section/s1", sync::SyncStep1{{0x02, 0x01}}}),
        sync::encode(sync::ClientFrame{"section/s1", sync::AwarenessUpdate{hex("01 01 00 01 5b")}}),
        sync::encode(sync::ClientFrame{"section/s1", sync::SyncUpdate{hex("01 01 01 00 04 01 01 74 02 48 69 00 00")}}),
    };
    for (const Bytes& frame : bad) {
      CAPTURE(to_hex(frame));
      Client anna(world, 1, "person 1");
      anna.connect();
      settle(world, {&anna});
      anna.send_raw(frame);
      settle(world, {&anna, &bela});
      CHECK(anna.outbox->closed_with == net::CloseCode::bad_frame);
      CHECK_FALSE(anna.outbox->reason.empty());
    }
    bela.type("fine");
    settle(world, {&bela});
    CHECK(bela.statuses() == "11");
  }

  TEST_CASE("too much before authentication closes with 4205") {
    World world;
    Client frames(world, 1, "person 1");
    frames.open();
    for (int i = 0; i < 1'001; ++i) frames.send(sync::QueryAwareness{});
    CHECK(frames.outbox->closed_with == net::CloseCode::reset);
    Client octets(world, 1, "person 1");
    octets.open();
    for (int i = 0; i < 6; ++i) octets.send(sync::SyncUpdate{Bytes(1'000'000)});
    CHECK(octets.outbox->closed_with == net::CloseCode::reset);
    Client documents(world, 1, "person 1");
    documents.open();
    for (int i = 0; i < 101; ++i)
      documents.send_raw(sync::encode(sync::ClientFrame{"section/s" + std::to_string(i), sync::SyncStep1{{0}}}));
    CHECK(documents.outbox->closed_with == net::CloseCode::reset);
  }

  TEST_CASE("a hundred documents over one socket are all served, three thousand are not") {
    World world;
    Client many(world, 1, "person 1");
    many.open();
    const auto attach = [&](int i) {
      const std::string name = "section/s" + std::to_string(i);
      many.send_raw(sync::encode(sync::ClientFrame{name, sync::AuthToken{"person 1", "4.8.0"}}));
      many.send_raw(sync::encode(sync::ClientFrame{name, sync::SyncStep1{{0}}}));
    };
    for (int i = 0; i < 150; ++i) attach(i);
    world.scheduler.run_until([&] { return many.outbox->frames.size() >= 450; });
    CHECK(many.outbox->open);
    for (int i = 150; i < 3'000; ++i) attach(i);
    CHECK(many.outbox->closed_with == net::CloseCode::reset);
    many.outbox->frames.clear();
    many.disconnect();
    world.barrier();
  }

  TEST_CASE("a socket that never authenticates is closed in time") {
    World world;
    Client silent(world, 1, "person 1");
    silent.open();
    world.scheduler.advance(20'000);
    CHECK(silent.outbox->closed_with == net::CloseCode::timed_out);
  }

  TEST_CASE("the text of a document waits while the client does not read") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    anna.type("text");
    settle(world, {&anna});
    Client bela(world, 2, "person 2");
    bela.open();
    bela.outbox->buffered = 1'000'000;
    bela.send(sync::AuthToken{"person 2", ""});
    bela.send(sync::SyncStep1{{0}});
    settle(world, {&bela});
    CHECK(bela.all<sync::SyncStep2>().empty());
    // What the client has is asked for at once: its words must not wait for a download.
    CHECK(bela.all<sync::SyncStep1>().size() == 1);
    CHECK(bela.statuses() == "1");
    anna.type(" and more");
    settle(world, {&anna, &bela});
    CHECK(bela.all<sync::SyncUpdate>().empty());
    bela.outbox->buffered = 0;
    bela.peer->on_writable();
    settle(world, {&anna, &bela});
    CHECK(bela.text() == "text and more");
    CHECK(bela.all<sync::SyncStep1>().size() == 1);
  }

  TEST_CASE_FIXTURE(TwoWriters, "presence is shared with the server's names, and ends with the socket") {
    anna.send(sync::AwarenessUpdate{sync::encode_awareness({{1, 1, R"({"user":{"name":"The Chair","person":9}})"}})});
    settle(world, {&anna, &bela});
    const auto seen = bela.all<sync::AwarenessUpdate>();
    REQUIRE(seen.size() == 1);
    const auto states = sync::decode_awareness(seen[0].update);
    REQUIRE(states);
    CHECK(states->at(0).state == R"({"user":{"color":"#112231","name":"Person 1","person":1}})");
    Client clara(world, 3, "person 3");
    clara.connect();
    settle(world, {&clara});
    CHECK(clara.all<sync::AwarenessUpdate>() == seen);
    anna.disconnect();
    settle(world, {&bela, &clara});
    const auto gone = sync::decode_awareness(bela.all<sync::AwarenessUpdate>().back().update);
    REQUIRE(gone);
    CHECK(*gone == std::vector<sync::AwarenessEntry>{{1, 1, "null"}});
  }

  TEST_CASE("nobody appears as somebody else, wherever the state says who it is") {
    const room::Identity anna{PersonId{1}, "Anna", "", {}};
    const room::Identity nobody;
    CHECK(room::with_identity(R"({"name":"Chair","person":9,"section":"s1"})", anna) ==
          R"({"name":"Anna","person":1,"section":"s1"})");
    CHECK(room::with_identity(R"({"person":9})", anna) == R"({"person":1})");
    CHECK(room::with_identity(R"({"name":["Chair"],"user":"Chair"})", anna) ==
          R"({"name":"Anna","user":{"name":"Anna","person":1}})");
    CHECK(room::with_identity(R"({"person":9,"user":{"name":"x","person":9}})", nobody) == R"({"user":{"name":"x"}})");
    CHECK(room::with_identity(R"({ "section": "s1" })", anna) == R"({ "section": "s1" })");
  }

  TEST_CASE_FIXTURE(TwoClients, "a state that is not renewed is ended for the others") {
    anna.connect();
    bela.connect();
    anna.send(sync::AwarenessUpdate{sync::encode_awareness({{1, 1, "{}"}})});
    settle(world, {&anna, &bela});
    world.scheduler.advance(40'000);
    settle(world, {&bela});
    const auto gone = sync::decode_awareness(bela.all<sync::AwarenessUpdate>().back().update);
    REQUIRE(gone);
    CHECK(gone->at(0).is_gone());
  }

  TEST_CASE_FIXTURE(OneWriter, "ghost states beyond the limit close the offender") {
    std::vector<sync::AwarenessEntry> ghosts;
    for (std::uint64_t i = 0; i < 2'000; ++i) ghosts.push_back({i, 1, "{}"});
    anna.send(sync::AwarenessUpdate{sync::encode_awareness(ghosts)});
    CHECK_FALSE(anna.outbox->open);
  }

  TEST_CASE("the document of a group has no text but carries events and presence") {
    World world;
    Client anna(world, 1, "person 1", "group/g");
    Client bela(world, 2, "person 2", "group/g");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    CHECK(anna.all<sync::Authenticated>() == std::vector{sync::Authenticated{true}});
    CHECK(anna.statuses() == "1");
    anna.type("text");
    world.rooms->broadcast({"group/g"}, R"({"type":"outline"})");
    world.rooms->tell({"group/g"}, PersonId{2}, R"({"type":"access"})");
    settle(world, {&anna, &bela});
    CHECK(anna.statuses() == "10");
    CHECK(bela.text().empty());
    CHECK(anna.heard_stateless("outline"));
    CHECK(bela.heard_stateless("outline"));
    CHECK(bela.heard_stateless("access"));
    CHECK_FALSE(anna.heard_stateless("access"));
  }

  TEST_CASE("whoever comes to a group while nothing can be saved is told, and nobody after that") {
    World world;
    world.rooms->set_standing(R"({"type":"trouble"})");
    Client anna(world, 1, "person 1", "group/g");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    CHECK(anna.heard_stateless("trouble"));
    CHECK_FALSE(bela.heard_stateless("trouble"));
    world.rooms->set_standing({});
    Client cleo(world, 3, "person 3", "group/g");
    cleo.connect();
    settle(world, {&cleo});
    CHECK_FALSE(cleo.heard_stateless("trouble"));
  }

  TEST_CASE("scratch documents need the option and the token, take any content and are journalled") {
    World world(scratch_options());
    Client wrong(world, 1, "t", "scratch/a");
    wrong.connect();
    settle(world, {&wrong});
    CHECK(wrong.all<sync::PermissionDenied>().size() == 1);
    Client right(world, 1, "T", "scratch/a b/ü");
    right.connect();
    settle(world, {&right});
    REQUIRE(right.doc.map("m").set("k", lib0::Any("v")));
    REQUIRE(right.doc.array("l").push({lib0::Any(1)}));
    settle(world, {&right});
    CHECK(right.statuses() == "111");
    right.disconnect();
    world.restart();
    Client again(world, 2, "T", "scratch/a b/ü");
    again.connect();
    settle(world, {&again});
    CHECK(again.doc.map("m").to_json() == right.doc.map("m").to_json());
  }

  TEST_CASE("y-websocket clients share a document with the others") {
    World world(scratch_options());
    Client anna(world, 1, "T", "scratch/a");
    anna.connect();
    anna.type("one");
    settle(world, {&anna});
    PlainSocket plain(world, {"y", "scratch", "a"}, "T");
    world.barrier();
    const auto hello = plain.take();
    REQUIRE(hello.size() == 1);
    CHECK(std::holds_alternative<sync::SyncStep1>(hello[0]));
    plain.send(sync::SyncStep1{{0}});
    const auto text = plain.take();
    REQUIRE(text.size() == 1);
    crdt::Doc doc(crdt::ClientId{7});
    REQUIRE(doc.apply_update(std::get<sync::SyncStep2>(text[0]).update));
    CHECK(doc.text("title").plain() == "one");
    const auto known = doc.state_vector();
    REQUIRE(doc.text("title").insert(3, " two"));
    plain.send(sync::SyncUpdate{doc.encode_state_as_update(known)});
    settle(world, {&anna});
    CHECK(anna.text() == "one two");
    anna.type(" three");
    settle(world, {&anna});
    const auto update = plain.take();
    REQUIRE(update.size() == 1);
    REQUIRE(doc.apply_update(std::get<sync::SyncUpdate>(update[0]).update));
    CHECK(doc.text("title").plain() == "one two three");
    world.scheduler.advance(13'000);
    CHECK(plain.take().size() == 1);
  }

  TEST_CASE("a y-websocket client with a wrong token or document is told and closed") {
    World world(scratch_options());
    PlainSocket wrong(world, {"y", "scratch", "a"}, "no");
    CHECK(wrong.outbox->closed_with == net::CloseCode::unauthorized);
    CHECK(std::holds_alternative<sync::PermissionDenied>(wrong.take().at(0)));
    PlainSocket unknown(world, {"y", "section", "x"}, "person 1");
    CHECK(unknown.outbox->closed_with == net::CloseCode::forbidden);
    PlainSocket malformed(world, {"y", "section", "s1"}, "person 1");
    world.barrier();
    malformed.peer->on_frame(Bytes{0, 2, 1});
    CHECK(malformed.outbox->closed_with == net::CloseCode::bad_frame);
  }

  TEST_CASE("sockets elsewhere are not found") {
    World world;
    for (const std::vector<std::string>& path : {std::vector<std::string>{}, {"y"}, {"sync", "x"}, {"api"}}) {
      net::HttpRequest request;
      request.path = path;
      const auto accepted = world.door->accept(request, std::make_shared<KeptOutbox>());
      REQUIRE_FALSE(accepted);
      CHECK(accepted.error().code == Errc::not_found);
    }
  }
}
