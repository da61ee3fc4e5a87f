#include "consensus/risk_word.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <tuple>

using namespace bossey::consensus;

namespace {

bool finds(const std::string& before, const std::string& after, RiskKind kind) {
  const auto risks = risks_of(before, after);
  return std::any_of(risks.begin(), risks.end(), [&](const Risk& risk) { return risk.kind == kind; });
}

}  // namespace

TEST_SUITE("consensus/risk_word") {
  TEST_CASE("changes of obligation, negation, scope, number, date and name are found in five languages") {
    using Row = std::tuple<const char*, const char*, RiskKind>;
    for (const auto& [before, after, kind] : {
             Row{"States should act.", "States shall act.", RiskKind::obligation},
             Row{"States shall act.", "States act.", RiskKind::obligation},
             Row{"Shall states act?", "Should states act?", RiskKind::obligation},
             Row{"It does act.", "It does not act.", RiskKind::negation},
             Row{"They do act.", "They don't act.", RiskKind::negation},
             Row{"They can act.", "They can’t act.", RiskKind::negation},
             Row{"All states act.", "States act.", RiskKind::scope},
             Row{"Within 30 days.", "Within 60 days.", RiskKind::number},
             Row{"A share of 3.5%.", "A share of 35%.", RiskKind::number},
             Row{"Within thirty steps.", "Within forty steps.", RiskKind::number},
             Row{"By 5 July.", "By 5 June.", RiskKind::date},
             Row{"The report of Chad is here.", "The report of Chile is here.", RiskKind::name},
             Row{"Les États devraient agir.", "Les États doivent agir.", RiskKind::obligation},
             Row{"Il faut agir.", "Il ne faut pas agir.", RiskKind::negation},
             Row{"Tous les États.", "Les États.", RiskKind::scope},
             Row{"Los Estados deberían actuar.", "Los Estados deberán actuar.", RiskKind::obligation},
             Row{"Actuar con acuerdo.", "Actuar sin acuerdo.", RiskKind::negation},
             Row{"Únicamente los Estados.", "Los Estados.", RiskKind::scope},
             Row{"في خلال ٣٠ خطوة", "في خلال ٦٠ خطوة", RiskKind::number},
             Row{"في خلال ثلاثين خطوة", "في خلال ستين خطوة", RiskKind::number},
             Row{"يتفق الأعضاء", "لا يتفق الأعضاء", RiskKind::negation},
             Row{"يتفق الأعضاء", "ولا يتفق الأعضاء", RiskKind::negation},
             Row{"في يوليو", "في يونيو", RiskKind::date},
             Row{"各国同意。", "各国不同意。", RiskKind::negation},
             Row{"三十个国家。", "四十个国家。", RiskKind::number},
             Row{"七月五号。", "七年五号。", RiskKind::date},
             Row{"各国应合作。", "各国可合作。", RiskKind::obligation},
             Row{"The [whole] text.", "The whole text.", RiskKind::bracket},
             Row{"- one body\n- a veto\n", "- one body and a veto\n", RiskKind::list},
             Row{"- first thing\n", "1. first thing\n", RiskKind::list},
             Row{"# T\n\nAlpha.\n\nBeta.\n", "# T\n\nBeta.\n\nAlpha.\n", RiskKind::moved},
         }) {
      CAPTURE(before);
      CAPTURE(after);
      CAPTURE(name_of(kind));
      CHECK(finds(before, after, kind));
      CHECK(finds(after, before, kind));
    }
  }

  TEST_CASE("a risky word that only changes its place is found") {
    CHECK(finds("It shall not act and wait.", "It shall act and not wait.", RiskKind::negation));
  }

  TEST_CASE("spelling, punctuation, emphasis and line ends are no risk") {
    for (const auto& [before, after] : {
             std::pair{"Goverments cooperate.", "Governments cooperate."},
             std::pair{"Governments, users cooperate.", "Governments; users cooperate."},
             std::pair{"The *forum* acts.", "The **forum** acts."},
             std::pair{"One sentence. Another sentence.", "One sentence.\nAnother sentence."},
             std::pair{"a \\[note\\] here", "a note here"},
             std::pair{"各国合做。", "各国合作。"},
         }) {
      CAPTURE(before);
      CHECK(risks_of(before, after).empty());
    }
  }

  TEST_CASE("the finding says what went and what came") {
    CHECK(in_words(risks_of("States should act in 30 days.", "States shall act in 60 days.")) ==
          "should → shall; 30 → 60");
    CHECK(in_words(risks_of("It acts.", "It never acts.")) == "new: never");
  }

  TEST_CASE("a long text is compared within a bound, and nothing is missed for it") {
    std::string before = "# T\n\n", after = "# T\n\n";
    for (int i = 0; i < 6000; ++i) {
      before += "alpha" + std::string(1, static_cast<char>('a' + i % 26)) + ' ';
      after += "beta" + std::string(1, static_cast<char>('a' + i % 26)) + ' ';
    }
    CHECK(finds(before + "should", after + "should not", RiskKind::negation));
  }

  TEST_CASE("every random replacement of a word by a risky one is found, whatever stands around it") {
    const char* given = std::getenv("BOSSEY_SEED");
    const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                       : static_cast<std::uint32_t>(std::random_device{}());
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> plain{"forum", "governance", "création", "función", "国家", "منتدى", "role"};
    const std::vector<std::string> risky{"shall", "not", "only", "17", "doit", "nunca", "يجب", "ليس", "应", "不"};
    for (int run = 0; run < 3000; ++run) {
      std::vector<std::string> words;
      for (int i = 0; i < 12; ++i) words.push_back(plain[random() % plain.size()]);
      const auto join = [&] {
        std::string out;
        for (const std::string& word : words) out += word + ' ';
        return out;
      };
      const std::string before = join();
      words[random() % words.size()] = risky[random() % risky.size()];
      CAPTURE(before);
      CAPTURE(join());
      REQUIRE_FALSE(risks_of(before, join()).empty());
    }
  }
}
