// Commands on the outline of a report.
#include <limits>
#include <string>
#include <utility>
#include <variant>

#include "api/routes.hpp"
#include "document/outline.hpp"

namespace bossey::api {

namespace {

constexpr TextBounds kTitle{.min_bytes = 1, .max_bytes = group::kTitleMax_bytes};
constexpr std::uint64_t kVersion_max = std::numeric_limits<std::int64_t>::max();

using What = decltype(group::OutlineCommand::what);

Result<What> read_add(const Fields& body) {
  group::AddSection add;
  BOSSEY_TRY(add.title, body.text("title", kTitle));
  BOSSEY_TRY(add.parent, body.optional_section("parent"));
  BOSSEY_TRY(add.after, body.optional_section("after"));
  BOSSEY_TRY(const auto kind, body.optional_text("kind", {}));
  if (kind) {
    const auto known = document::section_kind_from(*kind);
    if (!known) return fail(Errc::bad_input, "The field 'kind' must be section, opening, box, annex or alternative.");
    add.kind = *known;
  }
  BOSSEY_TRY(const auto label, body.optional_text("label", {}));
  if (label && *label != "bis" && *label != "alt")
    return fail(Errc::bad_input, "The field 'label' must be bis or alt.");
  if (label) add.label = *label == "bis" ? consensus::LabelKind::bis : consensus::LabelKind::alt;
  return What(std::move(add));
}

Result<What> read_rename(const Fields& body) {
  group::RenameSection rename;
  BOSSEY_TRY(rename.section, body.section("section"));
  BOSSEY_TRY(rename.title, body.text("title", kTitle));
  return What(std::move(rename));
}

Result<What> read_move(const Fields& body) {
  group::MoveSection move;
  BOSSEY_TRY(move.section, body.section("section"));
  BOSSEY_TRY(move.parent, body.optional_section("parent"));
  BOSSEY_TRY(move.after, body.optional_section("after"));
  return What(std::move(move));
}

Result<What> read_split(const Fields& body) {
  group::SplitSection split;
  BOSSEY_TRY(split.section, body.section("section"));
  BOSSEY_TRY(split.title, body.text("title", kTitle));
  BOSSEY_TRY(const auto at_block, body.number("at_block", 1'000'000));
  split.at_block = static_cast<std::uint32_t>(at_block);
  return What(std::move(split));
}

Result<What> read_merge(const Fields& body) {
  group::MergeSection merge;
  BOSSEY_TRY(merge.section, body.section("section"));
  BOSSEY_TRY(merge.into, body.section("into"));
  return What(std::move(merge));
}

Result<What> read_alternatives(const Fields& body) {
  group::PresentAlternatives present;
  BOSSEY_TRY(present.section, body.section("section"));
  BOSSEY_TRY(const auto options, body.objects("options", group::kOptionsMax));
  for (const Fields& option : options) {
    group::PresentAlternatives::Option read;
    BOSSEY_TRY(read.title, option.text("title", kTitle));
    BOSSEY_TRY(auto room, option.optional_text("room", {.min_bytes = 0, .max_bytes = group::kRoomName_bytes}));
    read.room = std::move(room).value_or("");
    present.options.push_back(std::move(read));
  }
  BOSSEY_TRY(const bool keeps, body.flag("frame_keeps_text"));
  present.moves_text = !keeps;
  return What(std::move(present));
}

Result<What> read_what(const Fields& body) {
  BOSSEY_TRY(const auto name, body.text("command", {}));
  if (name == "add") return read_add(body);
  if (name == "rename") return read_rename(body);
  if (name == "move") return read_move(body);
  if (name == "split") return read_split(body);
  if (name == "merge") return read_merge(body);
  if (name == "alternatives") return read_alternatives(body);
  return fail(Errc::bad_input, "The field 'command' must be add, rename, move, split, merge or alternatives.");
}

Result<group::OutlineCommand> read_command(const Fields& body, const std::string& report) {
  group::OutlineCommand command;
  BOSSEY_TRY(command.key, body.key());
  command.report = ReportId{report};
  BOSSEY_TRY(command.version, body.number("version", kVersion_max));
  BOSSEY_TRY(command.what, read_what(body));
  return command;
}

}  // namespace

void post_outline(CallPtr call) {
  auto command = read_command(call->body, call->captures.at(1));
  if (!command) return call->error(command.error());
  call->group->change_outline(call->caller, *std::move(command), [call](const Result<group::OutlineChanged>& changed) {
    if (changed) return call->json(200, {{"version", changed->version}, {"section", changed->section.value}});
    if (changed.error().code != Errc::conflict) return call->error(changed.error());
    const auto report = call->group->report(call->caller, ReportId{call->captures.at(1)});
    if (!report) return call->error(changed.error());
    call->error(changed.error(), {{"version", report->version}});
  });
}

}  // namespace bossey::api
