#include "consensus/attribution.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace bossey;
using namespace bossey::consensus;

namespace {

const SectionId kA{"a"};
const Sha256 kWords = sha256("words");

Position held(std::uint64_t number, std::optional<std::uint64_t> holder, PositionKind kind) {
  Position p;
  p.number = number;
  p.section = kA;
  if (holder) p.holder = PersonId{*holder};
  p.text_id = kWords;
  p.kind = kind;
  p.words = "secret reason";
  return p;
}

std::string category_of(PersonId person) {
  return person.value % 2 == 0 ? "governments" : "civil society";
}

}  // namespace

TEST_SUITE("consensus/attribution") {
  TEST_CASE("a category of fewer than five present people is not named, nor can it be worked out") {
    CHECK(shown_categories({{"governments", 12}, {"business", 9}}) == ByCategory{{"governments", 12}, {"business", 9}});
    // 24 present, of whom 12 and 9 are shown, would be three of the third.
    CHECK(shown_categories({{"governments", 12}, {"business", 9}, {"academia", 3}}) == ByCategory{{"governments", 12}});
    CHECK(shown_categories({{"governments", 12}, {"business", 3}, {"academia", 4}}) == ByCategory{{"governments", 12}});
    CHECK(shown_categories({{"governments", 4}}).empty());
    CHECK(shown_categories({{"governments", 6}, {"business", 1}, {"academia", 1}}).empty());
    const Present present = present_of({{"governments", 12}, {"business", 3}}, 40);
    CHECK(present.count == 15);
    CHECK(present.roll == 40);
    CHECK(present.by_category.empty());
  }

  TEST_CASE("in random rooms no small number follows from what is shown") {
    std::mt19937 random(7);
    for (int run = 0; run < 5000; ++run) {
      ByCategory present;
      std::uint32_t total = 0;
      for (const char* category : {"a", "b", "c", "d"})
        total += present[category] = static_cast<std::uint32_t>(random() % 9);
      const ByCategory shown = shown_categories(present);
      std::uint32_t shown_people = 0;
      std::size_t hidden = 0;
      for (const auto& [category, count] : present) {
        if (shown.contains(category)) {
          REQUIRE(count >= kSmallGroup);
          shown_people += count;
        } else if (count > 0) {
          ++hidden;
        }
      }
      if (hidden > 0 && !shown.empty()) REQUIRE((hidden >= 2 && total - shown_people >= kSmallGroup));
    }
  }

  TEST_CASE("a position is seen by its holder and the chair, and by the secretariat if the group chose so") {
    const Position p = held(1, 4, PositionKind::objection);
    CHECK(sees({PersonId{4}, Role::member}, p));
    CHECK(sees({PersonId{9}, Role::chair}, p));
    for (const Role role : {Role::secretariat, Role::member, Role::observer, Role::administrator})
      CHECK_FALSE(sees({PersonId{9}, role}, p));
    CHECK(sees({PersonId{9}, Role::secretariat, true}, p));
    CHECK(sees({PersonId{9}, Role::secretariat}, held(1, std::nullopt, PositionKind::objection)));
    CHECK_FALSE(sees({PersonId{9}, Role::member, true}, p));
  }

  TEST_CASE("others see counts, and a category only where five of it are present") {
    const std::vector<Position> positions{
        held(1, 2, PositionKind::objection), held(2, 4, PositionKind::objection), held(3, 5, PositionKind::objection),
        held(4, std::nullopt, PositionKind::objection), held(5, 7, PositionKind::reservation)};
    const auto seen = seen_by_others(positions, kA, kWords, category_of, {{"governments", 5}, {"civil society", 4}});
    CHECK(seen == std::vector<SeenPositions>{{PositionKind::reservation, 1, {}},
                                             {PositionKind::objection, 4, {{"governments", 2}}}});
    CHECK(seen_by_others(positions, SectionId{"b"}, kWords, category_of, {}).empty());
  }

  TEST_CASE("a later rule never opens what was typed under a stricter one") {
    const AttributionRule strict{false, 30, 3600, false}, open{true, 365, 1, true};
    CHECK(rule_for(strict, open) == strict);
    CHECK(rule_for(open, strict) == strict);
    CHECK(rule_for(open, open) == open);
  }

  TEST_CASE("the line on the editing screen says who, until when and whether attributed") {
    CHECK(seen_line({}, "members") == "Who can see this: members. Kept until: transmittal + 30 days. Attributed: no.");
    CHECK_FALSE(deletion_s({}, std::nullopt));
    CHECK(deletion_s({}, 1000) == 1000 + 30 * 86'400);
    CHECK(rounded(3700, AttributionRule{false, 30, 3600, false}) == 3600);
    CHECK(rounded(3700, {}) == 3700);
  }

  TEST_CASE("a git identity is a room and never what git could misread") {
    CHECK(identity_of_room("drafting team 3") == RoomIdentity{"drafting team 3", "team3@bossey.invalid"});
    CHECK(identity_of_room("secretariat") == RoomIdentity{"secretariat", "secretariat@bossey.invalid"});
    CHECK(identity_of_room("a\n<b>") == RoomIdentity{"ab", "ab@bossey.invalid"});
    CHECK(identity_of_room("") == RoomIdentity{"drafting team", "team@bossey.invalid"});
    CHECK(identity_of_room("فريق") == RoomIdentity{"فريق", "team@bossey.invalid"});
  }
}
