#include "app/operator_commands.hpp"

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "api/access_change.hpp"
#include "api/fields.hpp"
#include "api/importing.hpp"
#include "app/cut.hpp"
#include "app/demonstration.hpp"
#include "consensus/moment.hpp"

namespace bossey::app {

namespace {

using accounts::AccountsStore;
using api::Fields;
using nlohmann::json;

/// One command while it runs.
struct Order {
  Core& core;
  std::string public_url;
  Fields fields;
  std::function<void(json)> answer;

  [[nodiscard]] std::int64_t now_s() const { return core.loop().unix_ms() / 1000; }
};
using Run = Result<void> (*)(const Order&);

void succeed(const Order& order, json facts = json::object()) {
  facts["ok"] = true;
  order.answer(std::move(facts));
}

/// Runs a change of the accounts and answers with what `facts` makes of its result.
template <class Change, class Facts>
Result<void> change_accounts(const Order& order, Change change, Facts facts) {
  order.core.accounts().submit(std::move(change), [order, facts = std::move(facts)](auto result) {
    if (!result) return order.answer(operator_error(result.error()));
    if constexpr (std::is_void_v<typename decltype(result)::value_type>) {
      succeed(order, facts());
    } else {
      succeed(order, facts(*result));
    }
  });
  return {};
}

Result<GroupId> read_group(const Order& order) {
  BOSSEY_TRY(auto slug, order.fields.text("group", {.min_bytes = 1, .max_bytes = 64}));
  GroupId group{std::move(slug)};
  if (order.core.groups().find(group) == nullptr) {
    return fail(Errc::not_found, "There is no group '" + group.value + "'. Make it with: bossey group create " +
                                     group.value + " --name NAME --data DIR");
  }
  return group;
}

Result<PersonId> read_person(const Order& order) {
  BOSSEY_TRY(const auto number, order.fields.number("person", std::numeric_limits<std::int64_t>::max()));
  return PersonId{number};
}

Result<consensus::Role> read_role(const Order& order) {
  BOSSEY_TRY(const auto name, order.fields.text("role", {}));
  const auto role = consensus::role_from(name);
  if (!role) {
    return fail(
        Errc::bad_input,
        "'" + name + "' is no role. Use chair, secretariat, member, observer, speaking observer or administrator.");
  }
  return *role;
}

Result<std::optional<std::int64_t>> read_lifetime(const Order& order) {
  BOSSEY_TRY(const auto days, order.fields.optional_number("days", 3'650));
  if (!days) return std::nullopt;
  return static_cast<std::int64_t>(*days) * 24 * 3600;
}

Result<void> group_create(const Order& order) {
  group::NewGroup made;
  BOSSEY_TRY(made.id.value, order.fields.text("group", {.min_bytes = 1, .max_bytes = 64}));
  BOSSEY_TRY(made.name, order.fields.text("name", {.min_bytes = 1, .max_bytes = 200}));
  BOSSEY_TRY(auto addressee, order.fields.optional_text("addressee", {.min_bytes = 0, .max_bytes = 1'000}));
  BOSSEY_TRY(auto terms, order.fields.optional_text("terms", {.min_bytes = 0, .max_bytes = 64'000, .lines = true}));
  made.addressee = std::move(addressee).value_or("");
  made.terms = std::move(terms).value_or("");
  order.core.groups().create(std::move(made), [order](const Result<void>& created) {
    created ? succeed(order) : order.answer(operator_error(created.error()));
  });
  return {};
}

Result<void> group_list(const Order& order) {
  auto list = json::array();
  for (const auto* group : order.core.groups().all()) {
    list.push_back({{"group", group->id().value},
                    {"name", group->name()},
                    {"people", order.core.accounts().roll()->members_of(group->id()).size()}});
  }
  succeed(order, {{"groups", std::move(list)}});
  return {};
}

Result<void> person_add(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto role, read_role(order));
  BOSSEY_TRY(const auto name, order.fields.text("name", {.min_bytes = 1, .max_bytes = 200}));
  BOSSEY_TRY(const auto category, order.fields.optional_text("category", {.min_bytes = 0, .max_bytes = 200}));
  return change_accounts(
      order,
      [=, now_s = order.now_s()](AccountsStore& store) {
        return store.add_person(group, name, role, category.value_or(""), now_s);
      },
      [](PersonId person) {
        return json{{"person", person.value}};
      });
}

Result<void> person_join(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto person, read_person(order));
  BOSSEY_TRY(const auto role, read_role(order));
  return change_accounts(
      order, [=](AccountsStore& store) { return store.join_group(group, person, role, ""); },
      [order, group, person] {
        api::access_changed(order.core.rooms(), group, person);
        return json::object();
      });
}

Result<void> person_role(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto person, read_person(order));
  BOSSEY_TRY(const auto role, read_role(order));
  return change_accounts(
      order, [=](AccountsStore& store) { return store.change_person(group, person, {.role = role}); },
      [order, group, person] {
        api::access_changed(order.core.rooms(), group, person);
        return json::object();
      });
}

Result<void> person_remove(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto person, read_person(order));
  return change_accounts(
      order, [=](AccountsStore& store) { return store.remove_person(group, person); },
      [order, person] {
        order.core.rooms().sign_out(person);
        return json::object();
      });
}

Result<void> person_link(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto person, read_person(order));
  BOSSEY_TRY(const auto lifetime_s, read_lifetime(order));
  return change_accounts(
      order,
      [=, now_s = order.now_s()](AccountsStore& store) { return store.make_link(group, person, now_s, lifetime_s); },
      [url = order.public_url](const accounts::NewLink& link) {
        return json{{"link", link.id.value}, {"url", url + "/sign-in/" + link.secret}};
      });
}

Result<void> person_unlink(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto person, read_person(order));
  BOSSEY_TRY(const auto link, order.fields.optional_number("link", std::numeric_limits<std::int64_t>::max()));
  return change_accounts(
      order,
      [=](AccountsStore& store) -> Result<std::size_t> {
        if (!link) return store.revoke_links(group, person);
        BOSSEY_TRY_VOID(store.revoke_link(group, person, accounts::LinkId{*link}));
        return std::size_t{1};
      },
      [](std::size_t revoked) {
        return json{{"revoked", revoked}};
      });
}

Result<void> person_token(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto person, read_person(order));
  BOSSEY_TRY(const auto write, order.fields.optional_number("write", 1));
  BOSSEY_TRY(const auto lifetime_s, read_lifetime(order));
  return change_accounts(
      order,
      [=, now_s = order.now_s()](AccountsStore& store) {
        return store.make_token(group, person, write.value_or(0) == 1, now_s, lifetime_s);
      },
      [](const accounts::NewToken& token) {
        return json{{"id", token.id.value}, {"token", token.secret}};
      });
}

Result<void> person_untoken(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto person, read_person(order));
  BOSSEY_TRY(const auto token, order.fields.number("token", std::numeric_limits<std::int64_t>::max()));
  return change_accounts(
      order, [=](AccountsStore& store) { return store.revoke_token(group, person, accounts::TokenId{token}); },
      [order, person] {
        order.core.rooms().recheck(person);
        return json::object();
      });
}

Result<void> person_list(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  const auto roll = order.core.accounts().roll();
  auto people = json::array();
  for (const auto& member : roll->members_of(group)) {
    auto links = json::array();
    for (const auto& link : roll->links_of(member.person)) {
      links.push_back({{"link", link.id.value},
                       {"expires", link.expires_s ? json(consensus::iso_utc(*link.expires_s)) : json(nullptr)}});
    }
    auto tokens = json::array();
    for (const auto& token : roll->tokens_of(member.person)) tokens.push_back(token.id.value);
    people.push_back({{"person", member.person.value},
                      {"name", roll->person(member.person)->name},
                      {"role", consensus::name_of(member.role)},
                      {"category", member.category},
                      {"links", std::move(links)},
                      {"tokens", std::move(tokens)},
                      {"sessions", roll->sessions_of(member.person, order.now_s()).size()}});
  }
  succeed(order, {{"people", std::move(people)}});
  return {};
}

Result<void> import(const Order& order) {
  BOSSEY_TRY(const auto group, read_group(order));
  BOSSEY_TRY(const auto slug, order.fields.text("report", {.min_bytes = 1, .max_bytes = 64}));
  BOSSEY_TRY(auto markdown, order.fields.raw_text("markdown", document::kMaxImportBytes));
  import_markdown(order.core, group, slug, std::move(markdown), [order](Result<json> imported) {
    imported ? succeed(order, *std::move(imported)) : order.answer(operator_error(imported.error()));
  });
  return {};
}

Result<void> demo(const Order& order) {
  make_demonstration(order.core, order.public_url, [order](Result<json> made) {
    made ? succeed(order, *std::move(made)) : order.answer(operator_error(made.error()));
  });
  return {};
}

Result<void> cut(const Order& order) {
  make_links(order.core.folder(), order.core.revisions(), [order](Result<std::string> made) {
    made ? succeed(order, {{"folder", *std::move(made)}}) : order.answer(operator_error(made.error()));
  });
  return {};
}

const std::map<std::string, Run, std::less<>>& commands() {
  static const std::map<std::string, Run, std::less<>> kCommands = {
      {"group create", group_create},
      {"group list", group_list},
      {"person add", person_add},
      {"person join", person_join},
      {"person role", person_role},
      {"person remove", person_remove},
      {"person link", person_link},
      {"person unlink", person_unlink},
      {"person token", person_token},
      {"person list", person_list},
      {"person untoken", person_untoken},
      {"import", import},
      {"cut", cut},
      {"demo", demo},
  };
  return kCommands;
}

}  // namespace

json operator_error(const Error& error) {
  return {{"error", {{"code", to_string(error.code)}, {"message", error.detail}}}};
}

void run_operator_command(Core& core, const std::string& public_url, std::string_view line,
                          std::function<void(json)> answer) {
  auto fields = Fields::parse(line);
  if (!fields) return answer(operator_error(fields.error()));
  const auto name = fields->text("command", {});
  if (!name) return answer(operator_error(name.error()));
  const auto command = commands().find(*name);
  if (command == commands().end()) {
    return answer(operator_error({Errc::bad_input, "There is no command '" + *name + "'."}));
  }
  auto url = fields->optional_text("public_url", {});
  if (!url) return answer(operator_error(url.error()));
  const Order order{core, url->value_or(public_url), *std::move(fields), std::move(answer)};
  if (const auto started = command->second(order); !started) order.answer(operator_error(started.error()));
}

}  // namespace bossey::app
