// A whole server without sockets for tests of routes: real stores in a folder of its own, two groups, one person of
// each role, and calls that are answered before they return.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>

#include "accounts/secret.hpp"
#include "api/api.hpp"
#include "auth/gate.hpp"
#include "crdt/doc.hpp"
#include "document/section_document.hpp"
#include "journal/data_folder.hpp"
#include "server/group/hand_scheduler.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::tests {

using consensus::Role;
using nlohmann::json;

struct Answer {
  unsigned status = 0;
  std::map<std::string, std::string> headers;  ///< The last of each name.
  std::string body;

  [[nodiscard]] json parsed() const { return json::parse(body, nullptr, false); }
  [[nodiscard]] std::string code() const {
    const auto value = parsed();
    return value.is_object() && value.contains("error") ? value["error"].value("code", "") : "";
  }
};

class World : public group::GroupEvents {
 public:
  World();

  ~World() override;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void tell(const GroupId&, const std::string& event) override;

  /// One call. `who`: cookie of a session, or empty.
  Answer call(std::string method, const std::string& target, const std::string& cookie = "", std::string body = "",
              std::map<std::string, std::string> headers = {});

  /// A changing call of JSON; a key is added.
  Answer send(const std::string& method, const std::string& target, const std::string& cookie, json body);

  std::string new_key();

  template <class Change>
  auto change(Change change) {
    std::optional<decltype(change(std::declval<accounts::AccountsStore&>()))> result;
    accounts_->submit(std::move(change), [&result](auto made) { result = std::move(made); });
    REQUIRE(scheduler.run_until([&result] { return result.has_value(); }));
    return *std::move(result);
  }

  PersonId person(const std::string& group, Role role) { return people_.at({group, role}); }
  std::string session(const std::string& group, Role role) { return sessions_.at({group, role}); }
  std::string chair() { return session("wgig", Role::chair); }
  std::string new_link(const std::string& group, PersonId person);

  /// Imports Markdown as the chair; the id of the report's sections, in order.
  std::vector<std::string> import(const std::string& slug, const std::string& markdown);
  json report(const std::string& slug);

  /// Puts other words into a section, as the server's own edit does.
  void write(const std::string& section, const document::Section& words);
  /// What the gate of the live channel says to whoever shows this session.
  room::Access access_of(const std::string& cookie, const DocumentId& document);
  /// Everything that is due is in git.
  void commit();

  [[nodiscard]] journal::Journal& journal() { return *journal_; }
  [[nodiscard]] accounts::Accounts& accounts() { return *accounts_; }
  [[nodiscard]] group::Groups& groups() { return *groups_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  [[nodiscard]] const accounts::Roll& roll() const { return *accounts_->roll(); }

  test::HandScheduler scheduler;
  std::string address = "10.0.0.1";
  std::vector<json> events;

 private:
  worker::Post post();

  static void split_target(const std::string& target, net::HttpRequest& request);

  void make_group(const std::string& slug);

  ScratchFolder folder_;
  journal::DataFolder data_ = journal::DataFolder::open(folder_ / "data").value();
  std::mt19937_64 random_{20050618};
  std::map<std::pair<std::string, Role>, PersonId> people_;
  std::map<std::pair<std::string, Role>, std::string> sessions_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<accounts::Accounts> accounts_;
  std::unique_ptr<revisions::RevisionStore> revisions_;
  std::unique_ptr<group::Groups> groups_;
  std::unique_ptr<auth::Gate> gate_;
  std::unique_ptr<room::Rooms> rooms_;
  std::unique_ptr<api::Pool> pool_;
  std::unique_ptr<api::Api> api_;
};

}  // namespace bossey::tests
