// Decisions on a section: making them, listing them, what was agreed last, and putting back earlier words.
#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "api/attendance.hpp"
#include "api/redline_json.hpp"
#include "api/routes.hpp"
#include "consensus/decision.hpp"
#include "group/state.hpp"

namespace bossey::api {

namespace {

constexpr std::uint64_t kPeople_max = 100'000;
constexpr std::size_t kOptions_max = 100;
constexpr std::size_t kFeatures_max = 20;

/// The others follow from commands of their own.
constexpr std::array kByCommand{
    consensus::DecisionKind::agree,         consensus::DecisionKind::adref,        consensus::DecisionKind::principle,
    consensus::DecisionKind::bracket,       consensus::DecisionKind::alternatives, consensus::DecisionKind::withdraw,
    consensus::DecisionKind::working_paper, consensus::DecisionKind::reopen,       consensus::DecisionKind::undo};

Result<group::Decide> read_decide(const Call& call) {
  const auto& body = call.body;
  group::Decide command;
  BOSSEY_TRY(command.key, body.key());
  command.report = ReportId{call.captures.at(1)};
  command.section = SectionId{call.captures.at(2)};
  BOSSEY_TRY(const auto kind, body.text("kind", {}));
  const auto known = consensus::decision_kind_from(kind);
  if (!known || std::find(kByCommand.begin(), kByCommand.end(), *known) == kByCommand.end()) {
    return fail(Errc::bad_input,
                "The field 'kind' must be agree, adref, principle, bracket, alternatives, working_paper, withdraw, "
                "reopen or undo.");
  }
  command.kind = *known;
  BOSSEY_TRY(command.text_id, body.optional_sha256("text_id"));
  BOSSEY_TRY(command.content_hash, body.optional_sha256("content_hash"));
  BOSSEY_TRY(const auto options, body.objects("options", kOptions_max));
  for (const Fields& option : options) {
    BOSSEY_TRY(auto section, option.section("section"));
    BOSSEY_TRY(const auto text_id, option.optional_sha256("text_id"));
    BOSSEY_TRY(const auto content_hash, option.optional_sha256("content_hash"));
    if (!text_id || !content_hash) return fail(Errc::bad_input, "Each option needs 'text_id' and 'content_hash'.");
    command.options.push_back({std::move(section), *text_id, *content_hash});
  }
  BOSSEY_TRY(auto reason, body.optional_text("reason", {.min_bytes = 0, .max_bytes = 2'000, .lines = true}));
  command.reason = std::move(reason).value_or("");
  BOSSEY_TRY(auto session, body.optional_text("session", {.min_bytes = 0, .max_bytes = 200}));
  command.session = std::move(session).value_or("");
  const std::uint64_t on_roll = on_the_roll(*call.roll, call.group->id()).size();
  command.roll = static_cast<std::uint32_t>(on_roll);
  if (const auto* meeting = consensus::open_meeting(call.group->state().room.meetings); meeting != nullptr)
    command.here = present_by_category(*call.roll, call.group->id(), meeting->number);
  BOSSEY_TRY(const auto present, body.optional_number("present", kPeople_max));
  if (present) {
    if (*present > on_roll)
      return fail(Errc::bad_input, "Only " + std::to_string(on_roll) +
                                       (on_roll == 1 ? " person is on the roll." : " people are on the roll."));
    command.present = consensus::Present{static_cast<std::uint32_t>(*present), static_cast<std::uint32_t>(on_roll), {}};
  }
  BOSSEY_TRY(const auto features, body.objects("features", kFeatures_max));
  for (const Fields& feature : features) {
    BOSSEY_TRY(auto words, feature.text("words", {.min_bytes = 1, .max_bytes = 500}));
    command.features.push_back(std::move(words));
  }
  BOSSEY_TRY(auto agreed_by, body.optional_text("agreed_by", {.min_bytes = 0, .max_bytes = 100}));
  command.agreed_by = std::move(agreed_by).value_or("");
  BOSSEY_TRY(command.names_open_ad_ref, body.flag("ad_ref_open"));
  BOSSEY_TRY(command.asked_aloud, body.flag("asked_aloud"));
  BOSSEY_TRY(command.sets_aside, body.flag("sets_aside"));
  BOSSEY_TRY(command.reviewed, body.flag("reviewed"));
  BOSSEY_TRY(command.pause, body.optional_text("pause", {.min_bytes = 1, .max_bytes = 64}));
  BOSSEY_TRY(command.undoes, body.optional_number("undoes", std::numeric_limits<std::int64_t>::max()));
  return command;
}

/// A refusal; if something moved, with the section as it is now.
void refuse(const CallPtr& call, const Error& error) {
  if (error.code != Errc::conflict) return call->error(error);
  const auto section =
      call->group->section(call->caller, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)});
  section ? call->error(error, group::to_json(*section)) : call->error(error);
}

}  // namespace

void post_pause(CallPtr call) {
  auto command = read_decide(*call);
  if (!command) return call->error(command.error());
  call->group->ask_for_objection(call->caller, *std::move(command), [call](const Result<group::PauseView>& pause) {
    if (!pause) return refuse(call, pause.error());
    call->json(201, {{"pause", group::to_json(*pause)}});
  });
}

void post_objection(CallPtr call) {
  const auto objected = call->group->object(call->caller, call->captures.at(1));
  objected ? call->no_content() : call->error(objected.error());
}

void post_pause_cancel(CallPtr call) {
  const auto cancelled = call->group->cancel_pause(call->caller, call->captures.at(1));
  cancelled ? call->no_content() : call->error(cancelled.error());
}

void post_decision(CallPtr call) {
  if (call->who->token) return call->error({Errc::forbidden, "An API token decides nothing. Sign in instead."});
  auto command = read_decide(*call);
  if (!command) return call->error(command.error());
  call->group->decide(call->caller, *std::move(command), [call](const Result<group::Decided>& decided) {
    if (decided) {
      return call->json(201, {{"number", decided->number},
                              {"sentence", decided->sentence},
                              {"section", group::to_json(decided->section)}});
    }
    refuse(call, decided.error());
  });
}

void get_agreed(CallPtr call) {
  const SectionId section{call->captures.at(2)};
  call->group->agreed(call->caller, ReportId{call->captures.at(1)}, section, [call](Result<group::AgreedView> agreed) {
    if (!agreed) return call->error(agreed.error());
    // Copied before it is handed on: the order in which arguments are made is the compiler's choice.
    const group::AgreedView shown = *agreed;
    const auto now =
        call->group->section(call->caller, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)});
    if (!now) return call->error(now.error());
    call->services.pool.ask<nlohmann::json>(
        [view = shown, section = call->captures.at(2), agreement = agreement_of(*now)] {
          return redline_json({section, view.revision, "live", view.canonical, view.live, agreement});
        },
        [call, agreed = shown](Result<nlohmann::json> redline) {
          if (!redline) return call->error(redline.error());
          call->json(200, {{"text_id", agreed.text_id.hex()},
                           {"revision", agreed.revision},
                           {"decision", agreed.decision},
                           {"canonical", agreed.canonical},
                           {"redline", *std::move(redline)}});
        });
  });
}

void post_restore(CallPtr call) {
  const auto key = call->body.key();
  if (!key) return call->error(key.error());
  auto revision = call->body.text("revision", {.min_bytes = 40, .max_bytes = 40});
  if (!revision) return call->error(revision.error());
  group::RestoreSection command{*key, ReportId{call->captures.at(1)}, SectionId{call->captures.at(2)},
                                *std::move(revision)};
  call->group->restore(call->caller, std::move(command), [call](const Result<group::SectionView>& section) {
    call->answer(section, [](const group::SectionView& view) {
      return nlohmann::json{{"section", group::to_json(view)}};
    });
  });
}

}  // namespace bossey::api
