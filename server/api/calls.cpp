// Calls for consensus by silence procedure: opening, showing, answering, and the chair's moves.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "api/frozen_roll.hpp"
#include "api/routes.hpp"
#include "consensus/moment.hpp"
#include "document/canonical.hpp"
#include "document/html.hpp"

namespace bossey::api {

namespace {

using group::CallMove;
using nlohmann::json;

constexpr std::array<std::pair<std::string_view, CallMove>, 4> kMoves{{{"restart", CallMove::restart},
                                                                       {"extend", CallMove::extend},
                                                                       {"end", CallMove::end},
                                                                       {"confirm", CallMove::confirm}}};

json columns_json(const group::CallView& view) {
  auto columns = json::array();
  for (const auto& [name, count] : view.columns) columns.push_back({{"column", name}, {"count", count}});
  return columns;
}

std::string name_of_person(const Call& call, PersonId id) {
  const auto* person = call.roll->person(id);
  return person == nullptr ? "somebody who left" : person->name;
}

json words_json(const group::CallWords& words) {
  json out = {{"words", words.words}};
  if (!words.could_live_with.empty()) out["could_live_with"] = words.could_live_with;
  return out;
}

void add_for_chair(const Call& call, const group::CallView& view, json& out) {
  auto missing = json::array();
  for (const PersonId id : view.never_reached)
    missing.push_back({{"id", id.value}, {"name", name_of_person(call, id)}});
  auto answers = json::array();
  for (const auto& answer : view.answers) {
    json one = words_json(answer.words);
    one["name"] = name_of_person(call, answer.person);
    one["kind"] = consensus::row(answer.kind).name;
    answers.push_back(std::move(one));
  }
  out["never_reached"] = std::move(missing);
  out["answers"] = std::move(answers);
}

json call_json(const Call& call, const group::CallView& view) {
  auto sections = json::array();
  for (const auto& text : view.texts)
    sections.push_back(
        {{"section", text.section.value}, {"name", text.name}, {"text_id", text.text_id.hex()}, {"moved", text.moved}});
  json out = {{"number", view.number},
              {"report", view.report.value},
              {"question", view.question},
              {"sections", std::move(sections)},
              {"opened", consensus::iso_utc(view.opened_s)},
              {"deadline", consensus::iso_utc(view.deadline_s)},
              {"zone", view.zone},
              {"moved_by_s", view.extended_s},
              {"rule", consensus::name_of(view.rule)},
              {"every_member_yes", view.unanimous == consensus::Unanimous::every_member_yes},
              {"by_itself", view.by_itself},
              {"state", consensus::name_of(view.state)},
              {"roll", view.roll},
              {"columns", columns_json(view)},
              {"line", view.in_words},
              {"can", view.can}};
  if (view.correction) out["correction"] = *view.correction;
  if (view.decision) out["decision"] = *view.decision;
  if (view.mine) {
    out["mine"] = words_json(view.my_words);
    out["mine"]["column"] = consensus::kColumns[static_cast<std::size_t>(*view.mine)].name;
  }
  if (consensus::may(call.caller.roles, consensus::Action::decide)) add_for_chair(call, view, out);
  return out;
}

Result<std::uint64_t> number_of(const Call& call) {
  const std::string& text = call.captures.at(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return fail(Errc::not_found, "No such call.");
  return number;
}

/// 0 when it is absent.
Result<std::int64_t> read_deadline(const Fields& body) {
  BOSSEY_TRY(const auto text, body.optional_text("deadline", {.min_bytes = 20, .max_bytes = 20}));
  if (!text) return 0;
  const auto at_s = consensus::parse_iso_utc(*text);
  if (!at_s) return fail(Errc::bad_input, "The field 'deadline' must be a time like 2005-06-18T00:41:00Z.");
  return *at_s;
}

Result<std::string> read_zone(const Fields& body) {
  BOSSEY_TRY(auto zone, body.optional_text("zone", {.min_bytes = 0, .max_bytes = group::kZone_bytes}));
  return std::move(zone).value_or("");
}

Result<std::vector<group::AskedSection>> read_sections(const Fields& body) {
  std::vector<group::AskedSection> sections;
  BOSSEY_TRY(const auto objects, body.objects("sections", group::kCallSectionsMax));
  for (const Fields& one : objects) {
    BOSSEY_TRY(auto section, one.section("section"));
    BOSSEY_TRY(const auto text_id, one.optional_sha256("text_id"));
    if (!text_id) return fail(Errc::bad_input, "Send the 'text_id' of each section as shown.");
    sections.push_back({std::move(section), *text_id});
  }
  return sections;
}

Result<group::OpenCall> read_open(const Call& call) {
  const Fields& body = call.body;
  group::OpenCall command;
  BOSSEY_TRY(command.key, body.key());
  BOSSEY_TRY(command.question, body.text("question", {.min_bytes = 1, .max_bytes = consensus::kQuestion_bytes}));
  BOSSEY_TRY(auto report, body.text("report", {.min_bytes = 1, .max_bytes = 64}));
  command.report = ReportId{std::move(report)};
  BOSSEY_TRY(command.sections, read_sections(body));
  BOSSEY_TRY(command.deadline_s, read_deadline(body));
  BOSSEY_TRY(command.zone, read_zone(body));
  BOSSEY_TRY(const auto rule, body.optional_text("rule", {}));
  if (rule && *rule != "consensus" && *rule != "unanimity")
    return fail(Errc::bad_input, "The field 'rule' must be consensus or unanimity.");
  command.rule = rule == "unanimity" ? consensus::Rule::unanimity : consensus::Rule::consensus;
  command.roll = frozen_roll(*call.roll, call.group->id());
  return command;
}

Result<std::string> read_words(const Fields& body, const char* name) {
  BOSSEY_TRY(auto words,
             body.optional_text(name, {.min_bytes = 0, .max_bytes = consensus::kPositionWords_bytes, .lines = true}));
  return std::move(words).value_or("");
}

Result<group::RespondCall> read_respond(const Call& call) {
  group::RespondCall command;
  BOSSEY_TRY(command.key, call.body.key());
  BOSSEY_TRY(command.number, number_of(call));
  BOSSEY_TRY(const auto kind, call.body.text("kind", {}));
  const auto known = consensus::position_kind_from(kind);
  if (!known)
    return fail(Errc::bad_input, "The field 'kind' must be no_objection, reservation, objection or not_taking_part.");
  command.kind = *known;
  BOSSEY_TRY(command.words, read_words(call.body, "words"));
  BOSSEY_TRY(command.could_live_with, read_words(call.body, "could_live_with"));
  BOSSEY_TRY(command.section, call.body.optional_section("section"));
  return command;
}

Result<group::MoveCall> read_move(const Call& call) {
  group::MoveCall command;
  BOSSEY_TRY(command.key, call.body.key());
  BOSSEY_TRY(command.number, number_of(call));
  BOSSEY_TRY(const auto move, call.body.text("move", {}));
  const auto* const known =
      std::find_if(kMoves.begin(), kMoves.end(), [&](const auto& one) { return one.first == move; });
  if (known == kMoves.end()) return fail(Errc::bad_input, "The field 'move' must be restart, extend, end or confirm.");
  command.move = known->second;
  BOSSEY_TRY(command.deadline_s, read_deadline(call.body));
  BOSSEY_TRY(command.zone, read_zone(call.body));
  BOSSEY_TRY(command.sections, read_sections(call.body));
  BOSSEY_TRY(command.names_open_ad_ref, call.body.flag("ad_ref_open"));
  return command;
}

void answer(const CallPtr& call, unsigned status, const Result<group::CallView>& view) {
  view ? call->json(status, call_json(*call, *view)) : call->error(view.error());
}

/// With the words asked about, as Markdown and as they are read.
void answer_with_texts(const CallPtr& call, const group::CallView& view) {
  std::vector<std::string> texts;
  for (const auto& text : view.texts) texts.push_back(text.canonical);
  call->services.pool.ask<std::vector<std::string>>(
      [texts, number = view.number]() -> Result<std::vector<std::string>> {
        std::vector<std::string> pages;
        for (std::size_t i = 0; i < texts.size(); ++i) {
          BOSSEY_TRY(const auto section, document::read_canonical(texts[i]));
          const std::string prefix = "call-" + std::to_string(number) + "-" + std::to_string(i) + "-";
          pages.push_back(document::html_of(section, {.id_prefix = prefix}));
        }
        return pages;
      },
      [call, texts, json = call_json(*call, view)](const Result<std::vector<std::string>>& pages) mutable {
        if (!pages) return call->error(pages.error());
        for (std::size_t i = 0; i < pages->size(); ++i) {
          json["sections"][i]["canonical"] = texts[i];
          json["sections"][i]["html"] = (*pages)[i];
        }
        call->json(200, json);
      });
}

}  // namespace

void get_calls(CallPtr call) {
  call->answer(call->group->calls(call->caller), [&call](const std::vector<group::CallView>& views) {
    auto calls = json::array();
    for (const auto& view : views) calls.push_back(call_json(*call, view));
    return json{{"calls", std::move(calls)}};
  });
}

void get_call(CallPtr call) {
  const auto number = number_of(*call);
  if (!number) return call->error(number.error());
  const auto view = call->group->call(call->caller, *number);
  view ? answer_with_texts(call, *view) : call->error(view.error());
}

void post_call(CallPtr call) {
  auto command = read_open(*call);
  if (!command) return call->error(command.error());
  call->group->open_call(call->caller, *std::move(command),
                         [call](const Result<group::CallView>& view) { answer(call, 201, view); });
}

void post_call_answer(CallPtr call) {
  auto command = read_respond(*call);
  if (!command) return call->error(command.error());
  call->group->respond_to_call(call->caller, *std::move(command),
                               [call](const Result<group::CallView>& view) { answer(call, 201, view); });
}

void post_call_mark(CallPtr call) {
  const auto number = number_of(*call);
  if (!number) return call->error(number.error());
  const auto opened = call->body.flag("opened");
  if (!opened) return call->error(opened.error());
  const auto person = call->body.optional_number("person", std::uint64_t{1} << 53U);
  if (!person) return call->error(person.error());
  group::MarkCall command{*number, *opened, std::nullopt};
  if (*person) command.person = PersonId{**person};
  call->group->mark_call(call->caller, command, [call](const Result<void>& marked) {
    marked ? call->no_content() : call->error(marked.error());
  });
}

void post_call_move(CallPtr call) {
  auto command = read_move(*call);
  if (!command) return call->error(command.error());
  call->group->move_call(call->caller, *std::move(command),
                         [call](const Result<group::CallView>& view) { answer(call, 200, view); });
}

}  // namespace bossey::api
