#include "consensus/position.hpp"

#include <algorithm>

namespace bossey::consensus {
namespace {

bool has_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

bool may_hold(RoleSet roles) {
  return roles.has(Role::member);
}
bool may_speak_for_floor(RoleSet roles) {
  return roles.has(Role::secretariat) || roles.has(Role::chair);
}

Result<void> check_words(const TakePosition& command) {
  if (command.words.size() > kPositionWords_bytes || command.could_live_with.size() > kPositionWords_bytes)
    return fail(Errc::too_large, "Shorten it to 4000 characters.");
  if (row(command.kind).words && !has_word(command.words))
    return fail(Errc::bad_input, command.kind == PositionKind::objection ? "Give the reason for the objection."
                                                                         : "Give the reservation in one sentence.");
  if (!command.could_live_with.empty() && command.kind != PositionKind::objection)
    return fail(Errc::bad_input, "Only an objection says what wording could be lived with.");
  if (command.confirm_by_s && command.kind != PositionKind::ad_ref)
    return fail(Errc::bad_input, "Only an answer ad referendum has a date to confirm.");
  return {};
}

Result<void> check_take(const TakePosition& command, RoleSet roles, const Sha256& text_id, bool closed,
                        std::int64_t now_s) {
  if (command.from_floor) {
    if (!may_speak_for_floor(roles))
      return fail(Errc::forbidden, "Only secretariat or chair records what the floor says.");
    if (command.holder) return fail(Errc::bad_input, "What the floor says is recorded without a name.");
  } else if (!may_hold(roles) || !command.holder) {
    return fail(Errc::forbidden, "Only members hold positions.");
  }
  BOSSEY_TRY_VOID(check_words(command));
  if (command.kind == PositionKind::ad_ref && command.confirm_by_s.value_or(now_s + 1) <= now_s)
    return fail(Errc::bad_input, "Give a date to confirm that is still to come.");
  if (closed) return fail(Errc::conflict, "Already decided. Ask the chair to reopen it.");
  if (command.shown_text_id != text_id) return fail(Errc::conflict, "Text changed. Look again.");
  return {};
}

Outcome ended_by(PositionKind before, PositionKind after) {
  if (before != PositionKind::objection) return Outcome::replaced;
  if (after == PositionKind::objection) return Outcome::replaced;
  return after == PositionKind::reservation ? Outcome::turned : Outcome::withdrawn;
}

/// The position, when `who` may speak for it and it has not ended.
Result<Position*> own(Positions& positions, std::uint64_t number, std::optional<PersonId> who, RoleSet roles) {
  const auto at =
      std::find_if(positions.begin(), positions.end(), [&](const Position& p) { return p.number == number; });
  if (at == positions.end()) return fail(Errc::not_found, "No such position.");
  const bool speaks = at->holder ? who == at->holder : may_speak_for_floor(roles);
  // To everybody else it does not exist: even its number says that somebody holds one.
  if (!speaks && at->holder && !roles.has(Role::chair)) return fail(Errc::not_found, "No such position.");
  if (!speaks) return fail(Errc::forbidden, "Only its author changes a position.");
  if (at->outcome != Outcome::open && at->outcome != Outcome::addressed)
    return fail(Errc::conflict, "This position has ended already.");
  return &*at;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  constexpr std::array<std::string_view, 7> kNames{
      "open",      "accommodated", "addressed, not accommodated", "turned into a reservation", "withdrawn",
      "confirmed", "replaced"};
  return kNames[static_cast<std::size_t>(outcome)];
}

bool stands(const Position& position, const Sha256& text_id) {
  if (position.outcome != Outcome::open && position.outcome != Outcome::addressed) return false;
  return position.text_id == text_id || row(position.kind).stands;
}

Result<Positions> take(const Positions& positions, const TakePosition& command, RoleSet roles, const Sha256& text_id,
                       bool closed, std::int64_t now_s) {
  BOSSEY_TRY_VOID(check_take(command, roles, text_id, closed, now_s));
  Positions out = positions;
  for (Position& before : out) {
    if (command.from_floor || before.holder != command.holder || before.section != command.section) continue;
    if (before.outcome == Outcome::open || before.outcome == Outcome::addressed) {
      before.outcome = ended_by(before.kind, command.kind);
      before.asked_about.reset();
    }
  }
  Position position;
  position.number = command.number;
  position.section = command.section;
  position.holder = command.holder;
  position.text_id = text_id;
  position.kind = command.kind;
  position.words = command.words;
  position.could_live_with = command.could_live_with;
  position.is_signed = command.is_signed;
  position.at_s = now_s;
  position.confirm_by_s = command.confirm_by_s;
  out.push_back(std::move(position));
  return out;
}

Result<Positions> let_go(const Positions& positions, std::uint64_t number, std::optional<PersonId> who, RoleSet roles,
                         const Sha256& text_id) {
  Positions out = positions;
  BOSSEY_TRY(Position* const position, own(out, number, who, roles));
  const bool met = position->kind == PositionKind::objection && position->text_id != text_id;
  position->outcome = met ? Outcome::accommodated : Outcome::withdrawn;
  position->asked_about.reset();
  return out;
}

Result<Positions> keep(const Positions& positions, std::uint64_t number, std::optional<PersonId> who, RoleSet roles,
                       const Sha256& text_id) {
  Positions out = positions;
  BOSSEY_TRY(Position* const position, own(out, number, who, roles));
  if (!row(position->kind).stands) return fail(Errc::bad_input, "Take a new position on the new words.");
  position->text_id = text_id;
  position->asked_about.reset();
  return out;
}

Result<Positions> confirm(const Positions& positions, std::uint64_t number, PersonId who, const Sha256& text_id) {
  Positions out = positions;
  BOSSEY_TRY(Position* const position, own(out, number, who, RoleSet{}));
  if (position->kind != PositionKind::ad_ref)
    return fail(Errc::bad_input, "Only an answer ad referendum is confirmed.");
  // The capital confirmed the words it was sent. Other words need a new answer.
  if (position->text_id != text_id) return fail(Errc::conflict, "Text changed since your answer. Keep or withdraw it.");
  position->outcome = Outcome::confirmed;
  position->asked_about.reset();
  return out;
}

Result<Positions> answer(const Positions& positions, std::uint64_t number, RoleSet roles, std::string_view words,
                         bool unanimity) {
  if (!may(roles, Action::decide)) return fail(Errc::forbidden, "Only the chair answers an objection.");
  if (!has_word(words)) return fail(Errc::bad_input, "Write the answer to the objection.");
  if (words.size() > kPositionWords_bytes) return fail(Errc::too_large, "Shorten it to 4000 characters.");
  Positions out = positions;
  const auto at = std::find_if(out.begin(), out.end(), [&](const Position& p) { return p.number == number; });
  if (at == out.end() || at->kind != PositionKind::objection) return fail(Errc::not_found, "No such objection.");
  if (unanimity) return fail(Errc::conflict, "Under unanimity only its author withdraws an objection.");
  if (at->outcome != Outcome::open && at->outcome != Outcome::addressed)
    return fail(Errc::conflict, "This objection has ended already.");
  at->answer = std::string(words);
  at->outcome = Outcome::addressed;
  return out;
}

Result<Positions> turn(const Positions& positions, std::uint64_t number, std::optional<PersonId> who, RoleSet roles,
                       std::string_view words, std::uint64_t new_number, std::int64_t now_s) {
  if (words.size() > kPositionWords_bytes) return fail(Errc::too_large, "Shorten it to 4000 characters.");
  Positions out = positions;
  BOSSEY_TRY(Position* const position, own(out, number, who, roles));
  if (position->kind != PositionKind::objection)
    return fail(Errc::bad_input, "Only an objection turns into a reservation.");
  Position reservation = *position;
  position->outcome = Outcome::turned;
  position->asked_about.reset();
  reservation.number = new_number;
  reservation.kind = PositionKind::reservation;
  reservation.outcome = Outcome::open;
  reservation.at_s = now_s;
  reservation.answer.clear();
  reservation.could_live_with.clear();
  if (has_word(words)) reservation.words = std::string(words);
  out.push_back(std::move(reservation));
  return out;
}

Asked ask_after_change(const Positions& positions, const SectionId& section, const Sha256& text_id) {
  Asked asked{positions, {}};
  for (Position& p : asked.positions) {
    if (p.section != section || !row(p.kind).stands || !stands(p, text_id)) continue;
    if (p.text_id == text_id) {
      p.asked_about.reset();
    } else if (!p.asked_about) {
      p.asked_about = text_id;
      asked.to_ask.push_back(p.number);
    }
  }
  return asked;
}

PositionTally tally_of(std::span<const Position> positions, const SectionId& section, const Sha256& text_id) {
  PositionTally tally;
  for (const Position& p : positions) {
    if (p.section != section || !stands(p, text_id)) continue;
    if (p.kind == PositionKind::reservation) ++tally.reservations;
    if (p.kind == PositionKind::ad_ref) ++tally.ad_ref_open;
    if (p.kind != PositionKind::objection) continue;
    if (p.outcome == Outcome::addressed)
      ++tally.answered;
    else
      tally.unanswered.push_back(p.number);
  }
  return tally;
}

std::vector<ObjectionOutcome> outcomes_of(std::span<const Position> positions, const SectionId& section) {
  std::vector<ObjectionOutcome> out;
  for (const Position& p : positions)
    if (p.section == section && p.kind == PositionKind::objection && p.outcome != Outcome::open &&
        p.outcome != Outcome::replaced)
      out.push_back({"o" + std::to_string(p.number), std::string(name_of(p.outcome))});
  return out;
}

}  // namespace bossey::consensus
