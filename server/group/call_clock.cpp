// Calls and time: deadlines on the server's clock, texts that move, and what the server was away. While a call is open
// the server writes once a minute that it is alive; after a start, what lies between that and now was an outage.
#include <algorithm>
#include <charconv>
#include <chrono>

#include "group/calls.hpp"

namespace bossey::group {
namespace {

using consensus::CallState;
using consensus::SilenceCall;

constexpr std::int64_t kTick_ms = 60'000;

std::string alive_key(const GroupId& group) {
  return "calls.alive/" + group.value;
}

bool minds_the_clock(const CallRecord& record) {
  return record.call.state == CallState::open;
}

void write_alive(Group::Parts& parts) {
  // It may fail alone: then the outage that it bounds seems longer, and members get more time.
  parts.around.journal.set_meta(alive_key(parts.state.id), std::to_string(parts.now_s()));
}

void arm(const PartsPtr& parts);

void tick(const PartsPtr& parts) {
  parts->call_clock.reset();
  write_alive(*parts);
  const bool queued = enqueue(parts, [parts](const std::function<void()>& finished) {
    settle_calls(parts, [parts, finished](const Result<void>&) {
      arm(parts);
      finished();
    });
  });
  if (!queued) arm(parts);
}

/// The next tick: in a minute, or at a deadline that comes before.
void arm(const PartsPtr& parts) {
  std::optional<std::int64_t> wait_ms;
  for (const CallRecord& record : parts->state.calls) {
    if (!minds_the_clock(record)) continue;
    const std::int64_t left_ms = record.call.deadline_s * 1000 - parts->around.scheduler.unix_ms();
    wait_ms = std::min(wait_ms.value_or(kTick_ms), std::max<std::int64_t>(left_ms, 1));
  }
  if (!wait_ms) {
    parts->call_clock.reset();
    return;
  }
  const std::int64_t due_ms = parts->around.scheduler.now_ms() + *wait_ms;
  if (parts->call_clock && parts->call_clock_due_ms <= due_ms) return;
  if (!parts->call_clock) write_alive(*parts);
  parts->call_clock_due_ms = due_ms;
  parts->call_clock =
      parts->around.scheduler.after(std::chrono::milliseconds(*wait_ms), [weak = parts->weak_from_this()] {
        if (const PartsPtr self = weak.lock()) tick(self);
      });
}

/// What texts and the clock make of a call.
SilenceCall looked_at(const Group::Parts& parts, const CallRecord& record) {
  SilenceCall next = record.call;
  if (!record.correction)
    for (const SectionId& section : record.order)
      next = consensus::after_change(next, section, parts.texts.find(section)->text_id);
  return consensus::at_deadline(next, parts.now_s());
}

struct Settling {
  std::vector<CallRecord> to_adopt;
  std::function<void(Result<void>)> then;
};

/// Silences that take effect by themselves, one after the other. One that something is in the way of waits for the
/// chair.
void adopt_next(const PartsPtr& parts, const std::shared_ptr<Settling>& settling) {
  if (settling->to_adopt.empty()) return settling->then({});
  const CallRecord adopted = std::move(settling->to_adopt.back());
  settling->to_adopt.pop_back();
  const Caller maker{adopted.opener.value_or(PersonId{}), consensus::Role::chair};
  adopt_call(parts, maker, adopted, std::nullopt, false, [parts, settling, adopted](const Result<void>& done) {
    if (done) return adopt_next(parts, settling);
    CallRecord passed = adopted;
    passed.call.state = CallState::passed;
    record(parts, {}, {Event{CallSet{passed}, std::nullopt}}, [parts, settling, passed](const Result<JournalSeq>& seq) {
      if (!seq) return settling->then(fail(seq.error().code, seq.error().detail));
      call_recorded(parts, passed.call.id);
      adopt_next(parts, settling);
    });
  });
}

/// Moves deadlines by what the server was away. Inside a command.
void count_outage(const PartsPtr& parts, std::int64_t until_s, const std::function<void()>& then) {
  std::vector<Event> events;
  std::vector<std::uint64_t> moved;
  for (const CallRecord& before : parts->state.calls) {
    if (!minds_the_clock(before)) continue;
    // Of a call that was opened after the last sign of life nothing older counts.
    const std::int64_t from_s = std::max(parts->alive_until_s.value_or(0), before.call.opened_s);
    CallRecord record = before;
    record.call = consensus::after_outage(before.call, from_s, until_s);
    if (record.call == before.call) continue;
    moved.push_back(record.call.id);
    events.emplace_back(Event{CallSet{std::move(record)}, std::nullopt});
  }
  if (events.empty()) return then();
  record(parts, {}, std::move(events), [parts, moved, then](const Result<JournalSeq>& seq) {
    if (seq)
      for (const std::uint64_t number : moved) call_recorded(parts, number);
    then();
  });
}

}  // namespace

Result<void> read_last_alive(Group::Parts& parts) {
  using Value = std::optional<std::string>;
  BOSSEY_TRY(const Value value,
             parts.around.journal.read_now<Value>(
                 [key = alive_key(parts.state.id)](journal::Reader& reader) { return reader.meta(key); }));
  if (!value) return {};
  std::int64_t at_s = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), at_s);
  if (error == std::errc() && end == value->data() + value->size()) parts.alive_until_s = at_s;
  return {};
}

