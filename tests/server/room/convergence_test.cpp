// Random meetings: people type, go away and come back, the chair holds, closes and opens, the server dies. At the end
// all have the same text, every word that was not late is in it once, and no late word is.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "server/room/fixture.hpp"

using namespace bossey;
using namespace bossey::test;

namespace {

class Meeting {
 public:
  explicit Meeting(std::uint64_t seed) : random_(seed) {
    for (std::uint64_t i = 1; i <= 4; ++i) {
      clients_.push_back(std::make_unique<Client>(world_, ++last_client_, "person " + std::to_string(i)));
      clients_.back()->connect();
    }
    settle_all();
  }

  void step() {
    const std::size_t what = below(20);
    if (what < 9) return type(*clients_[below(clients_.size())]);
    if (what < 11) return settle_all();
    if (what < 13) return come_or_go(*clients_[below(clients_.size())]);
    if (what == 13) return chair_acts();
    if (what == 14) return edit_by_server();
    if (what == 15) return read_what_arrived();
    if (what == 16) return load_afresh();
    if (what == 17 && below(3) == 0) return die();
    if (what > 17) world_.scheduler.run_posted();
  }

  void end() {
    room()->release();
    if (room()->is_closed()) room()->open(++decision_);
    for (auto& client : clients_)
      if (!client->peer) client->connect();
    do settle_all();
    while (load_afresh_once());
    settle_all();
    const std::string text = room()->section().title;
    for (auto& client : clients_) CHECK(client->text() == text);
    for (const std::string& word : typed_) {
      CAPTURE(word);
      const std::size_t at = text.find(word);
      CHECK((at == std::string::npos) == late_.contains(word));
      if (at != std::string::npos) CHECK(text.find(word, at + 1) == std::string::npos);
    }
    world_.restart();
    CHECK(room()->section().title == text);
    CHECK_FALSE(room()->doc().has_pending());
  }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  std::shared_ptr<room::Room> room() { return world_.room("section/s1"); }

  void settle_all() {
    std::vector<Client*> all;
    for (auto& client : clients_)
      if (client->peer) all.push_back(client.get());
    settle(world_, all);
  }
  std::string new_word() {
    typed_.push_back("<" + std::to_string(typed_.size()) + ">");
    return typed_.back();
  }
  void type(Client& client) {
    const std::string word = new_word();
    auto title = client.doc.text("title");
    REQUIRE(title.insert(below(2) == 0 ? 0 : title.length_utf16(), word));
  }
  void come_or_go(Client& client) {
    if (client.peer) return client.disconnect();
    client.connect();
  }
  void chair_acts() {
    const auto here = room();
    const std::size_t what = below(4);
    if (what == 0 && !here->is_closed()) here->hold();
    if (what == 1) here->release();
    if (what == 2 && !here->is_closed()) {
      here->close(++decision_);
      world_.gate.closed = decision_;
    }
    if (what == 3 && here->is_closed()) {
      here->open(++decision_);
      world_.gate.closed.reset();
    }
  }
  void edit_by_server() {
    const auto here = room();
    if (here->is_closed()) return;
    const std::string word = new_word();
    here->edit([word](crdt::Doc& doc) { return doc.text("title").insert(0, word); }, {},
               [this, word](Result<JournalSeq> seq) {
                 if (!seq) late_.insert(word);
               });
  }
  void read_what_arrived() { clients_[below(clients_.size())]->process(); }
  void load_afresh() {
    if (below(2) == 0) return;
    settle_all();
    load_afresh_once();
  }
  /// Pages that were told so drop their document. What it held and the server has not is kept as a proposal.
  bool load_afresh_once() {
    bool any = false;
    for (auto& client : clients_) {
      const bool told = client->heard_stateless(R"("late")") || client->heard_stateless(R"("refused")");
      if (!told || !client->peer) continue;
      const std::string text = room()->section().title;
      const std::string own = client->text();
      for (const std::string& word : typed_)
        if (own.find(word) != std::string::npos && text.find(word) == std::string::npos) late_.insert(word);
      client->reload(++last_client_);
      any = true;
    }
    return any;
  }
  void die() {
    for (auto& client : clients_) client->disconnect();
    world_.restart();
  }

  std::mt19937_64 random_;
  World world_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::string> typed_;
  std::set<std::string> late_;
  std::uint64_t last_client_ = 0;
  std::uint64_t decision_ = 0;
};

}  // namespace

TEST_SUITE("room/convergence") {
  TEST_CASE("random meetings lose no word and let no late word in") {
    const char* given = std::getenv("BOSSEY_SEED");
    const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
    const std::uint64_t count = given != nullptr ? 1 : 30;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
      CAPTURE(seed);
      Meeting meeting(seed);
      for (int i = 0; i < 120; ++i) meeting.step();
      meeting.end();
    }
  }
}
