#include "room/late_ledger.hpp"

#include <doctest/doctest.h>

using namespace bossey;
using namespace bossey::room;
using bossey::crdt::ClientId;

namespace {

NewParts structs(std::uint64_t client, crdt::Clock clock, crdt::Clock end) {
  NewParts parts;
  parts.structs.push_back({ClientId{client}, clock, end, {}});
  return parts;
}

NewParts deletes(std::uint64_t client, crdt::Clock clock, crdt::Clock length) {
  NewParts parts;
  parts.deletes.add(ClientId{client}, clock, length);
  parts.deletes.normalize();
  return parts;
}

crdt::StateVector state(std::uint64_t client, crdt::Clock clock) {
  crdt::StateVector vector;
  vector.set(ClientId{client}, clock);
  return vector;
}

}  // namespace

TEST_SUITE("room/late_ledger") {
  TEST_CASE("subtracting cuts ranges at both ends and in the middle") {
    crdt::DeleteSet from;
    from.add(ClientId{1}, 0, 10);
    from.add(ClientId{2}, 5, 5);
    from.normalize();
    crdt::DeleteSet minus;
    minus.add(ClientId{1}, 0, 2);
    minus.add(ClientId{1}, 4, 2);
    minus.add(ClientId{1}, 9, 4);
    minus.add(ClientId{2}, 0, 100);
    minus.normalize();
    crdt::DeleteSet expected;
    expected.add(ClientId{1}, 2, 2);
    expected.add(ClientId{1}, 6, 3);
    expected.normalize();
    CHECK(subtract(from, minus) == expected);
    CHECK(subtract(from, {}) == from);
    CHECK(subtract({}, from).empty());
  }

  TEST_CASE("late structs are recognised, also by the gap that they leave") {
    LateLedger ledger;
    CHECK(ledger.empty());
    ledger.add(structs(7, 10, 15), {41, PersonId{2}});
    const auto known = state(7, 10);
    REQUIRE(ledger.holder_of_structs(structs(7, 12, 13), known));
    CHECK(ledger.holder_of_structs(structs(7, 12, 13), known)->decision == 41);
    CHECK(ledger.holder_of_structs(structs(7, 15, 20), known));
    CHECK_FALSE(ledger.holder_of_structs(structs(8, 10, 15), known));
    CHECK_FALSE(ledger.holder_of_structs(structs(7, 15, 20), state(7, 15)));
  }

  TEST_CASE("a client's state vector tells that it holds late structs") {
    LateLedger ledger;
    ledger.add(structs(7, 10, 15), {41, PersonId{2}});
    CHECK(ledger.holder_by_state(state(7, 11), state(7, 10)));
    CHECK_FALSE(ledger.holder_by_state(state(7, 10), state(7, 10)));
    CHECK_FALSE(ledger.holder_by_state(state(7, 15), state(7, 15)));
  }

  TEST_CASE("late deletions are recognised, and what is late already is covered") {
    LateLedger ledger;
    ledger.add(deletes(1, 5, 10), {41, PersonId{2}});
    ledger.add(structs(7, 0, 5), {41, PersonId{2}});
    ledger.add(structs(7, 5, 9), {41, PersonId{2}});
    CHECK(ledger.holder_of_deletes(deletes(1, 14, 1)));
    CHECK_FALSE(ledger.holder_of_deletes(deletes(1, 15, 1)));
    CHECK(ledger.covers(structs(7, 2, 8)));
    CHECK_FALSE(ledger.covers(structs(7, 2, 10)));
    CHECK(ledger.covers(deletes(1, 5, 10)));
    CHECK_FALSE(ledger.covers(deletes(1, 4, 2)));
    CHECK(ledger.covers({}));
  }
}
