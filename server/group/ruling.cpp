// The chair changes the group's rules.
#include "group/parts.hpp"

namespace bossey::group {
namespace {

Result<void> check_change(const GroupState& state, const GroupRules& rules) {
  const bool names_people = rules.attribution.attributed && !state.rules.attribution.attributed;
  if (names_people && !state.reports.empty())
    return fail(Errc::conflict, "Attributed mode is chosen before the first report is made.");
  return {};
}

}  // namespace

Result<GroupRules> Group::rules(const Caller& caller) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  return parts_->state.rules;
}

void Group::change_rules(const Caller& caller, const std::string& key, ChangeRules change, Done<GroupRules> done) {
  if (const auto good = check_command(caller, consensus::Action::decide, key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<GroupRules>(parts_, std::move(done),
                          [parts = parts_, caller, key, change = std::move(change)](const Done<GroupRules>& finish) {
                            const Answer answer{"group.rules", {}, {}, 0};
                            const auto before = answered(*parts, caller, key, answer);
                            if (!before) return finish(fail(before.error().code, before.error().detail));
                            if (*before) return finish(parts->state.rules);
                            auto rules = change(parts->state.rules);
                            if (!rules) return finish(fail(rules.error().code, rules.error().detail));
                            if (const auto good = check_change(parts->state, *rules); !good)
                              return finish(fail(good.error().code, good.error().detail));
                            record(parts, {}, {Event{GroupRulesSet{*rules}, key_use(caller, key, answer)}},
                                   [parts, finish](const Result<JournalSeq>& seq) {
                                     if (!seq) return finish(fail(seq.error().code, seq.error().detail));
                                     tell_room(parts, "rules");
                                     finish(parts->state.rules);
                                   });
                          });
}

}  // namespace bossey::group
