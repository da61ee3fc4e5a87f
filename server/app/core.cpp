#include "app/core.hpp"

#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "app/cut.hpp"
#include "app/log.hpp"

namespace bossey::app {

namespace {

constexpr std::size_t kPoolThreads = 2;
constexpr std::size_t kPoolTasks_max = 200;

std::string message_json(std::string_view type, const std::string& message) {
  return nlohmann::json{{"type", type}, {"message", message}}.dump(-1, ' ', false,
                                                                   nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::uint64_t random_bits() {
  std::random_device device;  // the operating system's
  return (std::uint64_t{device()} << 32) | device();
}

/// Events of a group go to everybody attached to its document `group/<G>`.
class Core::Events final : public group::GroupEvents {
 public:
  explicit Events(Core& core) : core_(core) {}
  void tell(const GroupId& group, const std::string& json) override {
    // While groups open there are no rooms, and nobody to hear.
    if (core_.rooms_) core_.rooms_->broadcast(DocumentId{"group/" + group.value}, json);
  }

 private:
  Core& core_;
};

Core::Core(journal::DataFolder folder) : folder_(std::move(folder)) {}

Core::~Core() {
  static_cast<void>(close(std::chrono::seconds(1)));
}

worker::Post Core::post() {
  return [this](std::function<void()> work) { loop_.post(std::move(work)); };
}

Result<std::unique_ptr<Core>> Core::open(const std::filesystem::path& data, room::RoomsOptions rooms,
                                         FaultSeam faults) {
  BOSSEY_TRY(auto folder, journal::DataFolder::open(data));
  remove_old_links(data);
  std::unique_ptr<Core> core(new Core(std::move(folder)));
  BOSSEY_TRY_VOID(core->open_stores(std::move(faults)));
  BOSSEY_TRY_VOID(core->open_groups(std::move(rooms)));
  return core;
}

Result<void> Core::open_stores(FaultSeam faults) {
  pool_ = std::make_unique<api::Pool>(kPoolThreads, kPoolTasks_max, post());
  journal::Options options;
  options.post = post();
  options.create = folder_.is_new();
  options.fault = std::move(faults.journal);
  options.on_trouble = [this](const Error& error) {
    log(LogLevel::error, "journal_trouble", {{"detail", error.detail}});
    standing_ = message_json("trouble", "not saved: " + error.detail);
    if (rooms_) rooms_->set_standing(standing_);
    tell_all_groups(standing_);
  };
  options.on_recovered = [this] {
    log(LogLevel::info, "journal_recovered");
    standing_.clear();
    if (rooms_) rooms_->set_standing({});
    tell_all_groups(message_json("recovered", "Saving goes on."));
  };
  BOSSEY_TRY(journal_, journal::Journal::open(folder_.journal(), std::move(options)));
  BOSSEY_TRY(auto accounts, accounts::AccountsStore::open(folder_.accounts()));
  accounts_ = std::make_unique<accounts::Accounts>(std::move(accounts), post());
  revisions::StoreOptions store;
  store.post = post();
  store.repository.fault = std::move(faults.revisions);
  store.path_of = [this](const GroupId& group) { return folder_.repository(group); };
  store.on_note = [](const GroupId& group, std::string note) {
    log(LogLevel::warning, "repository", {{"group", group.value}, {"note", std::move(note)}});
  };
  revisions_ = std::make_unique<revisions::RevisionStore>(std::move(store));
  return {};
}

Result<void> Core::open_groups(room::RoomsOptions options) {
  events_ = std::make_unique<Events>(*this);
  groups_ = std::make_unique<group::Groups>(
      group::Surroundings{loop_, *journal_, *revisions_, *events_, random_bits, nullptr});
  BOSSEY_TRY_VOID(groups_->open_all());
  for (const auto& [group, error] : groups_->damaged())
    log(LogLevel::error, "group_not_opened", {{"group", group.value}, {"error", error.detail}});
  auth::Documents documents;
  documents.group_of = [this](const DocumentId& document) -> std::optional<GroupId> {
    const auto* group = groups_->group_of(document);
    return group == nullptr ? std::nullopt : std::optional(group->id());
  };
  documents.facts = [this](const DocumentId& document) { return groups_->facts(document); };
  documents.access = [this](const GroupId& id, const DocumentId& document, PersonId person, consensus::RoleSet roles) {
    const auto* group = groups_->find(id);
    return group == nullptr ? room::Access::none : group->access(document, {person, roles});
  };
  documents.may_write = [this](PersonId person, const DocumentId& document) {
    return groups_->may_write(person, document);
  };
  gate_ = std::make_unique<auth::Gate>(*accounts_, std::move(documents), [this] { return loop_.unix_ms() / 1000; });
  rooms_ = std::make_unique<room::Rooms>(loop_, *journal_, *gate_, *groups_, std::move(options), random_bits());
  rooms_->set_standing(standing_);
  groups_->attach(*rooms_);
  forgetting_ = std::make_unique<api::DailyForgetting>(
      loop_, *accounts_, *groups_, [](const GroupId& group, const Result<void>& forgotten) {
        if (forgotten) return log(LogLevel::info, "people_forgotten", {{"group", group.value}});
        log(LogLevel::error, "people_not_forgotten", {{"group", group.value}, {"error", forgotten.error().detail}});
      });
  forgetting_->look_now();
  return {};
}

void Core::tell_all_groups(const std::string& json) {
  if (!groups_) return;
  for (const auto* group : groups_->all()) events_->tell(group->id(), json);
}

api::Services Core::services() {
  return api::Services{loop_, *accounts_, *groups_, *rooms_, *revisions_, *pool_, random_bits};
}

void Core::settle(std::function<void(Result<void>)> done) {
  journal_->when_durable([this, done = std::move(done)](const Result<void>& durable) {
    if (!durable) return done(durable);
    groups_->commit_all([this, done](const Result<void>& committed) {
      rooms_->stop();
      done(committed);
    });
  });
}

Result<void> Core::close(std::chrono::milliseconds timeout) {
  if (pool_) pool_->stop();
  if (revisions_) revisions_->stop();
  accounts_.reset();
  return journal_ ? journal_->close(timeout) : Result<void>{};
}

}  // namespace bossey::app
