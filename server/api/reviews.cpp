// Review rounds: sent to the whole roll by the secretariat, opened by members, ended. Counts alone are shown.
#include <charconv>
#include <string>
#include <utility>

#include "api/attendance.hpp"
#include "api/routes.hpp"
#include "consensus/moment.hpp"
#include "group/state.hpp"

namespace bossey::api {

namespace {

using consensus::ReviewRound;
using nlohmann::json;

json review_json(const Call& call, const ReviewRound& round) {
  json texts = json::array();
  for (const auto& [section, text_id] : round.texts)
    texts.push_back({{"section", section.value}, {"text_id", text_id.hex()}});
  return {{"number", round.number},
          {"report", round.report.value},
          {"texts", std::move(texts)},
          {"sent", consensus::iso_utc(round.sent_s)},
          {"deadline", consensus::iso_utc(round.deadline_s)},
          {"ended", round.ended_s ? json(consensus::iso_utc(*round.ended_s)) : json(nullptr)},
          {"outside", round.outside},
          {"roll", round.roll.size()},
          {"opened", round.readers.size()},
          {"asks_me", round.asks(call.caller.person)},
          {"opened_by_me", round.is_read_by(call.caller.person)}};
}

Result<std::uint64_t> review_number(const Call& call) {
  const std::string& text = call.captures.at(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return fail(Errc::not_found, "No such review.");
  return number;
}

Result<group::SendReview> read_send(const Call& call) {
  group::SendReview command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = ReportId{call.captures.at(1)};
  BOSSEY_TRY(const auto deadline, call.body.text("deadline", {.min_bytes = 20, .max_bytes = 20}));
  const auto deadline_s = consensus::parse_iso_utc(deadline);
  if (!deadline_s) return fail(Errc::bad_input, "The field 'deadline' must be a time like 2005-06-18T00:41:00Z.");
  command.deadline_s = *deadline_s;
  BOSSEY_TRY(const auto sections, call.body.objects("sections", consensus::kReviewSectionsMax));
  for (const Fields& one : sections) {
    BOSSEY_TRY(auto section, one.section("section"));
    BOSSEY_TRY(const auto text_id, one.optional_sha256("text_id"));
    if (!text_id) return fail(Errc::bad_input, "Send each section's 'text_id' as shown.");
    command.texts.emplace_back(std::move(section), *text_id);
  }
  for (const auto& membership : on_the_roll(*call.roll, call.group->id())) command.roll.push_back(membership.person);
  return command;
}

void answer(const CallPtr& call, const Result<std::uint64_t>& number, unsigned status) {
  call->answer(
      number, [&call](std::uint64_t made) { return review_json(*call, call->group->state().room.reviews[made - 1]); },
      status);
}

}  // namespace

void get_reviews(CallPtr call) {
  const auto report = call->request.query_value("report");
  json list = json::array();
  const auto& rounds = call->group->state().room.reviews;
  for (auto round = rounds.rbegin(); round != rounds.rend(); ++round)
    if (report.empty() || round->report.value == report) list.push_back(review_json(*call, *round));
  call->json(200, {{"reviews", std::move(list)}});
}

void post_review(CallPtr call) {
  auto command = read_send(*call);
  if (!command) return call->error(command.error());
  call->group->send_review(call->caller, *std::move(command),
                           [call](const Result<std::uint64_t>& number) { answer(call, number, 201); });
}

void post_review_opened(CallPtr call) {
  const auto number = review_number(*call);
  if (!number) return call->error(number.error());
  call->group->read_review(call->caller, *number,
                           [call](const Result<void>& read) { read ? call->no_content() : call->error(read.error()); });
}

void post_review_end(CallPtr call) {
  const auto number = review_number(*call);
  if (!number) return call->error(number.error());
  const auto key = call->body.key();
  if (!key) return call->error(key.error());
  call->group->end_review(call->caller, *key, *number,
                          [call](const Result<std::uint64_t>& ended) { answer(call, ended, 200); });
}

}  // namespace bossey::api
