// Brackets of a section: what is recorded of each mark, asking, setting and lifting; and who holds the pen.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "accounts/roll.hpp"
#include "api/routes.hpp"

namespace bossey::api {

namespace {

using group::BracketMove;

constexpr std::size_t kMarks_max = 1'000;
constexpr std::size_t kMark_bytes = 64;
constexpr std::array<std::pair<std::string_view, BracketMove>, 3> kMoves{
    {{"set", BracketMove::set}, {"withdraw", BracketMove::withdraw}, {"consent", BracketMove::consent}}};

nlohmann::json bracket_json(const Call& call, const group::BracketView& view) {
  nlohmann::json json = {{"number", view.number == 0 ? nlohmann::json(nullptr) : nlohmann::json(view.number)},
                         {"mark", view.mark.empty() ? nlohmann::json(nullptr) : nlohmann::json(view.mark)},
                         {"words", view.words},
                         {"depth", view.depth},
                         {"reason", view.reason.empty() ? nlohmann::json(nullptr) : nlohmann::json(view.reason)},
                         {"state", consensus::name_of(view.state)},
                         {"there", view.there},
                         {"mine", view.mine},
                         {"owner_consents", view.owner_consents},
                         {"chair_consents", view.chair_consents},
                         {"may_lift", view.may_lift},
                         {"may_set", view.may_set},
                         {"may_give_reason", view.may_give_reason},
                         {"may_consent", view.may_consent}};
  if (const auto* owner = view.owner ? call.roll->person(*view.owner) : nullptr) json["owner"] = owner->name;
  return json;
}

nlohmann::json brackets_json(const Call& call, const group::BracketsView& view) {
  auto brackets = nlohmann::json::array();
  for (const auto& one : view.brackets) brackets.push_back(bracket_json(call, one));
  return {{"section", view.section.value}, {"text_id", view.text_id.hex()}, {"brackets", std::move(brackets)}};
}

void answer(const CallPtr& call, unsigned status, const Result<group::BracketsView>& view) {
  view ? call->json(status, brackets_json(*call, *view)) : call->error(view.error());
}

/// A member of the call's group, for whom something is done.
Result<PersonId> member_named(const Call& call, std::uint64_t number) {
  const auto people = call.roll->members_of(call.group->id());
  const bool member = std::any_of(people.begin(), people.end(), [&](const auto& one) {
    return one.person.value == number &&
           (one.role == consensus::Role::member || one.role == consensus::Role::secretariat ||
            one.role == consensus::Role::chair);
  });
  if (!member) return fail(Errc::bad_input, "Name a member of this group.");
  return PersonId{number};
}

Result<group::BracketWords> read_words(const Call& call) {
  group::BracketWords command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = ReportId{call.captures.at(1)};
  command.section = SectionId{call.captures.at(2)};
  BOSSEY_TRY(auto mark, call.body.optional_text("mark", {.min_bytes = 1, .max_bytes = kMark_bytes}));
  command.mark = std::move(mark).value_or("");
  if (command.mark.empty()) {
    BOSSEY_TRY(command.words,
               call.body.text("words", {.min_bytes = 1, .max_bytes = group::kBracketWords_bytes, .lines = true}));
    BOSSEY_TRY(const auto nth, call.body.optional_number("nth", 100'000));
    command.nth = static_cast<std::uint32_t>(nth.value_or(0));
  }
  BOSSEY_TRY(command.reason,
             call.body.text("reason", {.min_bytes = 0, .max_bytes = 2 * consensus::kBracketReason_bytes}));
  BOSSEY_TRY(const auto member, call.body.optional_number("for", std::uint64_t{1} << 52U));
  if (member) {
    BOSSEY_TRY(command.on_behalf_of, member_named(call, *member));
  }
  return command;
}

Result<group::LiftBrackets> read_lift(const Call& call) {
  group::LiftBrackets command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = ReportId{call.captures.at(1)};
  command.section = SectionId{call.captures.at(2)};
  BOSSEY_TRY(const auto text_id, call.body.optional_sha256("text_id"));
  if (!text_id) return fail(Errc::bad_input, "Send the 'text_id' of the text as shown.");
  command.text_id = *text_id;
  BOSSEY_TRY(const auto marks, call.body.objects("marks", kMarks_max));
  for (const Fields& one : marks) {
    BOSSEY_TRY(auto mark, one.text("mark", {.min_bytes = 1, .max_bytes = kMark_bytes}));
    command.marks.push_back(std::move(mark));
  }
  return command;
}

Result<group::MoveBracket> read_move(const Call& call) {
  group::MoveBracket command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = ReportId{call.captures.at(1)};
  command.section = SectionId{call.captures.at(2)};
  const std::string& number = call.captures.at(3);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), command.number);
  if (error != std::errc() || end != number.data() + number.size()) return fail(Errc::not_found, "No such brackets.");
  BOSSEY_TRY(const auto move, call.body.text("move", {}));
  const auto* const known =
      std::find_if(kMoves.begin(), kMoves.end(), [&](const auto& one) { return one.first == move; });
  if (known == kMoves.end()) return fail(Errc::bad_input, "The field 'move' must be set, withdraw or consent.");
  command.move = known->second;
  return command;
}

}  // namespace

void get_brackets(CallPtr call) {
  answer(call, 200,
         call->group->brackets(call->caller, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)}));
}

void get_report_brackets(CallPtr call) {
  call->answer(call->group->brackets(call->caller, ReportId{call->captures.at(1)}), [&call](const auto& views) {
    auto sections = nlohmann::json::array();
    for (const auto& view : views) sections.push_back(brackets_json(*call, view));
    return nlohmann::json{{"sections", std::move(sections)}};
  });
}

void post_brackets(CallPtr call) {
  auto command = read_words(*call);
  if (!command) return call->error(command.error());
  call->group->bracket_words(call->caller, *std::move(command),
                             [call](const Result<group::BracketsView>& view) { answer(call, 201, view); });
}

void post_brackets_lift(CallPtr call) {
  auto command = read_lift(*call);
  if (!command) return call->error(command.error());
  call->group->lift_brackets(call->caller, *std::move(command),
                             [call](const Result<group::BracketsView>& view) { answer(call, 200, view); });
}

void post_bracket_move(CallPtr call) {
  auto command = read_move(*call);
  if (!command) return call->error(command.error());
  call->group->move_bracket(call->caller, *std::move(command),
                            [call](const Result<group::BracketsView>& view) { answer(call, 200, view); });
}

}  // namespace bossey::api
