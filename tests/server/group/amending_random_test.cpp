// People who write a section and proposals beside it at once, put forward, adopt, refuse and bring up to date, in any
// order. What is adopted is what the preview showed, no word is lost, and every page says what the server says.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "amending.hpp"
#include "group/state.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::Fate;
using group::AmendmentMove;

namespace {

struct Play : Amending {
  std::mt19937 random;
  std::map<std::uint64_t, std::unique_ptr<Typist>> at_text;
  std::map<std::uint64_t, std::unique_ptr<Typist>> at_fork;
  std::map<std::uint64_t, std::set<std::string>> words_of;  ///< By proposal: words typed into it that must be found.
  std::set<std::string> words_of_text;
  std::uint64_t next_word = 1;

  explicit Play(unsigned seed) : random(seed) {
    for (const std::uint64_t who : {kMember, kOtherMember}) at_text[who] = std::make_unique<Typist>(*this, one, who);
  }

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); }
  std::string new_word() { return "word" + std::to_string(next_word++) + "x"; }
  std::vector<std::uint64_t> live() const {
    std::vector<std::uint64_t> out;
    for (const auto& [number, record] : const_cast<Play*>(this)->group().state().amendments)
      if (record.is_live()) out.push_back(number);
    return out;
  }

  /// Puts a new word beside one that stands there, or in its place if it is one of the first text.
  std::string write(Typist& typist) {
    const std::string word = new_word();
    const std::size_t paragraph = below(2);
    const std::string words = typist.words_of(paragraph);
    const std::vector<std::string> places{"Words", "bind", "nobody", "second", "paragraph"};
    const std::string& place = places[below(places.size())];
    if (words.find(place) == std::string::npos) return {};
    typist.replace(paragraph, place, below(3) == 0 ? word : place + " " + word);
    scheduler.run_posted();
    return word;
  }

  void write_text() {
    const std::string word = write(*at_text[below(2) == 0 ? kMember : kOtherMember]);
    if (!word.empty()) words_of_text.insert(word);
  }

  void write_fork() {
    const auto numbers = live();
    if (numbers.empty()) return;
    const std::uint64_t number = numbers[below(numbers.size())];
    auto& typist = at_fork[number];
    if (typist == nullptr) typist = std::make_unique<Typist>(*this, fork(number), kOtherMember);
    const std::string word = write(*typist);
    if (!word.empty()) words_of[number].insert(word);
  }

  void begin() {
    const auto numbers = live();
    const bool on = !numbers.empty() && below(5) == 0;
    const auto made = put_forward(below(2) == 0 ? kMember : kOtherMember,
                                  on ? std::optional(numbers[below(numbers.size())]) : std::nullopt);
    if (made && on) words_of[made->number] = words_of[*made->amendment->on];
  }

  void adopt_some() {
    const auto numbers = live();
    if (numbers.empty()) return;
    const bool all = below(3) == 0;
    const std::uint64_t one_of = numbers[below(numbers.size())];
    const auto shown = preview(kChair, all ? std::vector<std::uint64_t>{} : std::vector{one_of}, all);
    if (!shown) return;
    if (below(4) == 0) write_text();
    const std::string before = text();
    const auto adopted = adopt(kChair, shown->numbers, shown->text_id);
    if (!adopted) {
      CHECK(text() == before);
      return;
    }
    CHECK(text() == shown->after);
    for (const std::uint64_t number : shown->numbers) {
      CHECK(group().state().amendments.at(number).fate == Fate::adopted);
      for (const std::string& word : words_of[number])
        // A word that somebody typed over in the fork itself is not one of the fork any more.
        if (seen(kChair, number).canonical->find(word) != std::string::npos)
          CHECK_MESSAGE(text().find(word) != std::string::npos, word);
    }
  }

  void end_or_bring_up() {
    const auto numbers = live();
    if (numbers.empty()) return;
    const std::uint64_t number = numbers[below(numbers.size())];
    switch (below(6)) {
      case 0:
        static_cast<void>(move(kChair, number, AmendmentMove::refuse));
        return;
      case 1:
        static_cast<void>(move(kChair, number, AmendmentMove::set_aside));
        return;
      case 2:
        static_cast<void>(move(kChair, number, AmendmentMove::take_up));
        return;
      default:
        static_cast<void>(move(kChair, number, AmendmentMove::bring_up));
        return;
    }
  }

  void step() {
    switch (below(12)) {
      case 0:
      case 1:
        return begin();
      case 2:
        return adopt_some();
      case 3:
        return end_or_bring_up();
      case 4:
      case 5:
      case 6:
        return write_text();
      default:
        return write_fork();
    }
  }

  /// A word typed into a proposal stands in its words, in what it had to leave out, or was typed over there.
  void check_words() {
    for (const auto& [number, words] : words_of) {
      const auto& records = group().state().amendments;
      const auto record = records.find(number);
      if (record == records.end() || record->second.fate == Fate::adopted) continue;
      const auto views = seen(kOtherMember);
      for (const auto& view : views) {
        if (view.number != number) continue;
        std::string all = *view.canonical;
        for (const auto& part : view.amendment->left) all += part.words;
        if (at_fork.contains(number))
          for (const std::string& word : words) {
            const bool typed_over = at_fork[number]->words_of(0).find(word) == std::string::npos &&
                                    at_fork[number]->words_of(1).find(word) == std::string::npos;
            if (!typed_over) CHECK_MESSAGE(all.find(word) != std::string::npos, word);
          }
      }
    }
    const std::string now = text();
    for (const auto& [who, typist] : at_text)
      for (std::size_t i = 0; i < 2; ++i)
        for (const std::string& word : words_of_text)
          if (typist->words_of(i).find(word) != std::string::npos)
            CHECK_MESSAGE(now.find(word) != std::string::npos, word);
  }
};

}  // namespace

TEST_SUITE("group/amending at random") {
  TEST_CASE("people write a text and its proposals at once, and the chair adopts what the preview showed") {
    const char* given = std::getenv("BOSSEY_SEED");
    const unsigned first = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                            : static_cast<unsigned>(std::random_device{}());
    for (unsigned seed = first; seed < first + 4; ++seed) {
      INFO("BOSSEY_SEED=", seed);
      Play play(seed);
      for (int i = 0; i < 60; ++i) play.step();
      play.scheduler.run_posted();
      play.check_words();
      for (const auto& [who, typist] : play.at_text) {
        const std::string server = play.text();
        for (std::size_t paragraph = 0; paragraph < 2; ++paragraph) {
          std::string words = typist->words_of(paragraph);
          for (std::size_t at = words.find(". "); at != std::string::npos; at = words.find(". ", at))
            words.replace(at, 2, ".\n");
          CHECK_MESSAGE(server.find(words) != std::string::npos, words);
        }
      }
      const group::GroupState before = play.group().state();
      const std::string text = play.text();
      play.at_text.clear();
      play.at_fork.clear();
      play.restart();
      CHECK(play.group().state() == before);
      CHECK(play.text() == text);
    }
  }
}