void wake_calls(const PartsPtr& parts) {
  if (std::none_of(parts->state.calls.begin(), parts->state.calls.end(), is_open)) return;
  // Nothing else is asked of a group before its rooms exist, so this is the first command.
  static_cast<void>(enqueue(parts, [parts, until_s = parts->now_s()](const std::function<void()>& finished) {
    count_outage(parts, until_s, [parts, finished] {
      settle_calls(parts, [parts, finished](const Result<void>&) {
        arm(parts);
        finished();
      });
    });
  }));
}

void call_text_changed(const PartsPtr& parts, const SectionId& section) {
  const auto may_suspend = [&](const CallRecord& record) {
    return is_open(record) && record.call.state != CallState::suspended && !record.correction &&
           record.call.subject.contains(section);
  };
  const auto& calls = parts->state.calls;
  if (parts->calls_due || std::none_of(calls.begin(), calls.end(), may_suspend)) return;
  parts->calls_due = true;  // Before it is queued: it may run at once.
  const bool queued = enqueue(parts, [parts](const std::function<void()>& finished) {
    parts->calls_due = false;
    settle_calls(parts, [finished](const Result<void>&) { finished(); });
  });
  if (!queued) parts->calls_due = false;
}

void settle_calls(const PartsPtr& parts, const std::function<void(Result<void>)>& then) {
  auto settling = std::make_shared<Settling>(Settling{{}, then});
  std::vector<Event> events;
  std::vector<std::uint64_t> moved;
  for (const CallRecord& before : parts->state.calls) {
    if (!is_open(before)) continue;
    SilenceCall next = looked_at(*parts, before);
    if (next == before.call) continue;
    CallRecord record = before;
    record.call = std::move(next);
    if (record.call.state == CallState::adopted && !record.correction) {
      settling->to_adopt.push_back(std::move(record));
      continue;
    }
    moved.push_back(record.call.id);
    for (Event& event : events_of_call(parts->state, record, std::nullopt)) events.push_back(std::move(event));
  }
  if (events.empty()) return adopt_next(parts, settling);
  bossey::group::record(parts, {}, std::move(events), [parts, moved, settling](const Result<JournalSeq>& seq) {
    if (!seq) return settling->then(fail(seq.error().code, seq.error().detail));
    for (const std::uint64_t number : moved) call_recorded(parts, number);
    adopt_next(parts, settling);
  });
}

void call_recorded(const PartsPtr& parts, std::uint64_t number) {
  const CallRecord* record = find_call(parts->state, number);
  if (record == nullptr) return;
  arm(parts);
  tell_call(parts, record->report, number, consensus::name_of(record->call.state));
  if (record->correction) correction_moved(parts, *record);
}

}  // namespace bossey::group
