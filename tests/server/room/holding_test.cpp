// Writes that wait: for a decision, for an edit of the server's own, for what comes before them.
#include "room/room.hpp"

#include <doctest/doctest.h>

#include <string>

#include "crdt/updates.hpp"
#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

TEST_SUITE("room/holding") {
  TEST_CASE_FIXTURE(TwoWriters, "held writes wait without an answer and are applied in order on release") {
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

  TEST_CASE_FIXTURE(OneWriter,
                    "the server's own edit is fanned out when it is on disk, and edits wait for each other") {
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

  TEST_CASE_FIXTURE(TwoWriters,
                    "an update without its predecessors is answered when they have come, and is in no row before") {
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

  TEST_CASE_FIXTURE(TwoWriters, "what was pending reaches also the client that brought what it waited for") {
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
}
