// The people of a group: adding, changing and removing them, their links and sessions. Administrators change;
// chair and secretariat read. A change takes effect on open connections at once.
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "api/access_change.hpp"
#include "api/routes.hpp"
#include "consensus/moment.hpp"

namespace bossey::api {

namespace {

using accounts::AccountsStore;
using nlohmann::json;

constexpr TextBounds kName{.min_bytes = 1, .max_bytes = 200};
constexpr TextBounds kCategory{.min_bytes = 0, .max_bytes = 200};

json time_or_null(const std::optional<std::int64_t>& at_s) {
  return at_s ? json(consensus::iso_utc(*at_s)) : json(nullptr);
}

json person_json(const accounts::Roll& roll, const accounts::Membership& membership, std::int64_t now_s) {
  auto links = json::array();
  for (const auto& link : roll.links_of(membership.person)) {
    links.push_back({{"id", link.id.value},
                     {"made", consensus::iso_utc(link.made_s)},
                     {"expires", time_or_null(link.expires_s)},
                     {"used", time_or_null(link.used_s)}});
  }
  const auto* person = roll.person(membership.person);
  return {{"id", membership.person.value},
          {"name", person == nullptr ? "" : person->name},
          {"role", consensus::name_of(membership.role)},
          {"category", membership.category},
          {"links", std::move(links)},
          {"sessions", roll.sessions_of(membership.person, now_s).size()}};
}

Result<std::uint64_t> id_of(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return fail(Errc::not_found, "No such person or link.");
  return number;
}

Result<PersonId> person_of(const Call& call) {
  BOSSEY_TRY(const auto number, id_of(call.captures.at(1)));
  if (call.roll->membership(call.group->id(), PersonId{number}) == nullptr) {
    return fail(Errc::not_found, "No such person in this group.");
  }
  return PersonId{number};
}

/// A link signs in to all groups of the person, and a name shows in all of them: who administers only one of them
/// may give neither.
Result<void> require_whole_person(const Call& call, PersonId person) {
  for (const auto& membership : call.roll->memberships_of(person)) {
    const auto roles = auth::roles_in(*call.roll, *call.who, membership.group);
    if (!consensus::may(roles, consensus::Action::administer)) {
      return fail(Errc::forbidden, "This person is in another group, too. Ask whoever runs the server.");
    }
  }
  return {};
}

Result<consensus::Role> role_from(const std::string& name) {
  const auto role = consensus::role_from(name);
  if (!role) {
    return fail(Errc::bad_input,
                "The field 'role' must be chair, secretariat, member, observer, speaking observer or administrator.");
  }
  return *role;
}

Result<accounts::PersonChange> read_change(const Fields& body) {
  accounts::PersonChange change;
  BOSSEY_TRY(change.name, body.optional_text("name", kName));
  BOSSEY_TRY(change.category, body.optional_text("category", kCategory));
  BOSSEY_TRY(const auto role, body.optional_text("role", {}));
  if (role) {
    BOSSEY_TRY(change.role, role_from(*role));
  }
  return change;
}

std::string link_url(const Call& call, const std::string& secret) {
  auto base = call.options.public_url;
  if (base.empty()) {
    base = (call.request.secure ? "https://" : "http://") + std::string(call.request.header("host"));
  }
  return base + "/sign-in/" + secret;
}

}  // namespace

void get_people(CallPtr call) {
  using consensus::Role;
  const auto roles = call->caller.roles;
  if (!roles.has(Role::administrator) && !roles.has(Role::chair) && !roles.has(Role::secretariat)) {
    return call->error({Errc::forbidden, "Your role in this group does not allow this."});
  }
  auto people = json::array();
  for (const auto& membership : call->roll->members_of(call->group->id())) {
    people.push_back(person_json(*call->roll, membership, call->now_s()));
  }
  call->json(200, {{"people", std::move(people)}});
}

void post_person(CallPtr call) {
  const auto& body = call->body;
  const auto key = body.key();
  if (!key) return call->error(key.error());
  const auto name = body.text("name", kName);
  if (!name) return call->error(name.error());
  const auto category = body.optional_text("category", kCategory);
  if (!category) return call->error(category.error());
  const auto role = body.text("role", {}).and_then(role_from);
  if (!role) return call->error(role.error());
  call->services.accounts.submit(
      [group = call->group->id(), name = *name, role = *role, category = category->value_or(""), key = *key,
       asker = call->who->person, now_s = call->now_s()](AccountsStore& store) {
        return store.add_person(group, name, role, category, now_s, accounts::CommandKey{asker, key});
      },
      [call](const Result<PersonId>& person) {
        call->answer(
            person,
            [](PersonId id) {
              return json{{"id", id.value}};
            },
            201);
      });
}

void patch_person(CallPtr call) {
  const auto person = person_of(*call);
  if (!person) return call->error(person.error());
  auto change = read_change(call->body);
  if (!change) return call->error(change.error());
  if (change->name) {
    if (const auto whole = require_whole_person(*call, *person); !whole) return call->error(whole.error());
  }
  call->services.accounts.submit([group = call->group->id(), person = *person, change = *std::move(change)](
                                     AccountsStore& store) { return store.change_person(group, person, change); },
                                 [call, person = *person](const Result<void>& changed) {
                                   if (!changed) return call->error(changed.error());
                                   access_changed(call->services.rooms, call->group->id(), person);
                                   call->no_content();
                                 });
}

void delete_person(CallPtr call) {
  const auto person = person_of(*call);
  if (!person) return call->error(person.error());
  call->services.accounts.submit([group = call->group->id(), person = *person](
                                     AccountsStore& store) { return store.remove_person(group, person); },
                                 [call, person = *person](const Result<void>& removed) {
                                   if (!removed) return call->error(removed.error());
                                   call->services.rooms.sign_out(person);
                                   call->no_content();
                                 });
}

void post_link(CallPtr call) {
  const auto person = person_of(*call);
  if (!person) return call->error(person.error());
  if (const auto whole = require_whole_person(*call, *person); !whole) return call->error(whole.error());
  call->services.accounts.submit([group = call->group->id(), person = *person, now_s = call->now_s()](
                                     AccountsStore& store) { return store.make_link(group, person, now_s); },
                                 [call](const Result<accounts::NewLink>& link) {
                                   call->answer(
                                       link,
                                       [&call](const auto& made) {
                                         return json{{"id", made.id.value}, {"url", link_url(*call, made.secret)}};
                                       },
                                       201);
                                 });
}

void delete_link(CallPtr call) {
  const auto person = person_of(*call);
  if (!person) return call->error(person.error());
  const auto link = id_of(call->captures.at(2));
  if (!link) return call->error(link.error());
  call->services.accounts.submit(
      [group = call->group->id(), person = *person, link = accounts::LinkId{*link}](AccountsStore& store) {
        return store.revoke_link(group, person, link);
      },
      [call](const Result<void>& revoked) { revoked ? call->no_content() : call->error(revoked.error()); });
}

void delete_sessions(CallPtr call) {
  const auto person = person_of(*call);
  if (!person) return call->error(person.error());
  call->services.accounts.submit(
      [group = call->group->id(), person = *person](AccountsStore& store) { return store.end_sessions(group, person); },
      [call, person = *person](const Result<void>& ended) {
        if (!ended) return call->error(ended.error());
        call->services.rooms.sign_out(person);
        call->no_content();
      });
}

}  // namespace bossey::api
