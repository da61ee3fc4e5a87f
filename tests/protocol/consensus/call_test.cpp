#include "consensus/call.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

using namespace bossey;
using namespace bossey::consensus;

namespace {

const SectionId kA{"a"};
const AskedTexts kAsked{{kA, sha256("words")}};
constexpr std::int64_t kNow_s = 1'119'055'260;
constexpr std::int64_t kHour_s = 3600;

SilenceCall draft(std::size_t members, Rule rule = Rule::consensus) {
  SilenceCall call;
  call.id = 1;
  call.question = "Can we agree section A?";
  call.subject = kAsked;
  call.rule = rule;
  for (std::size_t i = 0; i < members; ++i)
    call.roll.push_back({PersonId{i + 1}, i % 2 == 0 ? "governments" : "civil society", {}, {}, {}});
  return call;
}
SilenceCall opened(std::size_t members, Rule rule = Rule::consensus) {
  return *open_call(draft(members, rule), Role::chair, kNow_s);
}

}  // namespace

TEST_SUITE("consensus/call") {
  TEST_CASE("so decided needs the pause, no objection and the words asked about") {
    RoomCall call{kAsked, 1000, kRoomPause_ms, false};
    CHECK_FALSE(check_so_decided(call, 5999, kAsked));
    CHECK(check_so_decided(call, 6000, kAsked));
    CHECK_FALSE(check_so_decided(call, 6000, {{kA, sha256("wordz")}}));
    CHECK_FALSE(check_so_decided(call, 6000, {}));
    call.objected = true;
    CHECK_FALSE(check_so_decided(call, 6000, kAsked));
  }

  TEST_CASE("a call gives 72 hours, never less than 24, and only the chair opens it") {
    CHECK(opened(3).deadline_s == kNow_s + 72 * kHour_s);
    SilenceCall call = draft(3);
    call.deadline_s = kNow_s + 24 * kHour_s - 1;
    CHECK(open_call(call, Role::chair, kNow_s).error().detail == "Give at least 24 hours' notice.");
    call.deadline_s = kNow_s + 24 * kHour_s;
    CHECK(open_call(call, Role::chair, kNow_s));
    for (const Role role : {Role::secretariat, Role::member, Role::observer, Role::administrator})
      CHECK_FALSE(open_call(call, role, kNow_s));
    call.roll.push_back(call.roll.front());
    CHECK_FALSE(open_call(call, Role::chair, kNow_s));
  }

  TEST_CASE("an unbroken silence is told in columns and takes effect when the chair confirms") {
    SilenceCall call = opened(40);
    for (std::uint64_t i = 1; i <= 21; ++i) call = *respond(call, PersonId{i}, PositionKind::no_objection, kNow_s + 1);
    for (std::uint64_t i = 22; i <= 35; ++i) call = mark_reached(call, PersonId{i}, kNow_s + 1, true);
    CHECK_FALSE(confirm(call, Role::chair, kAsked));
    call = at_deadline(call, call.deadline_s);
    CHECK(in_words(call) == "Silence not broken. 21 no objection, 14 opened and silent, 5 not reached.");
    CHECK(never_reached(call).size() == 5);
    CHECK_FALSE(confirm(call, Role::secretariat, kAsked));
    CHECK_FALSE(confirm(call, Role::chair, {{kA, sha256("wordz")}}));
    CHECK(confirm(call, Role::chair, kAsked)->state == CallState::adopted);
  }

  TEST_CASE("one objection breaks the silence, even if it is withdrawn again") {
    SilenceCall call = *respond(opened(3), PersonId{2}, PositionKind::objection, kNow_s + 71 * kHour_s);
    CHECK(call.state == CallState::broken);
    CHECK_FALSE(respond(call, PersonId{2}, PositionKind::no_objection, kNow_s + 71 * kHour_s));
    call = at_deadline(call, kNow_s + 80 * kHour_s);
    CHECK(call.state == CallState::broken);
    CHECK_FALSE(confirm(call, Role::chair, kAsked));
    CHECK(end(call, Role::chair)->state == CallState::ended);
  }

  TEST_CASE("a text that moves suspends the call, which never follows it") {
    SilenceCall call = *respond(opened(3), PersonId{2}, PositionKind::no_objection, kNow_s + 1);
    CHECK(after_change(call, SectionId{"b"}, sha256("x")).state == CallState::open);
    call = after_change(call, kA, sha256("wordz"));
    CHECK(call.state == CallState::suspended);
    CHECK(after_change(call, kA, sha256("words")).state == CallState::suspended);
    CHECK_FALSE(respond(call, PersonId{1}, PositionKind::no_objection, kNow_s + 2));
    CHECK(at_deadline(call, kNow_s + 100 * kHour_s).state == CallState::suspended);
    const SilenceCall again = *restart(call, Role::chair, {{kA, sha256("wordz")}}, 0, kNow_s + kHour_s);
    CHECK(again.subject.at(kA) == sha256("wordz"));
    CHECK(never_reached(again).size() == 3);
    CHECK(again.deadline_s == kNow_s + 73 * kHour_s);
    CHECK_FALSE(restart(again, Role::chair, kAsked, 0, kNow_s));
    // Between deadline and confirmation, too.
    CHECK(after_change(at_deadline(again, again.deadline_s), kA, sha256("x")).state == CallState::suspended);
  }

  TEST_CASE("an outage moves the deadline only if it touches the last hour, and says so") {
    const SilenceCall call = opened(1);
    const std::int64_t end = call.deadline_s;
    CHECK(after_outage(call, end - 3 * kHour_s, end - kHour_s).deadline_s == end);
    CHECK(after_outage(call, end, end + 60).deadline_s == end);
    CHECK(after_outage(call, end - kHour_s - 60, end - kHour_s + 60).deadline_s == end + 120);
    const SilenceCall moved = after_outage(call, end - 600, end + 600);
    CHECK(moved.deadline_s == end + 1200);
    CHECK(in_words(moved).find("Deadline moved by 20 minutes: the server was away.") != std::string::npos);
    CHECK(at_deadline(moved, end + 700).state == CallState::open);
  }

  TEST_CASE("unanimity in the usual sense waits for members who were not reached") {
    SilenceCall call = opened(3, Rule::unanimity);
    call = mark_reached(call, PersonId{1}, kNow_s, false);
    call = *respond(call, PersonId{2}, PositionKind::not_taking_part, kNow_s);
    SilenceCall late = at_deadline(call, call.deadline_s);
    CHECK(late.state == CallState::waiting);
    CHECK_FALSE(confirm(late, Role::chair, kAsked));
    late = *extend(late, Role::chair, late.deadline_s + kHour_s, late.deadline_s);
    late = mark_reached(late, PersonId{3}, late.deadline_s - 1, false);
    CHECK(at_deadline(late, late.deadline_s).state == CallState::passed);
  }

  TEST_CASE("unanimity as every member says yes takes silence and not taking part for no yes") {
    SilenceCall call = draft(3, Rule::unanimity);
    call.unanimous = Unanimous::every_member_yes;
    call = *open_call(call, Role::chair, kNow_s);
    call = *respond(call, PersonId{1}, PositionKind::no_objection, kNow_s);
    call = *respond(call, PersonId{2}, PositionKind::reservation, kNow_s);
    CHECK(at_deadline(mark_reached(call, PersonId{3}, kNow_s, true), call.deadline_s).state == CallState::waiting);
    CHECK(at_deadline(*respond(call, PersonId{3}, PositionKind::not_taking_part, kNow_s), call.deadline_s).state ==
          CallState::waiting);
    CHECK(at_deadline(*respond(call, PersonId{3}, PositionKind::no_objection, kNow_s), call.deadline_s).state ==
          CallState::passed);
  }

  TEST_CASE("who is not on the frozen roll has no answer, and ad referendum has no column") {
    CHECK(respond(opened(2), PersonId{3}, PositionKind::objection, kNow_s).error().code == Errc::not_found);
    CHECK_FALSE(respond(opened(2), PersonId{1}, PositionKind::ad_ref, kNow_s));
    CHECK_FALSE(respond(opened(2), PersonId{1}, PositionKind::no_objection, kNow_s + 72 * kHour_s));
    CHECK(mark_reached(opened(2), PersonId{3}, kNow_s, true) == opened(2));
  }

  TEST_CASE("a group may decide that an unbroken silence takes effect by itself") {
    SilenceCall call = draft(1);
    call.by_itself = true;
    call = *open_call(call, Role::chair, kNow_s);
    CHECK(at_deadline(call, call.deadline_s).state == CallState::adopted);
  }

  TEST_CASE("in random procedures nothing is adopted against an objection, on other words, or before its time") {
    const char* given = std::getenv("BOSSEY_SEED");
    const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                       : static_cast<std::uint32_t>(std::random_device{}());
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const auto pick = [&](std::uint32_t below) { return static_cast<std::uint32_t>(random() % below); };
    std::size_t adopted = 0;
    for (int run = 0; run < 3000; ++run) {
      CAPTURE(run);
      SilenceCall call = draft(1 + pick(5), pick(2) == 0 ? Rule::consensus : Rule::unanimity);
      call.unanimous = pick(2) == 0 ? Unanimous::none_objects : Unanimous::every_member_yes;
      call.by_itself = pick(4) == 0;
      call = *open_call(call, Role::chair, kNow_s);
      AskedTexts now = kAsked;
      std::int64_t now_s = kNow_s;
      for (int step = 0; step < 30 && call.state != CallState::adopted; ++step) {
        now_s += pick(6) * kHour_s;
        const PersonId who{1 + pick(6)};
        const std::size_t members = call.roll.size();
        switch (pick(9)) {
          case 0:
            if (pick(4) != 0) break;
            now[kA] = sha256("text " + std::to_string(pick(3)));
            call = after_change(call, kA, now[kA]);
            break;
          case 1:
          case 2:
            call = mark_reached(call, who, now_s, pick(2) == 0);
            break;
          case 3:
          case 4:
            if (auto next = respond(call, who, kPositions[pick(8) == 0 ? 3 : pick(3)].kind, now_s)) call = *next;
            break;
          case 5:
            if (auto next = restart(call, Role::chair, now, 0, now_s)) call = *next;
            break;
          case 6:
            if (auto next = extend(call, Role::chair, call.deadline_s + kHour_s, now_s)) call = *next;
            break;
          case 7:
            call = after_outage(call, now_s - pick(9000), now_s);
            break;
          default:
            call = at_deadline(call, now_s);
            if (auto next = confirm(call, pick(3) == 0 ? Role::member : Role::chair, now)) call = *next;
            break;
        }
        std::uint32_t in_columns = 0;
        for (const auto& [column, count] : columns_of(call)) in_columns += count;
        REQUIRE(in_columns == members);
        const auto stands_in = [&](Column column) {
          return std::count_if(call.roll.begin(), call.roll.end(),
                               [&](const CallMember& m) { return column_of(m) == column; });
        };
        if (stands_in(Column::objection) > 0 && call.state != CallState::ended) REQUIRE(call.state != CallState::open);
        if (call.state != CallState::adopted) continue;
        ++adopted;
        REQUIRE(stands_in(Column::objection) == 0);
        REQUIRE(call.subject == now);
        REQUIRE(now_s >= call.deadline_s);
        REQUIRE(call.deadline_s - call.opened_s >= kNoticeMin_s);
        if (call.rule == Rule::unanimity) REQUIRE(never_reached(call).empty());
      }
    }
    CHECK(adopted > 50);
  }
}
