#include "app/metrics.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

namespace bossey::app {

namespace {

class Text {
 public:
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) { one(name, help, "gauge", value); }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) { one(name, help, "counter", value); }
  void seconds(std::string_view name, std::string_view help, std::string_view type, std::uint64_t us) {
    head(name, help, type);
    out_ += fmt::format("bossey_{} {}.{:06}\n", name, us / 1'000'000, us % 1'000'000);
  }
  /// A sum and a count, from which a rate of the mean follows.
  void duration(std::string_view name, std::string_view help, std::uint64_t us_sum, std::uint64_t count) {
    head(name, help, "summary");
    out_ += fmt::format("bossey_{0}_sum {1}.{2:06}\nbossey_{0}_count {3}\n", name, us_sum / 1'000'000,
                        us_sum % 1'000'000, count);
  }
  void head(std::string_view name, std::string_view help, std::string_view type) {
    out_ += fmt::format("# HELP bossey_{0} {1}\n# TYPE bossey_{0} {2}\n", name, help, type);
  }
  void labelled(std::string_view name, std::string_view label, std::string_view of, std::uint64_t value) {
    out_ += fmt::format("bossey_{}{{{}=\"{}\"}} {}\n", name, label, of, value);
  }
  std::string take() { return std::move(out_); }

 private:
  void one(std::string_view name, std::string_view help, std::string_view type, std::uint64_t value) {
    head(name, help, type);
    out_ += fmt::format("bossey_{} {}\n", name, value);
  }
  std::string out_;
};

void add_door(Text& text, const Measurements& now) {
  const net::ListenerCounters& door = now.door;
  text.gauge("connections_open", "TCP connections, sockets included.", door.connections_open);
  text.gauge("sockets_open", "WebSockets.", door.sockets_open);
  text.counter("connections_refused_total", "Connections over the limits.", door.connections_refused);
  text.counter("requests_total", "HTTP requests, upgrades included.", door.requests);
  text.counter("requests_bad_total", "Requests that no route saw.", door.requests_bad);
  text.head("frames_total", "WebSocket messages.", "counter");
  text.labelled("frames_total", "direction", "in", door.frames_in);
  text.labelled("frames_total", "direction", "out", door.frames_out);
  text.head("frame_bytes_total", "Octets of these messages.", "counter");
  text.labelled("frame_bytes_total", "direction", "in", door.bytes_in);
  text.labelled("frame_bytes_total", "direction", "out", door.bytes_out);
  text.head("sockets_closed_total", "Sockets that the server closed, by reason (close codes in sync.md).", "counter");
  for (std::size_t i = 0; i < net::kCloseCodes.size(); ++i)
    text.labelled("sockets_closed_total", "reason", net::kCloseCodes.at(i).name, door.closed.at(i));
  text.gauge("outbound_queue_bytes", "Waiting to be sent to all sockets.", now.queues.bytes);
  text.gauge("outbound_queue_largest_bytes", "The fullest of these queues.", now.queues.largest_bytes);
}

void add_rooms(Text& text, const Measurements& now) {
  const room::RoomsCounters& rooms = now.rooms;
  text.gauge("documents_open", "Documents in memory.", rooms.documents_open);
  text.gauge("document_sessions", "Clients attached to documents.", rooms.sessions);
  text.counter("updates_total", "Updates received.", rooms.updates);
  text.counter("fanned_out_total", "Messages queued for clients.", rooms.fanned_out);
  text.counter("slowed_total", "Pauses in reading from whoever sends too fast.", rooms.slowed);
  text.head("messages_rejected_total", "Messages that had no effect, by reason.", "counter");
  text.labelled("messages_rejected_total", "reason", "malformed", rooms.frames_malformed);
  text.labelled("messages_rejected_total", "reason", "read_only", rooms.updates_refused);
  text.labelled("messages_rejected_total", "reason", "late", rooms.late_edits);
  text.labelled("messages_rejected_total", "reason", "slow_reader", now.door.sockets_overflowed);
}

void add_stores(Text& text, const Measurements& now) {
  const journal::Stats& journal = now.journal;
  text.gauge("journal_trouble", "1 while rows cannot be saved.", journal.trouble ? 1 : 0);
  text.gauge("journal_waiting_rows", "Rows not on disk yet.", journal.waiting_rows);
  text.gauge("journal_waiting_bytes", "Octets of these rows.", journal.waiting_bytes);
  text.counter("journal_rows_total", "Rows written.", journal.rows);
  text.counter("journal_bytes_total", "Octets of these rows.", journal.bytes);
  text.counter("journal_failures_total", "Attempts to write that failed.", journal.failures);
  text.duration("journal_commit_seconds", "From the begin of a transaction to its rows on disk.", journal.commit_us_sum,
                journal.transactions);
  text.seconds("journal_commit_max_seconds", "The longest of them.", "gauge", journal.commit_us_max);
  text.gauge("git_tasks_waiting", "Commits and questions that wait for a repository.", now.commit_tasks_waiting);
  text.counter("git_failures_total", "Commits that failed.", now.commits.failures);
  text.duration("git_commit_seconds", "Making one revision.", now.commits.us_sum, now.commits.commits);
  text.gauge("pool_tasks_waiting", "Redlines and exports that wait for a thread.", now.pool_tasks_waiting);
}

}  // namespace

std::string metrics_text(const Measurements& now) {
  Text text;
  text.head("build_info", "The version that runs.", "gauge");
  text.labelled("build_info", "version", now.version, 1);
  text.gauge("ready", "1 if /readyz says ready.", now.ready ? 1 : 0);
  add_door(text, now);
  add_rooms(text, now);
  add_stores(text, now);
  text.gauge("resident_bytes", "Memory of the process.", now.process.resident_bytes);
  text.seconds("cpu_seconds_total", "Processor time of the process.", "counter", now.process.cpu_ms * 1'000);
  text.gauge("open_files", "File descriptors in use.", now.process.open_files);
  return text.take();
}

ProcessNumbers process_numbers() {
  ProcessNumbers numbers;
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  if (statm >> pages >> resident) numbers.resident_bytes = resident * static_cast<std::uint64_t>(::getpagesize());
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto ms = [](const timeval& time) { return time.tv_sec * 1'000 + time.tv_usec / 1'000; };
    numbers.cpu_ms = static_cast<std::uint64_t>(ms(usage.ru_utime) + ms(usage.ru_stime));
  }
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (!error) numbers.open_files = static_cast<std::uint64_t>(std::distance(begin(files), end(files)));
  return numbers;
}

}  // namespace bossey::app
