// Corrections in the editorial window after closing. Nobody edits text there: a correction is filed with its class, and
// one member's flag makes it substantive, also after it was applied. Called by group with its clock's time.
//
//   filed ── editorial, quiet period over, no flag: the secretariat ──> applied
//   filed ── substantive, or a flag ──> needs_consent          applied ── a flag ──> take_out ── taken out ──>
//   needs_consent needs_consent ── unanimous call adopted ──> consented ── applied ──> applied_by_consent needs_consent
//   ── one objection, or the call ended ──> fallen          filed, needs_consent ── its author ──> withdrawn
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/call.hpp"
#include "consensus/risk_word.hpp"
#include "consensus/role.hpp"
#include "consensus/text_change.hpp"

namespace bossey::consensus {

inline constexpr std::int64_t kWindowDefault_s = 7 * 24 * 3600;
inline constexpr std::int64_t kWindowMin_s = 60;
inline constexpr std::int64_t kWindowMax_s = 90 * 24 * 3600;
inline constexpr std::int64_t kQuietDefault_s = 24 * 3600;
inline constexpr std::int64_t kQuietMax_s = 30 * 24 * 3600;

enum class CorrectionClass : std::uint8_t { editorial, substantive };
enum class CorrectionState : std::uint8_t {
  filed,
  applied,
  take_out,
  needs_consent,
  consented,
  applied_by_consent,
  fallen,
  withdrawn,
};
[[nodiscard]] std::string_view name_of(CorrectionClass kind);
[[nodiscard]] std::string_view name_of(CorrectionState state);
[[nodiscard]] std::optional<CorrectionClass> correction_class_from(std::string_view name);

struct EditorialWindow {
  std::int64_t opened_s = 0;
  std::int64_t ends_s = 0;
  std::int64_t quiet_s = kQuietDefault_s;
  std::string release = "F-1";
  Unanimous unanimous = Unanimous::none_objects;
  friend bool operator==(const EditorialWindow&, const EditorialWindow&) = default;
};

struct Correction {
  std::uint64_t number = 0;
  SectionId section;
  std::optional<PersonId> author;  ///< Private.
  std::string place;               ///< "p. 3 l. 12" of the window's release, as filed; may be empty.
  Sha256 base{};                   ///< text_id of the words that it corrects.
  TextChanges changes;
  CorrectionClass declared = CorrectionClass::editorial;
  std::vector<Risk> risks;  ///< What the check found; shown to everybody.
  bool flagged = false;
  std::int64_t filed_s = 0;
  CorrectionState state = CorrectionState::filed;
  std::optional<std::uint64_t> call{};
  friend bool operator==(const Correction&, const Correction&) = default;
};

/// Whether a window may be opened at `now_s`: its end and its quiet period lie within the bounds above, and the quiet
/// period is no longer than the window. Errc::bad_input.
[[nodiscard]] Result<void> check_window(const EditorialWindow& window, std::int64_t now_s);

/// The class that a new correction is shown with: substantive as soon as the check finds anything.
[[nodiscard]] CorrectionClass preselected(const std::vector<Risk>& risks);

/// Files one. `declared` must be given, and editorial against the check only when its author insists. `text`: the
/// present canonical text, whose id is `correction.base`. Errc::forbidden (not on the roll), bad_input, conflict.
[[nodiscard]] Result<Correction> file(Correction correction, std::optional<CorrectionClass> declared, bool insists,
                                      bool on_roll, const EditorialWindow& window, std::string_view text,
                                      std::int64_t now_s);

/// A member calls it substantive. Errc::forbidden, conflict (it has ended or is substantive already).
[[nodiscard]] Result<Correction> flag(const Correction& correction, bool on_roll);

/// Whether the secretariat applies it now: editorial and quiet, or consented. Errc::forbidden, conflict.
[[nodiscard]] Result<Correction> applied(const Correction& correction, RoleSet roles, const EditorialWindow& window,
                                         std::int64_t now_s);
/// The words before it are back.
[[nodiscard]] Result<Correction> taken_out(const Correction& correction, RoleSet roles);

/// The call to put to the whole roll: rule unanimity. The caller opens it. Errc::conflict.
[[nodiscard]] Result<SilenceCall> call_for(const Correction& correction, const EditorialWindow& window,
                                           const Sha256& corrected_text_id);
/// After that call moved: adopted, or broken or ended without result; unchanged while it runs.
[[nodiscard]] Correction after_call(const Correction& correction, const SilenceCall& call);

[[nodiscard]] Result<Correction> withdrawn(const Correction& correction, PersonId who);

/// Open ones hold the window open; in words for check_phase: "correction 3".
[[nodiscard]] bool is_open(const Correction& correction);
[[nodiscard]] std::vector<std::string> open_points(const std::vector<Correction>& corrections);

}  // namespace bossey::consensus
