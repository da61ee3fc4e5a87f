// Proposals put forward beside a section: beginning them, what becomes of them, and adopting them by comparison.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "api/proposal_json.hpp"
#include "api/redline_json.hpp"
#include "api/routes.hpp"

namespace bossey::api {

namespace {

using group::AmendmentMove;

constexpr std::array<std::pair<std::string_view, AmendmentMove>, 7> kMoves{{{"withdraw", AmendmentMove::withdraw},
                                                                            {"hand_in", AmendmentMove::hand_in},
                                                                            {"refuse", AmendmentMove::refuse},
                                                                            {"set_aside", AmendmentMove::set_aside},
                                                                            {"take_up", AmendmentMove::take_up},
                                                                            {"describe", AmendmentMove::describe},
                                                                            {"bring_up", AmendmentMove::bring_up}}};
constexpr std::size_t kWordsMax_bytes = 20'000;
constexpr TextBounds kDelegation{.min_bytes = 0, .max_bytes = consensus::kDelegation_bytes};

Result<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return fail(Errc::not_found, "No such proposal.");
  return number;
}

Result<std::optional<consensus::Strength>> read_strength(const Fields& body) {
  BOSSEY_TRY(const auto name, body.optional_text("strength", {}));
  if (!name) return std::optional<consensus::Strength>{};
  const auto known = consensus::strength_from(*name);
  if (!known) return fail(Errc::bad_input, "The field 'strength' must be must, should or could.");
  return known;
}

Result<group::PutForward> read_forward(const Call& call) {
  group::PutForward command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = ReportId{call.captures.at(1)};
  command.section = SectionId{call.captures.at(2)};
  BOSSEY_TRY(command.on, call.body.optional_number("on", UINT64_MAX));
  BOSSEY_TRY(const auto strength, read_strength(call.body));
  command.strength = strength.value_or(consensus::Strength::should);
  BOSSEY_TRY(auto signed_by, call.body.optional_text("signed_by", kDelegation));
  command.signed_by = std::move(signed_by).value_or("");
  BOSSEY_TRY(auto words,
             call.body.optional_text("words", {.min_bytes = 0, .max_bytes = kWordsMax_bytes, .lines = true}));
  command.words = std::move(words).value_or("");
  return command;
}

Result<group::MoveAmendment> read_move(const Call& call) {
  group::MoveAmendment command;
  BOSSEY_TRY(command.key, call.body.key());
  BOSSEY_TRY(command.number, number_of(call.captures.at(1)));
  BOSSEY_TRY(const auto move, call.body.text("move", {}));
  const auto* const known =
      std::find_if(kMoves.begin(), kMoves.end(), [&](const auto& one) { return one.first == move; });
  if (known == kMoves.end())
    return fail(Errc::bad_input,
                "The field 'move' must be withdraw, hand_in, refuse, set_aside, take_up, describe or bring_up.");
  command.move = known->second;
  BOSSEY_TRY(command.strength, read_strength(call.body));
  BOSSEY_TRY(command.signed_by, call.body.optional_text("signed_by", kDelegation));
  return command;
}

/// "3,5" or "uncontested".
Result<group::Adoptable> read_query(const Call& call) {
  group::Adoptable what{ReportId{call.captures.at(1)}, SectionId{call.captures.at(2)}, {}, false};
  std::string_view list = call.request.query_value("numbers");
  what.uncontested = list == "uncontested";
  if (what.uncontested) return what;
  if (list.empty()) return fail(Errc::bad_input, "Name proposals: ?numbers=3,5 or ?numbers=uncontested.");
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    BOSSEY_TRY(const auto number, number_of(list.substr(0, end)));
    what.numbers.push_back(number);
    if (what.numbers.size() > group::kAdoptedTogetherMax)
      return fail(Errc::too_large, "Adopt at most 200 proposals at once.");
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return what;
}

Result<group::Adopt> read_adopt(const Call& call) {
  group::Adopt command;
  BOSSEY_TRY(command.key, call.body.key());
  command.what.report = ReportId{call.captures.at(1)};
  command.what.section = SectionId{call.captures.at(2)};
  BOSSEY_TRY(command.what.numbers, call.body.numbers("numbers", group::kAdoptedTogetherMax));
  BOSSEY_TRY(const auto text_id, call.body.optional_sha256("text_id"));
  if (!text_id) return fail(Errc::bad_input, "Send the 'text_id' that the preview showed.");
  command.text_id = *text_id;
  return command;
}

nlohmann::json adoption_json(const group::AdoptionView& view) {
  return {{"numbers", view.numbers},
          {"text_id", view.text_id.hex()},
          {"overtaken", view.overtaken},
          {"section", group::to_json(view.section)}};
}

void answer(const CallPtr& call, unsigned status, const Result<group::ProposalView>& view) {
  if (!view) return call->error(view.error());
  call->services.pool.ask<nlohmann::json>([view = *view] { return proposal_json(view); },
                                          [call, status](const Result<nlohmann::json>& json) {
                                            call->answer(
                                                json, [](const auto& value) { return value; }, status);
                                          });
}

/// A refusal because something moved, with the section as it is now.
void refuse(const CallPtr& call, const Error& error) {
  if (error.code != Errc::conflict) return call->error(error);
  const auto section =
      call->group->section(call->caller, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)});
  section ? call->error(error, group::to_json(*section)) : call->error(error);
}

}  // namespace

void post_proposal(CallPtr call) {
  auto command = read_forward(*call);
  if (!command) return call->error(command.error());
  call->group->put_forward(call->caller, *std::move(command),
                           [call](const Result<group::ProposalView>& view) { answer(call, 201, view); });
}

void post_position_proposal(CallPtr call) {
  const auto key = call->body.key();
  if (!key) return call->error(key.error());
  const auto number = number_of(call->captures.at(3));
  if (!number) return call->error({Errc::not_found, "You have no such position."});
  const group::PutPositionForward command{*key, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)},
                                          *number};
  call->group->put_forward(call->caller, command,
                           [call](const Result<group::ProposalView>& view) { answer(call, 201, view); });
}

void post_proposal_move(CallPtr call) {
  auto command = read_move(*call);
  if (!command) return call->error(command.error());
  call->group->move_amendment(call->caller, *std::move(command),
                              [call](const Result<group::ProposalView>& view) { answer(call, 200, view); });
}

void get_adoption(CallPtr call) {
  const auto what = read_query(*call);
  if (!what) return call->error(what.error());
  call->group->preview_adoption(call->caller, *what, [call](const Result<group::AdoptionView>& view) {
    if (!view) return refuse(call, view.error());
    call->services.pool.ask<nlohmann::json>(
        [view = *view]() -> Result<nlohmann::json> {
          auto json = adoption_json(view);
          BOSSEY_TRY(json["redline"], redline_json({view.section.id.value, "live", "adopted", view.before, view.after,
                                                    agreement_of(view.section)}));
          json["canonical"] = view.after;
          return json;
        },
        [call](const Result<nlohmann::json>& json) { call->answer(json, [](const auto& value) { return value; }); });
  });
}

void post_adoption(CallPtr call) {
  auto command = read_adopt(*call);
  if (!command) return call->error(command.error());
  call->group->adopt(call->caller, *std::move(command), [call](const Result<group::AdoptionView>& view) {
    view ? call->json(201, adoption_json(*view)) : refuse(call, view.error());
  });
}

}  // namespace bossey::api
