#include "revisions/revision_store.hpp"

#include <unordered_map>
#include <utility>

namespace bossey::revisions {

namespace {

// A sync moves at least a disk's cache: not after each pause in typing.
constexpr auto kSyncEvery = std::chrono::seconds(60);

}  // namespace

struct RevisionStore::Open {
  struct One {
    std::unique_ptr<Repository> repository;
    std::chrono::steady_clock::time_point synced_at = std::chrono::steady_clock::now();
  };
  std::unordered_map<GroupId, One> repositories;
};

RevisionStore::RevisionStore(StoreOptions options)
    : options_(std::move(options)), open_(std::make_unique<Open>()), worker_("revisions", options_.tasks_max) {
  if (!options_.post) options_.post = worker::run_in_place();
  worker_.when_idle(options_.idle_after, [this] { return idle(); });
}

RevisionStore::~RevisionStore() {
  stop();
}

void RevisionStore::open(const GroupId& group, std::function<void(Result<std::vector<std::string>>)> done) {
  run<std::vector<std::string>>(
      group, [](Repository& repository) -> Result<std::vector<std::string>> { return repository.repairs(); },
      std::move(done));
}

void RevisionStore::commit(const GroupId& group, Commit commit, std::function<void(Result<Committed>)> done) {
  run<Committed>(
      group, [this, commit = std::move(commit)](Repository& repository) { return timed_commit(repository, commit); },
      std::move(done));
}

Result<Committed> RevisionStore::timed_commit(Repository& repository, const Commit& commit) {
  const auto began = std::chrono::steady_clock::now();
  auto committed = repository.commit(commit);
  const auto took = std::chrono::steady_clock::now() - began;
  commits_us_ += static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  ++commits_;
  if (!committed) ++commits_failed_;
  return committed;
}

Result<Repository*> RevisionStore::repository_of(const GroupId& group) {
  if (const auto found = open_->repositories.find(group); found != open_->repositories.end())
    return found->second.repository.get();
  BOSSEY_TRY(const auto path, options_.path_of(group));
  BOSSEY_TRY(auto repository, Repository::open(path, options_.repository));
  for (const auto& repair : repository->repairs()) note(group, repair);
  return open_->repositories.emplace(group, Open::One{std::move(repository)}).first->second.repository.get();
}

void RevisionStore::note(const GroupId& group, std::string line) {
  if (!options_.on_note) return;
  options_.post([tell = options_.on_note, group, line = std::move(line)] { tell(group, line); });
}

bool RevisionStore::idle() {
  const auto now = std::chrono::steady_clock::now();
  bool again = false;
  for (auto& [group, one] : open_->repositories) {
    auto& repository = *one.repository;
    // In steps: a question that comes meanwhile waits for one step only.
    for (Result<bool> complete = false; complete && !*complete && worker_.waiting() == 0;)
      if (complete = repository.warm_index(); !complete) note(group, complete.error().detail);
    Result<void> done;
    if (repository.needs_maintenance()) {
      done = repository.maintain();
      one.synced_at = now;
    } else if (now - one.synced_at >= kSyncEvery) {
      done = repository.sync();
      one.synced_at = now;
    } else {
      again = again || !repository.is_synced();
    }
    if (!done) note(group, done.error().detail);
  }
  return again;
}

void RevisionStore::stop() {
  worker_.stop();
  // The thread is gone: from here on the repositories are the caller's.
  for (auto& [group, one] : open_->repositories)
    if (auto synced = one.repository->sync(); !synced) note(group, synced.error().detail);
  open_->repositories.clear();
}

}  // namespace bossey::revisions
