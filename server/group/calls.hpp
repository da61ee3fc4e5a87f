// What the sources of calls share, and what corrections use of them. Included by server/group/*.cpp only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/correction.hpp"
#include "group/call_commands.hpp"
#include "group/parts.hpp"

namespace bossey::group {

// --- calls.cpp ---

/// Null if there is none.
[[nodiscard]] const CallRecord* find_call(const GroupState& state, std::uint64_t number);
/// Open calls about sections of the report: consensus::PhaseFacts::open_calls.
[[nodiscard]] std::size_t open_calls_of(const GroupState& state, const ReportId& report);
/// Whether an open call is about this section's living text: it is not decided in another way meanwhile.
[[nodiscard]] bool is_called(const GroupState& state, const SectionId& section);
[[nodiscard]] Error being_called();
/// What unanimous consent means in this group, and whether an unbroken silence takes effect without the chair.
[[nodiscard]] consensus::Unanimous unanimous_of(const GroupState& state);
[[nodiscard]] bool silence_takes_effect(const GroupState& state);

// --- call_views.cpp ---

/// `with_texts`: with the words of its sections, which a list leaves out.
[[nodiscard]] CallView call_view(const Group::Parts& parts, const Caller& caller, const CallRecord& record,
                                 bool with_texts = true);

// --- call_clock.cpp ---

/// At start, before anybody writes: when this server was last alive.
[[nodiscard]] Result<void> read_last_alive(Group::Parts& parts);
/// Once rooms exist: moves deadlines by what the server was away, looks at texts and deadlines, starts the clock.
void wake_calls(const PartsPtr& parts);
/// The text of a section differs from now on: an open call on other words is suspended.
void call_text_changed(const PartsPtr& parts, const SectionId& section);
/// Records what texts and the clock have made of open calls, then calls `then`. Inside a command only.
void settle_calls(const PartsPtr& parts, const std::function<void(Result<void>)>& then);
/// After an event of a call is folded: the clock minds it, and everybody hears of it.
void call_recorded(const PartsPtr& parts, std::uint64_t number);

// --- call_adopting.cpp ---

/// Records the decision that an unbroken silence is, with the call adopted. `key`: the chair's; none by itself.
void adopt_call(const PartsPtr& parts, const Caller& maker, const CallRecord& adopted, std::optional<KeyUse> key,
                bool names_open_ad_ref, const Done<void>& done);

// --- Calls of corrections: their subject is the corrected text, which stands nowhere yet ---

struct CorrectionCall {
  std::uint64_t correction = 0;
  consensus::SilenceCall call;  ///< Of consensus::call_for.
  ReportId report;
  std::string canonical;  ///< The corrected text; its text_id is the call's subject.
  std::vector<consensus::CallMember> roll;
  std::int64_t deadline_s = 0;  ///< 0: the default notice.
  std::string zone;
};
/// The event that opens it, to be recorded together with the correction's own; then call `call_recorded` with
/// `record.call.id`. Errors as consensus::open_call, too_large.
[[nodiscard]] Result<CallSet> open_correction_call(const GroupState& state, const Caller& caller,
                                                   const CorrectionCall& correction, std::int64_t now_s);
/// What follows for the correction of a call that moved (adopted, broken, ended), recorded in the same transaction.
/// correction_calls.cpp.
[[nodiscard]] std::vector<Event> events_of_correction(const GroupState& state, const CallRecord& moved);
/// After these are folded.
void correction_moved(const PartsPtr& parts, const CallRecord& moved);

/// The events of a call that moved: itself, and what follows for its correction.
[[nodiscard]] std::vector<Event> events_of_call(const GroupState& state, const CallRecord& moved,
                                                std::optional<KeyUse> key);

}  // namespace bossey::group
