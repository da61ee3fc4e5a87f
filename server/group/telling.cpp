#include <nlohmann/json.hpp>

#include "group/parts.hpp"

namespace bossey::group {
namespace {

using nlohmann::json;

void tell(const PartsPtr& parts, const json& event) {
  parts->around.events.tell(parts->state.id, event.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

void tell_section(const PartsPtr& parts, const SectionId& section) {
  const Report* report = parts->state.report_with(section);
  if (report == nullptr) return;
  if (const auto view = parts->overview().section(report->slug, section))
    tell(parts, {{"type", "section"}, {"report", report->slug.value}, {"section", to_json(*view)}});
}

void tell_outline(const PartsPtr& parts, const ReportId& slug) {
  if (const Report* report = parts->state.report(slug); report != nullptr)
    tell(parts, {{"type", "outline"}, {"report", slug.value}, {"version", report->version}});
}

void tell_report(const PartsPtr& parts, const ReportId& report) {
  tell(parts, {{"type", "report"}, {"report", report.value}});
}

void tell_positions(const PartsPtr& parts, const ReportId& report, const SectionId& section) {
  tell(parts, {{"type", "positions"}, {"report", report.value}, {"section", section.value}});
}

void tell_brackets(const PartsPtr& parts, const ReportId& report, const SectionId& section) {
  tell(parts, {{"type", "brackets"}, {"report", report.value}, {"section", section.value}});
}

void tell_asks(const PartsPtr& parts, const ReportId& report, const SectionId& section) {
  tell(parts, {{"type", "asks"}, {"report", report.value}, {"section", section.value}});
}

void tell_closing(const PartsPtr& parts, const ReportId& report) {
  tell(parts, {{"type", "closing"}, {"report", report.value}});
}

void tell_pause(const PartsPtr& parts, json event) {
  event["type"] = "pause";
  tell(parts, event);
}

void tell_call(const PartsPtr& parts, const ReportId& report, std::uint64_t number, std::string_view state) {
  tell(parts, {{"type", "call"}, {"report", report.value}, {"call", number}, {"state", state}});
}

void tell_room(const PartsPtr& parts, std::string_view type) {
  tell(parts, {{"type", type}});
}

void tell_trouble(const PartsPtr& parts, const std::string& message) {
  tell(parts, {{"type", "trouble"}, {"message", message}});
}

}  // namespace bossey::group
