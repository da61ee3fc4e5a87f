// When revisions are made, and in which order: a section's text after a pause of 3 s, at latest after 30 s of writing;
// decisions and outlines at once; one after the other, retried in order. Owned by Group; knows neither texts nor
// events, which `Prepare` turns into a commit. Network thread only.
//
// | a section is | leaves by                                             |
// | ------------ | ----------------------------------------------------- |
// | at rest      | text_changed -> due                                   |
// | due          | 3 s without change, 30 s in all, commit_all -> queued |
// | queued       | committed, nothing new -> at rest                     |
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "net/scheduler.hpp"
#include "revisions/revision_store.hpp"

namespace bossey::group {

inline constexpr std::chrono::milliseconds kPause{3'000};
inline constexpr std::chrono::milliseconds kActivityMax{30'000};
inline constexpr std::chrono::milliseconds kRetry{5'000};

class RevisionWriter : public std::enable_shared_from_this<RevisionWriter> {
 public:
  using OnCommit = std::function<void(Result<std::optional<revisions::Commit>>)>;
  /// Makes the commit of a section's present text, once all of it is in the journal. Calls back once; with nothing when
  /// a commit that was queued meanwhile holds these words or later ones.
  using Prepare = std::function<void(const SectionId&, OnCommit)>;
  using OnDone = std::function<void(Result<void>)>;

  /// `on_settled`: the present text of a section is in a revision. `on_trouble`: a commit failed and is tried again.
  struct Listener {
    std::function<void(const SectionId&)> on_settled;
    std::function<void(const Error&)> on_trouble;
  };

  RevisionWriter(GroupId group, net::Scheduler& scheduler, revisions::RevisionStore& store, Prepare prepare,
                 Listener listener);

  void text_changed(const SectionId& section);
  /// Queues a commit behind those that wait.
  void add(revisions::Commit commit);
  /// Makes everything that is due now; `done` when all of it is in git, or with the first error.
  void commit_all(OnDone done);
  /// Makes nothing new; `done` when what is queued is in git, or with the first error.
  void when_written(OnDone done);
  /// No more timers; what is queued at the store is still made.
  void stop();

 private:
  struct Due {
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
  };
  struct Job {
    revisions::Commit commit;
    std::optional<SectionId> section;
  };

  void arm();
  void on_timer();
  void prepare(const SectionId& section);
  void pump();
  void committed(Result<revisions::Committed> result);
  void answer_waiting(const Result<void>& result);

  GroupId group_;
  net::Scheduler& scheduler_;
  revisions::RevisionStore& store_;
  Prepare prepare_;
  Listener listener_;
  std::map<SectionId, Due> due_;
  std::set<SectionId> preparing_;
  std::deque<Job> queue_;
  bool in_flight_ = false;
  bool stopped_ = false;
  std::vector<OnDone> waiting_;
  std::unique_ptr<net::Timer> timer_;
  std::unique_ptr<net::Timer> retry_;
};

}  // namespace bossey::group
