// The closing of a report over HTTP: phases, sections left open, the label "Not discussed in full", corrections,
// versions and transmittals. Reads fields and writes views; every rule is the group's.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "api/frozen_roll.hpp"
#include "api/routes.hpp"
#include "consensus/moment.hpp"
#include "group/closing_commands.hpp"
#include "group/state.hpp"

namespace bossey::api {

namespace {

using consensus::iso_utc;
using group::CorrectionMove;
using nlohmann::json;

constexpr std::size_t kLeftOpen_max = 500;
constexpr TextBounds kTime{.min_bytes = 20, .max_bytes = 20};
constexpr TextBounds kCorrectedWords{.min_bytes = 0, .max_bytes = group::kCorrectedWords_bytes, .lines = true};

constexpr std::array<std::pair<std::string_view, CorrectionMove>, 5> kMoves{{{"flag", CorrectionMove::flag},
                                                                             {"apply", CorrectionMove::apply},
                                                                             {"take_out", CorrectionMove::take_out},
                                                                             {"withdraw", CorrectionMove::withdraw},
                                                                             {"call", CorrectionMove::call}}};

ReportId report_of(const Call& call) {
  return ReportId{call.captures.at(1)};
}

json risks_json(const std::vector<consensus::Risk>& risks) {
  auto list = json::array();
  for (const auto& risk : risks)
    list.push_back({{"kind", consensus::name_of(risk.kind)}, {"before", risk.before}, {"after", risk.after}});
  return list;
}

json correction_json(const group::CorrectionView& view) {
  const consensus::Correction& c = view.filed.correction;
  const bool substantive = c.flagged || c.declared == consensus::CorrectionClass::substantive;
  json out = {{"number", c.number},
              {"section", c.section.value},
              {"name", view.name},
              {"place", c.place},
              {"find", view.filed.find},
              {"replace", view.filed.replace},
              {"class", substantive ? "substantive" : "editorial"},
              {"flagged", c.flagged},
              {"risks", risks_json(c.risks)},
              {"filed", iso_utc(c.filed_s)},
              {"quiet_ends", iso_utc(view.quiet_ends_s)},
              {"state", consensus::name_of(c.state)},
              {"mine", view.mine},
              {"may", view.may},
              {"release", view.filed.release}};
  if (c.call) out["call"] = *c.call;
  return out;
}

json transmittal_json(const consensus::Transmittal& transmittal) {
  return {{"release", transmittal.release},  {"checksum", transmittal.checksum.hex()},
          {"from", transmittal.from},        {"to", transmittal.to},
          {"at", iso_utc(transmittal.at_s)}, {"sentence", consensus::sentence(transmittal)}};
}

json release_json(const group::ReleaseView& view) {
  return {{"id", view.release.id},
          {"at", iso_utc(view.release.at_s)},
          {"before", view.release.before},
          {"decision", view.release.decision},
          {"sections", view.release.sections.size()},
          {"checksum", view.checksum.hex()}};
}

template <class T, class ToJson>
json list_of(const std::vector<T>& values, ToJson to_json) {
  auto list = json::array();
  for (const T& value : values) list.push_back(to_json(value));
  return list;
}

json closing_json(const group::ClosingView& view) {
  const auto named = [](const group::InTheWay& one) {
    return json{{"section", one.section.value}, {"name", one.name}, {"why", one.why}};
  };
  json out = {{"phase", consensus::row(view.phase).screen},
              {"phase_name", consensus::name_of(view.phase)},
              {"in_the_way", list_of(view.in_the_way, named)},
              {"left_open", list_of(view.left_open, named)},
              {"open_calls", view.open_calls},
              {"not_discussed", view.not_discussed},
              {"labelled", list_of(view.labelled, [](const SectionId& section) { return json(section.value); })},
              {"window", nullptr},
              {"open_points", view.open_points},
              {"corrections", list_of(view.corrections, correction_json)},
              {"releases", list_of(view.releases, release_json)},
              {"transmittals", list_of(view.transmittals, transmittal_json)}};
  if (view.window)
    out["window"] = {{"opened", iso_utc(view.window->opened_s)},
                     {"ends", iso_utc(view.window->ends_s)},
                     {"quiet_s", view.window->quiet_s},
                     {"release", view.window->release},
                     {"unanimous", group::name_of(view.window->unanimous)}};
  return out;
}

/// What every command of a closing answers; of a decision with its sentence.
std::function<void(const Result<group::ClosingChanged>&)> answering(const CallPtr& call, unsigned status,
                                                                    bool decision) {
  return [call, status, decision](const Result<group::ClosingChanged>& changed) {
    if (!changed) return call->error(changed.error());
    json out = {{"number", changed->number}, {"closing", closing_json(changed->view)}};
    if (decision) out["sentence"] = consensus::sentence(call->group->state().chain.at(changed->number - 1));
    call->json(status, out);
  };
}

Result<std::optional<std::int64_t>> optional_time(const Call& call, const char* name) {
  BOSSEY_TRY(const auto text, call.body.optional_text(name, kTime));
  if (!text) return std::nullopt;
  const auto at_s = consensus::parse_iso_utc(*text);
  if (!at_s) return fail(Errc::bad_input, "The field '" + std::string(name) + "' must be a time in UTC.");
  return at_s;
}

Result<group::ChangePhase> read_phase(const Call& call) {
  group::ChangePhase command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = report_of(call);
  BOSSEY_TRY(const auto to, call.body.text("to", {}));
  const auto phase = consensus::phase_from(to);
  if (!phase)
    return fail(Errc::bad_input, "The field 'to' must be drafting, plenary, editorial_window, final or transmitted.");
  command.to = *phase;
  BOSSEY_TRY(command.window_ends_s, optional_time(call, "ends"));
  BOSSEY_TRY(const auto quiet_s, call.body.optional_number("quiet_s", consensus::kQuietMax_s));
  if (quiet_s) command.quiet_s = static_cast<std::int64_t>(*quiet_s);
  return command;
}

Result<group::LeaveOpen> read_left_open(const Call& call) {
  group::LeaveOpen command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = report_of(call);
  BOSSEY_TRY(const auto sections, call.body.objects("sections", kLeftOpen_max));
  for (const Fields& one : sections) {
    BOSSEY_TRY(auto section, one.section("section"));
    command.sections.push_back(std::move(section));
  }
  return command;
}

Result<group::SetLabel> read_label(const Call& call) {
  group::SetLabel command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = report_of(call);
  BOSSEY_TRY(command.section, call.body.optional_section("section"));
  BOSSEY_TRY(command.on, call.body.flag("on"));
  return command;
}

/// What is to be corrected; class and key are the caller's.
Result<group::FileCorrection> read_words(const Call& call) {
  group::FileCorrection command;
  command.report = report_of(call);
  BOSSEY_TRY(command.section, call.body.section("section"));
  BOSSEY_TRY(command.text_id, call.body.optional_sha256("text_id"));
  if (!command.text_id) return fail(Errc::bad_input, "Send the 'text_id' of the words as shown.");
  BOSSEY_TRY(command.canonical, call.body.optional_text("canonical", kCorrectedWords));
  BOSSEY_TRY(auto find, call.body.optional_text("find", kCorrectedWords));
  BOSSEY_TRY(auto replace, call.body.optional_text("replace", kCorrectedWords));
  command.find = std::move(find).value_or("");
  command.replace = std::move(replace).value_or("");
  if (!command.canonical && command.find.empty()) return fail(Errc::bad_input, "Select the words to be corrected.");
  return command;
}

Result<group::FileCorrection> read_correction(const Call& call) {
  BOSSEY_TRY(group::FileCorrection command, read_words(call));
  BOSSEY_TRY(command.key, call.body.key());
  BOSSEY_TRY(const auto declared, call.body.optional_text("class", {}));
  if (declared) {
    command.declared = consensus::correction_class_from(*declared);
    if (!command.declared) return fail(Errc::bad_input, "The field 'class' must be editorial or substantive.");
  }
  BOSSEY_TRY(command.insists, call.body.flag("insists"));
  BOSSEY_TRY(auto place, call.body.optional_text("place", {.min_bytes = 0, .max_bytes = group::kPlace_bytes}));
  command.place = std::move(place).value_or("");
  return command;
}

Result<group::MoveCorrection> read_move(const Call& call) {
  group::MoveCorrection command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = report_of(call);
  const std::string& number = call.captures.at(2);
  const auto* const end = number.data() + number.size();
  if (std::from_chars(number.data(), end, command.number).ptr != end)
    return fail(Errc::not_found, "No such correction.");
  BOSSEY_TRY(const auto move, call.body.text("move", {}));
  const auto* const known =
      std::find_if(kMoves.begin(), kMoves.end(), [&](const auto& one) { return one.first == move; });
  if (known == kMoves.end())
    return fail(Errc::bad_input, "The field 'move' must be flag, apply, take_out, withdraw or call.");
  command.move = known->second;
  if (command.move == group::CorrectionMove::call) command.roll = frozen_roll(*call.roll, call.group->id());
  return command;
}

Result<group::RecordTransmittal> read_transmittal(const Call& call) {
  group::RecordTransmittal command;
  BOSSEY_TRY(command.key, call.body.key());
  command.report = report_of(call);
  BOSSEY_TRY(command.transmittal.release, call.body.text("release", {.max_bytes = 64}));
  BOSSEY_TRY(const auto checksum, call.body.optional_sha256("checksum"));
  if (!checksum) return fail(Errc::bad_input, "Send the 'checksum' that is printed on the version.");
  command.transmittal.checksum = *checksum;
  BOSSEY_TRY(command.transmittal.from, call.body.text("from", {}));
  BOSSEY_TRY(command.transmittal.to, call.body.text("to", {}));
  BOSSEY_TRY(const auto at_s, optional_time(call, "at"));
  command.transmittal.at_s = at_s.value_or(call.now_s());
  return command;
}

}  // namespace

void get_closing(CallPtr call) {
  call->answer(call->group->closing(call->caller, report_of(*call)), closing_json);
}

void post_phase(CallPtr call) {
  auto command = read_phase(*call);
  if (!command) return call->error(command.error());
  call->group->change_phase(call->caller, *std::move(command), answering(call, 201, true));
}

void post_left_open(CallPtr call) {
  const auto command = read_left_open(*call);
  if (!command) return call->error(command.error());
  call->group->leave_open(call->caller, *command, answering(call, 201, true));
}

void post_label(CallPtr call) {
  const auto command = read_label(*call);
  if (!command) return call->error(command.error());
  call->group->set_label(call->caller, *command, answering(call, 201, true));
}

void post_correction(CallPtr call) {
  auto command = read_correction(*call);
  if (!command) return call->error(command.error());
  call->group->file_correction(call->caller, *std::move(command), answering(call, 201, false));
}

void post_correction_check(CallPtr call) {
  const auto command = read_words(*call);
  if (!command) return call->error(command.error());
  call->answer(call->group->check_correction(call->caller, *command), [](const group::CheckedCorrection& checked) {
    return json{{"class", consensus::name_of(checked.preselected)}, {"risks", risks_json(checked.risks)}};
  });
}

void post_correction_move(CallPtr call) {
  auto command = read_move(*call);
  if (!command) return call->error(command.error());
  call->group->move_correction(call->caller, *std::move(command), answering(call, 200, false));
}

void post_transmittal(CallPtr call) {
  auto command = read_transmittal(*call);
  if (!command) return call->error(command.error());
  call->group->record_transmittal(call->caller, *std::move(command), answering(call, 201, false));
}

void get_releases(CallPtr call) {
  const auto view = call->group->closing(call->caller, report_of(*call));
  if (!view) return call->error(view.error());
  auto releases = json::array();
  for (const auto& one : view->releases) releases.push_back(release_json(one));
  call->group->release_revisions(call->caller, report_of(*call),
                                 [call, releases](const Result<std::map<std::string, std::string>>& revisions) mutable {
                                   if (!revisions) return call->error(revisions.error());
                                   for (json& one : releases) {
                                     const auto at = revisions->find(one["id"].get<std::string>());
                                     one["revision"] = at == revisions->end() ? json(nullptr) : json(at->second);
                                   }
                                   call->json(200, {{"releases", std::move(releases)}});
                                 });
}

}  // namespace bossey::api
