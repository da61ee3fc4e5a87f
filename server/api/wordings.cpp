// Wording of disclaimers at each level, with how it reads, and the facts of a report that they are made from.
#include <string>
#include <utility>

#include "api/routes.hpp"
#include "consensus/disclaimer.hpp"
#include "consensus/moment.hpp"

namespace bossey::api {

namespace {

constexpr std::size_t kLanguage_bytes = 20;
constexpr TextBounds kText{.min_bytes = 0, .max_bytes = 4 * consensus::kWording_bytes};

template <class Key>
nlohmann::json texts_json(const std::map<Key, std::string>& texts) {
  auto json = nlohmann::json::object();
  for (const auto& [key, text] : texts) json[std::string(consensus::name_of(key))] = text;
  return json;
}

/// The nearest level above that says it, or the default.
template <class Key>
std::string inherited(const std::vector<consensus::Wording>& above, Key key,
                      std::map<Key, std::string> consensus::Wording::*texts) {
  std::string text(consensus::default_wording(key));
  for (const auto& level : above)
    if (const auto at = (level.*texts).find(key); at != (level.*texts).end()) text = at->second;
  return text;
}

nlohmann::json wording_json(const group::WordingView& view) {
  auto clauses = nlohmann::json::array();
  for (std::size_t i = 0; i < consensus::kClauses; ++i) {
    const auto clause = static_cast<consensus::Clause>(i);
    clauses.push_back({{"name", consensus::name_of(clause)},
                       {"default", consensus::default_wording(clause)},
                       {"inherited", inherited(view.above, clause, &consensus::Wording::reworded)}});
  }
  auto shorts = nlohmann::json::array();
  for (std::size_t i = 0; i < consensus::kShorts; ++i) {
    const auto form = static_cast<consensus::Short>(i);
    if (form == consensus::Short::agreed) continue;  // An agreed text needs none.
    shorts.push_back({{"name", consensus::name_of(form)},
                      {"default", consensus::default_wording(form)},
                      {"inherited", inherited(view.above, form, &consensus::Wording::shorts)}});
  }
  auto above = nlohmann::json::array();
  for (const auto& level : view.above)
    for (const std::string& sentence : level.added) above.push_back(sentence);
  auto samples = nlohmann::json::array();
  for (const auto& sample : view.samples)
    samples.push_back(
        {{"status", sample.status}, {"full", sample.disclaimer.full}, {"short", sample.disclaimer.short_form}});
  return {{"language", view.language},
          {"languages", view.languages},
          {"clauses", std::move(clauses)},
          {"shorts", std::move(shorts)},
          {"reworded", texts_json(view.own.reworded)},
          {"short_reworded", texts_json(view.own.shorts)},
          {"added", view.own.added},
          {"added_above", std::move(above)},
          {"samples", std::move(samples)}};
}

/// Texts by name, as `[{"name","text"}]`.
template <class Key, class From>
Result<void> read_texts(const Fields& body, const char* name, From from, std::map<Key, std::string>& out) {
  BOSSEY_TRY(const auto texts, body.objects(name, consensus::kClauses + consensus::kShorts));
  for (const Fields& one : texts) {
    BOSSEY_TRY(const auto which, one.text("name", {}));
    const auto known = from(which);
    if (!known) return fail(Errc::bad_input, "There is no clause '" + which + "'.");
    BOSSEY_TRY(out[*known], one.text("text", kText));
  }
  return {};
}

Result<group::SetWording> read_wording(const Fields& body) {
  group::SetWording command;
  BOSSEY_TRY(command.key, body.key());
  BOSSEY_TRY(auto report, body.optional_text("report", {.min_bytes = 1, .max_bytes = 64}));
  if (report) command.report = ReportId{*std::move(report)};
  BOSSEY_TRY(command.section, body.optional_section("section"));
  BOSSEY_TRY(auto language, body.optional_text("language", {.min_bytes = 0, .max_bytes = kLanguage_bytes}));
  command.language = std::move(language).value_or("");
  BOSSEY_TRY_VOID(read_texts(body, "reworded", consensus::clause_from, command.wording.reworded));
  BOSSEY_TRY_VOID(read_texts(body, "short_reworded", consensus::short_from, command.wording.shorts));
  BOSSEY_TRY(const auto added, body.objects("added", consensus::kAddedMax + 1));
  for (const Fields& one : added) {
    BOSSEY_TRY(auto text, one.text("text", kText));
    command.wording.added.push_back(std::move(text));
  }
  return command;
}

Result<std::optional<std::int64_t>> read_time(const Fields& body, const char* name) {
  BOSSEY_TRY(const auto text, body.optional_text(name, {.min_bytes = 20, .max_bytes = 20}));
  if (!text) return std::optional<std::int64_t>();
  const auto time = consensus::parse_iso_utc(*text);
  if (!time)
    return fail(Errc::bad_input, std::string("The field '") + name + "' must be a time like 2005-06-18T00:41:00Z.");
  return std::optional(*time);
}

Result<group::SetFacts> read_facts(const Call& call) {
  const Fields& body = call.body;
  group::SetFacts command;
  BOSSEY_TRY(command.key, body.key());
  command.report = ReportId{call.captures.at(1)};
  BOSSEY_TRY(command.kind, body.optional_text("kind", {.min_bytes = 1, .max_bytes = 40}));
  BOSSEY_TRY(command.language, body.optional_text("language", {.min_bytes = 2, .max_bytes = kLanguage_bytes}));
  BOSSEY_TRY(const auto at, read_time(body, "published"));
  BOSSEY_TRY(const auto until, read_time(body, "comments_until"));
  BOSSEY_TRY(const bool withdrawn, body.flag("not_published"));
  if (at.has_value() != until.has_value())
    return fail(Errc::bad_input, "Send 'published' and 'comments_until' together.");
  if (at) command.published = std::optional(group::Published{*at, *until});
  if (withdrawn) command.published = std::optional<group::Published>();
  if (!command.kind && !command.language && !command.published)
    return fail(Errc::bad_input, "Send a fact: 'kind', 'language', or 'published' and 'comments_until'.");
  return command;
}

}  // namespace

void get_wordings(CallPtr call) {
  group::SetWording about;
  if (const auto report = call->request.query_value("report"); !report.empty())
    about.report = ReportId{std::string(report)};
  if (const auto section = call->request.query_value("section"); !section.empty())
    about.section = SectionId{std::string(section)};
  about.language = std::string(call->request.query_value("language"));
  call->answer(call->group->wording(call->caller, about, false), wording_json);
}

void post_wordings(CallPtr call) {
  auto command = read_wording(call->body);
  if (!command) return call->error(command.error());
  const auto preview = call->body.flag("preview");
  if (!preview) return call->error(preview.error());
  if (*preview) return call->answer(call->group->wording(call->caller, *command, true), wording_json);
  call->group->set_wording(call->caller, *std::move(command),
                           [call](const Result<group::WordingView>& view) { call->answer(view, wording_json); });
}

void post_facts(CallPtr call) {
  auto command = read_facts(*call);
  if (!command) return call->error(command.error());
  call->group->set_facts(call->caller, *std::move(command),
                         [call](const Result<void>& set) { set ? call->no_content() : call->error(set.error()); });
}

}  // namespace bossey::api
