#include "api/routes.hpp"

#include <array>

namespace bossey::api {

namespace {

using consensus::Action;

constexpr std::size_t kSmall = 64 * 1024;
/// 4 MB of Markdown; as JSON each octet may take up to two ("\n", "\"").
constexpr std::size_t kImport = (8u << 20) + kSmall;

constexpr std::array kRoutes{
    // clang-format off
    Route{"GET", "healthz", Needs::nobody, Action::read, 0, get_healthz},
    Route{"GET", "readyz", Needs::nobody, Action::read, 0, get_readyz},
    Route{"GET", "", Needs::nobody, Action::read, 0, get_page},
    Route{"GET", "sign-in/:token", Needs::nobody, Action::read, 0, get_sign_in},
    Route{"GET", "g/:group/r/:report/print", Needs::group, Action::read, 0, get_print},
    Route{"GET", "g/:group/r/:report/report.md", Needs::group, Action::read, 0, get_markdown},
    Route{"GET", "g/:group/decisions.md", Needs::group, Action::read, 0, get_register},
    Route{"GET", "g/:group/r/:report/releases/:release/print", Needs::group, Action::read, 0, get_release_print},
    Route{"GET", "g/:group/r/:report/releases/:release/report.md", Needs::group, Action::read, 0, get_release_markdown},
    Route{"GET", "g/*", Needs::nobody, Action::read, 0, get_page},
    Route{"POST", "api/sign-out", Needs::person, Action::read, kSmall, post_sign_out},
    Route{"GET", "api/me", Needs::person, Action::read, 0, get_me},
    Route{"GET", "api/groups/:group", Needs::group, Action::read, 0, get_group},
    Route{"PATCH", "api/groups/:group", Needs::group, Action::decide, kSmall, patch_group},
    Route{"POST", "api/groups/:group/reports", Needs::group, Action::shape_outline, kSmall, post_report},
    Route{"POST", "api/groups/:group/imports", Needs::group, Action::shape_outline, kImport, post_import},
    Route{"GET", "api/groups/:group/reports/:report", Needs::group, Action::read, 0, get_report},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section", Needs::group, Action::read, 0, get_section},
    Route{"POST", "api/groups/:group/reports/:report/outline", Needs::group, Action::shape_outline, kSmall, post_outline},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/decisions", Needs::group, Action::object, kSmall, post_decision},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/pauses", Needs::group, Action::decide, kSmall, post_pause},
    Route{"POST", "api/groups/:group/pauses/:pause/objections", Needs::group, Action::object, kSmall, post_objection},
    Route{"POST", "api/groups/:group/pauses/:pause/cancel", Needs::group, Action::decide, kSmall, post_pause_cancel},
    Route{"GET", "api/groups/:group/decisions", Needs::group, Action::read, 0, get_decisions},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section/agreed", Needs::group, Action::read, 0, get_agreed},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/restore", Needs::group, Action::shape_outline, kSmall, post_restore},
    Route{"GET", "api/groups/:group/reports/:report/closing", Needs::group, Action::read, 0, get_closing},
    Route{"POST", "api/groups/:group/reports/:report/phases", Needs::group, Action::decide, kSmall, post_phase},
    Route{"POST", "api/groups/:group/reports/:report/left-open", Needs::group, Action::decide, kSmall, post_left_open},
    Route{"POST", "api/groups/:group/reports/:report/labels", Needs::group, Action::decide, kSmall, post_label},
    Route{"POST", "api/groups/:group/reports/:report/corrections", Needs::group, Action::object, kSmall, post_correction},
    Route{"POST", "api/groups/:group/reports/:report/corrections/check", Needs::group, Action::object, kSmall, post_correction_check},
    Route{"POST", "api/groups/:group/reports/:report/corrections/:correction", Needs::group, Action::object, kSmall, post_correction_move},
    Route{"POST", "api/groups/:group/reports/:report/transmittals", Needs::group, Action::shape_outline, kSmall, post_transmittal},
    Route{"GET", "api/groups/:group/reports/:report/releases", Needs::group, Action::read, 0, get_releases},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section/positions", Needs::group, Action::read, 0, get_positions},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/positions", Needs::group, Action::object, kSmall, post_position},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/positions/:position", Needs::group, Action::object, kSmall, post_position_move},
    Route{"GET", "api/groups/:group/reports/:report/brackets", Needs::group, Action::read, 0, get_report_brackets},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section/brackets", Needs::group, Action::read, 0, get_brackets},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/brackets", Needs::group, Action::bracket_words, kSmall, post_brackets},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/brackets/lift", Needs::group, Action::bracket_words, kSmall, post_brackets_lift},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/brackets/:bracket", Needs::group, Action::bracket_words, kSmall, post_bracket_move},
    Route{"GET", "api/groups/:group/wordings", Needs::group, Action::read, 0, get_wordings},
    Route{"POST", "api/groups/:group/wordings", Needs::group, Action::decide, kSmall, post_wordings},
    Route{"POST", "api/groups/:group/reports/:report/facts", Needs::group, Action::shape_outline, kSmall, post_facts},
    Route{"POST", "api/groups/:group/reports/:report/derived", Needs::group, Action::shape_outline, kSmall, post_derived},
    Route{"GET", "api/groups/:group/reports/:report/comparison", Needs::group, Action::read, 0, get_comparison},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section/origin", Needs::group, Action::read, 0, get_origin},
    Route{"GET", "api/groups/:group/calls", Needs::group, Action::read, 0, get_calls},
    Route{"POST", "api/groups/:group/calls", Needs::group, Action::decide, kSmall, post_call},
    Route{"GET", "api/groups/:group/calls/:call", Needs::group, Action::read, 0, get_call},
    Route{"POST", "api/groups/:group/calls/:call/answers", Needs::group, Action::object, kSmall, post_call_answer},
    Route{"POST", "api/groups/:group/calls/:call/marks", Needs::group, Action::object, kSmall, post_call_mark},
    Route{"POST", "api/groups/:group/calls/:call/moves", Needs::group, Action::decide, kSmall, post_call_move},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section/proposals", Needs::group, Action::read, 0, get_proposals},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/proposals", Needs::group, Action::propose, kSmall, post_proposal},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/positions/:position/propose", Needs::group, Action::propose, kSmall, post_position_proposal},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section/adoptions", Needs::group, Action::propose, 0, get_adoption},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/adoptions", Needs::group, Action::propose, kSmall, post_adoption},
    Route{"POST", "api/groups/:group/proposals/:proposal", Needs::group, Action::propose, kSmall, post_proposal_move},
    Route{"POST", "api/groups/:group/proposals/:proposal/withdraw", Needs::group, Action::propose, kSmall, post_withdraw_proposal},
    Route{"GET", "api/groups/:group/reports/:report/revisions", Needs::group, Action::read, 0, get_revisions},
    Route{"GET", "api/groups/:group/reports/:report/sections/:section/redline", Needs::group, Action::read, 0, get_section_redline},
    Route{"GET", "api/groups/:group/reports/:report/redline", Needs::group, Action::read, 0, get_report_redline},
    Route{"GET", "api/groups/:group/meetings", Needs::group, Action::read, 0, get_meetings},
    Route{"POST", "api/groups/:group/meetings", Needs::group, Action::shape_outline, kSmall, post_meeting},
    Route{"PATCH", "api/groups/:group/meetings/:meeting", Needs::group, Action::shape_outline, kSmall, patch_meeting},
    Route{"POST", "api/groups/:group/meetings/:meeting/here", Needs::group, Action::object, kSmall, post_here},
    Route{"GET", "api/groups/:group/teams", Needs::group, Action::read, 0, get_teams},
    Route{"POST", "api/groups/:group/teams", Needs::group, Action::shape_outline, kSmall, post_team},
    Route{"PATCH", "api/groups/:group/teams/:team", Needs::group, Action::shape_outline, kSmall, patch_team},
    Route{"POST", "api/groups/:group/reports/:report/sections/:section/team", Needs::group, Action::shape_outline, kSmall, post_section_team},
    Route{"POST", "api/groups/:group/typist", Needs::group, Action::decide, kSmall, post_typist},
    Route{"GET", "api/groups/:group/reviews", Needs::group, Action::read, 0, get_reviews},
    Route{"POST", "api/groups/:group/reports/:report/reviews", Needs::group, Action::shape_outline, kSmall, post_review},
    Route{"POST", "api/groups/:group/reviews/:review/opened", Needs::group, Action::object, kSmall, post_review_opened},
    Route{"POST", "api/groups/:group/reviews/:review/end", Needs::group, Action::shape_outline, kSmall, post_review_end},
    Route{"GET", "api/groups/:group/decisions/:decision", Needs::group, Action::read, 0, get_decision},
    Route{"GET", "api/groups/:group/rules", Needs::group, Action::read, 0, get_rules},
    Route{"PATCH", "api/groups/:group/rules", Needs::group, Action::decide, kSmall, patch_rules},
    Route{"GET", "api/groups/:group/people", Needs::group, Action::read, 0, get_people},
    Route{"POST", "api/groups/:group/people", Needs::group, Action::administer, kSmall, post_person},
    Route{"PATCH", "api/groups/:group/people/:person", Needs::group, Action::administer, kSmall, patch_person},
    Route{"DELETE", "api/groups/:group/people/:person", Needs::group, Action::administer, kSmall, delete_person},
    Route{"POST", "api/groups/:group/people/:person/links", Needs::group, Action::administer, kSmall, post_link},
    Route{"DELETE", "api/groups/:group/people/:person/links/:link", Needs::group, Action::administer, kSmall, delete_link},
    Route{"DELETE", "api/groups/:group/people/:person/sessions", Needs::group, Action::administer, kSmall, delete_sessions},
    // clang-format on
    Route{"GET", "*", Needs::nobody, Action::read, 0, get_asset},
};

