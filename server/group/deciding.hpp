// A decision on its way, from the command to the record: shared by deciding.cpp and pausing.cpp, included by nobody
// else. Whoever begins one ends it by recording or refusing; until then its rooms may be held.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "group/parts.hpp"

namespace bossey::group {

struct Deciding {
  PartsPtr parts;
  Caller caller;
  Decide command;
  std::vector<SectionId> subject;
  RoomList rooms;
  std::optional<std::uint64_t> refers_to;
  Done<Decided> done;

  /// Of an unbroken silence (call_adopting.cpp): what stands in its file, and the events recorded together with it.
  struct Silence {
    consensus::Basis basis = consensus::Basis::silence;
    std::uint64_t call = 0;
    std::vector<std::pair<std::string, std::uint32_t>> columns;
    std::vector<Event> events;
  };
  std::optional<Silence> silence{};

  /// The writes that were held go on.
  void release() const {
    for (const auto& room : rooms)
      if (room->is_held()) room->release();
  }
  void refuse(const Error& error) const {
    release();
    done(fail(error.code, error.detail));
  }
};
using DecidingPtr = std::shared_ptr<Deciding>;

/// Names of meetings and reasons as one line. Errc::bad_input: no such kind of decision. Errc::too_large.
[[nodiscard]] Result<void> check_wording(Decide& command);
/// What stands in an answer's `command` for a key of this decision.
[[nodiscard]] std::string kind_of(const Decide& command);
/// Which sections it is about. Errc::not_found, conflict (also while "Any objection?" is asked on one of them).
[[nodiscard]] Result<void> find_subject(Deciding& deciding);
/// From here on nothing changes the texts: their writes wait. Errors: as the rules of the decision.
[[nodiscard]] Result<void> hold_and_compare(const Deciding& deciding);
/// Held and compared: records it, closes or opens, tells everybody, answers.
void record_decision(const DecidingPtr& deciding);

}  // namespace bossey::group
