// The rules that a group gives itself: everybody reads them, the chair changes them.
#include "api/routes.hpp"
#include "group/group_rules.hpp"

namespace bossey::api {

namespace {

void answer(const CallPtr& call, const Result<group::GroupRules>& rules) {
  call->answer(rules, [](const group::GroupRules& now) { return group::to_json(now); });
}

}  // namespace

void get_rules(CallPtr call) {
  answer(call, call->group->rules(call->caller));
}

void patch_rules(CallPtr call) {
  const auto key = call->body.key();
  if (!key) return call->error(key.error());
  call->group->change_rules(
      call->caller, *key,
      [fields = call->body.all()](const group::GroupRules& before) { return group::rules_from(fields, before); },
      [call](const Result<group::GroupRules>& rules) { answer(call, rules); });
}

}  // namespace bossey::api
