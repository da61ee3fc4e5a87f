// Review rounds: sending a text to the whole roll, who has opened it, and the end.
#include <algorithm>

#include "group/room_parts.hpp"

namespace bossey::group {
namespace {

using consensus::Action;
using consensus::ReviewRound;
using Fact = Result<std::pair<RoomFact, std::uint64_t>>;

Fact round_sent(const Group::Parts& parts, const SendReview& command) {
  if (parts.state.report(command.report) == nullptr) return fail(Errc::not_found, "No such report.");
  const std::int64_t now_s = parts.now_s();
  if (command.deadline_s <= now_s) return fail(Errc::bad_input, "Choose a deadline that is still to come.");
  if (command.deadline_s > now_s + consensus::kReviewMax_s)
    return fail(Errc::bad_input, "Choose a deadline within a year.");
  if (command.roll.empty()) return fail(Errc::conflict, "Nobody is on the roll. Add members first.");
  ReviewRound round;
  round.number = parts.state.room.reviews.size() + 1;
  round.report = command.report;
  round.sent_s = now_s;
  round.deadline_s = command.deadline_s;
  round.roll = command.roll;
  for (const auto& [section, shown] : command.texts) {
    BOSSEY_TRY_VOID(report_holding(parts, command.report, section));
    const SectionText* const text = parts.texts.find(section);
    if (text == nullptr || text->text_id != shown) return fail(Errc::conflict, "Text changed. Look again.");
    round.texts[section] = shown;
  }
  if (round.texts.empty()) return fail(Errc::bad_input, "Choose a section to be reviewed.");
  return Fact(tl::in_place, RoomFact{ReviewSet{round}}, round.number);
}

/// Of rounds that the person may not see, none is there.
Result<const ReviewRound*> find_round(const Group::Parts& parts, std::uint64_t number) {
  if (number == 0 || number > parts.state.room.reviews.size()) return fail(Errc::not_found, "No such review.");
  return &parts.state.room.reviews[number - 1];
}

}  // namespace

void Group::send_review(const Caller& caller, SendReview command, Done<std::uint64_t> done) {
  auto good = check_command(caller, Action::shape_outline, command.key);
  if (good && command.texts.size() > consensus::kReviewSectionsMax)
    good = fail(Errc::too_large, "Send fewer sections at once.");
  if (!good) return done(fail(good.error().code, good.error().detail));
  const std::string key = command.key;
  const Answer answer{"review.send", command.report, {}, 0};
  const auto make = [parts = parts_, command = std::move(command)] { return round_sent(*parts, command); };
  run_fact({parts_, caller, key, answer, "reviews", make}, std::move(done));
}

void Group::end_review(const Caller& caller, const std::string& key, std::uint64_t number, Done<std::uint64_t> done) {
  if (const auto good = check_command(caller, Action::shape_outline, key); !good)
    return done(fail(good.error().code, good.error().detail));
  const auto make = [parts = parts_, number]() -> Fact {
    BOSSEY_TRY(const ReviewRound* found, find_round(*parts, number));
    BOSSEY_TRY_VOID(consensus::check_end(*found, parts->now_s()));
    ReviewRound round = *found;
    round.ended_s = parts->now_s();
    return Fact(tl::in_place, RoomFact{ReviewSet{round}}, number);
  };
  run_fact({parts_, caller, key, {"review.end", {}, {}, number}, "reviews", make},
           [parts = parts_, done = std::move(done)](const Result<std::uint64_t>& ended) {
             if (ended)
               for (const auto& [section, text_id] : parts->state.room.reviews[*ended - 1].texts)
                 tell_section(parts, section);
             done(ended);
           });
}

void Group::read_review(const Caller& caller, std::uint64_t number, Done<void> done) {
  run_command<void>(parts_, std::move(done), [parts = parts_, caller, number](const Done<void>& finish) {
    const auto round = find_round(*parts, number);
    if (!round || !(*round)->asks(caller.person)) return finish(fail(Errc::not_found, "No such review."));
    // Who opens it after its end is no reader of the round.
    if ((*round)->is_read_by(caller.person) || (*round)->is_ended()) return finish({});
    record(parts, {}, {Event{RoomFact{ReviewRead{number, caller.person}}, std::nullopt}},
           [parts, finish](const Result<JournalSeq>& seq) {
             if (!seq) return finish(fail(seq.error().code, seq.error().detail));
             tell_room(parts, "reviews");
             finish({});
           });
  });
}

}  // namespace bossey::group
