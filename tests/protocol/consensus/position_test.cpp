#include "consensus/position.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>

using namespace bossey;
using namespace bossey::consensus;

namespace {

const SectionId kA{"a"};
const PersonId kAda{1}, kBo{2};
const Sha256 kWords = sha256("words"), kOther = sha256("other words");

TakePosition objecting(std::uint64_t number, PersonId who, const std::string& why = "It names one country.") {
  TakePosition command;
  command.number = number;
  command.section = kA;
  command.holder = who;
  command.shown_text_id = kWords;
  command.kind = PositionKind::objection;
  command.words = why;
  return command;
}

Positions one_objection() {
  return *take({}, objecting(1, kAda), Role::member, kWords, false, 100);
}

std::uint32_t seed_of_run() {
  const char* given = std::getenv("BOSSEY_SEED");
  return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

}  // namespace

TEST_SUITE("consensus/position") {
  TEST_CASE("only members hold positions, and the floor speaks through secretariat or chair") {
    for (const Role role : kRoles) {
      CAPTURE(name_of(role));
      CHECK(take({}, objecting(1, kAda), role, kWords, false, 0).has_value() == (role == Role::member));
      TakePosition floor = objecting(1, kAda);
      floor.from_floor = true;
      CHECK_FALSE(take({}, floor, role, kWords, false, 0));
      floor.holder.reset();
      CHECK(take({}, floor, role, kWords, false, 0).has_value() == (role == Role::secretariat || role == Role::chair));
    }
    CHECK(take({}, objecting(1, kAda), RoleSet(Role::chair).with(Role::member), kWords, false, 0));
  }

  TEST_CASE("an objection needs a reason and a reservation a sentence") {
    for (const PositionRow& row : kPositions) {
      CAPTURE(row.name);
      TakePosition command = objecting(1, kAda, " ");
      command.kind = row.kind;
      CHECK(take({}, command, Role::member, kWords, false, 0).has_value() == !row.words);
    }
  }

  TEST_CASE("a position on words that moved, or on a closed section, is refused") {
    CHECK(take({}, objecting(1, kAda), Role::member, kOther, false, 0).error().code == Errc::conflict);
    CHECK(take({}, objecting(1, kAda), Role::member, kWords, true, 0).error().code == Errc::conflict);
  }

  TEST_CASE("an objection blocks until it ends in one of four ways") {
    const Positions before = one_objection();
    CHECK(tally_of(before, kA, kWords).unanswered == std::vector<std::uint64_t>{1});
    CHECK(tally_of(before, kA, kOther).unanswered == std::vector<std::uint64_t>{1});

    const Positions withdrawn = *let_go(before, 1, kAda, Role::member, kWords);
    CHECK(withdrawn[0].outcome == Outcome::withdrawn);
    CHECK(tally_of(withdrawn, kA, kWords) == PositionTally{});

    const Positions accommodated = *let_go(before, 1, kAda, Role::member, kOther);
    CHECK(accommodated[0].outcome == Outcome::accommodated);
    CHECK(tally_of(accommodated, kA, kOther) == PositionTally{});

    const Positions answered = *answer(before, 1, Role::chair, "The list is an example.");
    CHECK(tally_of(answered, kA, kWords).unanswered.empty());
    CHECK(tally_of(answered, kA, kWords).answered == 1);
    CHECK(outcomes_of(answered, kA) == std::vector<ObjectionOutcome>{{"o1", "addressed, not accommodated"}});

    const Positions turned = *turn(before, 1, kAda, Role::member, "Country X does not share this.", 2, 200);
    CHECK(turned[0].outcome == Outcome::turned);
    CHECK(tally_of(turned, kA, kWords).reservations == 1);
    CHECK(tally_of(turned, kA, kWords).unanswered.empty());
    CHECK(turned[1].words == "Country X does not share this.");
  }

  TEST_CASE("only the chair answers and only its author withdraws") {
    const Positions before = one_objection();
    for (const Role role : kRoles) {
      CAPTURE(name_of(role));
      CHECK(answer(before, 1, role, "Because.").has_value() == (role == Role::chair));
      CHECK_FALSE(let_go(before, 1, kBo, role, kWords));
    }
    CHECK_FALSE(answer(before, 1, Role::chair, " "));
    // To others the position does not exist.
    CHECK(let_go(before, 1, kBo, Role::member, kWords).error().code == Errc::not_found);
    CHECK(let_go(before, 1, kBo, Role::chair, kWords).error().code == Errc::forbidden);
    CHECK_FALSE(let_go(*let_go(before, 1, kAda, Role::member, kWords), 1, kAda, Role::member, kWords));
  }

  TEST_CASE("under unanimity an objection cannot be answered away") {
    CHECK(answer(one_objection(), 1, Role::chair, "Because.", true).error().detail ==
          "Under unanimity only its author withdraws an objection.");
  }

  TEST_CASE("when the text changes its author is asked once, and until then it stands") {
    Asked asked = ask_after_change(one_objection(), kA, kOther);
    CHECK(asked.to_ask == std::vector<std::uint64_t>{1});
    asked = ask_after_change(asked.positions, kA, sha256("third words"));
    CHECK(asked.to_ask.empty());
    CHECK(tally_of(asked.positions, kA, sha256("third words")).unanswered.size() == 1);
    const Positions kept = *keep(asked.positions, 1, kAda, Role::member, sha256("third words"));
    CHECK_FALSE(kept[0].asked_about);
    CHECK(ask_after_change(kept, kA, sha256("third words")).to_ask.empty());
    CHECK(ask_after_change(kept, kA, kWords).to_ask.size() == 1);
    // The old words return: nothing is left to ask.
    CHECK_FALSE(ask_after_change(asked.positions, kA, kWords).positions[0].asked_about);
  }

  TEST_CASE("no objection and not taking part lapse with the words, a reservation and an ad ref do not") {
    for (const PositionRow& row : kPositions) {
      CAPTURE(row.name);
      TakePosition command = objecting(1, kAda);
      command.kind = row.kind;
      const Positions held = *take({}, command, Role::member, kWords, false, 0);
      CHECK(stands(held[0], kOther) == row.stands);
      CHECK(stands(held[0], kWords));
    }
  }

  TEST_CASE("an answer ad referendum is open until confirmed on the words it was given to") {
    TakePosition command = objecting(1, kAda, "");
    command.kind = PositionKind::ad_ref;
    command.confirm_by_s = 50;
    CHECK_FALSE(take({}, command, Role::member, kWords, false, 100));
    command.confirm_by_s = 500;
    const Positions held = *take({}, command, Role::member, kWords, false, 100);
    CHECK(tally_of(held, kA, kWords).ad_ref_open == 1);
    CHECK_FALSE(confirm(held, 1, kAda, kOther));
    CHECK_FALSE(confirm(held, 1, kBo, kWords));
    CHECK(tally_of(*confirm(held, 1, kAda, kWords), kA, kWords) == PositionTally{});
  }

  TEST_CASE("what the floor said is let go from the floor") {
    TakePosition floor = objecting(1, kAda);
    floor.holder.reset();
    floor.from_floor = true;
    const Positions held = *take({}, floor, Role::secretariat, kWords, false, 0);
    CHECK_FALSE(let_go(held, 1, kAda, Role::member, kWords));
    CHECK(let_go(held, 1, std::nullopt, Role::secretariat, kWords));
  }

  TEST_CASE("in no random sequence does an objection vanish by anybody else's doing") {
    const std::uint32_t seed = seed_of_run();
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const auto pick = [&](std::uint32_t below) { return static_cast<std::uint32_t>(random() % below); };
    for (int run = 0; run < 400; ++run) {
      Positions positions;
      std::uint64_t next = 1;
      Sha256 text = kWords;
      std::map<std::uint64_t, std::uint64_t> blocking;  // holder -> the objection that blocks, kept by a plain reading
      std::map<std::uint64_t, int> open_questions;
      for (int step = 0; step < 40; ++step) {
        const PersonId who{1 + pick(4)};
        const auto mine = blocking.find(who.value);
        switch (pick(7)) {
          case 0: {
            text = sha256("text " + std::to_string(pick(3)));
            const Asked asked = ask_after_change(positions, kA, text);
            positions = asked.positions;
            break;
          }
          case 1:
          case 2: {
            TakePosition command = objecting(next, who);
            command.shown_text_id = pick(4) == 0 ? sha256("stale") : text;
            command.kind = kPositions[pick(5)].kind;
            const auto taken = take(positions, command, Role::member, text, false, step);
            CHECK(taken.has_value() == (command.shown_text_id == text));
            if (!taken) break;
            positions = *taken;
            blocking.erase(who.value);
            if (command.kind == PositionKind::objection) blocking[who.value] = next;
            ++next;
            break;
          }
          case 3:
            if (positions.empty()) break;
            if (const std::uint64_t number = 1 + pick(static_cast<std::uint32_t>(next));
                auto gone = let_go(positions, number, who, Role::member, text)) {
              positions = *gone;
              CHECK(positions[number - 1].holder == who);
              if (mine != blocking.end() && mine->second == number) blocking.erase(mine);
            }
            break;
          case 4:
            if (mine == blocking.end()) break;
            if (auto turned = turn(positions, mine->second, who, Role::member, "", next, step)) {
              positions = *turned;
              ++next;
              blocking.erase(mine);
            }
            break;
          case 5:
            if (mine == blocking.end()) break;
            positions = *answer(positions, mine->second, Role::chair, "Because.");
            blocking.erase(mine);
            break;
          default:
            if (mine == blocking.end()) break;
            positions = *keep(positions, mine->second, who, Role::member, text);
            break;
        }
        CAPTURE(run);
        std::vector<std::uint64_t> expected;
        for (const auto& [holder, number] : blocking) expected.push_back(number);
        std::sort(expected.begin(), expected.end());
        REQUIRE(tally_of(positions, kA, text).unanswered == expected);
        std::map<std::uint64_t, int> standing;
        for (const Position& p : positions) {
          if (stands(p, text)) ++standing[p.holder->value];
          // A question is open only to a standing position on other words.
          if (p.asked_about) CHECK((stands(p, text) && p.text_id != text));
        }
        for (const auto& [holder, count] : standing) REQUIRE(count == 1);
      }
    }
  }
}
