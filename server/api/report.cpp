// A report and its sections, as they stand now.
#include <string>
#include <utility>

#include "api/redline_json.hpp"
#include "api/routes.hpp"
#include "document/canonical.hpp"
#include "document/html.hpp"

namespace bossey::api {

void get_report(CallPtr call) {
  call->answer(call->group->report(call->caller, ReportId{call->captures.at(1)}),
               [](const group::ReportView& view) { return group::to_json(view); });
}

void get_section(CallPtr call) {
  const ReportId report{call->captures.at(1)};
  const SectionId section{call->captures.at(2)};
  const auto view = call->group->section(call->caller, report, section);
  if (!view) return call->error(view.error());
  auto canonical = call->group->canonical(call->caller, report, section);
  if (!canonical) return call->error(canonical.error());
  call->services.pool.ask<std::string>(
      [canonical = *canonical, id = section.value, words = view->disclaimer.full]() -> Result<std::string> {
        BOSSEY_TRY(const auto text, document::read_canonical(canonical));
        return disclaimer_html(words) + document::html_of(text, {.id_prefix = id + "-"});
      },
      [call, json = group::to_json(*view), canonical = *canonical](Result<std::string> html) mutable {
        if (!html) return call->error(html.error());
        json["canonical"] = std::move(canonical);
        json["html"] = *std::move(html);
        call->json(200, json);
      });
}

}  // namespace bossey::api
