// Words typed into a paragraph that was deleted meanwhile: acknowledged, in no text, and kept for their author.
#include "crdt/swallowed.hpp"

#include <doctest/doctest.h>

#include <string>

#include "crdt/updates.hpp"
#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

namespace {

crdt::XmlText paragraph_text(crdt::Doc& doc, std::size_t index) {
  const auto paragraph = crdt::XmlElement::from(std::get<crdt::Shared>(doc.xml_fragment("body").children().at(index)));
  REQUIRE(paragraph);
  const auto text = crdt::XmlText::from(std::get<crdt::Shared>(paragraph->children().at(0)));
  REQUIRE(text);
  return *text;
}

void type_into(Client& client, std::size_t paragraph, const std::string& words) {
  crdt::XmlText text = paragraph_text(client.doc, paragraph);
  REQUIRE(text.insert(text.length_utf16(), words));
}

std::vector<journal::StoredLate> late_rows(World& world) {
  auto rows = world.journal->read_now<std::vector<journal::StoredLate>>(
      [](journal::Reader& reader) { return reader.late({"section/s1"}); });
  REQUIRE(rows);
  return *rows;
}

std::string kept_text(World& world) {
  const std::vector<journal::StoredLate> rows = late_rows(world);
  std::vector<BytesView> updates;
  for (const journal::StoredLate& row : rows) updates.emplace_back(row.bytes);
  const auto merged = crdt::merge_updates(updates);
  REQUIRE(merged);
  return *crdt::inserted_text(*merged);
}

/// Anna has written two paragraphs; everybody has them.
void start_with_paragraphs(World& world, Client& anna, Client& bela) {
  anna.connect();
  bela.connect();
  settle(world, {&anna, &bela});
  for (const std::string words : {"Stays.", "Goes away."}) {
    crdt::XmlFragment body = anna.doc.xml_fragment("body");
    auto paragraph = body.insert_element(body.length(), "paragraph");
    REQUIRE(paragraph);
    REQUIRE(paragraph->insert_text(0)->insert(0, words));
  }
  settle(world, {&anna, &bela});
  REQUIRE(bela.doc.xml_fragment("body").length() == 2);
}

void come_back(World& world, Client& anna, Client& bela) {
  bela.heard.clear();
  bela.connect();
  settle(world, {&anna, &bela});
}

}  // namespace

