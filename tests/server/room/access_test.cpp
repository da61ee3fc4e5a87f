// Who may read and write, also when that changes while they are connected.
#include "room/room.hpp"

#include <doctest/doctest.h>

#include <string>

#include "crdt/updates.hpp"
#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

TEST_SUITE("room/access") {
  TEST_CASE("who may only read is answered 0 for words, 1 for nothing new, and changes nothing") {
    World world;
    world.gate.rights[{5, "section/s1"}] = room::Access::read;
    Client anna(world, 1, "person 1");
    Client reader(world, 5, "person 5");
    anna.connect();
    settle(world, {&anna});
    anna.type("text");
    reader.connect();
    settle(world, {&anna, &reader});
    CHECK(reader.all<sync::Authenticated>() == std::vector{sync::Authenticated{true}});
    CHECK(reader.text() == "text");
    CHECK(reader.statuses() == "1");
    reader.type("!");
    settle(world, {&anna, &reader});
    CHECK(reader.statuses() == "10");
    CHECK(anna.text() == "text");
    anna.type(".");
    settle(world, {&anna, &reader});
    CHECK(reader.text().find("text.") != std::string::npos);
  }

  TEST_CASE("a reader's clean-up of formatting is dropped in silence") {
    World world;
    world.gate.rights[{5, "section/s1"}] = room::Access::read;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    REQUIRE(anna.doc.text("title").insert(0, "bold"));
    crdt::Attributes strong;
    strong.set("strong", true);
    REQUIRE(anna.doc.text("title").format(0, 4, strong));
    settle(world, {&anna});
    // An update that deletes the two format marks (clocks 4 and 5 of client 1) and nothing else.
    Client reader(world, 5, "person 5");
    reader.connect();
    settle(world, {&anna, &reader});
    reader.send(sync::SyncUpdate{{0, 1, 1, 1, 4, 2}});
    settle(world, {&anna, &reader});
    CHECK(reader.statuses() == "11");
    reader.send(sync::SyncUpdate{{0, 1, 1, 1, 0, 1}});
    settle(world, {&anna, &reader});
    CHECK(reader.statuses() == "110");
    CHECK(anna.text() == "bold");
  }

  TEST_CASE_FIXTURE(OneWriter, "access that changes is felt at once on an open connection") {
    anna.type("a");
    settle(world, {&anna});
    world.gate.rights[{1, "section/s1"}] = room::Access::read;
    world.rooms->recheck(PersonId{1});
    anna.type("b");
    settle(world, {&anna});
    CHECK(anna.all<sync::Authenticated>().back() == sync::Authenticated{true});
    CHECK(anna.statuses() == "110");
    world.gate.rights[{1, "section/s1"}] = room::Access::none;
    world.rooms->recheck(DocumentId{"section/s1"});
    settle(world, {&anna});
    CHECK(anna.all<sync::PermissionDenied>().size() == 1);
    CHECK(world.room("section/s1")->present().empty());
    anna.type("c");
    settle(world, {&anna});
    CHECK(anna.statuses() == "110");
    world.rooms->sign_out(PersonId{1});
    CHECK(anna.outbox->open);
  }

  TEST_CASE_FIXTURE(OneWriter, "whoever is signed out loses the whole socket") {
    world.rooms->sign_out(PersonId{2});
    CHECK(anna.outbox->open);
    world.rooms->sign_out(PersonId{1});
    CHECK(anna.outbox->closed_with == net::CloseCode::unauthorized);
  }

  TEST_CASE("rights that end while a document is being read are not there when it is open") {
    for (const bool signed_out : {false, true}) {
      CAPTURE(signed_out);
      World world;
      Client anna(world, 1, "person 1");
      anna.connect();
      REQUIRE(world.rooms->find({"section/s1"}) == nullptr);
      if (signed_out) {
        world.gate.ended.insert("person 1");
        world.rooms->sign_out(PersonId{1});
      } else {
        world.gate.rights[{1, "section/s1"}] = room::Access::none;
        world.rooms->recheck(PersonId{1});
      }
      settle(world, {&anna});
      CHECK(anna.all<sync::Authenticated>().empty());
      CHECK(anna.all<sync::SyncStep2>().empty());
      REQUIRE(anna.all<sync::PermissionDenied>().size() == 1);
      CHECK((anna.all<sync::PermissionDenied>()[0].reason == "sign in first") == signed_out);
    }
  }
}
