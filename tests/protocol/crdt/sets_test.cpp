#include <doctest/doctest.h>

#include "crdt/delete_set.hpp"
#include "crdt/state_vector.hpp"

using namespace bossey;
using namespace bossey::crdt;

TEST_SUITE("crdt/state_vector") {
  TEST_CASE("a state vector is written in descending order of clients and read again") {
    StateVector vector;
    vector.set(ClientId{1}, 5);
    vector.set(ClientId{300}, 7);
    vector.set(ClientId{2}, 1);
    CHECK(to_hex(vector.encode()) == "03ac020702010105");
    const auto read = StateVector::decode(vector.encode());
    REQUIRE(read.has_value());
    CHECK(*read == vector);
    CHECK(read->get(ClientId{300}) == 7);
    CHECK(read->get(ClientId{9}) == 0);
  }

  TEST_CASE("of a client named twice the last clock counts") {
    const auto read = StateVector::decode(Bytes{2, 1, 5, 1, 3});
    REQUIRE(read.has_value());
    CHECK(read->get(ClientId{1}) == 3);
    CHECK(read->entries().size() == 1);
  }

  TEST_CASE("a state vector that is cut short or too long is refused") {
    CHECK_FALSE(StateVector::decode(Bytes{}).has_value());
    CHECK_FALSE(StateVector::decode(Bytes{2, 1, 5}).has_value());
    CHECK_FALSE(StateVector::decode(Bytes{1, 1, 5, 0}).has_value());
    CHECK_FALSE(StateVector::decode(Bytes{0xFF, 0xFF, 0x7F}).has_value());
  }
}

TEST_SUITE("crdt/delete_set") {
  TEST_CASE("ranges that touch or overlap are joined") {
    DeleteSet deletes;
    deletes.add(ClientId{1}, 10, 5);
    deletes.add(ClientId{1}, 0, 3);
    deletes.add(ClientId{1}, 3, 1);
    deletes.add(ClientId{1}, 12, 10);
    deletes.normalize();
    REQUIRE(deletes.clients().size() == 1);
    CHECK(deletes.clients()[0].ranges == std::vector<DeleteSet::Range>{{0, 4}, {10, 12}});
    CHECK(deletes.contains({ClientId{1}, 3}));
    CHECK_FALSE(deletes.contains({ClientId{1}, 4}));
    CHECK(deletes.contains({ClientId{1}, 21}));
    CHECK_FALSE(deletes.contains({ClientId{1}, 22}));
    CHECK_FALSE(deletes.contains({ClientId{2}, 0}));
  }

  TEST_CASE("a set covers another only if each range lies within one of its own") {
    DeleteSet all;
    all.add(ClientId{1}, 0, 10);
    DeleteSet part;
    part.add(ClientId{1}, 2, 3);
    CHECK(all.covers(part));
    CHECK_FALSE(part.covers(all));
    part.add(ClientId{2}, 0, 1);
    CHECK_FALSE(all.covers(part));
    CHECK(all.covers(DeleteSet{}));
  }

  TEST_CASE("many clients are found as well as few") {
    DeleteSet deletes;
    for (std::uint64_t i = 0; i < 1000; ++i) deletes.add(ClientId{i * 7}, i, 1);
    for (std::uint64_t i = 0; i < 1000; ++i) CHECK(deletes.contains({ClientId{i * 7}, i}));
    CHECK(deletes.range_count() == 1000);
    CHECK(deletes.find(ClientId{3}) == nullptr);
  }
}
