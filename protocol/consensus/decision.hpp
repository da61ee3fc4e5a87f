// A recorded finding of the chair on exact text, and the bytes of its file `decisions/<nnnnnn>.json`.
// Called by group (recording, reading back) and by whoever checks a repository. The bytes are the record: the same
// value gives the same bytes on every machine for ever, so keys are only ever added, in a fixed place, when set.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/status.hpp"

namespace bossey::consensus {

enum class DecisionKind : std::uint8_t {
  agree,
  adref,
  principle,
  bracket,
  alternatives,
  withdraw,
  carry,
  reopen,
  undo,
  working_paper,  ///< A review round of this text went to the whole roll and has ended.
  phase,          ///< The report's phase changes; no section is named.
  leave_open,     ///< The sections that a closing may leave unsettled.
  label,          ///< "Not discussed in full", on the report or on the sections named.
  unlabel,
};
inline constexpr std::array<std::string_view, 14> kDecisionKinds{
    "agree",  "adref", "principle",     "bracket", "alternatives", "withdraw", "carry",
    "reopen", "undo",  "working_paper", "phase",   "leave_open",   "label",    "unlabel"};
[[nodiscard]] constexpr std::string_view name_of(DecisionKind kind) {
  return kDecisionKinds[static_cast<std::size_t>(kind)];
}
[[nodiscard]] std::optional<DecisionKind> decision_kind_from(std::string_view name);

/// How the finding was reached.
enum class Basis : std::uint8_t { room, silence, unanimity, editorial };
inline constexpr std::size_t kBasesCount = 4;
[[nodiscard]] std::string_view name_of(Basis basis);

/// Why a section is withdrawn.
enum class WithdrawReason : std::uint8_t { merged, no_drafter, no_consensus };
[[nodiscard]] std::string_view name_of(WithdrawReason reason);
[[nodiscard]] std::optional<WithdrawReason> withdraw_reason_from(std::string_view name);

/// One section and the words decided on. For alternatives: the frame first, then the options in order.
struct Subject {
  SectionId section;
  std::string title;  ///< As agreed; also the first line of the text, here so that the file can be read alone.
  Sha256 text_id;
  std::string blob;              ///< git's name of the canonical text, 40 hexadecimal characters.
  std::optional<Sha256> from{};  ///< Carry: the words before the correction.
  friend bool operator==(const Subject&, const Subject&) = default;
};

/// Who was there, in numbers only. A category below five people is not listed by the caller.
struct Present {
  std::uint32_t count = 0;
  std::optional<std::uint32_t> roll;  ///< Size of the roll, for "31 of 40".
  std::map<std::string, std::uint32_t> by_category;
  friend bool operator==(const Present&, const Present&) = default;
};

struct ObjectionOutcome {
  std::string id;
  std::string outcome;
  friend bool operator==(const ObjectionOutcome&, const ObjectionOutcome&) = default;
};

struct Decision {
  std::uint64_t no = 0;   ///< 1, 2, 3 ... within the group, without gaps.
  std::int64_t at_s = 0;  ///< The server's clock, seconds since 1970 UTC.
  std::string session;    ///< Name of the meeting, as "plenary"; empty when none was named.
  DecisionKind kind = DecisionKind::agree;
  ReportId report;
  std::vector<Subject> subject;
  std::optional<Status> result;  ///< Nothing for kinds that give no status.
  Basis basis = Basis::room;
  std::optional<Present> present;
  std::string reason;  ///< Withdraw: name of a WithdrawReason. Reopen: the chair's words. Else empty.
  std::vector<ObjectionOutcome> objections;
  std::uint32_t reservations = 0;
  std::vector<std::string> features{};  ///< Principle: the general features that were agreed, one sentence each.
  std::optional<Phase> phase{};         ///< Phase: the one that begins.
  std::string release{};                ///< Phase: the version that it makes, as "F-1".
  std::uint32_t ad_ref_open = 0;        ///< Agree: answers ad referendum that were still open.
  std::string agreed_by{};              ///< Ad ref: who, never a person, as "the drafting group".
  std::optional<std::uint64_t> call{};  ///< The call for consensus that it closes.
  /// Of that call: each member of the roll in exactly one column, in the columns' order, empty ones left out.
  std::vector<std::pair<std::string, std::uint32_t>> columns{};
  std::optional<std::uint64_t> refers_to;  ///< Undo: the decision taken back. Reopen: the one reopened.
  std::optional<Sha256> prev;              ///< SHA-256 of the bytes of the file before; nothing for number 1.
  friend bool operator==(const Decision&, const Decision&) = default;
};

/// "decisions/000041.json".
[[nodiscard]] std::string decision_path(std::uint64_t no);

/// The bytes of the file: UTF-8 JSON, two spaces, fixed order of keys, one LF at the end. docs/formats/decision.md.
[[nodiscard]] std::string canonical_bytes(const Decision& decision);

/// The opposite. Errc::corrupt unless the bytes are exactly those that canonical_bytes gives for the result.
[[nodiscard]] Result<Decision> parse_decision(std::string_view bytes);

/// "No. 41, 18 June 2005 00:41 UTC, plenary: section 'Forum function' agreed (31 of 40 present). Text 7f3a9c01."
[[nodiscard]] std::string sentence(const Decision& decision);

/// Reads files in order and checks numbers without gaps, each `prev` against the bytes before, and that every
/// `refers_to` names an earlier decision. Errc::corrupt names the first file that does not fit.
[[nodiscard]] Result<std::vector<Decision>> verify_chain(std::span<const std::string> files);

}  // namespace bossey::consensus
