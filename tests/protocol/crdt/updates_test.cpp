#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "crdt/snapshot.hpp"
#include "lib0/limits.hpp"
#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

namespace {

std::vector<BytesView> views(const std::vector<Bytes>& updates) {
  return {updates.begin(), updates.end()};
}

/// `count` updates of one character each.
std::vector<Bytes> typed(std::uint64_t client, int count) {
  Replica a(client);
  for (int i = 0; i < count; ++i)
    REQUIRE(
        a.text().insert(static_cast<std::uint64_t>(i), std::string(1, static_cast<char>('a' + i % 26))).has_value());
  return a.updates;
}

}  // namespace

TEST_SUITE("crdt/updates") {
  TEST_CASE("an empty document writes the two octets of an empty update") {
    const Doc doc(ClientId{1});
    CHECK(to_hex(doc.encode_state_as_update()) == "0000");
    CHECK(to_hex(doc.encode_state_vector()) == "00");
    CHECK(to_hex(take_snapshot(doc).encode()) == "0000");
  }

  TEST_CASE("updates in any order, doubled, end in the same document") {
    const auto updates = typed(1, 40);
    const unsigned seed = 7;
    INFO("seed ", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 50; ++round) {
      auto shuffled = updates;
      shuffled.insert(shuffled.end(), updates.begin(), updates.begin() + 10);
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      Replica b(2);
      for (const Bytes& update : shuffled) b.receive(update);
      CHECK_FALSE(b.doc->has_pending());
      CHECK(b.text().length_utf16() == 40);
      CHECK(b.text().plain().substr(0, 5) == "abcde");
    }
  }

  TEST_CASE("what lacks its predecessor waits, is handed on, and is applied when that comes") {
    const auto updates = typed(1, 3);
    Replica b(2);
    const ApplyOutcome outcome = b.receive(updates[2]);
    CHECK_FALSE(outcome.changed);
    CHECK(outcome.has_pending);
    CHECK(b.text().plain().empty());
    // Another replica gets the waiting part, too.
    Replica c(3);
    c.pull(b);
    CHECK(c.doc->has_pending());
    b.receive(updates[0]);
    CHECK(b.text().plain() == "a");
    b.receive(updates[1]);
    CHECK(b.text().plain() == "abc");
    CHECK_FALSE(b.doc->has_pending());
    c.receive(updates[1]);
    c.receive(updates[0]);
    CHECK(c.text().plain() == "abc");
    CHECK(c.state() == b.state());
  }

  TEST_CASE("deletes that come before what they delete wait for it") {
    Replica a(1);
    CHECK(a.text().insert(0, "abcdef").has_value());
    CHECK(a.text().remove(1, 3).has_value());
    Replica b(2);
    b.receive(a.updates[1]);
    CHECK(b.doc->has_pending());
    b.receive(a.updates[0]);
    CHECK(b.text().plain() == "aef");
    CHECK_FALSE(b.doc->has_pending());
  }

  TEST_CASE("3,000 updates with missing predecessors cost little, and all arrive in the end") {
    const auto updates = typed(1, 3001);
    const std::clock_t start = std::clock();  // processor time, so that a busy machine does not count
    Replica b(2);
    for (std::size_t i = updates.size() - 1; i > 0; --i) b.receive(updates[i]);
    CHECK(b.doc->pending_struct_count() >= 3000);
    b.receive(updates[0]);
    CHECK(b.text().length_utf16() == 3001);
    CHECK_FALSE(b.doc->has_pending());
    CHECK(std::clock() - start < 5 * CLOCKS_PER_SEC);
  }

  TEST_CASE("a struct that waits though some of its clocks are known takes nothing known away") {
    Replica a(1);
    CHECK(a.text().insert(0, "abcdefghijkl").has_value());
    // 41 units from clock 1 on, in a type of client 9, whom nobody knows; found by fuzzing.
    const Bytes waits = from_hex(
        "010101010400"
        "0900"
        "29" +
        std::string(82, '7') + "00");
    Replica b(2);
    b.pull(a);
    const ApplyOutcome outcome = b.receive(waits);
    CHECK_FALSE(outcome.changed);
    CHECK(outcome.has_pending);
    CHECK(b.text().plain() == "abcdefghijkl");
    // The state holds what is known, then the end of what waits, as in Yjs: it names its predecessor now, and no type.
    Replica c(3);
    c.receive(b.doc->encode_state_as_update());
    CHECK(c.text().plain() == "abcdefghijkl" + std::string(30, 'w'));
    CHECK(c.doc->state_vector().get(ClientId{1}) == 42);
  }

  TEST_CASE("deletes are in the state at once, also in the middle of a transaction") {
    Replica a(1);
    CHECK(a.text().insert(0, "abcdef").has_value());
    const auto deleted = [&a](UpdateFormat format) {
      const auto deletes = delete_set_of(a.doc->encode_state_as_update({}, format), format);
      REQUIRE(deletes.has_value());
      std::uint64_t units = 0;
      for (const auto& client : deletes->clients())
        for (const auto& range : client.ranges) units += range.length;
      return units;
    };
    for (const UpdateFormat format : {UpdateFormat::v1, UpdateFormat::v2}) {
      const std::uint64_t before = deleted(format);
      CHECK(a.text().remove(0, 1).has_value());
      CHECK(deleted(format) == before + 1);
      CHECK(deleted(format) == before + 1);
      a.doc->transact([&] {
        CHECK(deleted(format) == before + 1);
        CHECK(a.text().remove(0, 1).has_value());
        CHECK(deleted(format) == before + 2);
      });
      CHECK(deleted(format) == before + 2);
    }
  }

  TEST_CASE("what waits is bounded, and what is sent again does not pile up") {
    Replica a(1);
    CHECK(a.text().insert(0, "x").has_value());
    const std::size_t many = limits::kPendingStructsMax / 4;
    a.updates.clear();
    a.doc->transact([&] {
      // Backwards, so that no two are joined.
      for (std::size_t i = 0; i < many; ++i) CHECK(a.text().insert(0, "y").has_value());
    });
    Replica b(2);
    for (int i = 0; i < 12; ++i) b.receive(a.updates[0]);
    CHECK(b.doc->pending_struct_count() <= limits::kPendingStructsMax);
    std::optional<Error> refused;
    for (std::uint64_t client = 10; client < 20 && !refused; ++client) {
      Replica other(client);
      CHECK(other.text().insert(0, "x").has_value());
      other.updates.clear();
      other.doc->transact([&] {
        for (std::size_t i = 0; i < many; ++i) CHECK(other.text().insert(0, "y").has_value());
      });
      const auto outcome = b.doc->apply_update(other.updates[0]);
      if (!outcome) refused = outcome.error();
    }
    REQUIRE(refused.has_value());
    CHECK(refused->code == Errc::too_large);
    CHECK(b.doc->pending_struct_count() <= limits::kPendingStructsMax);
    // The missing one is still taken, and helps.
    b.receive(a.doc->encode_state_as_update());
    CHECK(b.text().length_utf16() == many + 1);
  }

  TEST_CASE("malformed updates are refused and change nothing") {
    Replica a(1);
    CHECK(a.text().insert(0, "hello").has_value());
    const Bytes good = a.updates[0];
    Replica b(2);
    b.receive(good);
    const std::string before = b.state();
    for (std::size_t cut = 0; cut < good.size(); ++cut)
      CHECK_FALSE(b.doc->apply_update(BytesView(good).first(cut)).has_value());
    Bytes longer = good;
    longer.push_back(0);
    CHECK(b.doc->apply_update(longer).error().code == Errc::bad_input);
    CHECK_FALSE(b.doc->apply_update(good, UpdateFormat::v2).has_value());
    // An item that names a later one of its own client as its origin.
    CHECK(b.doc->apply_update(from_hex("0101050084050901610000")).error().code == Errc::bad_input);
    // A clock beyond what is kept.
    CHECK(b.doc->apply_update(from_hex("010105ffffffffffff03000100")).error().code == Errc::too_large);
    CHECK(b.state() == before);
  }

  TEST_CASE("a tiny v2 update cannot ask for endless structs") {
    // 2^50 GC structs of length 1: run-length coded, no octet each.
    Bytes update = from_hex("0000");
    update.insert(update.end(), {1, 5});  // client 5
    update.insert(update.end(), {0, 0});  // clocks
    update.insert(update.end(), {1, 0});  // info: GC for ever
    update.insert(update.end(), {1, 0});  // no strings
    update.insert(update.end(), {0, 0});  // parent info, type refs
    update.insert(update.end(), {9, 0x41, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01});
    update.insert(update.end(), {1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x03, 0, 0});
    Doc doc(ClientId{1});
    CHECK(doc.apply_update(update, UpdateFormat::v2).error().code == Errc::too_large);
  }

  TEST_CASE("merged updates say the same as the single ones") {
    const auto updates = typed(1, 30);
    const auto merged = merge_updates(views(updates));
    REQUIRE(merged.has_value());
    Replica b(2);
    b.receive(*merged);
    Replica c(3);
    for (const Bytes& update : updates) c.receive(update);
    CHECK(b.state() == c.state());
    CHECK(encode_state_vector_from_update(*merged) == b.doc->encode_state_vector());
    // With a gap: a Skip struct.
    const auto gap = merge_updates({updates[0], updates[2]});
    REQUIRE(gap.has_value());
    CHECK(struct_ranges(*gap)->size() == 2);
    StateVector start;
    start.set(ClientId{1}, 1);
    CHECK(encode_state_vector_from_update(*gap) == start.encode());
    CHECK(to_hex(*merge_updates({})) == "0000");
  }

  TEST_CASE("a difference holds what is lacking and all deletes") {
    Replica a(1);
    CHECK(a.text().insert(0, "abcdef").has_value());
    CHECK(a.text().remove(0, 1).has_value());
    const Bytes full = a.doc->encode_state_as_update();
    StateVector known;
    known.set(ClientId{1}, 4);
    const auto diff = diff_update(full, known);
    REQUIRE(diff.has_value());
    CHECK(*diff == a.doc->encode_state_as_update(known));
    const auto ranges = struct_ranges(*diff);
    REQUIRE(ranges->size() == 1);
    CHECK((*ranges)[0].clock == 4);
    CHECK((*ranges)[0].length == 2);
    CHECK(delete_set_of(*diff)->contains({ClientId{1}, 0}));
  }

  TEST_CASE("v1 and v2 say the same") {
    Replica a(1);
    CHECK(a.text().insert(0, "héllo 😀").has_value());
    CHECK(a.doc->map("m").set("k", lib0::Any(lib0::AnyArray{1, "x"})).has_value());
    const Bytes v1 = a.doc->encode_state_as_update();
    const Bytes v2 = a.doc->encode_state_as_update({}, UpdateFormat::v2);
    CHECK(convert_update(v1, UpdateFormat::v1, UpdateFormat::v2) == v2);
    CHECK(convert_update(v2, UpdateFormat::v2, UpdateFormat::v1) == v1);
    Doc b(ClientId{2});
    REQUIRE(b.apply_update(v2, UpdateFormat::v2).has_value());
    CHECK(b.encode_state_as_update() == v1);
  }

  TEST_CASE("delete ranges out of order are put in order for v2, which cannot say them otherwise") {
    const Bytes v1 = from_hex("0001010205030201");
    const auto v2 = convert_update(v1, UpdateFormat::v1, UpdateFormat::v2);
    REQUIRE(v2.has_value());
    const auto back = convert_update(*v2, UpdateFormat::v2, UpdateFormat::v1);
    REQUIRE(back.has_value());
    CHECK(to_hex(*back) == "0001010202010503");
    CHECK(to_hex(*convert_update(v1, UpdateFormat::v1, UpdateFormat::v1)) == to_hex(v1));
  }

  TEST_CASE("the clients that an update builds on are told") {
    Replica a(1);
    CHECK(a.text().insert(0, "ab").has_value());
    Replica b(2);
    b.pull(a);
    b.updates.clear();
    CHECK(b.text().insert(1, "x").has_value());
    const auto ranges = struct_ranges(b.updates[0]);
    REQUIRE(ranges->size() == 1);
    CHECK((*ranges)[0].client == ClientId{2});
    CHECK((*ranges)[0].depends_on == std::vector<ClientId>{ClientId{1}});
  }

  TEST_CASE("a document contains an update only with all its structs and deletes") {
    Replica a(1);
    CHECK(a.text().insert(0, "ab").has_value());
    Replica b(2);
    b.pull(a);
    CHECK(a.text().remove(0, 1).has_value());
    CHECK(contains(*b.doc, a.updates[0]) == true);
    CHECK(contains(*b.doc, a.updates[1]) == false);
    CHECK(deletes_only_formatting(*b.doc, a.updates[1]) == false);
    b.receive(a.updates[1]);
    CHECK(contains(*b.doc, a.updates[1]) == true);
    CHECK(deletes_only_formatting(*b.doc, a.updates[1]) == true);
    CHECK_FALSE(contains(*b.doc, Bytes{1}).has_value());
  }

  TEST_CASE("a clone has the same state and goes its own way") {
    Replica a(1);
    CHECK(a.text().insert(0, "abc").has_value());
    CHECK(a.text().remove(1, 1).has_value());
    a.receive(typed(9, 3)[2]);
    CHECK(a.doc->has_pending());
    Doc copy = a.doc->clone();
    CHECK(copy.encode_state_as_update() == a.doc->encode_state_as_update());
    CHECK(copy.has_pending());
    CHECK(copy.text("t").insert(0, "z").has_value());
    CHECK(a.text().plain() == "ac");
  }

  TEST_CASE("large updates that wait are refused beyond a bound, and taken again once what they waited for is there") {
    const std::string megabytes(std::size_t{10} << 20U, 'x');
    Replica a(1);
    CHECK(a.text().insert(0, "first").has_value());
    for (int i = 0; i < 8; ++i) {
      CHECK(a.doc->array("big").push({lib0::Any(megabytes)}).has_value());
      CHECK(a.doc->map("m").set("gap", lib0::Any(i)).has_value());  // else the structs would be one
    }
    Replica b(2);
    std::size_t taken = 0;
    for (std::size_t i = 1; i < a.updates.size(); ++i) {
      const auto outcome = b.doc->apply_update(a.updates[i]);
      if (!outcome) {
        CHECK(outcome.error().code == Errc::too_large);
        CHECK(check_applies(*b.doc, a.updates[i]).error().code == Errc::too_large);
        break;
      }
      ++taken;
    }
    CHECK(taken * (megabytes.size() / 2) < limits::kPendingBytesMax + megabytes.size());
    CHECK(taken > 6);
    b.receive(a.updates[0]);
    CHECK_FALSE(b.doc->has_pending());
    for (std::size_t i = 1 + taken; i < a.updates.size(); ++i) b.receive(a.updates[i]);
    CHECK(b.state() == a.state());
  }

  TEST_CASE("a remote change under the own client id is told") {
    const auto updates = typed(1, 1);
    Replica b(1);
    CHECK_FALSE(b.doc->client_id_taken());
    b.receive(updates[0]);
    CHECK(b.doc->client_id_taken());
    b.doc->set_client_id(ClientId{2});
    CHECK_FALSE(b.doc->client_id_taken());
  }

  TEST_CASE("a root can be named after it came over the wire") {
    Replica a(1);
    CHECK(a.text().insert(0, "abc").has_value());
    Doc b(ClientId{2});
    REQUIRE(b.apply_update(a.updates[0]).has_value());
    CHECK(b.text("t").plain() == "abc");
    CHECK(b.text("t").insert(3, "d").has_value());
    CHECK(b.text("t").plain() == "abcd");
  }

  TEST_CASE("without garbage collection deleted text stays in the updates") {
    Replica kept(1, false);
    Replica collected(1, true);
    for (Replica* replica : {&kept, &collected}) {
      CHECK(replica->text().insert(0, "secret").has_value());
      CHECK(replica->text().remove(0, 6).has_value());
    }
    const auto holds = [](const Replica& replica) {
      const Bytes full = replica.doc->encode_state_as_update();
      return as_chars(full).find("secret") != std::string_view::npos;
    };
    CHECK(holds(kept));
    CHECK_FALSE(holds(collected));
  }
}
