#include "consensus/standing.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <random>
#include <set>

#include "consensus/transition.hpp"

using namespace bossey;
using namespace bossey::consensus;

namespace {

const SectionId kA{"a"};

Decision on(std::uint64_t no, DecisionKind kind, const std::string& words, std::optional<Status> result) {
  Decision d;
  d.no = no;
  d.at_s = static_cast<std::int64_t>(no) * 60;
  d.kind = kind;
  d.result = result;
  d.subject.push_back({kA, "A", sha256(words), std::string(40, '0')});
  return d;
}

Standing of(const std::vector<Decision>& chain, const std::string& words) {
  return standing_of(pins_of(chain), kA, sha256(words));
}

/// A group as a table of words, driven by random commands through `check` as the server does.
class Room {
 public:
  explicit Room(std::uint32_t seed) : random_(seed) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] = "text 0 of " + std::to_string(i);
  }

  void step() {
    now_s_ += pick(200);
    switch (pick(8)) {
      case 0:
      case 1:
        type();
        break;
      case 2:
        restore_agreed();
        break;
      default:
        decide();
        break;
    }
  }

  void check_invariants() const {
    const Pins pins = pins_of(chain_);
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const Standing standing = standing_of(pins, id(i), sha256(words_[i]));
      CHECK(closed_[i] == standing.pin.closed);
      if (standing.settled()) CHECK(has_decision_on(i));
      if (standing.pin.closed) CHECK(standing.fresh);  // A closed text never changes.
      CHECK_FALSE((standing.settled() && standing.changed_since()));
    }
    CHECK(verify_chain(files_));
  }

 private:
  static SectionId id(std::size_t i) { return SectionId{"s" + std::to_string(i)}; }
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  void type() {
    const std::size_t i = pick(kSections);
    if (!closed_[i]) words_[i] = "text " + std::to_string(pick(4)) + " of " + std::to_string(i);
  }

  void restore_agreed() {
    const std::size_t i = pick(kSections);
    if (closed_[i] || chain_.empty()) return;
    for (const auto& [no, words] : decided_words_)
      if (no.second == i && pick(2) == 0) words_[i] = words;
  }

  SectionFacts facts_of(std::size_t i) {
    SectionFacts facts;
    facts.section = id(i);
    facts.text_id = sha256(words_[i]);
    facts.content_hash = facts.text_id;
    // Sometimes the chair's page is one letter behind.
    const bool stale = pick(4) == 0;
    facts.shown_text_id = stale ? sha256(words_[i] + ".") : facts.text_id;
    facts.shown_content_hash = facts.shown_text_id;
    facts.has_text = true;
    facts.standing = standing_of(pins_of(chain_), id(i), facts.text_id);
    if (pick(6) == 0) facts.brackets = {"may"};
    return facts;
  }

  void decide() {
    constexpr std::array kKinds{DecisionKind::agree,    DecisionKind::bracket, DecisionKind::alternatives,
                                DecisionKind::withdraw, DecisionKind::reopen,  DecisionKind::undo};
    const DecisionKind kind = kKinds[pick(kKinds.size())];
    if (kind == DecisionKind::undo) return undo();
    DecisionFacts facts;
    facts.roles = pick(5) == 0 ? RoleSet(Role::member) : RoleSet(Role::chair);
    const std::size_t first = pick(kSections);
    std::vector<std::size_t> subject{first};
    if (kind == DecisionKind::alternatives) subject = {0, 1, 2};
    if (kind == DecisionKind::reopen) {
      subject.clear();
      for (const SectionId& section : reopened_with(chain_, pins_of(chain_), id(first)))
        subject.push_back(static_cast<std::size_t>(section.value[1] - '0'));
    }
    for (const std::size_t i : subject) facts.subject.push_back(facts_of(i));
    facts.reason = kind == DecisionKind::withdraw ? "no consensus" : "late news";
    if (!check(kind, facts)) return;
    for (const SectionFacts& s : facts.subject) {
      CHECK(facts.roles.has(Role::chair));
      if (kind == DecisionKind::agree || kind == DecisionKind::alternatives) {
        CHECK(s.shown_text_id == s.text_id);
        CHECK(s.brackets.empty());
      }
    }
    record(kind, subject, facts.reason, std::nullopt);
  }

  void undo() {
    if (chain_.empty()) return;
    const Decision last = chain_.back();
    std::vector<std::size_t> subject;
    std::map<SectionId, Sha256> texts;
    for (const Subject& s : last.subject) {
      subject.push_back(static_cast<std::size_t>(s.section.value[1] - '0'));
      texts[s.section] = sha256(words_[subject.back()]);
    }
    if (!check_undo(chain_, last.no, Role::chair, pick(3) != 0, now_s_, texts)) return;
    const Pins before = pins_of(std::span(chain_).first(chain_.size() - 1));
    record(DecisionKind::undo, subject, "", last.no);
    CHECK(pins_of(chain_) == before);  // Undo restores exactly what was.
  }

  void record(DecisionKind kind, const std::vector<std::size_t>& subject, const std::string& reason,
              std::optional<std::uint64_t> refers_to) {
    Decision d;
    d.no = chain_.size() + 1;
    d.at_s = now_s_;
    d.kind = kind;
    d.reason = reason;
    d.refers_to = refers_to;
    d.result = transition_of(kind)->result;
    if (!files_.empty()) d.prev = sha256(files_.back());
    for (const std::size_t i : subject) {
      d.subject.push_back({id(i), "", sha256(words_[i]), std::string(40, '0')});
      decided_words_[{d.no, i}] = words_[i];
    }
    files_.push_back(canonical_bytes(d));
    chain_.push_back(d);
    const Pins pins = pins_of(chain_);
    for (const std::size_t i : subject) closed_[i] = pins.contains(id(i)) && pins.at(id(i)).closed;
  }

  /// The plain reading of "never settled without a decision on exactly that text".
  bool has_decision_on(std::size_t i) const {
    std::set<std::uint64_t> undone;
    for (const Decision& d : chain_)
      if (d.kind == DecisionKind::undo) undone.insert(*d.refers_to);
    for (const Decision& d : chain_) {
      if (undone.contains(d.no) || (d.kind != DecisionKind::agree && d.kind != DecisionKind::alternatives)) continue;
      for (const Subject& s : d.subject)
        if (s.section == id(i) && s.text_id == sha256(words_[i])) return true;
    }
    return false;
  }

  static constexpr std::size_t kSections = 4;
  std::mt19937 random_;
  std::int64_t now_s_ = 1'000'000;
  std::array<std::string, kSections> words_;
  std::array<bool, kSections> closed_{};
  std::vector<Decision> chain_;
  std::vector<std::string> files_;
  std::map<std::pair<std::uint64_t, std::size_t>, std::string> decided_words_;
};

}  // namespace