/// The captures if the path fits the pattern.
std::optional<std::vector<std::string>> fit(std::string_view pattern, const std::vector<std::string>& path) {
  std::vector<std::string> captures;
  std::size_t next = 0;
  while (!pattern.empty()) {
    const auto end = std::min(pattern.find('/'), pattern.size());
    const auto segment = pattern.substr(0, end);
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
    if (segment == "*") return captures;
    if (next == path.size()) return std::nullopt;
    if (segment.starts_with(':')) {
      captures.push_back(path[next]);
    } else if (segment != path[next]) {
      return std::nullopt;
    }
    ++next;
  }
  if (next != path.size()) return std::nullopt;
  return captures;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

Match find_route(std::span<const Route> table, std::string_view method, const std::vector<std::string>& path) {
  Match match;
  for (const auto& route : table) {
    // Files are only read, and a path that has other methods is no file.
    const bool reads = method == "GET" || method == "HEAD";
    if (route.path == "*" && (!reads || !match.allowed.empty())) break;
    auto captures = fit(route.path, path);
    if (!captures) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) {
      match.route = &route;
      match.captures = std::move(*captures);
      return match;
    }
    if (match.allowed.find(route.method) != std::string::npos) continue;
    match.allowed.append(match.allowed.empty() ? "" : ", ").append(route.method);
  }
  return match;
}

}  // namespace bossey::api
