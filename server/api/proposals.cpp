// Proposals beside a section: reading them, and withdrawing one's own.
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "api/proposal_json.hpp"
#include "api/redline_json.hpp"
#include "api/routes.hpp"

namespace bossey::api {

namespace {

Result<nlohmann::json> redline_of(const group::ProposalView& view, const std::string& before,
                                  const std::string& after) {
  return redline_json({view.section.value, "base", "proposal", before, after, {std::nullopt, "Proposal, not agreed"}});
}

}  // namespace

Result<nlohmann::json> proposal_json(const group::ProposalView& view) {
  auto json = group::to_json(view);
  if (!view.base || !view.canonical) return json;
  if (view.amendment && view.amendment->overtaken.empty()) {
    // Carried over to another text it may be no text of the schema: then it is shown as it was written.
    if (auto redline = redline_of(view, view.amendment->target, view.amendment->wanted)) {
      json["redline"] = *std::move(redline);
      return json;
    }
  }
  BOSSEY_TRY(json["redline"], redline_of(view, *view.base, *view.canonical));
  return json;
}

namespace {

Result<nlohmann::json> proposals_json(const std::vector<group::ProposalView>& views) {
  auto proposals = nlohmann::json::array();
  for (const auto& view : views) {
    BOSSEY_TRY(auto json, proposal_json(view));
    proposals.push_back(std::move(json));
  }
  return nlohmann::json{{"proposals", std::move(proposals)}};
}

Result<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return fail(Errc::not_found, "No such proposal.");
  return number;
}

}  // namespace

void get_proposals(CallPtr call) {
  auto views = call->group->proposals(call->caller, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)});
  if (!views) return call->error(views.error());
  call->services.pool.ask<nlohmann::json>(
      [views = *std::move(views)] { return proposals_json(views); },
      [call](const Result<nlohmann::json>& json) { call->answer(json, [](const auto& value) { return value; }); });
}

void post_withdraw_proposal(CallPtr call) {
  const auto key = call->body.key();
  if (!key) return call->error(key.error());
  const auto number = number_of(call->captures.at(1));
  if (!number) return call->error(number.error());
  call->group->withdraw_proposal(call->caller, {*key, *number}, [call](const Result<void>& withdrawn) {
    withdrawn ? call->no_content() : call->error(withdrawn.error());
  });
}

}  // namespace bossey::api
