#include "crdt/line_protocol/requests.hpp"

#include <utility>
#include <vector>

#include "crdt/doc.hpp"
#include "crdt/line_protocol/fields.hpp"
#include "crdt/line_protocol/more_requests.hpp"
#include "crdt/line_protocol/tagged_json.hpp"
#include "crdt/updates.hpp"
#include "lib0/json.hpp"

namespace bossey::crdt::line_protocol {
namespace {

using lib0::Any;
using lib0::AnyArray;
using lib0::AnyObject;

/// The client id of a document that only reads.
constexpr ClientId kReader{0xFFFF'FFF0};

Result<AnyObject> answer_case(const AnyObject& request) {
  BOSSEY_TRY(const std::vector<Root> roots, roots_field(request));
  BOSSEY_TRY(const std::vector<Bytes> updates, updates_field(request, "updates"));
  Doc doc(kReader, flag_field(request, "gc"));
  const Any* typed = request.find("typed");
  if (typed != nullptr && typed->as_string() != nullptr && *typed->as_string() == "before") {
    for (const Root& root : roots) open_root(doc, root);
  }
  for (const Bytes& update : updates) BOSSEY_TRY_VOID(doc.apply_update(update, format_field(request, "v")));
  const Any* encoded = request.find("diffSv");
  if (encoded == nullptr || encoded->as_string() == nullptr) return report(doc, roots);
  BOSSEY_TRY(const Bytes octets, from_base64(*encoded->as_string()));
  BOSSEY_TRY(const StateVector diff_from, StateVector::decode(octets));
  return report(doc, roots, &diff_from);
}

Result<AnyObject> answer_local(const AnyObject& request) {
  BOSSEY_TRY(const std::vector<Root> roots, roots_field(request));
  BOSSEY_TRY(const AnyArray script, list_field(request, "script"));
  Doc doc(ClientId{static_cast<std::uint64_t>(number_field(request, "clientID", 0))}, flag_field(request, "gc"));
  for (const Root& root : roots) open_root(doc, root);
  Any update1;
  Any update2;
  doc.on_update([&](const UpdateEvent& event) {
    update1 = to_base64(event.encode(UpdateFormat::v1));
    update2 = to_base64(event.encode(UpdateFormat::v2));
  });
  AnyArray updates1;
  AnyArray updates2;
  for (const Any& step : script) {
    update1 = update2 = lib0::Null{};
    BOSSEY_TRY_VOID(apply_step(doc, roots, step));
    updates1.push_back(std::exchange(update1, {}));
    updates2.push_back(std::exchange(update2, {}));
  }
  BOSSEY_TRY(AnyObject reply, report(doc, roots));
  reply.set("localU1", std::move(updates1));
  reply.set("localU2", std::move(updates2));
  return reply;
}

Result<AnyObject> answer_merge(const AnyObject& request) {
  BOSSEY_TRY(const std::vector<Bytes> updates, updates_field(request, "updates"));
  const UpdateFormat format = format_field(request, "v");
  BOSSEY_TRY(const Bytes merged, merge_updates({updates.begin(), updates.end()}, format));
  AnyObject reply;
  reply.set("update", to_base64(merged));
  if (format == UpdateFormat::v1) {
    BOSSEY_TRY(const Bytes vector, encode_state_vector_from_update(merged));
    reply.set("sv", to_base64(vector));
  }
  return reply;
}

Result<AnyObject> answer_convert(const AnyObject& request) {
  BOSSEY_TRY(const Bytes update, octets_field(request, "update"));
  const UpdateFormat from = format_field(request, "from");
  BOSSEY_TRY(const Bytes converted,
             convert_update(update, from, from == UpdateFormat::v1 ? UpdateFormat::v2 : UpdateFormat::v1));
  AnyObject reply;
  reply.set("update", to_base64(converted));
  return reply;
}

Result<AnyObject> answer_request(const AnyObject& request) {
  BOSSEY_TRY(const std::string op, text_field(request, "op"));
  if (op == "case") return answer_case(request);
  if (op == "local") return answer_local(request);
  if (op == "merge") return answer_merge(request);
  if (op == "convert") return answer_convert(request);
  if (op == "diff") return answer_diff(request);
  if (op == "snapshot") return answer_snapshot(request);
  if (op == "positions") return answer_positions(request);
  if (op == "events") return answer_events(request);
  if (op == "undo") return answer_undo(request);
  AnyObject reply;
  reply.set("unsupported", true);
  return reply;
}

}  // namespace

std::string answer(std::string_view line) {
  const Result<Any> parsed = lib0::parse_json(line);
  AnyObject reply;
  Result<AnyObject> result = fail(Errc::bad_input, parsed ? "a request that is no object" : parsed.error().detail);
  if (parsed && parsed->as_object() != nullptr) {
    if (const Any* id = parsed->as_object()->find("id")) reply.set("id", *id);
    result = answer_request(*parsed->as_object());
  }
  if (!result) {
    reply.set("error", result.error().detail);
  } else {
    for (const auto& [key, value] : *result) reply.set(key, value);
  }
  return lib0::to_json(Any(std::move(reply)));
}

}  // namespace bossey::crdt::line_protocol
