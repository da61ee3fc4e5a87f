// Calls for consensus: in the room, and by silence procedure. Called by group with its clock's time as an argument.
// Columns are counted and never added up into "yes"; a call never follows a text that moves.
//
//   open ── text moves ──> suspended ── restart ──> open            suspended, broken, waiting ── end ──> ended
//   open ── an objection ──> broken
//   open ── deadline ──> passed ── the chair confirms ──> adopted    (or by itself, if the group decided so)
//   open ── deadline, members missing under unanimity ──> waiting ── extend ──> open
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/position.hpp"
#include "consensus/role.hpp"

namespace bossey::consensus {

inline constexpr std::int64_t kRoomPause_ms = 5'000;
inline constexpr std::int64_t kNoticeMin_s = 24 * 3600;
inline constexpr std::int64_t kNoticeDefault_s = 72 * 3600;
inline constexpr std::int64_t kNoticeMax_s = 90 * 24 * 3600;
/// An outage that touches this much time before the deadline moves it.
inline constexpr std::int64_t kOutageMatters_s = 3600;
inline constexpr std::size_t kQuestion_bytes = 1000;

/// Sections and the exact words asked about.
using AskedTexts = std::map<SectionId, Sha256>;

/// "Any objection?" between the chair's Agree and "So decided".
struct RoomCall {
  AskedTexts subject;
  std::int64_t opened_ms = 0;
  std::int64_t pause_ms = kRoomPause_ms;
  bool objected = false;  ///< By a member's page or from the floor.
};
/// Whether it may be said now: the pause is over, nobody objected, and the words are those asked about. Errc::conflict.
[[nodiscard]] Result<void> check_so_decided(const RoomCall& call, std::int64_t now_ms, const AskedTexts& now);

enum class Rule : std::uint8_t { consensus, unanimity };
/// What unanimous consent means, fixed by the group at setup. `none_objects`: no member objects after all were reached.
enum class Unanimous : std::uint8_t { none_objects, every_member_yes };
enum class CallState : std::uint8_t { open, suspended, broken, waiting, passed, adopted, ended };
[[nodiscard]] std::string_view name_of(Rule rule);
[[nodiscard]] std::string_view name_of(CallState state);

/// Where a member stands; each member is in exactly one. `name` is in JSON and decision files, `screen` on the page.
enum class Column : std::uint8_t {
  not_yet_reached,
  reached,
  opened,
  no_objection,
  reservation,
  objection,
  not_taking_part,
};
struct ColumnRow {
  Column column;
  std::string_view name;
  std::string_view screen;
};
inline constexpr std::array<ColumnRow, 7> kColumns{{
    {Column::not_yet_reached, "not yet reached", "not reached"},
    {Column::reached, "reached", "reached and silent"},
    {Column::opened, "opened", "opened and silent"},
    {Column::no_objection, "no objection", "no objection"},
    {Column::reservation, "reservation", "with a reservation"},
    {Column::objection, "objection", "objecting"},
    {Column::not_taking_part, "not taking part", "not taking part"},
}};

/// A member on the frozen roll. Private; only counts leave the server.
struct CallMember {
  PersonId person;
  std::string category;
  std::optional<std::int64_t> reached_s;  ///< Shown in the signed-in page, or delivery recorded by the secretariat.
  std::optional<std::int64_t> opened_s;   ///< Its text was displayed.
  std::optional<PositionKind> position{};
  friend bool operator==(const CallMember&, const CallMember&) = default;
};
[[nodiscard]] Column column_of(const CallMember& member);

struct SilenceCall {
  std::uint64_t id = 0;
  std::string question;
  AskedTexts subject;
  std::int64_t opened_s = 0;
  std::int64_t deadline_s = 0;
  std::string zone;  ///< Of the deadline as it was set; each reader sees an own one and UTC.
  Rule rule = Rule::consensus;
  Unanimous unanimous = Unanimous::none_objects;
  bool by_itself = false;  ///< The group decided that an unbroken silence takes effect without the chair.
  std::vector<CallMember> roll;
  CallState state = CallState::open;
  std::int64_t extended_s = 0;  ///< By outages of the server.
  friend bool operator==(const SilenceCall&, const SilenceCall&) = default;
};

/// Opens a call: by the chair, on a roll without doubles, at least the minimum notice before its deadline. A deadline
/// of 0 is the default notice. Members start as not yet reached. Errc::forbidden, bad_input, too_large.
[[nodiscard]] Result<SilenceCall> open_call(SilenceCall call, RoleSet roles, std::int64_t now_s);

/// The member's page showed the call; `opened` when it displayed the text, too. No effect once it is over.
[[nodiscard]] SilenceCall mark_reached(const SilenceCall& call, PersonId who, std::int64_t now_s, bool opened);

/// A member's answer; an objection breaks the silence at once. Errc::not_found (not on the roll), bad_input (ad
/// referendum has no column), conflict (over, suspended, past the deadline).
[[nodiscard]] Result<SilenceCall> respond(const SilenceCall& call, PersonId who, PositionKind position,
                                          std::int64_t now_s);

/// A text moved: an open call on other words is suspended.
[[nodiscard]] SilenceCall after_change(const SilenceCall& call, const SectionId& section, const Sha256& text_id);

/// The chair asks again, about the new words: everybody starts as not yet reached, with new notice.
[[nodiscard]] Result<SilenceCall> restart(const SilenceCall& call, RoleSet roles, const AskedTexts& texts,
                                          std::int64_t deadline_s, std::int64_t now_s);
/// The chair gives more time to an open or waiting call.
[[nodiscard]] Result<SilenceCall> extend(const SilenceCall& call, RoleSet roles, std::int64_t deadline_s,
                                         std::int64_t now_s);
/// The chair ends it without result.
[[nodiscard]] Result<SilenceCall> end(const SilenceCall& call, RoleSet roles);

/// The server was away from `from_s` to `to_s`. If that touches the last hour before the deadline, the deadline moves
/// by the whole outage.
[[nodiscard]] SilenceCall after_outage(const SilenceCall& call, std::int64_t from_s, std::int64_t to_s);

/// What the deadline makes of it; unchanged before.
[[nodiscard]] SilenceCall at_deadline(const SilenceCall& call, std::int64_t now_s);

/// The chair's one click. `texts`: the present ones. Errc::forbidden or conflict.
[[nodiscard]] Result<SilenceCall> confirm(const SilenceCall& call, RoleSet roles, const AskedTexts& texts);

/// Members in each column, in the columns' order, those without anybody left out; for the decision's file, too.
[[nodiscard]] std::vector<std::pair<std::string, std::uint32_t>> columns_of(const SilenceCall& call);
/// For the chair only: who was never reached.
[[nodiscard]] std::vector<PersonId> never_reached(const SilenceCall& call);
/// "Silence not broken. 21 no objection, 14 opened and silent, 5 not reached."
[[nodiscard]] std::string in_words(const SilenceCall& call);

}  // namespace bossey::consensus
