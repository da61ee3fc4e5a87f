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
}