TEST_SUITE("room/swallowed") {
  TEST_CASE_FIXTURE(
      TwoClients,
      "words typed offline into a paragraph that somebody deleted are saved, kept, and their author is told") {
    start_with_paragraphs(world, anna, bela);
    bela.disconnect();
    type_into(bela, 1, " We object.");
    type_into(bela, 0, " And more.");
    REQUIRE(anna.doc.xml_fragment("body").remove(1));
    settle(world, {&anna});
    come_back(world, anna, bela);
    CHECK(bela.statuses() == "1");
    CHECK(bela.heard_stateless(R"("type":"kept")"));
    CHECK(bela.heard_stateless(R"("proposal":14)"));
    CHECK(bela.heard_stateless(R"("type":"saved")"));
    CHECK_FALSE(anna.heard_stateless("kept"));
    CHECK(paragraph_text(anna.doc, 0).plain() == "Stays. And more.");
    REQUIRE(world.late.kept.size() == 1);
    CHECK(world.late.kept[0].person == 2);
    REQUIRE(late_rows(world).size() == 1);
    CHECK(late_rows(world)[0].decision_no == 0);
    CHECK(late_rows(world)[0].proposal == "14");
    CHECK(kept_text(world) == " We object.");
    for (const bool restarted : {false, true}) {
      CAPTURE(restarted);
      bela.disconnect();
      anna.disconnect();
      if (restarted) world.restart();
      anna.connect();
      come_back(world, anna, bela);
      CHECK(bela.statuses() == "1");
      CHECK_FALSE(bela.heard_stateless("proposal"));
      CHECK(late_rows(world).size() == 1);
    }
    type_into(bela, 0, " Still writing.");
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "11");
    CHECK(paragraph_text(anna.doc, 0).plain() == "Stays. And more. Still writing.");
  }

  TEST_CASE_FIXTURE(TwoClients,
                    "words that wait while the server takes their paragraph out are kept, all in one proposal") {
    start_with_paragraphs(world, anna, bela);
    const auto room = world.room("section/s1");
    bela.heard.clear();
    room->hold();
    type_into(bela, 1, " We");
    type_into(bela, 1, " object.");
    bool edited = false;
    room->edit([](crdt::Doc& doc) { return doc.xml_fragment("body").remove(1); }, {},
               [&](Result<JournalSeq> seq) {
                 REQUIRE(seq);
                 edited = true;
                 room->release();
               });
    world.scheduler.run_until([&] { return edited; });
    settle(world, {&anna, &bela});
    CHECK(bela.statuses() == "11");
    CHECK(world.late.kept.size() == 2);
    CHECK(world.late.numbers.size() == 1);
    CHECK(kept_text(world) == " We object.");
    CHECK(bela.doc.xml_fragment("body").length() == 1);
  }

  TEST_CASE_FIXTURE(TwoClients, "spaces and points that are swallowed make no proposal") {
    start_with_paragraphs(world, anna, bela);
    bela.disconnect();
    type_into(bela, 1, " ... ");
    REQUIRE(anna.doc.xml_fragment("body").remove(1));
    settle(world, {&anna});
    come_back(world, anna, bela);
    CHECK(bela.statuses() == "1");
    CHECK(late_rows(world).empty());
    CHECK(world.late.numbers.empty());
  }

  TEST_CASE_FIXTURE(TwoClients, "an ideograph alone is a word") {
    start_with_paragraphs(world, anna, bela);
    bela.disconnect();
    type_into(bela, 1, "\xE4\xB8\x8D");
    REQUIRE(anna.doc.xml_fragment("body").remove(1));
    settle(world, {&anna});
    come_back(world, anna, bela);
    CHECK(kept_text(world) == "\xE4\xB8\x8D");
  }

  TEST_CASE_FIXTURE(TwoClients,
                    "while no proposal can be made nothing is acknowledged, and the words are kept once it can") {
    start_with_paragraphs(world, anna, bela);
    bela.disconnect();
    type_into(bela, 1, " We object.");
    REQUIRE(anna.doc.xml_fragment("body").remove(1));
    settle(world, {&anna});
    world.late.full = true;
    come_back(world, anna, bela);
    CHECK(bela.statuses().empty());
    CHECK(bela.outbox->closed_with == net::CloseCode::overloaded);
    bela.disconnect();
    world.late.full = false;
    // Its page has not read what the server says: a socket that closes early loses the deletion, too.
    come_back(world, anna, bela);
    CHECK(bela.statuses() == "1");
    CHECK(late_rows(world).size() <= 1);
  }

  TEST_CASE_FIXTURE(TwoClients, "what its author deletes again before hearing of the deletion leaves the proposal") {
    start_with_paragraphs(world, anna, bela);
    REQUIRE(anna.doc.xml_fragment("body").remove(1));
    world.barrier();  // Taken by the server, and not yet read by bela's page.
    for (const char* each : {"We", " ", "objec", "tt"}) type_into(bela, 1, each);
    auto text = paragraph_text(bela.doc, 1);
    REQUIRE(text.remove(text.length_utf16() - 1, 1));
    type_into(bela, 1, ".");
    settle(world, {&anna, &bela});
    CHECK(kept_text(world) == "We object.");
    CHECK(world.late.numbers.size() == 1);
    CHECK(bela.statuses().find('0') == std::string::npos);
    const std::size_t rows = late_rows(world).size();
    // What a page has only heard of as deleted is not taken back: its next SyncStep2, and whatever repeats that.
    for (const bool restarted : {false, true}) {
      CAPTURE(restarted);
      bela.disconnect();
      anna.disconnect();
      if (restarted) world.restart();
      anna.connect();
      come_back(world, anna, bela);
      bela.send(sync::SyncUpdate{bela.doc.encode_state_as_update()});
      settle(world, {&anna, &bela});
      CHECK(kept_text(world) == "We object.");
      CHECK(late_rows(world).size() == rows);
    }
  }

  TEST_CASE_FIXTURE(TwoClients, "words are taken back after a restart, too, and nobody else takes them back") {
    start_with_paragraphs(world, anna, bela);
    REQUIRE(anna.doc.xml_fragment("body").remove(1));
    world.barrier();
    type_into(bela, 1, " We objectt");
    world.barrier();
    const Bytes all = bela.doc.encode_state_as_update();
    auto text = paragraph_text(bela.doc, 1);
    bela.quiet = true;
    const auto known = bela.doc.state_vector();
    REQUIRE(text.remove(text.length_utf16() - 1, 1));
    const Bytes removal = bela.doc.encode_state_as_update(known);
    bela.disconnect();
    anna.disconnect();
    world.restart();
    // The removal alone, as a page sends it: without what others deleted.
    Client carl(world, 3, "person 3");
    Client again(world, 4, "person 2");
    carl.connect();
    again.connect();
    settle(world, {&carl, &again});
    carl.send(sync::SyncUpdate{removal});
    settle(world, {&carl, &again});
    CHECK(kept_text(world) == " We objectt");
    again.send(sync::SyncUpdate{removal});
    settle(world, {&carl, &again});
    CHECK(kept_text(world) == " We object");
    CHECK(all.size() > removal.size());
  }

  TEST_CASE_FIXTURE(TwoClients,
                    "words written while an edit of the server's is on its way to the disk are in the text or kept") {
    start_with_paragraphs(world, anna, bela);
    const auto room = world.room("section/s1");
    bool edited = false;
    room->edit([](crdt::Doc& doc) { return doc.xml_fragment("body").remove(1); }, {},
               [&](const Result<JournalSeq>& seq) { edited = seq.has_value(); });
    REQUIRE_FALSE(edited);
    type_into(bela, 1, " We object.");
    type_into(bela, 0, " And more.");
    settle(world, {&anna, &bela});
    REQUIRE(edited);
    CHECK(kept_text(world) == " We object.");
    CHECK(paragraph_text(anna.doc, 0).plain() == "Stays. And more.");
    CHECK(bela.statuses().find('0') == std::string::npos);
    const std::string told = room->section().title;
    world.restart();
    CHECK(paragraph_text(anna.doc, 0).plain() == "Stays. And more.");
    CHECK(world.room("section/s1")->doc().encode_state_vector() == anna.doc.encode_state_vector());
  }

  TEST_CASE_FIXTURE(TwoClients,
                    "words that hang on words of somebody else wait for these, and are kept if they land in nothing") {
    Client carl(world, 3, "person 3");
    start_with_paragraphs(world, anna, bela);
    carl.connect();
    settle(world, {&anna, &bela, &carl});
    // Anna's words reach bela by another way than the server.
    anna.disconnect();
    const auto before = anna.doc.state_vector();
    type_into(anna, 1, " Not so.");
    REQUIRE(bela.doc.apply_update(anna.doc.encode_state_as_update(before)));
    bela.heard.clear();
    type_into(bela, 1, " We object.");
    settle(world, {&bela, &carl});
    CHECK(bela.statuses().empty());
    CHECK_FALSE(world.room("section/s1")->doc().has_pending());
    REQUIRE(carl.doc.xml_fragment("body").remove(1));
    settle(world, {&carl});
    anna.heard.clear();
    anna.connect();
    settle(world, {&anna, &bela, &carl});
    CHECK(bela.statuses() == "1");
    CHECK(world.late.kept.size() == 2);
    CHECK(bela.heard_stateless(R"("type":"kept")"));
    CHECK(kept_text(world).find(" Not so.") != std::string::npos);
    CHECK(kept_text(world).find(" We object.") != std::string::npos);
  }
}
