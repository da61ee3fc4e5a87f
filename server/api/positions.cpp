// Positions on a section: what its holder and the chair may see, counts for everybody, and the moves.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "accounts/roll.hpp"
#include "api/routes.hpp"
#include "consensus/moment.hpp"
#include "consensus/position.hpp"

namespace bossey::api {

namespace {

using group::PositionMove;

constexpr std::array<std::pair<std::string_view, PositionMove>, 5> kMoves{{{"withdraw", PositionMove::withdraw},
                                                                           {"keep", PositionMove::keep},
                                                                           {"confirm", PositionMove::confirm},
                                                                           {"turn", PositionMove::turn},
                                                                           {"answer", PositionMove::answer}}};

nlohmann::json position_json(const Call& call, const group::PositionView& view) {
  const consensus::Position& p = view.position;
  nlohmann::json json = {{"number", p.number},         {"kind", consensus::row(p.kind).name},
                         {"mine", view.mine},          {"floor", !p.holder.has_value()},
                         {"words", p.words},           {"could_live_with", p.could_live_with},
                         {"signed", p.is_signed},      {"at", consensus::iso_utc(p.at_s)},
                         {"text_id", p.text_id.hex()}, {"outcome", consensus::name_of(p.outcome)},
                         {"answer", p.answer},         {"asks", view.asks}};
  if (p.confirm_by_s) json["confirm_by"] = consensus::iso_utc(*p.confirm_by_s);
  if (const auto* holder = p.holder ? call.roll->person(*p.holder) : nullptr) json["holder"] = holder->name;
  return json;
}

nlohmann::json positions_json(const Call& call, const group::PositionsView& view) {
  auto positions = nlohmann::json::array();
  for (const auto& one : view.positions) positions.push_back(position_json(call, one));
  auto counts = nlohmann::json::array();
  for (const auto& seen : view.counts) {
    nlohmann::json count = {{"kind", consensus::row(seen.kind).name}, {"count", seen.count}};
    if (!seen.by_category.empty()) count["by_category"] = seen.by_category;
    counts.push_back(std::move(count));
  }
  return {{"section", view.section.value},
          {"text_id", view.text_id.hex()},
          {"positions", std::move(positions)},
          {"counts", std::move(counts)}};
}

constexpr TextBounds kWords{.min_bytes = 0, .max_bytes = consensus::kPositionWords_bytes, .lines = true};

Result<std::string> optional_words(const Call& call, const char* name) {
  BOSSEY_TRY(auto words, call.body.optional_text(name, kWords));
  return std::move(words).value_or("");
}

Result<group::TakePosition> read_take(const Call& call) {
  group::TakePosition command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = ReportId{call.captures.at(1)};
  command.section = SectionId{call.captures.at(2)};
  BOSSEY_TRY(const auto kind, call.body.text("kind", {}));
  const auto known = consensus::position_kind_from(kind);
  if (!known)
    return fail(Errc::bad_input,
                "The field 'kind' must be no_objection, ad_ref, reservation, objection or not_taking_part.");
  command.kind = *known;
  BOSSEY_TRY(command.text_id, call.body.optional_sha256("text_id"));
  if (!command.text_id) return fail(Errc::bad_input, "Send the 'text_id' of the words as shown.");
  BOSSEY_TRY(command.words, optional_words(call, "words"));
  BOSSEY_TRY(command.could_live_with, optional_words(call, "could_live_with"));
  BOSSEY_TRY(command.is_signed, call.body.flag("signed"));
  BOSSEY_TRY(command.from_floor, call.body.flag("floor"));
  BOSSEY_TRY(const auto confirm_by, call.body.optional_text("confirm_by", {.min_bytes = 20, .max_bytes = 20}));
  if (confirm_by) {
    command.confirm_by_s = consensus::parse_iso_utc(*confirm_by);
    if (!command.confirm_by_s)
      return fail(Errc::bad_input, "The field 'confirm_by' must be a time like 2005-06-18T00:41:00Z.");
  }
  return command;
}

Result<group::MovePosition> read_move(const Call& call) {
  group::MovePosition command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = ReportId{call.captures.at(1)};
  command.section = SectionId{call.captures.at(2)};
  const std::string& number = call.captures.at(3);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), command.number);
  if (error != std::errc() || end != number.data() + number.size()) return fail(Errc::not_found, "No such position.");
  BOSSEY_TRY(const auto move, call.body.text("move", {}));
  const auto* const known =
      std::find_if(kMoves.begin(), kMoves.end(), [&](const auto& one) { return one.first == move; });
  if (known == kMoves.end())
    return fail(Errc::bad_input, "The field 'move' must be withdraw, keep, confirm, turn or answer.");
  command.move = known->second;
  BOSSEY_TRY(command.text_id, call.body.optional_sha256("text_id"));
  BOSSEY_TRY(command.words, optional_words(call, "words"));
  return command;
}

void answer(const CallPtr& call, unsigned status, const Result<group::PositionsView>& view) {
  view ? call->json(status, positions_json(*call, *view)) : call->error(view.error());
}

}  // namespace

void get_positions(CallPtr call) {
  answer(call, 200,
         call->group->positions(call->caller, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)}));
}

void post_position(CallPtr call) {
  auto command = read_take(*call);
  if (!command) return call->error(command.error());
  call->group->take_position(call->caller, *std::move(command),
                             [call](const Result<group::PositionsView>& view) { answer(call, 201, view); });
}

void post_position_move(CallPtr call) {
  auto command = read_move(*call);
  if (!command) return call->error(command.error());
  call->group->move_position(call->caller, *std::move(command),
                             [call](const Result<group::PositionsView>& view) { answer(call, 200, view); });
}

}  // namespace bossey::api
