#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "protocol/crdt/replica.hpp"

using namespace bossey;
using namespace bossey::crdt;
using namespace bossey::crdt::test;

namespace {

class Network {
 public:
  Network(unsigned seed, std::size_t replicas) : random_(seed) {
    for (std::size_t i = 0; i < replicas; ++i) {
      replicas_.push_back(std::make_unique<Replica>(random_() % 1000 * 10 + i));
      inboxes_.emplace_back();
    }
  }

  void step() {
    const std::size_t i = below(replicas_.size());
    if (below(3) == 0) {
      deliver(i);
      return;
    }
    Replica& replica = *replicas_[i];
    const std::size_t before = replica.updates.size();
    edit(*replica.doc);
    for (std::size_t j = 0; j < replicas_.size(); ++j) {
      if (j == i) continue;
      for (std::size_t k = before; k < replica.updates.size(); ++k) inboxes_[j].push_back(replica.updates[k]);
    }
  }

  void settle() {
    for (std::size_t i = 0; i < replicas_.size(); ++i) {
      while (!inboxes_[i].empty()) deliver(i);
    }
  }

  const std::vector<std::unique_ptr<Replica>>& replicas() const { return replicas_; }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }

  /// Some of what waits, shuffled, some of it twice.
  void deliver(std::size_t i) {
    auto& inbox = inboxes_[i];
    std::shuffle(inbox.begin(), inbox.end(), random_);
    for (std::size_t n = std::min(inbox.size(), below(6) + 1); n > 0; --n) {
      replicas_[i]->receive(inbox.back());
      if (below(5) == 0) replicas_[i]->receive(inbox.back());
      inbox.pop_back();
    }
  }

  /// No marks: with them Yjs replicas may end differently (docs/formats/update.md).
  void edit(Doc& doc) {
    Text text = doc.text("t");
    Array list = doc.array("a");
    XmlFragment body = doc.xml_fragment("x");
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        CHECK(text.insert(below(text.length_utf16() + 1), below(4) == 0 ? "é😀" : "ab").has_value());
        break;
      case 3:
        CHECK(text.remove(below(text.length_utf16() + 1), below(3) + 1).has_value());
        break;
      case 4:
        CHECK(list.insert(below(list.length() + 1), {lib0::Any(static_cast<int>(below(100))), SharedKind::map})
                  .has_value());
        break;
      case 5:
        if (list.length() > 0) CHECK(list.remove(below(list.length())).has_value());
        break;
      case 6:
        CHECK(doc.map("m").set(below(2) == 0 ? "k" : "l", lib0::Any(static_cast<int>(below(100)))).has_value());
        break;
      default:
        if (body.length() > 3) {
          CHECK(body.remove(below(body.length())).has_value());
        } else {
          auto element = body.insert_element(below(body.length() + 1), "p");
          REQUIRE(element.has_value());
          auto words = element->insert_text(0);
          REQUIRE(words.has_value());
          CHECK(words->insert(0, "words").has_value());
        }
    }
  }

  std::mt19937 random_;
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::vector<std::vector<Bytes>> inboxes_;
};

}  // namespace

TEST_SUITE("crdt/convergence") {
  TEST_CASE("replicas that got the same updates in whatever order have the same content and state") {
    for (unsigned seed = 1; seed <= 60; ++seed) {
      INFO("seed ", seed);
      Network network(seed, 2 + seed % 4);
      for (int i = 0; i < 150; ++i) network.step();
      network.settle();
      Replica& first = *network.replicas()[0];
      for (const auto& replica : network.replicas()) {
        CHECK_FALSE(replica->doc->has_pending());
        CHECK(replica->text().plain() == first.text().plain());
        CHECK(replica->doc->array("a").to_json() == first.doc->array("a").to_json());
        CHECK(replica->doc->xml_fragment("x").to_string() == first.doc->xml_fragment("x").to_string());
        CHECK(replica->doc->state_vector() == first.doc->state_vector());
        CHECK(replica->doc->delete_set() == first.doc->delete_set());
        Doc loaded(ClientId{999'999});
        REQUIRE(loaded.apply_update(replica->doc->encode_state_as_update({}, UpdateFormat::v2), UpdateFormat::v2)
                    .has_value());
        CHECK(loaded.text("t").plain() == first.text().plain());
      }
    }
  }

  TEST_CASE("the order of three edits decides over marks, until clean-ups are exchanged") {
    // "ab"; at once one types X at the end, one marks b, one deletes b. Whoever knows of X when b goes finds X between
    // the marks; whoever does not finds a gap, and cleans it.
    Replica start(1);
    CHECK(start.text().insert(0, "ab").has_value());
    Attributes mark;
    mark.set("strong", true);
    std::vector<std::unique_ptr<Replica>> writers;
    for (std::uint64_t i = 0; i < 3; ++i) {
      writers.push_back(std::make_unique<Replica>(10 + i));
      writers.back()->pull(start);
      writers.back()->updates.clear();
    }
    CHECK(writers[0]->text().insert(2, "X").has_value());
    CHECK(writers[1]->text().format(1, 1, mark).has_value());
    CHECK(writers[2]->text().remove(1, 1).has_value());
    const auto read = [&](std::uint64_t client, std::initializer_list<std::size_t> order) {
      auto reader = std::make_unique<Replica>(client);
      static_cast<void>(reader->text());
      reader->pull(start);
      for (const std::size_t i : order) reader->receive(writers[i]->updates[0]);
      return reader;
    };
    const auto early = read(20, {0, 1, 2});
    const auto late = read(21, {1, 2, 0});
    CHECK(early->doc->state_vector() == late->doc->state_vector());
    CHECK(early->text().plain() == late->text().plain());
    CHECK(early->text().to_delta().size() == 2);  // X in strong
    CHECK(late->text().to_delta().size() == 1);   // X plain
    CHECK(std::any_of(late->events.begin(), late->events.end(), [](const auto& e) { return e.formatting_clean_up; }));
    early->pull(*late);
    late->pull(*early);
    CHECK(early->state() == late->state());
    CHECK(early->text().to_delta().size() == 1);
  }
}
