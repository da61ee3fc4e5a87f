// Positions on a section's words: taking them, and how they end. The rules are consensus/position.hpp; here the words
// shown are compared with those that are there, and what changed is recorded. Pages hear that something changed, and
// from the section's view how many; who holds what they ask for, each for what they may see.
#include <array>

#include "consensus/attribution.hpp"
#include "consensus/position.hpp"
#include "group/parts.hpp"

namespace bossey::group {
namespace {

using consensus::Positions;
using Finish = Done<PositionsView>;

/// What a command makes of the positions, on the words that are there now.
using Rule = std::function<Result<Positions>(const Positions& before, const Sha256& text_id, bool closed)>;

constexpr std::size_t kPositionsMax = 100'000;

std::string command_of(PositionMove move) {
  constexpr std::array<std::string_view, 5> kMoves{"withdraw", "keep", "confirm", "turn", "answer"};
  return "position." + std::string(kMoves[static_cast<std::size_t>(move)]);
}

/// Those that are not as they were, and new ones.
Positions changed(const Positions& before, const Positions& after) {
  Positions out;
  for (std::size_t i = 0; i < after.size(); ++i)
    if (i >= before.size() || !(before[i] == after[i])) out.push_back(after[i]);
  return out;
}

PositionsView view_of(const Group::Parts& parts, const Caller& caller, const SectionId& section) {
  PositionsView view;
  view.section = section;
  if (const SectionText* text = parts.texts.find(section); text != nullptr) view.text_id = text->text_id;
  for (const consensus::Position& p : parts.state.positions) {
    const bool opened = rule_since(parts.state.attribution_history, p.at_s).secretariat_sees;
    if (p.section != section || !consensus::sees({caller.person, caller.roles, opened}, p)) continue;
    const bool asks = consensus::stands(p, view.text_id) && p.text_id != view.text_id;
    view.positions.push_back({p, p.holder == caller.person, asks});
  }
  // Who is in the room is not recorded yet, so no category can be known to be large enough: counts alone.
  view.counts = consensus::seen_by_others(parts.state.positions, section, view.text_id,
                                          [](PersonId) { return std::string(); }, {});
  return view;
}

struct Moving {
  PartsPtr parts;
  Caller caller;
  std::string key;
  Answer answer;
  Rule rule;
  Finish done;
  bool objects = false;  ///< A new objection, which ends the pause of Agree.
};

void compare_and_record(const std::shared_ptr<Moving>& moving, room::Room& room) {
  const PartsPtr& parts = moving->parts;
  const SectionId& section = moving->answer.section;
  parts->texts.read(section, room);
  const Positions& before = parts->state.positions;
  const Result<Positions> after = moving->rule(before, parts->texts.find(section)->text_id, room.is_closed());
  if (!after) return moving->done(fail(after.error().code, after.error().detail));
  Event event{PositionsSet{changed(before, *after)}, key_use(moving->caller, moving->key, moving->answer)};
  record(parts, {}, {std::move(event)}, [moving](const Result<JournalSeq>& seq) {
    if (!seq) return moving->done(fail(seq.error().code, seq.error().detail));
    const Answer& about = moving->answer;
    if (moving->objects) objected_in_pause(moving->parts, about.section);
    tell_section(moving->parts, about.section);
    tell_positions(moving->parts, about.report, about.section);
    moving->done(view_of(*moving->parts, moving->caller, about.section));
  });
}

void run_position(const std::shared_ptr<Moving>& moving) {
  const PartsPtr& parts = moving->parts;
  const Answer& about = moving->answer;
  const auto before = answered(*parts, moving->caller, moving->key, about);
  if (!before) return moving->done(fail(before.error().code, before.error().detail));
  if (const auto report = report_holding(*parts, about.report, about.section); !report)
    return moving->done(fail(report.error().code, report.error().detail));
  if (*before) return moving->done(view_of(*parts, moving->caller, about.section));
  open_rooms(parts, {about.section}, [moving](Result<RoomList> rooms) {
    if (!rooms) return moving->done(fail(rooms.error().code, rooms.error().detail));
    compare_and_record(moving, *rooms->front());
  });
}

Result<void> check_holder(const Caller& caller, const std::string& key) {
  auto good = check_command(caller, consensus::Action::object, key);
  if (!good && good.error().code == Errc::forbidden) return fail(Errc::forbidden, "Only members hold positions.");
  return good;
}

/// The number belongs to this section; else it is not there.
Result<void> check_number(const Positions& positions, const MovePosition& command) {
  if (command.number == 0 || command.number > positions.size() ||
      positions[command.number - 1].section != command.section)
    return fail(Errc::not_found, "No such position.");
  return {};
}

Result<Positions> moved(const Positions& before, const Caller& caller, const MovePosition& command,
                        const Sha256& text_id, std::int64_t now_s) {
  BOSSEY_TRY_VOID(check_number(before, command));
  const bool on_words = command.move == PositionMove::keep || command.move == PositionMove::confirm;
  if (on_words && command.text_id != text_id) return fail(Errc::conflict, "Text changed. Look again.");
  switch (command.move) {
    case PositionMove::withdraw:
      return consensus::let_go(before, command.number, caller.person, caller.roles, text_id);
    case PositionMove::keep:
      return consensus::keep(before, command.number, caller.person, caller.roles, text_id);
    case PositionMove::confirm:
      return consensus::confirm(before, command.number, caller.person, text_id);
    case PositionMove::turn:
      return consensus::turn(before, command.number, caller.person, caller.roles, command.words, before.size() + 1,
                             now_s);
    case PositionMove::answer:
      return consensus::answer(before, command.number, caller.roles, command.words);
  }
  return fail(Errc::bad_input, "No such move.");
}

}  // namespace

Result<PositionsView> Group::positions(const Caller& caller, const ReportId& report, const SectionId& section) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  BOSSEY_TRY_VOID(report_holding(*parts_, report, section));
  return view_of(*parts_, caller, section);
}

