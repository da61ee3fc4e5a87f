#include "consensus/correction.hpp"

#include <algorithm>
#include <array>

namespace bossey::consensus {

std::string_view name_of(CorrectionClass kind) {
  return kind == CorrectionClass::editorial ? "editorial" : "substantive";
}
std::string_view name_of(CorrectionState state) {
  constexpr std::array<std::string_view, 8> kNames{
      "filed", "applied", "take_out", "needs_consent", "consented", "applied_by_consent", "fallen", "withdrawn"};
  return kNames[static_cast<std::size_t>(state)];
}
std::optional<CorrectionClass> correction_class_from(std::string_view name) {
  for (const CorrectionClass kind : {CorrectionClass::editorial, CorrectionClass::substantive})
    if (name_of(kind) == name) return kind;
  return std::nullopt;
}

Result<void> check_window(const EditorialWindow& window, std::int64_t now_s) {
  const std::int64_t length_s = window.ends_s - now_s;
  if (length_s < kWindowMin_s || length_s > kWindowMax_s)
    return fail(Errc::bad_input, "Let the window end in a minute to 90 days.");
  if (window.quiet_s < 0 || window.quiet_s > kQuietMax_s || window.quiet_s > length_s)
    return fail(Errc::bad_input, "Choose a quiet period no longer than the window.");
  return {};
}

CorrectionClass preselected(const std::vector<Risk>& risks) {
  return risks.empty() ? CorrectionClass::editorial : CorrectionClass::substantive;
}

Result<Correction> file(Correction correction, std::optional<CorrectionClass> declared, bool insists, bool on_roll,
                        const EditorialWindow& window, std::string_view text, std::int64_t now_s) {
  if (!on_roll) return fail(Errc::forbidden, "Only members on the roll file corrections.");
  if (!declared) return fail(Errc::bad_input, "Say whether it is editorial or substantive.");
  if (now_s >= window.ends_s) return fail(Errc::conflict, "The editorial window has ended.");
  if (sha256(text) != correction.base || !well_formed(correction.changes, text.size()))
    return fail(Errc::conflict, "Text changed. Look again.");
  const std::string corrected = with_changes(text, correction.changes);
  if (corrected == text) return fail(Errc::bad_input, "Change at least one word.");
  correction.risks = risks_of(text, corrected);
  if (*declared == CorrectionClass::editorial && !correction.risks.empty() && !insists)
    return fail(Errc::conflict, "This may be substance. Confirm editorial, or choose substantive.");
  correction.declared = *declared;
  correction.flagged = false;
  correction.filed_s = now_s;
  correction.call.reset();
  correction.state = *declared == CorrectionClass::editorial ? CorrectionState::filed : CorrectionState::needs_consent;
  return correction;
}

Result<Correction> flag(const Correction& correction, bool on_roll) {
  if (!on_roll) return fail(Errc::forbidden, "Only members on the roll flag corrections.");
  Correction out = correction;
  out.flagged = true;
  if (correction.state == CorrectionState::filed) {
    out.state = CorrectionState::needs_consent;
  } else if (correction.state == CorrectionState::applied) {
    out.state = CorrectionState::take_out;
  } else {
    return fail(Errc::conflict, "It counts as substantive already, or has ended.");
  }
  return out;
}

Result<Correction> applied(const Correction& correction, RoleSet roles, const EditorialWindow& window,
                           std::int64_t now_s) {
  if (!roles.has(Role::secretariat) && !may(roles, Action::decide))
    return fail(Errc::forbidden, "Only the secretariat or the chair applies corrections.");
  Correction out = correction;
  if (correction.state == CorrectionState::consented) {
    out.state = CorrectionState::applied_by_consent;
    return out;
  }
  if (correction.state == CorrectionState::needs_consent)
    return fail(Errc::conflict, "It is substantive and needs unanimous consent.");
  if (correction.state != CorrectionState::filed) return fail(Errc::conflict, "It is applied already, or has ended.");
  if (now_s < correction.filed_s + window.quiet_s)
    return fail(Errc::conflict, "Members may still flag it. Wait for the quiet period.");
  out.state = CorrectionState::applied;
  return out;
}

Result<Correction> taken_out(const Correction& correction, RoleSet roles) {
  if (!roles.has(Role::secretariat) && !may(roles, Action::decide))
    return fail(Errc::forbidden, "Only the secretariat or the chair takes corrections out.");
  if (correction.state != CorrectionState::take_out) return fail(Errc::conflict, "Nobody flagged it. It stays.");
  Correction out = correction;
  out.state = CorrectionState::needs_consent;
  return out;
}

Result<SilenceCall> call_for(const Correction& correction, const EditorialWindow& window,
                             const Sha256& corrected_text_id) {
  if (correction.state == CorrectionState::take_out) return fail(Errc::conflict, "Take the correction out first.");
  if (correction.state != CorrectionState::needs_consent)
    return fail(Errc::conflict, "This correction needs no consent.");
  SilenceCall call;
  call.question =
      "Correction " + std::to_string(correction.number) + " to version " + window.release + ": does anybody object?";
  call.subject = {{correction.section, corrected_text_id}};
  call.rule = Rule::unanimity;
  call.unanimous = window.unanimous;
  return call;
}

Correction after_call(const Correction& correction, const SilenceCall& call) {
  Correction out = correction;
  if (correction.state != CorrectionState::needs_consent || call.rule != Rule::unanimity) return out;
  out.call = call.id;
  // Also a call that merely ended: without consent the closed version's words stand.
  if (call.state == CallState::broken || call.state == CallState::ended) out.state = CorrectionState::fallen;
  if (call.state == CallState::adopted) out.state = CorrectionState::consented;
  return out;
}

Result<Correction> withdrawn(const Correction& correction, PersonId who) {
  if (correction.author != who) return fail(Errc::forbidden, "Only its author withdraws a correction.");
  if (correction.state != CorrectionState::filed && correction.state != CorrectionState::needs_consent)
    return fail(Errc::conflict, "It is applied already, or has ended.");
  Correction out = correction;
  out.state = CorrectionState::withdrawn;
  return out;
}

bool is_open(const Correction& correction) {
  switch (correction.state) {
    case CorrectionState::filed:
    case CorrectionState::take_out:
    case CorrectionState::needs_consent:
    case CorrectionState::consented:
      return true;
    case CorrectionState::applied:
    case CorrectionState::applied_by_consent:
    case CorrectionState::fallen:
    case CorrectionState::withdrawn:
      return false;
  }
  return true;
}

std::vector<std::string> open_points(const std::vector<Correction>& corrections) {
  std::vector<std::string> out;
  for (const Correction& c : corrections)
    if (is_open(c))
      out.push_back("correction " + std::to_string(c.number) + " (" + std::string(name_of(c.state)) + ')');
  return out;
}

}  // namespace bossey::consensus
