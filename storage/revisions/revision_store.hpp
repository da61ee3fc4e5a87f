// The repositories of all groups on one thread of their own: tasks are queued from the network thread and answers
// posted back. When nothing is waiting it does maintenance. It orders nothing between git and the journal.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "revisions/repository.hpp"
#include "worker/worker.hpp"

namespace bossey::revisions {

struct StoreOptions {
  /// Runs answers on the caller's thread, in order. Empty: they run on the store's thread.
  worker::Post post;
  /// Where a group's repository is (DataFolder::repository).
  std::function<Result<std::filesystem::path>(const GroupId&)> path_of;
  /// Told, through `post`, of repairs made on opening and of failed maintenance: a line for the log.
  std::function<void(const GroupId&, std::string)> on_note;
  std::size_t tasks_max = 20'000;
  /// Pause without tasks after which repositories are packed, synced and indexed if due.
  std::chrono::milliseconds idle_after{2000};
  OpenOptions repository;
};

/// What /metrics shows of commits since the start, those that failed too.
struct CommitStats {
  std::uint64_t commits = 0;
  std::uint64_t failures = 0;
  std::uint64_t us_sum = 0;
};

class RevisionStore {
 public:
  explicit RevisionStore(StoreOptions options);
  /// As stop().
  ~RevisionStore();
  RevisionStore(const RevisionStore&) = delete;
  RevisionStore& operator=(const RevisionStore&) = delete;

  /// Opens a group's repository, making it if missing, on the store's thread; tasks for a group also do so when
  /// they are first. The answer is what had to be repaired.
  void open(const GroupId& group, std::function<void(Result<std::vector<std::string>>)> done);

  void commit(const GroupId& group, Commit commit, std::function<void(Result<Committed>)> done);

  /// Any other question or order, on the store's thread:
  /// `store.run<std::string>(group, [=](Repository& r) { return r.read(rev, path); }, done);`
  /// Answers come in the order of the calls; Errc::unavailable if too much is waiting.
  template <class T>
  void run(const GroupId& group, std::function<Result<T>(Repository&)> task, std::function<void(Result<T>)> done) {
    worker::ask<T>(
        worker_, options_.post, [this, group, task = std::move(task)] { return with<T>(group, task); },
        std::move(done));
  }
  /// The same, waiting for it: at start-up, in tools and tests only.
  template <class T>
  [[nodiscard]] Result<T> run_now(const GroupId& group, std::function<Result<T>(Repository&)> task) {
    return worker::ask_now<T>(worker_, [this, group, task = std::move(task)] { return with<T>(group, task); });
  }

  /// Does what is queued, syncs every open repository, ends the thread. A second call is ok.
  void stop();
  [[nodiscard]] std::size_t waiting() const { return worker_.waiting(); }
  /// From any thread; the three numbers may be a commit apart.
  [[nodiscard]] CommitStats commits() const { return {commits_, commits_failed_, commits_us_}; }

 private:
  struct Open;

  template <class T>
  Result<T> with(const GroupId& group, const std::function<Result<T>(Repository&)>& task) {
    BOSSEY_TRY(Repository * repository, repository_of(group));
    return task(*repository);
  }
  [[nodiscard]] Result<Repository*> repository_of(const GroupId& group);
  void note(const GroupId& group, std::string line);
  /// True if there is something left to do in this pause.
  bool idle();

  [[nodiscard]] Result<Committed> timed_commit(Repository& repository, const Commit& commit);

  StoreOptions options_;
  std::atomic<std::uint64_t> commits_ = 0;
  std::atomic<std::uint64_t> commits_failed_ = 0;
  std::atomic<std::uint64_t> commits_us_ = 0;
  std::unique_ptr<Open> open_;  ///< Touched on the worker's thread only.
  worker::Worker worker_;       ///< Last: its thread uses the others.
};

}  // namespace bossey::revisions
