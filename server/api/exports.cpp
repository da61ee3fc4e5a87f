// What leaves the system: the print page and the Markdown download, of a report or one section, always with the
// disclaimers. Views are taken on the network thread, documents are made on the pool.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/routes.hpp"
#include "consensus/moment.hpp"
#include "document/canonical.hpp"
#include "export/markdown_report.hpp"
#include "export/print_page.hpp"
#include "export/report_view.hpp"

namespace bossey::api {

namespace {

/// A view whose texts are still canonical bytes.
struct Source {
  exporting::ReportView view;
  std::vector<std::string> canonicals;
};

exporting::SectionView section_view(const group::SectionView& section) {
  const auto& status = section.status;
  const auto& row = consensus::row(status.status);
  exporting::SectionView view;
  view.number = section.number;
  view.depth = static_cast<int>(section.depth);
  view.kind = section.kind;
  view.status = row.screen;
  view.mark = row.mark;
  view.status_line = status.line;
  view.agreed = status.status == consensus::Status::agreed && status.settled;
  view.disclaimer = section.disclaimer.full;
  view.short_disclaimer = section.disclaimer.short_form;
  return view;
}

Result<Source> take_source(const Call& call) {
  const ReportId report{call.captures.at(1)};
  BOSSEY_TRY(const auto group, call.group->view(call.caller));
  BOSSEY_TRY(const auto whole, call.group->report(call.caller, report));
  const auto only = call.request.query_value("section");
  Source source;
  source.view.group_name = group.name;
  source.view.addressee = group.addressee;
  source.view.title = whole.title;
  source.view.kind = whole.kind == "report" ? "" : whole.kind;
  source.view.short_disclaimer = whole.short_disclaimer;
  source.view.language = whole.language;
  source.view.made_at = consensus::moment_in_words(call.now_s());
  for (const auto& section : whole.sections) {
    if (!only.empty() && section.id.value != only) continue;
    source.view.sections.push_back(section_view(section));
    BOSSEY_TRY(source.canonicals.emplace_back(), call.group->canonical(call.caller, report, section.id));
  }
  if (!only.empty()) {
    if (source.canonicals.empty()) return fail(Errc::not_found, "There is no such section in this report.");
    source.view.short_disclaimer = source.view.sections.front().short_disclaimer;
  }
  return source;
}

/// A version: what was fixed when it was made, and nothing of now.
Result<Source> take_release(const Call& call) {
  BOSSEY_TRY(const auto group, call.group->view(call.caller));
  BOSSEY_TRY(auto released, call.group->release(call.caller, ReportId{call.captures.at(1)}, call.captures.at(2)));
  Source source;
  source.view.group_name = group.name;
  source.view.addressee = group.addressee;
  source.view.title = released.made.title;
  source.view.short_disclaimer = released.made.short_form;
  source.view.version = released.release.id;
  source.view.checksum = consensus::checksum(released.release).hex();
  source.view.made_at = consensus::moment_in_words(released.release.at_s);
  for (std::size_t i = 0; i < released.made.printed.size(); ++i) {
    const group::PrintedSection& printed = released.made.printed[i];
    const auto& row = consensus::row(printed.status);
    exporting::SectionView view;
    view.number = released.release.sections[i].number;
    view.depth = static_cast<int>(printed.depth);
    view.kind = printed.kind;
    view.status = row.screen;
    view.mark = row.mark;
    view.status_line = printed.line;
    view.agreed = printed.status == consensus::Status::agreed && printed.settled;
    view.disclaimer = printed.disclaimer;
    view.short_disclaimer = printed.short_form;
    source.view.sections.push_back(std::move(view));
  }
  source.canonicals = std::move(released.canonicals);
  return source;
}

Result<std::string> make(Source source, const std::function<std::string(const exporting::ReportView&)>& write) {
  for (std::size_t i = 0; i < source.canonicals.size(); ++i) {
    auto section = document::read_canonical(source.canonicals[i]);
    if (!section) return fail(Errc::corrupt, "A text cannot be exported: " + section.error().detail);
    source.view.sections[i].section = *std::move(section);
  }
  exporting::order_options(source.view.sections);
  return write(source.view);
}

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The page brings its style within itself and nothing else; no script can run on it.
Headers print_headers() {
  return {{"Content-Security-Policy",
           "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
           "frame-ancestors 'none'"}};
}
Headers file_headers(const std::string& name) {
  return {{"Content-Disposition", "attachment; filename=\"" + name + "\""}};
}

void answer_export(const CallPtr& call, Result<Source> source,
                   std::function<std::string(const exporting::ReportView&)> write, std::string type, Headers headers) {
  if (!source) return call->error(source.error());
  call->services.pool.ask<std::string>(
      [source = *std::move(source), write = std::move(write)]() { return make(source, write); },
      [call, type = std::move(type), headers = std::move(headers)](Result<std::string> bytes) {
        bytes ? call->text(200, type, *std::move(bytes), headers) : call->error(bytes.error());
      });
}

}  // namespace

void get_print(CallPtr call) {
  answer_export(call, take_source(*call), exporting::print_page, "text/html; charset=utf-8", print_headers());
}

void get_markdown(CallPtr call) {
  answer_export(call, take_source(*call), exporting::markdown_report, "text/markdown; charset=utf-8",
                file_headers(call->captures.at(1) + ".md"));
}

void get_release_print(CallPtr call) {
  answer_export(call, take_release(*call), exporting::print_page, "text/html; charset=utf-8", print_headers());
}

void get_release_markdown(CallPtr call) {
  answer_export(call, take_release(*call), exporting::markdown_report, "text/markdown; charset=utf-8",
                file_headers(call->captures.at(1) + '-' + call->captures.at(2) + ".md"));
}

}  // namespace bossey::api
