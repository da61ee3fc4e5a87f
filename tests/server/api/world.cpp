#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace bossey::tests {

World::World() {
  journal::Options options;
  options.post = post();
  journal_ = journal::Journal::open(data_.journal(), std::move(options)).value();
  accounts_ = std::make_unique<accounts::Accounts>(accounts::AccountsStore::open(data_.accounts()).value(), post());
  revisions::StoreOptions store;
  store.post = post();
  store.path_of = [this](const GroupId& group) { return data_.repository(group); };
  revisions_ = std::make_unique<revisions::RevisionStore>(std::move(store));
  groups_ = std::make_unique<group::Groups>(
      group::Surroundings{scheduler, *journal_, *revisions_, *this, [this] { return random_(); }, nullptr});
  gate_ = std::make_unique<auth::Gate>(
      *accounts_,
      auth::Documents{[this](const DocumentId& document) -> std::optional<GroupId> {
                        const auto* group = groups_->group_of(document);
                        return group == nullptr ? std::nullopt : std::optional(group->id());
                      },
                      [this](const DocumentId& document) { return groups_->facts(document); },
                      [this](const GroupId& id, const DocumentId& document, PersonId asks, consensus::RoleSet roles) {
                        return groups_->find(id)->access(document, {asks, roles});
                      },
                      [this](PersonId asks, const DocumentId& document) { return groups_->may_write(asks, document); }},
      [this] { return scheduler.unix_ms() / 1000; });
  rooms_ = std::make_unique<room::Rooms>(scheduler, *journal_, *gate_, *groups_, room::RoomsOptions{}, random_());
  groups_->attach(*rooms_);
  pool_ = std::make_unique<api::Pool>(1, 1'000, post());
  api_ = std::make_unique<api::Api>(
      api::Services{scheduler, *accounts_, *groups_, *rooms_, *revisions_, *pool_, [this] { return random_(); }},
      api::Options{"0.0.0", "", (folder_ / "client").string()});
  for (const auto* slug : {"wgig", "other"}) make_group(slug);
}

World::~World() {
  pool_->stop();
  rooms_->stop();
  api_.reset();
  rooms_.reset();
  groups_.reset();
  static_cast<void>(journal_->close(std::chrono::seconds(5)));
  revisions_->stop();
  accounts_.reset();
  scheduler.run_posted();
}

void World::tell(const GroupId&, const std::string& event) {
  events.push_back(json::parse(event));
}

Answer World::call(std::string method, const std::string& target, const std::string& cookie, std::string body,
                   std::map<std::string, std::string> headers) {
  net::HttpRequest request;
  request.method = std::move(method);
  split_target(target, request);
  headers.emplace("host", "bossey.test");
  headers.emplace("content-type", "application/json");
  headers.emplace("bossey-request", "1");
  if (!cookie.empty()) headers.emplace("cookie", std::string(auth::kSessionCookie) + "=" + cookie);
  request.headers.assign(headers.begin(), headers.end());
  request.remote_address = address;
  request.body = std::move(body);
  std::optional<Answer> answer;
  api_->handle(std::move(request), [&answer](const net::HttpResponse& response) {
    answer.emplace();
    answer->status = response.status;
    for (const auto& [name, value] : response.headers) answer->headers[name] = value;
    if (response.body) answer->body = *response.body;
  });
  const bool answered = scheduler.run_until([&answer] { return answer.has_value(); });
  REQUIRE(answered);
  return *answer;
}

Answer World::send(const std::string& method, const std::string& target, const std::string& cookie, json body) {
  if (!body.contains("key")) body["key"] = new_key();
  // A room that is asked aloud, unless the test says otherwise.
  if (target.ends_with("/decisions") && !body.contains("pause") && !body.contains("asked_aloud"))
    body["asked_aloud"] = true;
  return call(method, target, cookie, body.dump());
}

std::string World::new_key() {
  return "test-key-" + std::to_string(random_());
}

std::string World::new_link(const std::string& group, PersonId person) {
  return change([&](accounts::AccountsStore& store) {
           return store.make_link(GroupId{group}, person, scheduler.unix_ms() / 1000);
         })
      .value()
      .secret;
}

std::vector<std::string> World::import(const std::string& slug, const std::string& markdown) {
  const auto made = send("POST", "/api/groups/wgig/imports", chair(), {{"slug", slug}, {"markdown", markdown}});
  REQUIRE_MESSAGE(made.status == 201, made.body);
  std::vector<std::string> sections;
  const auto whole = report(slug);
  for (const auto& section : whole["sections"]) sections.push_back(section["id"]);
  return sections;
}

json World::report(const std::string& slug) {
  return call("GET", "/api/groups/wgig/reports/" + slug, chair()).parsed();
}

void World::write(const std::string& section, const document::Section& words) {
  std::optional<Result<JournalSeq>> written;
  rooms_->open(DocumentId{"section/" + section}, [&](Result<std::shared_ptr<room::Room>> room) {
    REQUIRE(room.has_value());
    (*room)->edit([words](crdt::Doc& doc) { return document::replace_section(doc, words); },
                  person("wgig", Role::member), [&written](Result<JournalSeq> seq) { written = std::move(seq); });
  });
  REQUIRE(scheduler.run_until([&written] { return written.has_value(); }));
  REQUIRE(written->has_value());
  scheduler.run_posted();  // rooms tell of changes once a turn
}

room::Access World::access_of(const std::string& cookie, const DocumentId& document) {
  std::optional<room::Access> access;
  gate_->authenticate({"session", cookie, address}, [&](const Result<room::Identity>& identity) {
    access = identity ? gate_->access(*identity, document) : room::Access::none;
  });
  REQUIRE(access.has_value());
  return *access;
}

void World::commit() {
  std::optional<Result<void>> done;
  groups_->commit_all([&done](Result<void> result) { done = std::move(result); });
  REQUIRE(scheduler.run_until([&done] { return done.has_value(); }));
  REQUIRE(done->has_value());
}

worker::Post World::post() {
  return [this](std::function<void()> work) { scheduler.post(std::move(work)); };
}

void World::split_target(const std::string& target, net::HttpRequest& request) {
  const auto question = target.find('?');
  for (std::size_t at = 1; at < std::min(question, target.size());) {
    const auto end = std::min({target.find('/', at), question, target.size()});
    request.path.push_back(target.substr(at, end - at));
    at = end + 1;
  }
  if (question == std::string::npos) return;
  for (std::size_t at = question + 1; at < target.size();) {
    const auto end = std::min(target.find('&', at), target.size());
    const auto pair = target.substr(at, end - at);
    request.query.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    at = end + 1;
  }
}

void World::make_group(const std::string& slug) {
  std::optional<Result<void>> made;
  groups_->create({GroupId{slug}, slug == "wgig" ? "WGIG" : "Other", "", ""},
                  [&made](Result<void> result) { made = std::move(result); });
  REQUIRE(scheduler.run_until([&made] { return made.has_value(); }));
  REQUIRE(made->has_value());
  for (const auto role : consensus::kRoles) {
    const auto name = slug + " " + std::string(consensus::name_of(role));
    const auto now_s = scheduler.unix_ms() / 1000;
    const auto id = change([&](accounts::AccountsStore& store) {
                      return store.add_person(GroupId{slug}, name, role, "", now_s);
                    }).value();
    people_[{slug, role}] = id;
    const auto link = new_link(slug, id);
    sessions_[{slug, role}] =
        change([&](accounts::AccountsStore& store) { return store.sign_in(link, std::nullopt, now_s); }).value().secret;
  }
}

}  // namespace bossey::tests
