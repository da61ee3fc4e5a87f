// What is on record of one call for consensus, and its two events, as plain values. Included by event.hpp and whoever
// works with calls. The rules of a call are consensus/call.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "consensus/call.hpp"

namespace bossey::group {

/// What a member wrote with the answer. Private to its author and the chair.
struct CallWords {
  std::string words;
  std::string could_live_with;
  friend bool operator==(const CallWords&, const CallWords&) = default;
};

struct CallRecord {
  consensus::SilenceCall call;  ///< Its `id` is the call's number in the group.
  ReportId report;
  std::vector<SectionId> order;             ///< The sections of its subject, as asked.
  std::map<SectionId, std::string> texts;   ///< The canonical texts asked about, also when others stand there now.
  std::optional<PersonId> opener;           ///< The maker of the decision, if it takes effect by itself.
  std::optional<std::uint64_t> correction;  ///< Of the correction that it is about: not tied to the living text.
  std::optional<std::uint64_t> decision;    ///< That its adoption is.
  std::map<PersonId, CallWords> words;
  friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

/// A call that was opened or moved, whole, so that no fold depends on how a call moves.
struct CallSet {
  CallRecord record;
};
/// Where one member of its roll stands from now on.
struct CallMemberSet {
  std::uint64_t number = 0;
  consensus::CallMember member;
  CallWords words;
};

/// Still to be settled by somebody: running, suspended, or waiting for the chair.
[[nodiscard]] inline bool is_open(const CallRecord& record) {
  using consensus::CallState;
  const CallState state = record.call.state;
  return state == CallState::open || state == CallState::suspended || state == CallState::waiting ||
         state == CallState::passed;
}

}  // namespace bossey::group
