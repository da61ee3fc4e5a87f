#include "app/demonstration.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "api/importing.hpp"
#include "consensus/role.hpp"

namespace bossey::app {

namespace {

using accounts::AccountsStore;
using consensus::Role;
using nlohmann::json;

const GroupId kGroup{"river-data"};
constexpr std::string_view kName = "River Data Working Group";
constexpr std::string_view kReport = "report";

/// Whoever runs the server acts as the secretariat, and as no person.
group::Caller operator_caller() {
  return {PersonId{}, Role::secretariat};
}

std::string new_key() {
  return "operator-" + std::to_string(random_bits());
}

std::string name_of_person(Role role) {
  std::string name(consensus::name_of(role));
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

struct DemoLink {
  Role role;
  std::string secret;
};

/// The person of a role, by name, added if missing; then one link, the only one.
Result<std::vector<DemoLink>> make_people(AccountsStore& store, std::int64_t now_s) {
  std::vector<DemoLink> links;
  for (const auto role : consensus::kRoles) {
    const auto name = name_of_person(role);
    const auto roll = store.roll();
    const auto members = roll->members_of(kGroup);
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const auto& member) { return roll->person(member.person)->name == name; });
    PersonId person;
    if (found != members.end()) {
      person = found->person;
    } else {
      BOSSEY_TRY(person, store.add_person(kGroup, name, role, "", now_s));
    }
    BOSSEY_TRY(const auto ended, store.revoke_links(kGroup, person));
    static_cast<void>(ended);
    BOSSEY_TRY(auto link, store.make_link(kGroup, person, now_s));
    links.push_back({role, std::move(link.secret)});
  }
  return links;
}

void make_links(Core& core, const std::string& public_url, const OnJson& done) {
  core.accounts().submit(
      [now_s = core.loop().unix_ms() / 1000](AccountsStore& store) { return make_people(store, now_s); },
      [public_url, done](const Result<std::vector<DemoLink>>& links) {
        if (!links) return done(tl::unexpected(links.error()));
        auto list = json::array();
        for (const auto& link : *links) {
          list.push_back({{"role", consensus::name_of(link.role)},
                          {"name", name_of_person(link.role)},
                          {"url", public_url + "/sign-in/" + link.secret}});
        }
        done(json{{"group", kGroup.value}, {"name", kName}, {"links", std::move(list)}});
      });
}

void make_report(Core& core, const std::string& public_url, const OnJson& done) {
  const auto view = core.groups().find(kGroup)->view(operator_caller());
  if (!view) return done(tl::unexpected(view.error()));
  if (!view->reports.empty()) return make_links(core, public_url, done);
  import_markdown(core, kGroup, std::string(kReport), std::string(sample_report()),
                  [&core, public_url, done](const Result<json>& imported) {
                    imported ? make_links(core, public_url, done) : done(tl::unexpected(imported.error()));
                  });
}

}  // namespace

void import_markdown(Core& core, const GroupId& group, const std::string& slug, std::string markdown, OnJson done) {
  core.pool().ask<api::PreparedImport>(
      [markdown = std::move(markdown), random = random_bits()] { return api::prepare_markdown(markdown, random); },
      [&core, group, slug, done = std::move(done)](Result<api::PreparedImport> prepared) {
        if (!prepared) return done(tl::unexpected(prepared.error()));
        auto command = std::move(prepared->command);
        command.key = new_key();
        command.slug = slug;
        core.groups().find(group)->import_report(
            operator_caller(), std::move(command),
            [done, prepared = *std::move(prepared)](const Result<group::ReportMade>& made) {
              if (!made) return done(tl::unexpected(made.error()));
              done(api::import_json(*made, prepared));
            });
      });
}

void make_demonstration(Core& core, std::string public_url, OnJson done) {
  if (core.groups().find(kGroup) != nullptr) return make_report(core, public_url, done);
  core.groups().create({kGroup, std::string(kName), "The Conference of River Authorities", ""},
                       [&core, public_url = std::move(public_url), done = std::move(done)](const Result<void>& made) {
                         made ? make_report(core, public_url, done) : done(tl::unexpected(made.error()));
                       });
}

}  // namespace bossey::app
