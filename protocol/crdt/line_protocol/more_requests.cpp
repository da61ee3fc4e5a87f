#include "crdt/line_protocol/more_requests.hpp"

#include <string>
#include <utility>
#include <vector>

#include "crdt/doc.hpp"
#include "crdt/line_protocol/fields.hpp"
#include "crdt/line_protocol/tagged_json.hpp"
#include "crdt/relative_position.hpp"
#include "crdt/snapshot.hpp"
#include "crdt/undo.hpp"
#include "crdt/updates.hpp"

namespace bossey::crdt::line_protocol {
namespace {

using lib0::Any;
using lib0::AnyArray;
using lib0::AnyObject;

constexpr ClientId kReader{0xFFFF'FFF0};

Any kind_of(const Shared& type) {
  switch (type.kind()) {
    case SharedKind::array:
      return "array";
    case SharedKind::map:
      return "map";
    case SharedKind::text:
      return "text";
    case SharedKind::xml_element:
      return "element";
    case SharedKind::xml_fragment:
      return "fragment";
    case SharedKind::xml_hook:
      return "hook";
    case SharedKind::xml_text:
      return "xmltext";
    case SharedKind::untyped:
      break;
  }
  return lib0::Null{};
}

/// A value as events tell it: of a type its kind only, and of one that is gone not even that.
Result<Any> told(const Element& element, bool gone) {
  const auto* type = std::get_if<Shared>(&element);
  if (type == nullptr) return tag(element);
  AnyObject object;
  object.set("$t", "type");
  if (!gone) object.set("k", kind_of(*type));
  return Any(std::move(object));
}

Result<Any> told_keys(const std::vector<KeyChange>& keys) {
  AnyObject object;
  for (const KeyChange& change : keys) {
    AnyObject entry;
    entry.set("action", change.action == KeyChange::Action::add      ? "add"
                        : change.action == KeyChange::Action::update ? "update"
                                                                     : "delete");
    BOSSEY_TRY(Any before, told(change.before, true));
    entry.set("oldValue", std::move(before));
    object.set(change.key, std::move(entry));
  }
  return Any(std::move(object));
}

Result<Any> told_step(const ChangeStep& step, bool in_text) {
  AnyObject object;
  if (const auto* retain = std::get_if<ChangeStep::Retain>(&step.step)) {
    object.set("retain", static_cast<double>(retain->length));
  } else if (const auto* removal = std::get_if<ChangeStep::Delete>(&step.step)) {
    object.set("delete", static_cast<double>(removal->length));
  } else if (const auto* words = std::get_if<ChangeStep::InsertText>(&step.step)) {
    object.set("insert", words->text);
  } else {
    AnyArray list;
    for (const Element& element : std::get<ChangeStep::InsertElements>(step.step).elements) {
      BOSSEY_TRY(Any value, told(element, false));
      list.push_back(std::move(value));
    }
    if (in_text)
      object.set("insert", std::move(list.front()));
    else
      object.set("insert", std::move(list));
  }
  if (!step.attributes.empty()) object.set("attributes", tag(Any(step.attributes)));
  return Any(std::move(object));
}

Result<Any> told_event(const TypeEvent& event) {
  AnyObject object;
  AnyArray path;
  for (const PathStep& step : event.path) {
    if (const auto* key = std::get_if<std::string>(&step))
      path.emplace_back(*key);
    else
      path.emplace_back(static_cast<double>(std::get<std::uint64_t>(step)));
  }
  object.set("path", std::move(path));
  BOSSEY_TRY(Any keys, told_keys(event.keys));
  object.set("keys", std::move(keys));
  AnyArray delta;
  for (const ChangeStep& step : event.delta) {
    BOSSEY_TRY(Any change, told_step(step, Text::from(event.target).has_value()));
    delta.push_back(std::move(change));
  }
  object.set("delta", std::move(delta));
  return Any(std::move(object));
}

/// All types with a list, roots first, each followed by those in it.
void list_types(const Shared& type, std::vector<Shared>& out) {
  std::vector<Element> inside;
  if (const auto array = Array::from(type)) inside = array->elements();
  if (const auto fragment = XmlFragment::from(type)) inside = fragment->children();
  if (Map::from(type)) {
    for (auto& [key, element] : type.keyed_elements()) inside.push_back(std::move(element));
  } else {
    out.push_back(type);
  }
  for (const Element& element : inside) {
    if (const auto* shared = std::get_if<Shared>(&element)) list_types(*shared, out);
  }
}

std::uint64_t length_of(const Shared& type) {
  if (const auto text = Text::from(type)) return text->length_utf16();
  if (const auto fragment = XmlFragment::from(type)) return fragment->length();
  const auto array = Array::from(type);
  return array ? array->length() : 0;
}

std::uint64_t whole(const AnyArray& list, std::size_t index) {
  const double* number = index < list.size() ? list[index].as_number() : nullptr;
  return number != nullptr && *number >= 0 ? static_cast<std::uint64_t>(*number) : 0;
}

/// Places given as [number of a type, number of a place, assoc], both modulo what there is.
Result<std::vector<RelativePosition>> make_places(Doc& doc, const std::vector<Root>& roots, const AnyArray& wanted) {
  std::vector<Shared> types;
  for (const Root& root : roots) list_types(open_root(doc, root), types);
  std::vector<RelativePosition> places;
  for (const Any& any : wanted) {
    const AnyArray* numbers = any.as_array();
    if (numbers == nullptr || numbers->size() != 3 || types.empty()) return fail(Errc::bad_input, "no place");
    const Shared& type = types[whole(*numbers, 0) % types.size()];
    const double* assoc = (*numbers)[2].as_number();
    const auto place = relative_position(type, whole(*numbers, 1) % (length_of(type) + 1),
                                         assoc == nullptr ? 0 : static_cast<std::int64_t>(*assoc));
    if (!place) return fail(Errc::bad_input, "a place in a type that is gone");
    places.push_back(*place);
  }
  return places;
}

/// Where the places are: [index, kind of the type], null for nowhere.
Any find_places(Doc& doc, const std::vector<RelativePosition>& places) {
  AnyArray found;
  for (const RelativePosition& place : places) {
    const auto now = absolute_position(doc, place);
    if (now)
      found.emplace_back(AnyArray{static_cast<double>(now->index), kind_of(now->type)});
    else
      found.emplace_back(lib0::Null{});
  }
  return found;
}

Result<void> apply_all(Doc& doc, const std::vector<Bytes>& updates, UpdateFormat format) {
  for (const Bytes& update : updates) BOSSEY_TRY_VOID(doc.apply_update(update, format));
  return {};
}

}  // namespace

Result<AnyObject> answer_diff(const AnyObject& request) {
  BOSSEY_TRY(const Bytes update, octets_field(request, "update"));
  BOSSEY_TRY(const Bytes encoded, octets_field(request, "sv"));
  BOSSEY_TRY(const StateVector known, StateVector::decode(encoded));
  const UpdateFormat format = format_field(request, "v");
  BOSSEY_TRY(const Bytes lacking, diff_update(update, known, format));
  BOSSEY_TRY(const Bytes states, encode_state_vector_from_update(update, format));
  AnyObject reply;
  reply.set("update", to_base64(lacking));
  reply.set("sv", to_base64(states));
  return reply;
}

Result<AnyObject> answer_snapshot(const AnyObject& request) {
  BOSSEY_TRY(const std::vector<Root> roots, roots_field(request));
  BOSSEY_TRY(const std::vector<Bytes> updates, updates_field(request, "updates"));
  BOSSEY_TRY(const std::vector<Bytes> later, updates_field(request, "later"));
  const UpdateFormat format = format_field(request, "v");
  Doc doc(kReader, false);
  for (const Root& root : roots) open_root(doc, root);
  BOSSEY_TRY_VOID(apply_all(doc, updates, format));
  const Snapshot then = take_snapshot(doc);
  BOSSEY_TRY_VOID(apply_all(doc, later, format));
  const Snapshot now = take_snapshot(doc);
  AnyObject reply;
  reply.set("snapshot1", to_base64(then.encode(UpdateFormat::v1)));
  reply.set("snapshot2", to_base64(then.encode(UpdateFormat::v2)));
  BOSSEY_TRY(const Snapshot read1, Snapshot::decode(then.encode(UpdateFormat::v1), UpdateFormat::v1));
  BOSSEY_TRY(const Snapshot read2, Snapshot::decode(then.encode(UpdateFormat::v2), UpdateFormat::v2));
  reply.set("same", AnyArray{then == read1, read1 == read2, then == now});
  AnyArray contained;
  for (const Bytes& update : updates) {
    BOSSEY_TRY(const bool inside, contains(then, update, format));
    contained.emplace_back(inside);
  }
  for (const Bytes& update : later) {
    BOSSEY_TRY(const bool inside, contains(then, update, format));
    contained.emplace_back(inside);
  }
  reply.set("contains", std::move(contained));
  BOSSEY_TRY(Doc again, doc_from_snapshot(doc, then, kReader));
  BOSSEY_TRY(AnyObject content, report(again, roots));
  reply.set("again", std::move(content));
  return reply;
}

Result<AnyObject> answer_positions(const AnyObject& request) {
  BOSSEY_TRY(const std::vector<Root> roots, roots_field(request));
  BOSSEY_TRY(const std::vector<Bytes> updates, updates_field(request, "updates"));
  BOSSEY_TRY(const std::vector<Bytes> later, updates_field(request, "later"));
  BOSSEY_TRY(const AnyArray wanted, list_field(request, "places"));
  const UpdateFormat format = format_field(request, "v");
  Doc doc(kReader, flag_field(request, "gc"));
  Doc late(kReader);
  for (const Root& root : roots) {
    open_root(doc, root);
    open_root(late, root);
  }
  BOSSEY_TRY_VOID(apply_all(doc, updates, format));
  BOSSEY_TRY(const std::vector<RelativePosition> places, make_places(doc, roots, wanted));
  AnyObject reply;
  AnyArray encoded;
  std::vector<RelativePosition> read;
  for (const RelativePosition& place : places) {
    const Bytes octets = place.encode();
    encoded.emplace_back(to_base64(octets));
    BOSSEY_TRY(RelativePosition again, RelativePosition::decode(octets));
    read.push_back(std::move(again));
  }
  reply.set("encoded", std::move(encoded));
  reply.set("now", find_places(doc, read));
  BOSSEY_TRY_VOID(apply_all(doc, later, format));
  reply.set("later", find_places(doc, read));
  if (!later.empty()) BOSSEY_TRY_VOID(late.apply_update(later.back(), format));
  reply.set("elsewhere", find_places(late, read));
  return reply;
}

Result<AnyObject> answer_events(const AnyObject& request) {
  BOSSEY_TRY(const std::vector<Root> roots, roots_field(request));
  BOSSEY_TRY(const std::vector<Bytes> updates, updates_field(request, "updates"));
  BOSSEY_TRY(const AnyArray script, list_field(request, "script"));
  Doc doc(ClientId{static_cast<std::uint64_t>(number_field(request, "clientID", 0))}, flag_field(request, "gc"));
  std::vector<AnyArray> told(roots.size());
  Result<void> trouble;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    doc.observe(open_root(doc, roots[i]), Depth::all, [&told, &trouble, i](const ChangeEvent& event) {
      AnyObject entry;
      entry.set("local", event.local);
      AnyArray types;
      for (const TypeEvent& type : event.types) {
        auto one = told_event(type);
        if (!one) trouble = tl::unexpected<Error>(one.error());
        types.push_back(one ? std::move(*one) : Any());
      }
      entry.set("types", std::move(types));
      told[i].push_back(std::move(entry));
    });
  }
  BOSSEY_TRY_VOID(apply_all(doc, updates, format_field(request, "v")));
  for (const Any& step : script) BOSSEY_TRY_VOID(apply_step(doc, roots, step));
  BOSSEY_TRY_VOID(std::move(trouble));
  AnyObject reply;
  AnyObject events;
  for (std::size_t i = 0; i < roots.size(); ++i) events.set(roots[i].name, std::move(told[i]));
  reply.set("events", std::move(events));
  reply.set("full1", to_base64(doc.encode_state_as_update()));
  return reply;
}

Result<AnyObject> answer_undo(const AnyObject& request) {
  BOSSEY_TRY(const std::vector<Root> roots, roots_field(request));
  BOSSEY_TRY(const AnyArray steps, list_field(request, "steps"));
  Doc doc(ClientId{static_cast<std::uint64_t>(number_field(request, "clientID", 0))}, flag_field(request, "gc"));
  std::vector<Shared> scope;
  scope.reserve(roots.size());
  for (const Root& root : roots) scope.push_back(open_root(doc, root));
  UndoOptions options;
  if (flag_field(request, "together")) options.now_ms = [] { return std::uint64_t{1}; };
  Undo undo(doc, std::move(scope), std::move(options));
  AnyArray made;
  doc.on_update([&made](const UpdateEvent& event) {
    if (event.local) made.emplace_back(to_base64(event.encode()));
  });
  AnyArray replies;
  for (const Any& step : steps) {
    const AnyArray* parts = step.as_array();
    const std::string op = parts == nullptr || parts->empty() ? std::string() : lib0::to_js_string(parts->front());
    Any done;
    if (op == "undo") {
      done = undo.undo();
    } else if (op == "redo") {
      done = undo.redo();
    } else if (op == "stop") {
      undo.stop_capturing();
    } else if (op == "clear") {
      undo.clear();
    } else if (op == "apply") {
      BOSSEY_TRY(const Bytes update, from_base64(lib0::to_js_string(parts->back())));
      BOSSEY_TRY_VOID(doc.apply_update(update));
    } else {
      BOSSEY_TRY_VOID(apply_step(doc, roots, step));
    }
    if (done.is_undefined()) done = lib0::Null{};
    replies.emplace_back(AnyArray{done, undo.can_undo(), undo.can_redo(), std::exchange(made, {})});
  }
  BOSSEY_TRY(AnyObject reply, report(doc, roots));
  reply.set("steps", std::move(replies));
  return reply;
}

}  // namespace bossey::crdt::line_protocol