void Group::take_position(const Caller& caller, TakePosition command, Done<PositionsView> done) {
  if (const auto good = check_holder(caller, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<PositionsView>(
      parts_, std::move(done), [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
        const auto rule = [parts, caller, command](const Positions& before, const Sha256& text_id,
                                                   bool closed) -> Result<Positions> {
          if (before.size() >= kPositionsMax) return fail(Errc::too_large, "This group holds too many positions.");
          consensus::TakePosition take;
          take.number = before.size() + 1;
          take.section = command.section;
          if (!command.from_floor) take.holder = caller.person;
          take.shown_text_id = command.text_id.value_or(Sha256{});
          take.kind = command.kind;
          take.words = command.words;
          take.could_live_with = command.could_live_with;
          take.is_signed = command.is_signed;
          take.confirm_by_s = command.confirm_by_s;
          take.from_floor = command.from_floor;
          return consensus::take(before, take, caller.roles, text_id, closed, parts->now_s());
        };
        run_position(std::make_shared<Moving>(Moving{parts, caller, command.key,
                                                     Answer{"position", command.report, command.section, 0}, rule,
                                                     finish, command.kind == consensus::PositionKind::objection}));
      });
}

void Group::move_position(const Caller& caller, MovePosition command, Done<PositionsView> done) {
  if (const auto good = check_holder(caller, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<PositionsView>(
      parts_, std::move(done), [parts = parts_, caller, command = std::move(command)](const Finish& finish) {
        const auto rule = [parts, caller, command](const Positions& before, const Sha256& text_id, bool) {
          return moved(before, caller, command, text_id, parts->now_s());
        };
        run_position(std::make_shared<Moving>(
            Moving{parts, caller, command.key,
                   Answer{command_of(command.move), command.report, command.section, command.number}, rule, finish}));
      });
}

}  // namespace bossey::group
