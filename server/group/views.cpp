#include "group/views.hpp"

#include <nlohmann/json.hpp>

#include "consensus/moment.hpp"
#include "group/closing_state.hpp"

namespace bossey::group {
namespace {

using nlohmann::json;

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json status_json(const StatusView& status) {
  json out = {{"name", consensus::row(status.status).screen},
              {"mark", consensus::row(status.status).mark},
              {"settled", status.settled},
              {"fresh", status.fresh},
              {"reopened", status.reopened},
              {"closed", status.closed},
              {"moved", status.moved},
              {"line", status.line},
              {"decision", or_null(status.decision)}};
  if (status.changed_words) out["changed_words"] = *status.changed_words;
  return out;
}

json origin_json(const std::optional<OriginView>& origin) {
  if (!origin) return nullptr;
  return {{"report", origin->report.value}, {"section", origin->section.value}, {"line", origin->line}};
}

json published_json(const std::optional<Published>& published) {
  if (!published) return nullptr;
  return {{"at", consensus::iso_utc(published->at_s)}, {"until", consensus::iso_utc(published->until_s)}};
}

}  // namespace

std::string_view name_of(ProposalState state) {
  return state == ProposalState::open ? "open" : "withdrawn";
}

json to_json(const SectionView& section) {
  json proposals = json::array();
  for (const ProposalMark& mark : section.proposals)
    proposals.push_back({{"number", mark.number},
                         {"kind", mark.fate ? "amendment" : "late"},
                         {"mine", mark.mine},
                         {"state", mark.fate ? consensus::name_of(*mark.fate) : name_of(mark.state)},
                         {"version", mark.version}});
  const bool has_disclaimer = !section.disclaimer.full.empty();
  return {{"id", section.id.value},
          {"parent", section.parent ? json(section.parent->value) : json(nullptr)},
          {"depth", section.depth},
          {"number", section.number},
          {"kind", section.kind},
          {"document", section.document.value},
          {"title", section.title},
          {"status", status_json(section.status)},
          {"chapter_line", or_null(section.chapter_line)},
          {"disclaimer", has_disclaimer ? json(section.disclaimer.full) : json(nullptr)},
          {"short_disclaimer", section.disclaimer.short_form},
          {"text_id", section.text_id.hex()},
          {"content_hash", section.content_hash.hex()},
          {"brackets", section.brackets},
          {"brackets_within", section.brackets_within},
          {"reasons_missing", section.reasons_missing},
          {"room", section.room.empty() ? json(nullptr) : json(section.room)},
          {"origin", origin_json(section.origin)},
          {"unknown", section.unknown},
          {"words", section.words},
          {"proposals", std::move(proposals)},
          {"team", section.team == 0 ? json(nullptr) : json({{"number", section.team}, {"room", section.team_room}})},
          {"left_open", section.left_open},
          {"not_discussed", section.not_discussed},
          {"positions",
           {{"objections", section.positions.unanswered.size()},
            {"answered", section.positions.answered},
            {"reservations", section.positions.reservations},
            {"ad_ref", section.positions.ad_ref_open}}}};
}

json to_json(const PauseView& pause) {
  json sections = json::array();
  for (const SectionId& section : pause.subject) sections.push_back(section.value);
  return {{"id", pause.id},
          {"report", pause.report.value},
          {"section", pause.section.value},
          {"sections", std::move(sections)},
          {"kind", consensus::name_of(pause.kind)},
          {"seconds", pause.seconds},
          {"left_ms", pause.left_ms},
          {"ends", consensus::iso_utc(pause.ends_at_s)}};
}

json to_json(const ReportView& report) {
  json sections = json::array();
  json pauses = json::array();
  for (const PauseView& pause : report.pauses) pauses.push_back(to_json(pause));
  for (const SectionView& section : report.sections) sections.push_back(to_json(section));
  return {{"slug", report.slug.value},
          {"title", report.title},
          {"kind", report.kind},
          {"phase", report.phase},
          {"phase_name", report.phase_name},
          {"not_discussed", report.not_discussed},
          {"window", report.window ? json({{"release", report.window->release},
                                           {"ends", consensus::iso_utc(report.window->ends_s)},
                                           {"quiet_s", report.window->quiet_s},
                                           {"open_corrections", report.window->open_corrections}})
                                   : json(nullptr)},
          {"version", report.version},
          {"chapter_line", report.chapter_line},
          {"short_disclaimer", report.short_disclaimer},
          {"brackets", report.brackets},
          {"language", report.language},
          {"published", published_json(report.published)},
          {"pauses", std::move(pauses)},
          {"sections", std::move(sections)}};
}

json to_json(const GroupView& group) {
  json reports = json::array();
  for (const ReportSummary& report : group.reports)
    reports.push_back({{"slug", report.slug.value},
                       {"title", report.title},
                       {"kind", report.kind},
                       {"phase", report.phase},
                       {"settled", report.settled},
                       {"sections", report.sections}});
  return {{"slug", group.slug.value},
          {"name", group.name},
          {"addressee", group.addressee},
          {"can", group.can},
          {"reports", std::move(reports)},
          {"privacy", group.privacy},
          {"objection_pause_s", group.objection_pause_s},
          {"unanimous", name_of(group.unanimous)}};
}

json to_json(const DecisionView& decision) {
  return {{"number", decision.number},
          {"at", consensus::iso_utc(decision.at_s)},
          {"kind", consensus::name_of(decision.kind)},
          {"report", decision.report.value},
          {"section", decision.section.value},
          {"title", decision.title},
          {"text_id", decision.text_id.hex()},
          {"sentence", decision.sentence},
          {"reason", decision.reason.empty() ? json(nullptr) : json(decision.reason)},
          {"undone_by", or_null(decision.undone_by)},
          {"refers_to", or_null(decision.refers_to)},
          {"reopened_by", or_null(decision.reopened_by)},
          {"meeting", decision.meeting}};
}

namespace {

json left_out_json(const std::vector<LeftOut>& parts) {
  json list = json::array();
  for (const LeftOut& part : parts) list.push_back({{"was", part.was}, {"words", part.words}});
  return list;
}

void add_amendment(const AmendmentView& view, json& out) {
  out["kind"] = "amendment";
  out["handed_in"] = view.kind == consensus::ProposalKind::late;
  out["state"] = consensus::name_of(view.fate);
  out["document"] = view.document.value;
  out["on"] = or_null(view.on);
  out["strength"] = consensus::name_of(view.strength);
  out["signed_by"] = view.signed_by.empty() ? json(nullptr) : json(view.signed_by);
  out["rivals"] = view.rivals;
  out["uncontested"] = view.uncontested;
  out["untouched"] = view.untouched;
  out["behind"] = view.behind;
  out["asks"] = view.asks;
  out["overtaken"] = left_out_json(view.overtaken);
  out["left"] = left_out_json(view.left);
  out["version"] = view.version;
}

}  // namespace

json to_json(const ProposalView& proposal) {
  json out = {
      {"number", proposal.number}, {"section", proposal.section.value},       {"state", name_of(proposal.state)},
      {"mine", proposal.mine},     {"at", consensus::iso_utc(proposal.at_s)}, {"decision", proposal.decision},
      {"reason", proposal.reason}};
  if (proposal.canonical) out["canonical"] = *proposal.canonical;
  out["kind"] = "late";
  if (proposal.amendment) add_amendment(*proposal.amendment, out);
  return out;
}

}  // namespace bossey::group