TEST_SUITE("consensus/standing") {
  TEST_CASE("a section nobody decided on is a draft, whatever it says") {
    CHECK(of({}, "anything").status() == Status::draft);
    CHECK_FALSE(of({}, "anything").settled());
    CHECK_FALSE(of({}, "anything").changed_since());
  }

  TEST_CASE("changed since appears with one letter and disappears when the words return") {
    const std::vector<Decision> chain{on(1, DecisionKind::agree, "words", Status::agreed)};
    CHECK(of(chain, "words").settled());
    CHECK(of(chain, "wordz").changed_since());
    CHECK_FALSE(of(chain, "wordz").settled());
    CHECK(of(chain, "words").settled());
  }

  TEST_CASE("a reopened section with its agreed words shows so, and is not settled until agreed again") {
    std::vector<Decision> chain{on(1, DecisionKind::agree, "words", Status::agreed),
                                on(2, DecisionKind::reopen, "words", std::nullopt)};
    CHECK(of(chain, "words").status() == Status::agreed);
    CHECK(of(chain, "words").in_words() == "Agreed 1 January 1970 00:01 UTC, reopened");
    CHECK_FALSE(of(chain, "words").settled());
    CHECK_FALSE(of(chain, "words").pin.closed);
    chain.push_back(on(3, DecisionKind::agree, "words", Status::agreed));
    CHECK(of(chain, "words").settled());
    CHECK(of(chain, "words").pin.closed);
  }

  TEST_CASE("in brackets stays true when the words change") {
    const std::vector<Decision> chain{on(1, DecisionKind::bracket, "words", Status::in_brackets)};
    CHECK(of(chain, "others").status() == Status::in_brackets);
    CHECK_FALSE(of(chain, "others").changed_since());
  }

  TEST_CASE("a reopened withdrawn section is what it was before") {
    const std::vector<Decision> chain{on(1, DecisionKind::bracket, "words", Status::in_brackets),
                                      on(2, DecisionKind::withdraw, "words", Status::withdrawn),
                                      on(3, DecisionKind::reopen, "words", std::nullopt)};
    CHECK(of(chain, "words").status() == Status::in_brackets);
    CHECK_FALSE(of(chain, "words").pin.reopened);
  }

  TEST_CASE("a chapter's line is computed, leaves withdrawn sections out, and counts changed text as not settled") {
    Tally tally;
    const auto with = [](Status status, bool fresh) { return Standing{{.status = status, .decision = 1}, fresh}; };
    for (int i = 0; i < 5; ++i) tally.add(with(Status::agreed, true));
    tally.add(with(Status::in_brackets, true));
    tally.add(Standing{});
    CHECK(tally.in_words() == "5 of 7 settled; 1 in brackets; 1 draft");
    tally.add(with(Status::alternatives, false));
    tally.add(with(Status::withdrawn, true));
    CHECK(tally.in_words() == "5 of 8 settled; 1 changed since agreed; 1 in brackets; 1 draft; 1 withdrawn");
  }

  TEST_CASE("no random sequence of typing and deciding settles a text that was not decided on") {
    const char* given = std::getenv("BOSSEY_SEED");
    const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                       : static_cast<std::uint32_t>(std::random_device{}());
    MESSAGE("seed " << seed);
    for (std::uint32_t run = 0; run < 300; ++run) {
      CAPTURE(seed);
      CAPTURE(run);
      Room room(seed + run);
      for (int step = 0; step < 60; ++step) room.step();
      room.check_invariants();
    }
  }
}
