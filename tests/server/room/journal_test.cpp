// What a room writes to the journal and reads from it.
#include "room/room.hpp"

#include <doctest/doctest.h>

#include <string>

#include "crdt/updates.hpp"
#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

TEST_SUITE("room/journal") {
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

  TEST_CASE_FIXTURE(OneWriter, "a room that nobody uses closes, and opens again with its text") {
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

  TEST_CASE_FIXTURE(OneWriter, "an update that the document would refuse is in no row") {
    anna.send(sync::SyncUpdate{too_many_deletes()});
    settle(world, {&anna});
    CHECK(anna.outbox->closed_with == net::CloseCode::too_big);
    CHECK(anna.statuses() == "1");
    CHECK(world.journal->last_appended() == JournalSeq{0});
  }

  TEST_CASE_FIXTURE(OneWriter, "when_durable calls back with the last row") {
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
