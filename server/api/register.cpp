// The register of decisions: searching it, one decision with the words it is about, and all of it as Markdown.
#include <charconv>
#include <string>
#include <utility>

#include "api/routes.hpp"
#include "consensus/moment.hpp"

namespace bossey::api {

namespace {

using nlohmann::json;

constexpr std::size_t kWords_bytes = 200;
constexpr std::int64_t kDay_s = 86'400;

/// A day, "2005-06-18", or a moment.
Result<std::optional<std::int64_t>> read_time(std::string_view text, bool is_end) {
  if (text.empty()) return std::nullopt;
  constexpr std::size_t kDate = 10;
  if (text.size() == kDate) {
    const auto day = consensus::parse_iso_utc(std::string(text) + "T00:00:00Z");
    if (day) return *day + (is_end ? kDay_s : 0);
  } else if (const auto moment = consensus::parse_iso_utc(std::string(text))) {
    return *moment;
  }
  return fail(Errc::bad_input, "Write the date like 2005-06-18.");
}

Result<group::DecisionFilter> read_filter(const Call& call) {
  const auto value = [&call](const char* name) { return std::string(call.request.query_value(name)); };
  group::DecisionFilter filter;
  if (auto report = value("report"); !report.empty()) filter.report = ReportId{std::move(report)};
  if (auto section = value("section"); !section.empty()) filter.section = SectionId{std::move(section)};
  filter.words = value("q");
  filter.meeting = value("meeting");
  if (filter.words.size() > kWords_bytes || filter.meeting.size() > kWords_bytes)
    return fail(Errc::bad_input, "Search for fewer words.");
  if (const auto kind = value("kind"); !kind.empty()) {
    filter.kind = consensus::decision_kind_from(kind);
    if (!filter.kind) return fail(Errc::bad_input, "There is no such kind of decision.");
  }
  BOSSEY_TRY(filter.from_s, read_time(call.request.query_value("from"), false));
  BOSSEY_TRY(filter.until_s, read_time(call.request.query_value("until"), true));
  return filter;
}

/// The pair of an undo, a reopening or a withdrawal, in words.
std::string pair_of(const group::DecisionView& view) {
  if (view.undone_by) return " Undone by No. " + std::to_string(*view.undone_by) + ".";
  if (view.reopened_by) return " Reopened by No. " + std::to_string(*view.reopened_by) + ".";
  return "";
}

/// Characters that Markdown would read are written as they are meant.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string register_markdown(const std::string& group, const std::vector<group::DecisionView>& views) {
  std::string out = "# " + escaped(group) + ": register of decisions\n\n";
  for (const auto& view : views) {
    out += "- " + escaped(view.sentence) + pair_of(view);
    if (!view.reason.empty()) out += " Reason: " + escaped(view.reason);
    out += "\n";
  }
  if (views.empty()) out += "No decision.\n";
  return out;
}

}  // namespace

void get_decisions(CallPtr call) {
  const auto filter = read_filter(*call);
  if (!filter) return call->error(filter.error());
  call->answer(call->group->decisions(call->caller, *filter), [](const std::vector<group::DecisionView>& views) {
    auto decisions = json::array();
    for (const auto& view : views) decisions.push_back(group::to_json(view));
    return json{{"decisions", std::move(decisions)}};
  });
}

void get_decision(CallPtr call) {
  const std::string& text = call->captures.at(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return call->error({Errc::not_found, "No such decision."});
  call->answer(call->group->decision(call->caller, number), [](const group::DecidedView& view) {
    auto out = group::to_json(view.decision);
    auto texts = json::array();
    for (const auto& one : view.texts)
      texts.push_back({{"section", one.section.value},
                       {"title", one.title},
                       {"text_id", one.text_id.hex()},
                       {"canonical", one.canonical}});
    out["texts"] = std::move(texts);
    return out;
  });
}

void get_register(CallPtr call) {
  const auto filter = read_filter(*call);
  if (!filter) return call->error(filter.error());
  const auto views = call->group->decisions(call->caller, *filter);
  if (!views) return call->error(views.error());
  call->text(200, "text/markdown; charset=utf-8", register_markdown(call->group->name(), *views),
             {{"Content-Disposition", "attachment; filename=\"decisions.md\""}});
}

}  // namespace bossey::api
