// What the server counts, in the text format of Prometheus (docs/formats/metrics.md). Pure: numbers in, text out. No
// name of a person, document, group or address may become a label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "journal/journal.hpp"
#include "net/listener.hpp"
#include "revisions/revision_store.hpp"
#include "room/rooms.hpp"

namespace bossey::app {

/// The process as the operating system sees it; 0 for what cannot be read.
struct ProcessNumbers {
  std::uint64_t resident_bytes = 0;
  std::uint64_t cpu_ms = 0;
  std::uint64_t open_files = 0;
};

/// Everything that is shown, at one moment.
struct Measurements {
  std::string version;
  bool ready = false;
  net::ListenerCounters door;
  net::OutboundQueues queues;
  room::RoomsCounters rooms;
  journal::Stats journal;
  revisions::CommitStats commits;
  std::size_t commit_tasks_waiting = 0;
  std::size_t pool_tasks_waiting = 0;
  ProcessNumbers process;
};

/// Content-Type of metrics_text().
inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

[[nodiscard]] std::string metrics_text(const Measurements& now);

/// Reads /proc; takes some microseconds.
[[nodiscard]] ProcessNumbers process_numbers();

}  // namespace bossey::app
