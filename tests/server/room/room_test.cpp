#include "room/room.hpp"

#include <doctest/doctest.h>

#include <string>

#include "crdt/updates.hpp"
#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

TEST_SUITE("room/room") {
  TEST_CASE("a client is let in, gets the stored text, and its words reach the others and the disk") {
    World world;
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
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

  TEST_CASE("fan-out does not wait for the disk, the acknowledgement does") {
    World world;
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    anna.type("x");
    CHECK(anna.outbox->frames.empty());
    // One turn of the loop. The journal may or may not have answered by now; fan-out must have happened.
    world.scheduler.run_posted();
    bela.process();
    CHECK(bela.text() == "x");
    settle(world, {&anna, &bela});
    CHECK(anna.statuses() == "11");
  }

  TEST_CASE("frames of one turn are fanned out as one, but journalled each with its author") {
    World world;
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
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

  TEST_CASE("an author alone in a turn does not get its own words back") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    anna.type("a");
    settle(world, {&anna});
    CHECK(anna.all<sync::SyncUpdate>().empty());
  }

  TEST_CASE("every SyncStep2 and update is answered once, in order, also those without effect") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
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

  TEST_CASE("words typed offline arrive once, after reconnecting") {
    World world;
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
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

  TEST_CASE("access that changes is felt at once on an open connection") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
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

  TEST_CASE("whoever is signed out loses the whole socket") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
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

  TEST_CASE("held writes wait without an answer and are applied in order on release") {
    World world;
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    anna.type("a");
    const auto room = world.room("section/s1");
    room->hold();
    anna.type("b");
    bela.type("c");
    anna.type("d");
    settle(world, {&anna, &bela});
    CHECK(room->is_held());
    CHECK(room->section().title == "a");
    CHECK(anna.statuses() == "11");
    // Somebody who comes meanwhile is not kept waiting for the answer to nothing new.
    Client clara(world, 3, "person 3");
    clara.connect();
    settle(world, {&clara});
    CHECK(clara.statuses() == "1");
    room->release();
    settle(world, {&anna, &bela, &clara});
    CHECK(anna.statuses() == "1111");
    CHECK(bela.statuses() == "11");
    CHECK(clara.text().size() == 4);
    CHECK(clara.text() == anna.text());
    CHECK(clara.text() == bela.text());
  }

  TEST_CASE("more than a hold can keep closes the offender, not the others") {
    room::RoomsOptions options;
    options.held_updates_max = 3;
    World world(options);
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    const auto room = world.room("section/s1");
    room->hold();
    for (int i = 0; i < 5; ++i) anna.type("a");
    CHECK(anna.outbox->closed_with == net::CloseCode::overloaded);
    CHECK(bela.outbox->open);
    room->release();
    settle(world, {&bela});
    CHECK(bela.text() == "aaa");
  }

  TEST_CASE("the server's own edit is fanned out when it is on disk, and edits wait for each other") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    anna.type("Norms");
    settle(world, {&anna});
    const auto room = world.room("section/s1");
    std::vector<std::string> answers;
    const auto append = [&](const std::string& text) {
      room->edit(
          [text](crdt::Doc& doc) {
            auto title = doc.text("title");
            return title.insert(title.length_utf16(), text);
          },
          PersonId{7},
          [&answers, text](Result<JournalSeq> seq) {
            answers.push_back(text + (seq ? std::to_string(seq->value) : ""));
          });
    };
    append(" and");
    append(" values");
    CHECK(room->section().title == "Norms");
    settle(world, {&anna});
    CHECK(answers == std::vector<std::string>{" and2", " values3"});
    CHECK(anna.text() == "Norms and values");
    room->edit([](crdt::Doc&) { return fail(Errc::conflict, "no"); }, {},
               [&](Result<JournalSeq> seq) { answers.push_back(seq ? "" : seq.error().detail); });
    room->edit([](crdt::Doc&) { return Result<void>{}; }, {},
               [&](Result<JournalSeq> seq) { answers.push_back(std::to_string(seq->value)); });
    CHECK(answers.size() == 4);
    CHECK(answers[2] == "no");
    CHECK(answers[3] == "3");
    world.restart();
    CHECK(world.room("section/s1")->section().title == "Norms and values");
  }

  TEST_CASE("the content hash is compared on request") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
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

  TEST_CASE("a snapshot bounds what is read again, and loses nothing") {
    room::RoomsOptions options;
    options.snapshot_rows = 10;
    World world(options);
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    for (int i = 0; i < 25; ++i) {
      anna.type(std::to_string(i % 10));
      settle(world, {&anna});
    }
    const auto loaded = world.journal->load_now({"section/s1"});
    REQUIRE(loaded);
    CHECK(loaded->snapshot);
    CHECK(loaded->updates.size() < 10);
    world.restart();
    CHECK(world.room("section/s1")->section().title == "0123456789012345678901234");
  }

  TEST_CASE("a room that nobody uses closes, and opens again with its text") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    anna.type("Norms");
    settle(world, {&anna});
    world.scheduler.advance(120'000);
    CHECK(world.rooms->find({"section/s1"}) != nullptr);
    anna.disconnect();
    world.scheduler.run_posted();
    world.scheduler.advance(120'000);
    CHECK(world.rooms->find({"section/s1"}) == nullptr);
    CHECK(world.room("section/s1")->section().title == "Norms");
  }

  TEST_CASE("a row that cannot be applied is passed over when a document opens") {
    World world;
    REQUIRE(world.journal->append(journal::UpdateRow{{"section/s1"}, PersonId{1}, {}, {0xff, 0xff}, 0}));
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    anna.type("a");
    settle(world, {&anna});
    CHECK(anna.statuses() == "11");
  }

  TEST_CASE("an update that the document would refuse is in no row") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    anna.send(sync::SyncUpdate{too_many_deletes()});
    settle(world, {&anna});
    CHECK(anna.outbox->closed_with == net::CloseCode::too_big);
    CHECK(anna.statuses() == "1");
    CHECK(world.journal->last_appended() == JournalSeq{0});
  }

  TEST_CASE("an update without its predecessors is answered when they have come, and is in no row before") {
    World world;
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    anna.quiet = true;
    anna.type("a");
    const Bytes first = anna.doc.encode_state_as_update();
    const auto known = anna.doc.state_vector();
    anna.type("b");
    anna.send(sync::SyncUpdate{anna.doc.encode_state_as_update(known)});
    settle(world, {&anna, &bela});
    CHECK(anna.statuses() == "1");
    CHECK(bela.text().empty());
    CHECK(world.journal->last_appended() == JournalSeq{0});
    anna.send(sync::SyncUpdate{first});
    settle(world, {&anna, &bela});
    CHECK(anna.statuses() == "111");
    CHECK(bela.text() == "ab");
    world.restart();
    CHECK(world.room("section/s1")->section().title == "ab");
  }

  TEST_CASE("words typed behind offline words are all late, or all text, when a decision falls in between") {
    for (const bool decided : {false, true}) {
      CAPTURE(decided);
      World world;
      Client anna(world, 1, "person 1");
      anna.connect();
      settle(world, {&anna});
      anna.disconnect();
      anna.type("offline");
      anna.connect();
      // Before the server's SyncStep1 is answered.
      anna.type(" online");
      if (decided) world.room("section/s1")->close(41);
      settle(world, {&anna});
      const auto room = world.room("section/s1");
      CHECK(room->section().title == (decided ? "" : "offline online"));
      CHECK_FALSE(room->doc().has_pending());
      CHECK(anna.statuses() == (decided ? "100" : "111"));
    }
  }

  TEST_CASE("what was pending reaches also the client that brought what it waited for") {
    World world;
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    anna.quiet = true;
    anna.type("a");
    const Bytes first = anna.doc.encode_state_as_update();
    const auto known = anna.doc.state_vector();
    anna.type("b");
    anna.send(sync::SyncUpdate{anna.doc.encode_state_as_update(known)});
    settle(world, {&anna, &bela});
    REQUIRE(bela.doc.apply_update(first));
    bela.send(sync::SyncUpdate{first});
    settle(world, {&anna, &bela});
    CHECK(bela.text() == "ab");
  }

  TEST_CASE("too much without predecessors closes the offender; others go on writing") {
    room::RoomsOptions options;
    options.pending_bytes_max = 200;
    World world(options);
    Client anna(world, 1, "person 1");
    Client bela(world, 2, "person 2");
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
    anna.quiet = true;
    anna.type("first");
    for (int i = 0; i < 100 && anna.outbox->open; ++i) {
      const auto known = anna.doc.state_vector();
      anna.type("x");
      anna.send(sync::SyncUpdate{anna.doc.encode_state_as_update(known)});
    }
    CHECK(anna.outbox->closed_with == net::CloseCode::reset);
    bela.type("fine");
    settle(world, {&bela});
    CHECK(bela.statuses() == "11");
  }

  TEST_CASE("when_durable calls back with the last row") {
    World world;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    const auto room = world.room("section/s1");
    std::vector<std::uint64_t> seen;
    room->when_durable([&](Result<JournalSeq> seq) { seen.push_back(seq->value); });
    CHECK(seen == std::vector<std::uint64_t>{0});
    anna.type("a");
    room->when_durable([&](Result<JournalSeq> seq) { seen.push_back(seq->value); });
    settle(world, {&anna});
    CHECK(seen == std::vector<std::uint64_t>{0, 1});
    CHECK(room->last_seq() == JournalSeq{1});
    CHECK(room->last_change_ms() > 0);
  }
}
