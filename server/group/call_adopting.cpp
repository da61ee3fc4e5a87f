// From an unbroken silence to the decision: texts are held and compared as for Agree, and text, decision and call are
// recorded together; or nothing is, and the writes go on.
#include "consensus/call.hpp"
#include "group/calls.hpp"
#include "group/deciding.hpp"

namespace bossey::group {
namespace {

Decide command_of(const CallRecord& record, bool names_open_ad_ref) {
  Decide command;
  command.kind = consensus::DecisionKind::agree;
  command.report = record.report;
  command.section = record.order.front();
  command.text_id = record.call.subject.at(command.section);
  command.names_open_ad_ref = names_open_ad_ref;
  for (const SectionId& section : record.order)
    if (section != command.section) command.options.push_back({section, record.call.subject.at(section), {}});
  return command;
}

}  // namespace

void adopt_call(const PartsPtr& parts, const Caller& maker, const CallRecord& adopted, std::optional<KeyUse> key,
                bool names_open_ad_ref, const Done<void>& done) {
  for (const SectionId& section : adopted.order)
    if (is_asked(*parts, section)) return done(tl::unexpected<Error>(being_asked()));
  CallRecord record = adopted;
  record.decision = parts->state.chain.size() + 1;
  const consensus::SilenceCall& call = record.call;
  Deciding::Silence silence;
  silence.basis = call.rule == consensus::Rule::unanimity ? consensus::Basis::unanimity : consensus::Basis::silence;
  silence.call = call.id;
  silence.columns = consensus::columns_of(call);
  silence.events = events_of_call(parts->state, record, std::move(key));
  auto deciding = std::make_shared<Deciding>(
      Deciding{parts, maker, command_of(record, names_open_ad_ref), record.order, {}, std::nullopt, {}, silence});
  deciding->done = [parts, number = call.id, done](const Result<Decided>& decided) {
    if (!decided) return done(fail(decided.error().code, decided.error().detail));
    call_recorded(parts, number);
    done({});
  };
  open_rooms(parts, record.order, [deciding](Result<RoomList> rooms) {
    if (!rooms) return deciding->refuse(rooms.error());
    deciding->rooms = std::move(*rooms);
    if (const auto possible = hold_and_compare(*deciding); !possible) return deciding->refuse(possible.error());
    record_decision(deciding);
  });
}

}  // namespace bossey::group
