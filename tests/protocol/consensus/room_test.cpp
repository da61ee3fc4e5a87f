// Meetings, quorum, who writes a section, and review rounds: the rules as tables.
#include <doctest/doctest.h>

#include "consensus/meeting.hpp"
#include "consensus/review.hpp"
#include "consensus/team.hpp"

using namespace bossey;
using namespace bossey::consensus;

namespace {

Meeting meeting(std::uint64_t number, MeetingKind kind, bool ended) {
  Meeting made;
  made.number = number;
  made.kind = kind;
  made.opened_s = 100;
  if (ended) made.ended_s = 200;
  return made;
}

}  // namespace

TEST_SUITE("consensus/room") {
  TEST_CASE("plain observers alone leave a closed meeting, while it lasts") {
    for (const Role role : kRoles)
      for (const MeetingKind kind :
           {MeetingKind::plenary, MeetingKind::closed, MeetingKind::group, MeetingKind::open_consultation})
        for (const bool ended : {false, true}) {
          const bool out = role == Role::observer && kind == MeetingKind::closed && !ended;
          CHECK(lets_in({meeting(1, kind, ended)}, role) == !out);
        }
    CHECK(lets_in({}, Role::observer));
    CHECK(lets_in({meeting(1, MeetingKind::closed, true), meeting(2, MeetingKind::plenary, false)}, Role::observer));
  }

  TEST_CASE("a quorum asks for a count, a number, and a number of each category named") {
    CHECK(check_quorum({}, std::nullopt).has_value());
    CHECK(check_quorum({3, {}}, std::nullopt).error().code == Errc::conflict);
    CHECK(check_quorum({3, {}}, ByCategory{{"a", 1}, {"", 1}}).error().code == Errc::conflict);
    CHECK(check_quorum({3, {}}, ByCategory{{"a", 2}, {"", 1}}).has_value());
    CHECK(check_quorum({0, {{"b", 1}}}, ByCategory{{"a", 9}}).error().code == Errc::conflict);
    CHECK(check_quorum({0, {{"b", 1}}}, ByCategory{{"b", 1}}).has_value());
  }

  TEST_CASE("who writes a section") {
    Team team;
    team.co_leads = {PersonId{1}};
    team.members = {PersonId{2}};
    const auto writes = [&](std::uint64_t person, Role role, bool has_team, bool alone,
                            std::optional<PersonId> typist = std::nullopt) {
      return may_write_section({PersonId{person}, role, has_team ? &team : nullptr, alone, typist});
    };
    CHECK(writes(9, Role::member, false, false));
    CHECK_FALSE(writes(9, Role::member, true, false));
    CHECK(writes(1, Role::member, true, false));
    CHECK(writes(2, Role::member, true, false));
    // A team gives nobody a right that the role has not.
    CHECK_FALSE(writes(2, Role::observer, true, false));
    CHECK_FALSE(writes(2, Role::speaking_observer, true, false));
    CHECK_FALSE(writes(2, Role::administrator, true, false));
    for (const bool has_team : {false, true})
      for (const bool alone : {false, true}) {
        CHECK(writes(9, Role::chair, has_team, alone, PersonId{3}));
        CHECK(writes(9, Role::secretariat, has_team, alone));
      }
    CHECK_FALSE(writes(2, Role::member, true, true));
    CHECK(writes(3, Role::member, true, true, PersonId{3}));
    CHECK_FALSE(writes(9, Role::secretariat, true, true, PersonId{3}));
  }

  TEST_CASE("a round is about exact words, and ends at its deadline or when all have opened it") {
    ReviewRound round;
    round.texts[SectionId{"s"}] = sha256("words");
    round.deadline_s = 1000;
    round.roll = {PersonId{1}, PersonId{2}};
    CHECK(check_end(round, 999).error().code == Errc::conflict);
    CHECK(check_end(round, 1000).has_value());
    round.readers = round.roll;
    CHECK(check_end(round, 10).has_value());
    CHECK_FALSE(rounds_on({round}, SectionId{"s"}, sha256("words")).this_text);
    round.ended_s = 1000;
    CHECK(check_end(round, 2000).error().code == Errc::conflict);
    CHECK(rounds_on({round}, SectionId{"s"}, sha256("words")).this_text);
    CHECK_FALSE(rounds_on({round}, SectionId{"t"}, sha256("words")).this_text);
    const auto other = rounds_on({round}, SectionId{"s"}, sha256("other words"));
    CHECK_FALSE(other.this_text);
    CHECK(other.earlier_s == 1000);
    round.outside = true;
    CHECK_FALSE(rounds_on({round}, SectionId{"s"}, sha256("words")).this_text);
  }
}
