#include "room/room.hpp"

#include <doctest/doctest.h>

#include <string>

#include "crdt/updates.hpp"
#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

TEST_SUITE("room/room") {
  TEST_CASE_FIXTURE(TwoClients,
                    "a client is let in, gets the stored text, and its words reach the others and the disk") {
    anna.connect();
    settle(world, {&anna});
    CHECK(anna.all<sync::Authenticated>() == std::vector{sync::Authenticated{false}});
    CHECK(anna.statuses() == "1");
    bela.connect();
    settle(world, {&anna, &bela});
    anna.type("Norms");
    settle(world, {&anna, &bela});
    CHECK(bela.text() == "Norms");
    CHECK(anna.statuses() == "11");
    CHECK(anna.heard_stateless(R"({"type":"saved","seq":1})"));
    CHECK(world.listener.changes == 1);
    CHECK(world.listener.authors == std::vector{PersonId{1}});
    world.restart();
    Client clara(world, 3, "person 3");
    clara.connect();
    settle(world, {&clara});
    CHECK(clara.text() == "Norms");
  }

  TEST_CASE("the server's SyncStep1 and the stored text come before any word of being synced") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    anna.type("Norms");
    settle(world, {&anna});
    anna.disconnect();
    world.restart();
    Client bela(world, 2, "person 2");
    bela.connect();
    CHECK(bela.outbox->frames.empty());
    settle(world, {&bela});
    REQUIRE(bela.heard.size() >= 3);
    CHECK(std::holds_alternative<sync::Authenticated>(bela.heard[0]));
    CHECK(std::holds_alternative<sync::SyncStep1>(bela.heard[1]));
    REQUIRE(std::holds_alternative<sync::SyncStep2>(bela.heard[2]));
    CHECK(bela.text() == "Norms");
  }

  TEST_CASE_FIXTURE(TwoWriters, "fan-out does not wait for the disk, the acknowledgement does") {
    anna.type("x");
    CHECK(anna.outbox->frames.empty());
    // One turn of the loop. The journal may or may not have answered by now; fan-out must have happened.
    world.scheduler.run_posted();
    bela.process();
    CHECK(bela.text() == "x");
    settle(world, {&anna, &bela});
    CHECK(anna.statuses() == "11");
  }

  TEST_CASE_FIXTURE(TwoClients, "frames of one turn are fanned out as one, but journalled each with its author") {
    Client clara(world, 3, "person 3");
    for (Client* client : {&anna, &bela, &clara}) client->connect();
    settle(world, {&anna, &bela, &clara});
    anna.type("a");
    anna.type("b");
    bela.type("c");
    settle(world, {&anna, &bela, &clara});
    CHECK(clara.all<sync::SyncUpdate>().size() == 1);
    CHECK(clara.text().size() == 3);
    CHECK(anna.text() == clara.text());
    CHECK(bela.text() == clara.text());
    const auto loaded = world.journal->load_now({"section/s1"});
    REQUIRE(loaded);
    REQUIRE(loaded->updates.size() == 3);
    CHECK(loaded->updates[0].person == PersonId{1});
    CHECK(loaded->updates[2].person == PersonId{2});
  }

  TEST_CASE_FIXTURE(OneWriter, "an author alone in a turn does not get its own words back") {
    anna.type("a");
    settle(world, {&anna});
    CHECK(anna.all<sync::SyncUpdate>().empty());
  }

  TEST_CASE_FIXTURE(OneWriter, "every SyncStep2 and update is answered once, in order, also those without effect") {
    anna.type("a");
    const Bytes full = anna.doc.encode_state_as_update();
    anna.send(sync::SyncUpdate{full});
    anna.send(sync::SyncStep2{full});
    anna.send(sync::SyncUpdate{{0, 0}});
    settle(world, {&anna});
    CHECK(anna.statuses() == "11111");
    const auto loaded = world.journal->load_now({"section/s1"});
    REQUIRE(loaded);
    CHECK(loaded->updates.size() == 1);
  }

  TEST_CASE_FIXTURE(TwoWriters, "words typed offline arrive once, after reconnecting") {
    anna.disconnect();
    anna.type("offline ");
    bela.type("online ");
    settle(world, {&bela});
    anna.connect();
    settle(world, {&anna, &bela});
    CHECK(anna.text() == bela.text());
    CHECK(anna.text().find("offline ") != std::string::npos);
    CHECK(anna.text().find("online ") != std::string::npos);
    CHECK(anna.text().size() == 15);
  }

  TEST_CASE_FIXTURE(OneWriter, "the content hash is compared on request") {
    anna.type("Norms");
    settle(world, {&anna});
    const auto hash = world.room("section/s1")->content_hash();
    REQUIRE(hash);
    anna.send(sync::Stateless{R"({"type":"hash","content_hash":")" + hash->hex() + "\"}"});
    anna.send(sync::Stateless{R"({"type":"hash","content_hash":"00"})"});
    anna.send(sync::Stateless{"not json"});
    anna.send(sync::Stateless{R"({"type":"hash","content_hash":7})"});
    settle(world, {&anna});
    CHECK(anna.heard_stateless(R"("equal":true)"));
    CHECK(anna.heard_stateless(R"("equal":false)"));
    CHECK(anna.outbox->open);
  }
}
