#include "app/fault_seam.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <memory>
#include <string>
#include <utility>

namespace bossey::app {

namespace {

constexpr int kEnded = 9;

constexpr std::array<std::pair<std::string_view, journal::Step>, 5> kJournal = {{
    {"journal.before_begin", journal::Step::before_begin},
    {"journal.before_commit", journal::Step::before_commit},
    {"journal.after_commit", journal::Step::after_commit},
    {"journal.before_snapshot", journal::Step::before_snapshot},
    {"journal.after_snapshot", journal::Step::after_snapshot},
}};
constexpr std::array<std::pair<std::string_view, revisions::Step>, 6> kRevisions = {{
    {"revisions.before_objects", revisions::Step::before_objects},
    {"revisions.before_ref", revisions::Step::before_ref},
    {"revisions.after_ref", revisions::Step::after_ref},
    {"revisions.before_pack", revisions::Step::before_pack},
    {"revisions.before_removal", revisions::Step::before_removal},
    {"revisions.after_removal", revisions::Step::after_removal},
}};

template <class Step>
std::function<void(Step)> end_at(Step step, int times) {
  return [step, left = std::make_shared<std::atomic<int>>(times)](Step reached) {
    if (reached == step && --*left == 0) ::_exit(kEnded);
  };
}

template <class Table>
auto find(const Table& table, std::string_view name) {
  return std::find_if(table.begin(), table.end(), [name](const auto& row) { return row.first == name; });
}

}  // namespace

Result<FaultSeam> parse_fault(std::string_view text) {
  FaultSeam seam;
  if (text.empty()) return seam;
  const auto colon = text.find(':');
  int times = 1;
  if (colon != std::string_view::npos) {
    const auto* last = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, last, times);
    if (read.ec != std::errc{} || read.ptr != last || times < 1) return fail(Errc::bad_input, "--end-at STEP:TIMES");
  }
  const auto name = text.substr(0, colon);
  if (const auto row = find(kJournal, name); row != kJournal.end()) {
    seam.journal = end_at(row->second, times);
    return seam;
  }
  if (const auto row = find(kRevisions, name); row != kRevisions.end()) {
    seam.revisions = end_at(row->second, times);
    return seam;
  }
  return fail(Errc::bad_input, "--end-at: there is no step '" + std::string(name) + "'");
}

}  // namespace bossey::app
