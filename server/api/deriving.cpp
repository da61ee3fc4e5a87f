// Copies of sections into another report, where they come from, and two options side by side.
#include <string>
#include <utility>

#include "api/redline_json.hpp"
#include "api/routes.hpp"

namespace bossey::api {

namespace {

constexpr std::size_t kCopied_max = 2'000;

Result<group::DeriveReport> read_derive(const Call& call) {
  const Fields& body = call.body;
  group::DeriveReport command;
  BOSSEY_TRY(command.key, body.key());
  command.from = ReportId{call.captures.at(1)};
  BOSSEY_TRY(command.title, body.text("title", {.min_bytes = 1, .max_bytes = group::kTitleMax_bytes}));
  BOSSEY_TRY(auto slug, body.optional_text("slug", {.min_bytes = 1, .max_bytes = 64}));
  command.slug = std::move(slug).value_or("");
  BOSSEY_TRY(const auto sections, body.objects("sections", kCopied_max));
  for (const Fields& one : sections) {
    BOSSEY_TRY(auto section, one.section("section"));
    command.sections.push_back(std::move(section));
  }
  return command;
}

}  // namespace

void post_derived(CallPtr call) {
  auto command = read_derive(*call);
  if (!command) return call->error(command.error());
  call->group->derive_report(call->caller, *std::move(command), [call](const Result<group::ReportMade>& made) {
    call->answer(
        made,
        [](const group::ReportMade& report) {
          return nlohmann::json{{"slug", report.slug.value}, {"sections", report.sections}};
        },
        201);
  });
}

void get_origin(CallPtr call) {
  const ReportId report{call->captures.at(1)};
  const SectionId section{call->captures.at(2)};
  const auto origin = call->group->origin(call->caller, report, section);
  if (!origin) return call->error(origin.error());
  const auto now = call->group->section(call->caller, report, section);
  if (!now) return call->error(now.error());
  call->services.pool.ask<nlohmann::json>(
      [texts = *origin, id = section.value, agreement = agreement_of(*now)] {
        return redline_json({id, "origin", "live", texts.before, texts.live, agreement});
      },
      [call, origin = origin->origin](Result<nlohmann::json> redline) {
        if (!redline) return call->error(redline.error());
        call->json(200, {{"report", origin.report.value},
                         {"section", origin.section.value},
                         {"line", origin.line},
                         {"redline", *std::move(redline)}});
      });
}

void get_comparison(CallPtr call) {
  const ReportId report{call->captures.at(1)};
  const SectionId from{std::string(call->request.query_value("from"))};
  const SectionId to{std::string(call->request.query_value("to"))};
  if (from.value.empty() || to.value.empty())
    return call->error(Error{Errc::bad_input, "Name two sections: 'from' and 'to'."});
  const auto before = call->group->canonical(call->caller, report, from);
  if (!before) return call->error(before.error());
  const auto after = call->group->canonical(call->caller, report, to);
  if (!after) return call->error(after.error());
  const auto now = call->group->section(call->caller, report, to);
  if (!now) return call->error(now.error());
  call->services.pool.ask<nlohmann::json>(
      [before = *before, after = *after, to, from, agreement = agreement_of(*now)] {
        return redline_json({to.value, from.value, to.value, before, after, agreement});
      },
      [call](Result<nlohmann::json> redline) {
        if (!redline) return call->error(redline.error());
        call->json(200, *redline);
      });
}

}  // namespace bossey::api
