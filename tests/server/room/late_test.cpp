// Edits that come after a decision, and what keeps them out afterwards.
#include <doctest/doctest.h>

#include <string>

#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

namespace {

std::size_t late_rows(World& world) {
  const auto rows = world.journal->read_now<std::vector<journal::StoredLate>>(
      [](journal::Reader& reader) { return reader.late({"section/s1"}); });
  REQUIRE(rows);
  return rows->size();
}

/// Anna has typed "Norms and values"; everybody has it.
void start_with_text(World& world, Client& anna, Client& bela) {
  anna.connect();
  bela.connect();
  settle(world, {&anna, &bela});
  anna.type("Norms and values");
  settle(world, {&anna, &bela});
  REQUIRE(bela.text() == "Norms and values");
}

}  // namespace

TEST_SUITE("room/late") {
  TEST_CASE_FIXTURE(TwoClients, "on a closed section words are refused, kept as a proposal, and its author is told") {
    start_with_text(world, anna, bela);
    const auto room = world.room("section/s1");
    room->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    CHECK(anna.heard_stateless(R"({"type":"closed","decision":41})"));
    CHECK(bela.statuses() == "10");
    CHECK(bela.heard_stateless(R"("type":"late")"));
    CHECK(bela.heard_stateless(R"("proposal":14)"));
    CHECK(anna.text() == "Norms and values");
    CHECK(room->section().title == "Norms and values");
    REQUIRE(world.late.kept.size() == 1);
    CHECK(world.late.kept[0].person == 2);
    CHECK(world.late.kept[0].proposal == 14);
    CHECK(late_rows(world) == 1);
    CHECK(room->is_closed());
    CHECK(room->closed_by() == 41);
  }

  TEST_CASE("whoever opens a closed section is told that it is closed") {
    World world;
    world.gate.closed = 41;
    Client anna(world, 1, "person 1");
    anna.connect();
    settle(world, {&anna});
    CHECK(anna.heard_stateless(R"({"type":"closed","decision":41})"));
    anna.type("late");
    settle(world, {&anna});
    CHECK(anna.statuses() == "10");
  }

  TEST_CASE_FIXTURE(TwoClients, "what was held when the decision fell is late; what was released is text") {
    start_with_text(world, anna, bela);
    const auto room = world.room("section/s1");
    room->hold();
    anna.type(" x");
    bela.type(" y");
    bela.type(" z");
    room->close(41);
    settle(world, {&anna, &bela});
    CHECK(room->section().title == "Norms and values");
    CHECK(anna.statuses() == "110");
    CHECK(bela.statuses() == "100");
    CHECK(world.late.numbers.size() == 2);
    CHECK(late_rows(world) == 3);
  }

  TEST_CASE_FIXTURE(TwoClients, "a page that loads afresh goes on writing when the section is open again") {
    start_with_text(world, anna, bela);
    const auto room = world.room("section/s1");
    room->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    bela.reload(22);
    settle(world, {&anna, &bela});
    CHECK(bela.text() == "Norms and values");
    CHECK(bela.statuses() == "1");
    room->open(42);
    bela.type(".");
    settle(world, {&anna, &bela});
    CHECK(bela.heard_stateless(R"({"type":"opened","decision":42})"));
    CHECK(bela.statuses() == "11");
    CHECK(anna.text() == "Norms and values.");
  }

  TEST_CASE_FIXTURE(TwoClients, "asking for everything on the same connection is loading afresh, too") {
    start_with_text(world, anna, bela);
    world.room("section/s1")->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    world.room("section/s1")->open(42);
    bela.start_again(22);
    settle(world, {&anna, &bela});
    bela.type(".");
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "1011");
    CHECK(anna.text() == "Norms and values.");
  }

  TEST_CASE_FIXTURE(
      TwoClients,
      "a page that keeps its late words is refused until it loads afresh, also after reopening and a restart") {
    start_with_text(world, anna, bela);
    world.room("section/s1")->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    world.room("section/s1")->open(42);
    bela.type("?");
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "100");
    CHECK(late_rows(world) == 2);
    for (const bool restarted : {false, true}) {
      CAPTURE(restarted);
      bela.disconnect();
      anna.disconnect();
      if (restarted) world.restart();
      bela.heard.clear();
      bela.connect();
      anna.connect();
      settle(world, {&anna, &bela});
      CHECK(bela.statuses() == "0");
      CHECK(bela.heard_stateless(R"("proposal":14)"));
      CHECK(anna.text() == "Norms and values");
      CHECK(late_rows(world) == 2);
      CHECK(world.room("section/s1")->section().title == "Norms and values");
    }
    bela.type("more");
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "00");
    CHECK(late_rows(world) == 3);
    CHECK(world.late.numbers.size() == 1);
  }

  TEST_CASE_FIXTURE(TwoClients,
                    "a page whose store loads after it asked for everything is found out by its late words") {
    start_with_text(world, anna, bela);
    bela.type(".");
    world.room("section/s1")->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    world.room("section/s1")->open(42);
    bela.disconnect();
    bela.heard.clear();
    bela.open();
    bela.send(sync::AuthToken{"person 2", ""});
    bela.send(sync::SyncStep1{{0}});
    bela.send(sync::SyncUpdate{bela.doc.encode_state_as_update()});
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "00");
    CHECK(bela.heard_stateless(R"("proposal":14)"));
    CHECK(anna.text() == "Norms and values.");
  }

  TEST_CASE_FIXTURE(TwoClients, "a late deletion never reaches the text, but a fresh page may delete the same words") {
    start_with_text(world, anna, bela);
    world.room("section/s1")->close(41);
    bela.erase(5, 11);
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "10");
    world.room("section/s1")->open(42);
    for (const bool restarted : {false, true}) {
      CAPTURE(restarted);
      bela.disconnect();
      anna.disconnect();
      if (restarted) world.restart();
      bela.heard.clear();
      bela.connect();
      anna.connect();
      settle(world, {&anna, &bela});
      CHECK(bela.statuses() == "0");
      CHECK(anna.text() == "Norms and values");
    }
    Client clara(world, 3, "person 3");
    clara.connect();
    settle(world, {&anna, &bela, &clara});
    clara.erase(5, 11);
    settle(world, {&anna, &bela, &clara});
    CHECK(clara.statuses() == "11");
    CHECK(anna.text() == "Norms");
    // Now it is nobody's late edit any more.
    bela.disconnect();
    bela.heard.clear();
    bela.connect();
    settle(world, {&anna, &bela, &clara});
    CHECK(bela.statuses() == "1");
  }

  TEST_CASE_FIXTURE(TwoClients, "words typed offline by somebody who never met the closing enter the open section") {
    start_with_text(world, anna, bela);
    bela.disconnect();
    bela.type("!");
    world.room("section/s1")->close(41);
    world.room("section/s1")->open(42);
    bela.connect();
    settle(world, {&anna, &bela});
    CHECK(anna.text() == "Norms and values!");
  }

  TEST_CASE_FIXTURE(TwoClients, "an edit that hangs on late words that came round another way is late itself") {
    start_with_text(world, anna, bela);
    world.room("section/s1")->close(41);
    anna.type(" late");
    settle(world, {&anna, &bela});
    world.room("section/s1")->open(42);
    REQUIRE(bela.doc.apply_update(anna.doc.encode_state_as_update()));
    bela.type(" behind");
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "10");
    CHECK(world.room("section/s1")->section().title == "Norms and values");
    CHECK_FALSE(world.room("section/s1")->doc().has_pending());
  }

  TEST_CASE_FIXTURE(OneWriter, "a clean-up of formatting on a closed section is no late edit") {
    REQUIRE(anna.doc.text("title").insert(0, "bold"));
    crdt::Attributes strong;
    strong.set("strong", true);
    REQUIRE(anna.doc.text("title").format(0, 4, strong));
    settle(world, {&anna});
    world.room("section/s1")->close(41);
    anna.send(sync::SyncUpdate{{0, 1, 1, 1, 4, 2}});
    settle(world, {&anna});
    CHECK(anna.statuses() == "1111");
    CHECK(late_rows(world) == 0);
    CHECK_FALSE(anna.heard_stateless("late"));
  }

  TEST_CASE_FIXTURE(TwoClients, "if no proposal can be made the edit is refused with the reason, and nothing is kept") {
    start_with_text(world, anna, bela);
    world.late.full = true;
    world.room("section/s1")->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "10");
    CHECK(bela.heard_stateless("no more proposals"));
    CHECK(late_rows(world) == 0);
  }

  TEST_CASE_FIXTURE(
      TwoClients,
      "if keeping late words fails for now the socket closes, and the same words are kept when they come again") {
    start_with_text(world, anna, bela);
    world.late.full = true;
    world.late.full_code = Errc::unavailable;
    world.room("section/s1")->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    CHECK(bela.outbox->closed_with == net::CloseCode::overloaded);
    CHECK(bela.statuses() == "1");
    CHECK_FALSE(bela.heard_stateless("refused"));
    world.late.full = false;
    bela.disconnect();
    bela.heard.clear();
    bela.connect();
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "0");
    CHECK(bela.heard_stateless(R"("proposal":14)"));
    CHECK(late_rows(world) == 1);
  }

  TEST_CASE_FIXTURE(
      TwoClients, "whoever comes back with late words of their own is told once, with the answer to what they bring") {
    start_with_text(world, anna, bela);
    world.room("section/s1")->close(41);
    bela.type("!");
    settle(world, {&anna, &bela});
    REQUIRE(anna.doc.apply_update(bela.doc.encode_state_as_update()));
    for (Client* client : {&bela, &anna}) {
      CAPTURE(client == &anna);
      client->disconnect();
      client->heard.clear();
      client->open();
      client->send(sync::AuthToken{client == &anna ? "person 1" : "person 2", ""});
      client->send(sync::SyncStep1{client->doc.encode_state_vector()});
      CHECK(client->outbox->frames.size() > 0);
      std::size_t early = 0;
      for (const Bytes& frame : client->outbox->frames) {
        const auto decoded = sync::decode_server_frame(frame);
        REQUIRE(decoded);
        const auto* said = std::get_if<sync::Stateless>(&decoded->message);
        if (said != nullptr && said->payload.find("closed") == std::string::npos) ++early;
      }
      // A copy of somebody else's late words is told of at once.
      CHECK(early == (client == &anna ? 1 : 0));
      settle(world, {&anna, &bela});
      CHECK(client->statuses() == "0");
    }
    std::size_t late = 0;
    for (const auto& said : bela.all<sync::Stateless>())
      if (said.payload.find(R"("type":"late")") != std::string::npos) ++late;
    CHECK(late == 1);
  }

  TEST_CASE_FIXTURE(TwoClients, "a late update that the document would refuse is no row") {
    start_with_text(world, anna, bela);
    world.room("section/s1")->close(41);
    bela.send(sync::SyncUpdate{too_many_deletes()});
    settle(world, {&anna, &bela});
    CHECK(bela.outbox->closed_with == net::CloseCode::too_big);
    CHECK(late_rows(world) == 0);
  }

  TEST_CASE("the server edits no closed section") {
    World world;
    const auto room = world.room("section/s1");
    room->close(41);
    Errc code = Errc::io;
    room->edit([](crdt::Doc& doc) { return doc.text("title").insert(0, "x"); }, {},
               [&](Result<JournalSeq> seq) { code = seq.error().code; });
    CHECK(code == Errc::conflict);
  }
}
