#include "revisions/revision_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <thread>
#include <unordered_map>
#include <utility>

#include "revisions/durable_files.hpp"
#include "revisions/git.hpp"
#include "revisions/maintenance.hpp"
#include "revisions/pack_check.hpp"

namespace bossey::revisions {

namespace {

using Clock = std::chrono::steady_clock;

// A sync moves at least a disk's cache: not after each pause in typing.
constexpr auto kSyncEvery = std::chrono::seconds(60);
// Packs are read again after so many times the pause of StoreOptions::idle_after: an hour. Disks spoil files in
// silence.
constexpr int kPausesOfVerification = 1'800;
// What one repository needs is queued once, so that this is a bound on groups.
constexpr std::size_t kUpkeepTasksMax = 10'000;
constexpr std::chrono::milliseconds kWorkerFull{100};

}  // namespace

// The open repositories, and what is done for them on a second thread, so that no commit and no question waits for it:
// making packs, and looking for damage. Touched on the worker's thread only, but for what `away` runs.
struct RevisionStore::Open {
  struct One {
    std::unique_ptr<Repository> repository;
    Clock::time_point synced_at = Clock::now();
    Clock::time_point verified_at = Clock::now();
    bool is_away = false;   ///< The second thread works on it: one thing at a time.
    std::string damage;     ///< Why it is closed; else empty.
    std::string last_note;  ///< So that what fails again and again is told once.
  };

  explicit Open(RevisionStore& owner) : store(owner) {}

  [[nodiscard]] Durability durability() const {
    return store.options_.repository.wait_for_disk ? Durability::on_disk : Durability::in_memory;
  }
  void tend(const GroupId& group);
  void start_packing(const GroupId& group);
  void finish_packing(const GroupId& group, const std::shared_ptr<Packing>& packing);
  void start_verification(const GroupId& group);
  void found_damaged(const GroupId& group, const std::vector<std::string>& findings);
  template <class T>
  void away(const GroupId& group, std::function<T()> work, std::function<void(const T&)> then);

  LibGit2 library;  ///< First: it must not end while a thread that used it lives.
  RevisionStore& store;
  std::unordered_map<GroupId, One> repositories;
  std::atomic<bool> stopping = false;
  worker::Worker upkeep{"upkeep", kUpkeepTasksMax};  ///< The second thread.
};

RevisionStore::RevisionStore(StoreOptions options)
    : options_(std::move(options)), open_(std::make_unique<Open>(*this)), worker_("revisions", options_.tasks_max) {
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
  if (const auto found = open_->repositories.find(group); found != open_->repositories.end()) {
    if (!found->second.damage.empty()) return fail(Errc::corrupt, found->second.damage);
    return found->second.repository.get();
  }
  BOSSEY_TRY(const auto path, options_.path_of(group));
  BOSSEY_TRY(auto repository, Repository::open(path, options_.repository));
  auto& one = open_->repositories[group];
  one.repository = std::move(repository);
  for (const auto& repair : one.repository->repairs()) note(group, repair);
  return one.repository.get();
}

void RevisionStore::note(const GroupId& group, std::string line) {
  if (auto& last = open_->repositories[group].last_note; std::exchange(last, line) == line) return;
  if (!options_.on_note) return;
  options_.post([tell = options_.on_note, group, line = std::move(line)] { tell(group, line); });
}

bool RevisionStore::idle() {
  for (auto& [group, one] : open_->repositories) {
    if (!one.damage.empty()) continue;
    // In steps: a question that comes meanwhile waits for one step only.
    for (Result<bool> complete = false; complete && !*complete && worker_.waiting() == 0;)
      if (complete = one.repository->warm_index(); !complete) note(group, complete.error().detail);
    open_->tend(group);
  }
  return true;
}

void RevisionStore::Open::tend(const GroupId& group) {
  auto& one = repositories.at(group);
  if (one.is_away || stopping) return;
  const auto now = Clock::now();
  if (one.repository->needs_maintenance()) return start_packing(group);
  if (now - one.verified_at >= kPausesOfVerification * store.options_.idle_after) return start_verification(group);
  if (now - one.synced_at < kSyncEvery) return;
  one.synced_at = now;
  if (auto synced = one.repository->sync(); !synced) store.note(group, synced.error().detail);
}

/// Runs `work` on the second thread, and `then` with its result on the first.
template <class T>
void RevisionStore::Open::away(const GroupId& group, std::function<T()> work, std::function<void(const T&)> then) {
  repositories.at(group).is_away = true;
  const bool queued = upkeep.run([this, group, work = std::move(work), then = std::move(then)] {
    const auto answer = std::make_shared<const T>(work());
    const auto back = [this, group, answer, then] {
      repositories.at(group).is_away = false;
      then(*answer);
    };
    while (!store.worker_.run(back) && !stopping) std::this_thread::sleep_for(kWorkerFull);
  });
  if (!queued) repositories.at(group).is_away = false;
}

void RevisionStore::Open::start_packing(const GroupId& group) {
  const auto path = store.options_.path_of(group);
  if (!path) return store.note(group, path.error().detail);
  const std::shared_ptr<Packing> packing = Packing::plan(*path, durability(), store.options_.repository.fault);
  if (!packing) return;
  away<Result<void>>(
      group, [this, packing] { return packing->write([this] { return stopping.load(); }); },
      [this, group, packing](const Result<void>& written) {
        if (stopping) return;
        written ? finish_packing(group, packing) : store.note(group, written.error().detail);
      });
}

void RevisionStore::Open::finish_packing(const GroupId& group, const std::shared_ptr<Packing>& packing) {
  auto& one = repositories.at(group);
  one.is_away = true;
  auto published = packing->publish();
  if (published && !packing->remove_some(kRemovedAtOnce)) {
    // Whatever waits comes first.
    if (store.worker_.run([this, group, packing] { finish_packing(group, packing); })) return;
    while (!packing->remove_some(kRemovedAtOnce)) continue;
  }
  // Packs the few objects that came meanwhile, and reopens.
  if (published) published = one.repository->maintain();
  if (!published) store.note(group, published.error().detail);
  one.synced_at = Clock::now();
  one.is_away = false;
}

void RevisionStore::Open::start_verification(const GroupId& group) {
  repositories.at(group).verified_at = Clock::now();
  const auto path = store.options_.path_of(group);
  if (!path) return store.note(group, path.error().detail);
  away<std::vector<std::string>>(
      group, [path = *path] { return check_packs(path); },
      [this, group](const std::vector<std::string>& findings) {
        if (!findings.empty()) found_damaged(group, findings);
      });
}

void RevisionStore::Open::found_damaged(const GroupId& group, const std::vector<std::string>& findings) {
  auto& one = repositories.at(group);
  // libgit2 reads beyond the end of memory, or for ever, where a pack's octets are wrong. What is typed and decided
  // goes on into the journal, from which the revisions are made again.
  one.damage = fmt::format(
      "{}; nothing more is written to this repository: stop the server, restore its folder from the last backup or "
      "move it away, and start",
      fmt::join(findings, "; "));
  one.repository.reset();
  store.note(group, one.damage);
}

void RevisionStore::stop() {
  open_->stopping = true;
  open_->upkeep.stop();
  worker_.stop();
  // The threads are gone: from here on the repositories are the caller's.
  for (auto& [group, one] : open_->repositories) {
    if (!one.repository) continue;
    if (auto synced = one.repository->sync(); !synced) note(group, synced.error().detail);
  }
  open_->repositories.clear();
}

}  // namespace bossey::revisions
