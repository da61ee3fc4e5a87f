#include "consensus/proposal.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

using namespace bossey;
using namespace bossey::consensus;

namespace {

const SectionId kA{"a"};
const PersonId kAda{1}, kBo{2};
const std::string kText = "States should cooperate in the forum and report to all.\n";

/// Replaces the first occurrence of `from` in `text`.
TextChange replacing(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return {at, at + from.size(), to};
}

Amendment proposing(std::uint64_t number, TextChanges changes, const std::string& base = kText) {
  Amendment a;
  a.number = number;
  a.section = kA;
  a.author = PersonId{number};
  a.base = sha256(base);
  a.changes = std::move(changes);
  return a;
}

}  // namespace

TEST_SUITE("consensus/proposal") {
  TEST_CASE("changes of the same words are rivals, and so are changes that touch") {
    const auto shall = replacing(kText, "should", "shall"), may = replacing(kText, "should cooperate", "may act");
    const auto forum = replacing(kText, "forum", "body");
    CHECK(rivals(shall, may));
    CHECK_FALSE(rivals(shall, forum));
    CHECK(rivals(TextChange{5, 5, "x"}, TextChange{5, 5, "y"}));
    CHECK(rivals(TextChange{5, 8, ""}, TextChange{8, 8, "y"}));
    CHECK_FALSE(rivals(TextChange{5, 7, ""}, TextChange{8, 8, "y"}));
  }

  TEST_CASE("adopting one carries the others over or says which of their own parts are overtaken") {
    const Amendments all{proposing(1, {replacing(kText, "should", "shall")}),
                         proposing(2, {replacing(kText, "should", "may"), replacing(kText, "all", "each of them")}),
                         proposing(3, {replacing(kText, "forum", "body")})};
    CHECK(rivals_of(all, 1) == std::vector<std::uint64_t>{2});
    CHECK(rivals_of(all, 3).empty());
    const std::vector<std::uint64_t> one{1};
    const std::string adopted = *try_adopt(all, one, Role::chair, sha256(kText), kText);
    CHECK(adopted == "States shall cooperate in the forum and report to all.\n");
    const Amendments after = after_adoption(all, one, sha256(adopted));
    CHECK(after[0].fate == Fate::adopted);
    CHECK(after[1].fate == Fate::open);
    CHECK(after[1].overtaken == std::vector{replacing(kText, "should", "may")});
    CHECK(with_changes(adopted, after[1].changes) ==
          "States shall cooperate in the forum and report to each of them.\n");
    CHECK(with_changes(adopted, after[2].changes) == "States shall cooperate in the body and report to all.\n");
    CHECK(after[2].overtaken.empty());
    CHECK(try_adopt(after, std::vector<std::uint64_t>{2}, Role::chair, sha256(adopted), adopted).error().detail ==
          "The text has overtaken this proposal. Bring it up to date first.");
  }

  TEST_CASE("all uncontested go in together, and rivals stay out") {
    Amendments all{proposing(1, {replacing(kText, "should", "shall")}),
                   proposing(2, {replacing(kText, "should", "may")}), proposing(3, {replacing(kText, "forum", "body")}),
                   proposing(4, {replacing(kText, "States", "All States")})};
    all.push_back(proposing(5, {replacing(kText, "report", "answer")}));
    all.back().kind = ProposalKind::late;
    const auto numbers = uncontested(all, kA, sha256(kText));
    CHECK(numbers == std::vector<std::uint64_t>{3, 4});
    CHECK(*try_adopt(all, numbers, Role::chair, sha256(kText), kText) ==
          "All States should cooperate in the body and report to all.\n");
    CHECK_FALSE(try_adopt(all, std::vector<std::uint64_t>{1, 2}, Role::chair, sha256(kText), kText));
    CHECK_FALSE(try_adopt(all, numbers, Role::chair, sha256("moved"), kText));
  }

  TEST_CASE("only the chair adopts, refuses and sets aside; only its author withdraws") {
    const Amendments all{proposing(1, {replacing(kText, "should", "shall")})};
    const std::vector<std::uint64_t> one{1};
    for (const Role role : kRoles) {
      CAPTURE(name_of(role));
      const bool chair = role == Role::chair;
      CHECK(try_adopt(all, one, role, sha256(kText), kText).has_value() == chair);
      CHECK(end_with(all, 1, Fate::refused, kBo, role).has_value() == chair);
      CHECK(end_with(all, 1, Fate::set_aside, kBo, role).has_value() == chair);
      CHECK_FALSE(end_with(all, 1, Fate::withdrawn, kBo, role));
      CHECK(end_with(all, 1, Fate::withdrawn, kAda, role));
    }
    const Amendments refused = *end_with(all, 1, Fate::refused, kBo, Role::chair);
    CHECK_FALSE(try_adopt(refused, one, Role::chair, sha256(kText), kText));
    CHECK_FALSE(end_with(refused, 1, Fate::withdrawn, kAda, Role::member));
    const Amendments aside = *end_with(all, 1, Fate::set_aside, kBo, Role::chair);
    CHECK(uncontested(aside, kA, sha256(kText)).empty());
    CHECK(end_with(aside, 1, Fate::open, kBo, Role::chair));
    CHECK(try_adopt(aside, one, Role::chair, sha256(kText), kText));
  }

  TEST_CASE("proposing needs a word, a right to speak and a text that is meant") {
    const Amendment a = proposing(1, {replacing(kText, "should", "shall")});
    CHECK(check_proposing(a, Role::member, false, {}, kText.size()));
    CHECK_FALSE(check_proposing(a, Role::observer, false, {}, kText.size()));
    CHECK(check_proposing(a, Role::observer, true, {}, kText.size()));
    CHECK_FALSE(check_proposing(a, Role::administrator, true, {}, kText.size()));
    CHECK_FALSE(check_proposing(a, Role::member, false, {}, 5));
    CHECK_FALSE(check_proposing(proposing(1, {}), Role::member, false, {}, kText.size()));
    Amendment on = proposing(2, {TextChange{0, 1, "x"}});
    on.on = 1;
    CHECK(check_proposing(on, Role::member, false, {a}, kText.size()));
    CHECK_FALSE(check_proposing(on, Role::member, false, {}, kText.size()));
    Amendment deeper = on;
    deeper.on = 2;
    CHECK_FALSE(check_proposing(deeper, Role::member, false, {a, on}, kText.size()));
  }

  TEST_CASE("a proposal to a proposal goes into it by its author, or stays with the words when that one is adopted") {
    const std::string shall = "States shall cooperate in the forum and report to all.\n";
    Amendment on = proposing(2, {replacing(shall, "shall", "shall, where possible,")}, shall);
    on.on = 1;
    Amendment other = proposing(3, {replacing(shall, "report", "answer")}, shall);
    other.on = 1;
    const Amendments all{proposing(1, {replacing(kText, "should", "shall")}), on, other};

    const TextChanges both{replacing(kText, "should", "shall, where possible,")};
    CHECK(adopt_into(all, 2, kBo, both, sha256("x")).error().code == Errc::forbidden);
    const Amendments taken = *adopt_into(all, 2, kAda, both, sha256("x"));
    CHECK(taken[1].fate == Fate::adopted);
    const std::string new_words = with_changes(kText, taken[0].changes);
    CHECK(with_changes(new_words, taken[2].changes) ==
          "States shall, where possible, cooperate in the forum and answer to all.\n");

    const Amendments after = after_adoption(all, std::vector<std::uint64_t>{1}, sha256(shall));
    CHECK_FALSE(after[1].on);
    CHECK(with_changes(shall, after[1].changes) ==
          "States shall, where possible, cooperate in the forum and report to all.\n");
    const Amendments refused = *end_with(all, 1, Fate::refused, kBo, Role::chair);
    CHECK(refused[1].fate == Fate::set_aside);
  }

  TEST_CASE("in random sequences adopted words are all there, in either order, and nothing else moved") {
    const char* given = std::getenv("BOSSEY_SEED");
    const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                       : static_cast<std::uint32_t>(std::random_device{}());
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
    const auto some_changes = [&](std::size_t bytes, const std::string& mark) {
      TextChanges out;
      for (std::size_t at = pick(12); at < bytes; at += 2 + pick(25)) {
        const std::size_t end = std::min(bytes, at + pick(6));
        out.push_back({at, end, mark + std::to_string(out.size())});
        at = end;
      }
      return out;
    };
    std::size_t carried = 0, overtaken = 0;
    for (int run = 0; run < 5000; ++run) {
      CAPTURE(seed);
      CAPTURE(run);
      const TextChanges a = some_changes(kText.size(), "A"), b = some_changes(kText.size(), "B");
      REQUIRE(well_formed(a, kText.size()));
      const std::string with_a = with_changes(kText, a), with_b = with_changes(kText, b);
      const Rebased b_on_a = rebase(b, a), a_on_b = rebase(a, b);
      REQUIRE(well_formed(b_on_a.kept, with_a.size()));
      const std::string both = with_changes(with_a, b_on_a.kept);
      // Every carried word stands beside every adopted one, and none is melted into another.
      for (const TextChange& c : a) REQUIRE(both.find(c.words) != std::string::npos);
      for (const TextChange& c : b_on_a.kept) REQUIRE(both.find(c.words) != std::string::npos);
      REQUIRE(b_on_a.kept.size() + b_on_a.overtaken.size() + b_on_a.done.size() == b.size());
      if (!rivals(std::span<const TextChange>(a), b)) {
        REQUIRE(b_on_a.overtaken.empty());
        REQUIRE(with_changes(with_b, a_on_b.kept) == both);
      }
      // What the changes leave alone is left alone: taken out again, the base is there.
      TextChanges back;
      std::ptrdiff_t shift = 0;
      for (const TextChange& c : a) {
        const auto at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(c.begin) + shift);
        back.push_back({at, at + c.words.size(), kText.substr(c.begin, c.end - c.begin)});
        shift += static_cast<std::ptrdiff_t>(c.words.size()) - static_cast<std::ptrdiff_t>(c.end - c.begin);
      }
      REQUIRE(with_changes(with_a, back) == kText);
      carried += b_on_a.kept.size();
      overtaken += b_on_a.overtaken.size();
    }
    CHECK(carried > 1000);
    CHECK(overtaken > 1000);
  }
}
