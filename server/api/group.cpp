// A group as its members see it; making and importing reports.
#include <array>
#include <string>
#include <utility>

#include "api/importing.hpp"
#include "api/meetings.hpp"
#include "api/routes.hpp"
#include "group/event.hpp"
#include "group/state.hpp"

namespace bossey::api {

namespace {

void import_prepared(const CallPtr& call, Result<PreparedImport> prepared, const std::string& title,
                     const std::string& slug, const std::string& key) {
  if (!prepared) return call->error(prepared.error());
  auto command = std::move(prepared->command);
  if (!title.empty()) command.title = title;
  command.slug = slug;
  command.key = key;
  call->group->import_report(
      call->caller, std::move(command), [call, prepared = *std::move(prepared)](const Result<group::ReportMade>& made) {
        call->answer(
            made, [&prepared](const auto& report) { return import_json(report, prepared); }, 201);
      });
}

Result<group::CreateReport> read_create(const Fields& body) {
  group::CreateReport command;
  BOSSEY_TRY(command.key, body.key());
  BOSSEY_TRY(command.title, body.text("title", {.min_bytes = 1, .max_bytes = group::kTitleMax_bytes}));
  BOSSEY_TRY(auto slug, body.optional_text("slug", {.min_bytes = 1, .max_bytes = 64}));
  command.slug = std::move(slug).value_or("");
  return command;
}

struct ImportBody {
  std::string key, name, slug, markdown;
};

Result<ImportBody> read_import(const Fields& body) {
  ImportBody read;
  BOSSEY_TRY(read.key, body.key());
  BOSSEY_TRY(auto name, body.optional_text("name", {.min_bytes = 1, .max_bytes = group::kTitleMax_bytes}));
  BOSSEY_TRY(auto slug, body.optional_text("slug", {.min_bytes = 1, .max_bytes = 64}));
  read.name = std::move(name).value_or("");
  read.slug = std::move(slug).value_or("");
  // Control characters are left to the importer, which names their line.
  BOSSEY_TRY(read.markdown, body.raw_text("markdown", document::kMaxImportBytes));
  return read;
}

}  // namespace

void get_group(CallPtr call) {
  const auto& caller = call->caller;
  call->answer(call->group->view(caller), [&call, &caller](const group::GroupView& view) {
    auto json = group::to_json(view);
    const group::GroupState& state = call->group->state();
    const auto* meeting = consensus::open_meeting(state.room.meetings);
    const bool is_let_in = call->group->lets_in(caller.roles);
    json["closed_meeting"] = !is_let_in;
    json["meeting"] = meeting == nullptr || !is_let_in ? nlohmann::json() : meeting_json(*call, *meeting);
    json["attribution"] = {{"kept_days", state.rules.attribution.kept_days},
                           {"attributed", state.rules.attribution.attributed}};
    for (const auto role : consensus::kRoles) {
      if (caller.roles.has(role)) json["role"] = consensus::name_of(role);
    }
    return json;
  });
}

void patch_group(CallPtr call) {
  const auto key = call->body.key();
  if (!key) return call->error(key.error());
  const auto answer = [call](const Result<void>& set) { set ? call->no_content() : call->error(set.error()); };
  const auto seconds = call->body.number("objection_pause_s", group::kObjectionPauseMax_s);
  if (!seconds) return call->error(seconds.error());
  call->group->set_objection_pause(call->caller, *key, static_cast<std::uint32_t>(*seconds), answer);
}

void post_report(CallPtr call) {
  auto command = read_create(call->body);
  if (!command) return call->error(command.error());
  call->group->create_report(call->caller, *std::move(command), [call](const Result<group::ReportMade>& made) {
    call->answer(
        made,
        [](const group::ReportMade& report) {
          return nlohmann::json{{"slug", report.slug.value}};
        },
        201);
  });
}

void post_import(CallPtr call) {
  auto body = read_import(call->body);
  if (!body) return call->error(body.error());
  call->body = {};  // megabytes that nobody needs any more
  call->request.body.clear();
  call->services.pool.ask<PreparedImport>(
      [markdown = std::move(body->markdown), random = call->services.random()] {
        return prepare_markdown(markdown, random);
      },
      [call, name = body->name, slug = body->slug, key = body->key](Result<PreparedImport> prepared) {
        import_prepared(call, std::move(prepared), name, slug, key);
      });
}

}  // namespace bossey::api
