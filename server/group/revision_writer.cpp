#include "group/revision_writer.hpp"

#include <algorithm>
#include <utility>

namespace bossey::group {

RevisionWriter::RevisionWriter(GroupId group, net::Scheduler& scheduler, revisions::RevisionStore& store,
                               Prepare prepare, Listener listener)
    : group_(std::move(group)),
      scheduler_(scheduler),
      store_(store),
      prepare_(std::move(prepare)),
      listener_(std::move(listener)) {}

void RevisionWriter::text_changed(const SectionId& section) {
  const std::int64_t now = scheduler_.now_ms();
  const auto [at, is_new] = due_.try_emplace(section, Due{now, now});
  at->second.last_ms = now;
  // An earlier timer is kept: at its time it looks again. Typing would else make a timer for each keystroke.
  if (timer_ == nullptr) arm();
}

void RevisionWriter::arm() {
  timer_.reset();
  if (due_.empty() || stopped_) return;
  std::int64_t earliest = INT64_MAX;
  for (const auto& [section, due] : due_)
    earliest = std::min({earliest, due.last_ms + kPause.count(), due.first_ms + kActivityMax.count()});
  const std::int64_t wait = std::max<std::int64_t>(earliest - scheduler_.now_ms(), 0);
  timer_ = scheduler_.after(std::chrono::milliseconds(wait), [this] { on_timer(); });
}

void RevisionWriter::on_timer() {
  timer_.reset();
  const std::int64_t now = scheduler_.now_ms();
  std::vector<SectionId> ripe;
  for (const auto& [section, due] : due_)
    if (now >= due.last_ms + kPause.count() || now >= due.first_ms + kActivityMax.count()) ripe.push_back(section);
  for (const SectionId& section : ripe) prepare(section);
  arm();
}

void RevisionWriter::prepare(const SectionId& section) {
  due_.erase(section);
  preparing_.insert(section);
  prepare_(section, [weak = weak_from_this(), section](Result<std::optional<revisions::Commit>> commit) {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->preparing_.erase(section);
    if (!commit) {
      // The journal cannot save now. It tells everybody; the text stays due. One that nobody has is not.
      if (commit.error().code != Errc::not_found) self->text_changed(section);
      self->answer_waiting(fail(commit.error().code, commit.error().detail));
      return;
    }
    if (!*commit) {
      if (!self->due_.contains(section) && self->listener_.on_settled) self->listener_.on_settled(section);
      self->pump();
      return;
    }
    self->queue_.push_back({std::move(**commit), section});
    self->pump();
  });
}

void RevisionWriter::add(revisions::Commit commit) {
  queue_.push_back({std::move(commit), std::nullopt});
  pump();
}

void RevisionWriter::pump() {
  if (in_flight_ || retry_ != nullptr) return;
  if (queue_.empty()) {
    // What became due after commit_all is not what was asked for: somebody may type for ever.
    if (preparing_.empty()) answer_waiting({});
    return;
  }
  in_flight_ = true;
  store_.commit(group_, queue_.front().commit, [weak = weak_from_this()](Result<revisions::Committed> result) {
    if (const auto self = weak.lock()) self->committed(std::move(result));
  });
}

void RevisionWriter::committed(Result<revisions::Committed> result) {
  in_flight_ = false;
  if (!result) {
    if (listener_.on_trouble) listener_.on_trouble(result.error());
    const bool hopeless = result.error().code == Errc::bad_input || result.error().code == Errc::too_large;
    answer_waiting(fail(result.error().code, result.error().detail));
    if (hopeless) {
      // Trying again would stop all that follow. The text is in the journal; the next start compares and tells again.
      queue_.pop_front();
    } else if (!stopped_) {
      retry_ = scheduler_.after(kRetry, [this] {
        retry_.reset();
        pump();
      });
      return;
    }
    pump();
    return;
  }
  const std::optional<SectionId> section = queue_.front().section;
  queue_.pop_front();
  if (section && !due_.contains(*section) && !preparing_.contains(*section) && listener_.on_settled)
    listener_.on_settled(*section);
  pump();
}

void RevisionWriter::commit_all(OnDone done) {
  waiting_.push_back(std::move(done));
  std::vector<SectionId> sections;
  for (const auto& [section, due] : due_) sections.push_back(section);
  for (const SectionId& section : sections) prepare(section);
  arm();
  retry_.reset();
  pump();
}

void RevisionWriter::when_written(OnDone done) {
  waiting_.push_back(std::move(done));
  pump();
}

void RevisionWriter::answer_waiting(const Result<void>& result) {
  std::vector<OnDone> waiting;
  waiting.swap(waiting_);
  for (const OnDone& done : waiting) done(result);
}

void RevisionWriter::stop() {
  stopped_ = true;
  timer_.reset();
  retry_.reset();
}

}  // namespace bossey::group
