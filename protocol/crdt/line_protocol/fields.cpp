#include "crdt/line_protocol/fields.hpp"

#include <algorithm>
#include <utility>

#include "crdt/insert_types.hpp"
#include "crdt/line_protocol/tagged_json.hpp"
#include "crdt/snapshot.hpp"

namespace bossey::crdt::line_protocol {

using lib0::Any;
using lib0::AnyArray;
using lib0::AnyObject;

Result<std::string> text_field(const AnyObject& request, std::string_view key) {
  const Any* value = request.find(key);
  if (value == nullptr || value->as_string() == nullptr)
    return fail(Errc::bad_input, "no text '" + std::string(key) + "'");
  return *value->as_string();
}

double number_field(const AnyObject& request, std::string_view key, double otherwise) {
  const Any* value = request.find(key);
  return value != nullptr && value->as_number() != nullptr ? *value->as_number() : otherwise;
}

bool flag_field(const AnyObject& request, std::string_view key) {
  const Any* value = request.find(key);
  return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
}

UpdateFormat format_field(const AnyObject& request, std::string_view key) {
  return number_field(request, key, 1) == 2 ? UpdateFormat::v2 : UpdateFormat::v1;
}

Result<Bytes> octets_field(const AnyObject& request, std::string_view key) {
  BOSSEY_TRY(const std::string text, text_field(request, key));
  return from_base64(text);
}

Result<AnyArray> list_field(const AnyObject& request, std::string_view key) {
  const Any* value = request.find(key);
  if (value == nullptr || value->as_array() == nullptr)
    return fail(Errc::bad_input, "no list '" + std::string(key) + "'");
  return *value->as_array();
}

Result<std::vector<Bytes>> updates_field(const AnyObject& request, std::string_view key) {
  BOSSEY_TRY(const AnyArray list, list_field(request, key));
  std::vector<Bytes> updates;
  for (const Any& text : list) {
    if (text.as_string() == nullptr) return fail(Errc::bad_input, "an update that is no text");
    BOSSEY_TRY(Bytes update, from_base64(*text.as_string()));
    updates.push_back(std::move(update));
  }
  return updates;
}

Result<std::vector<Root>> roots_field(const AnyObject& request) {
  const Any* value = request.find("roots");
  if (value == nullptr || value->as_object() == nullptr) return fail(Errc::bad_input, "no object 'roots'");
  std::vector<Root> roots;
  for (const auto& [name, kind] : *value->as_object()) {
    const std::string* text = kind.as_string();
    if (text == nullptr || (*text != "text" && *text != "array" && *text != "map" && *text != "xml")) {
      return fail(Errc::bad_input, "a root that is neither text, array, map nor xml");
    }
    roots.push_back({name, *text});
  }
  return roots;
}

Shared open_root(Doc& doc, const Root& root) {
  if (root.kind == "text") return doc.text(root.name);
  if (root.kind == "array") return doc.array(root.name);
  if (root.kind == "map") return doc.map(root.name);
  return doc.xml_fragment(root.name);
}

namespace {

/// The arguments of one step of a script, after op and root.
class Arguments {
 public:
  explicit Arguments(const AnyArray& step) : step_(step) {}

  [[nodiscard]] const Any& at(std::size_t index) const {
    static const Any kNothing;
    return index + 2 < step_.size() ? step_[index + 2] : kNothing;
  }
  [[nodiscard]] std::uint64_t number(std::size_t index, std::uint64_t otherwise = 0) const {
    const double* value = at(index).as_number();
    return value != nullptr && *value >= 0 ? static_cast<std::uint64_t>(*value) : otherwise;
  }
  [[nodiscard]] std::string text(std::size_t index) const {
    const std::string* value = at(index).as_string();
    return value != nullptr ? *value : lib0::to_js_string(at(index));
  }
  /// nullptr where JavaScript would see nothing given.
  [[nodiscard]] const AnyObject* object(std::size_t index) const { return at(index).as_object(); }

 private:
  const AnyArray& step_;
};

Result<void> edit_text(Text text, const std::string& op, const Arguments& arguments) {
  const AnyObject* attributes = arguments.object(2);
  if (op == "text.insert") {
    if (attributes == nullptr) return text.insert(arguments.number(0), arguments.text(1));
    return text.insert(arguments.number(0), arguments.text(1), *attributes);
  }
  if (op == "text.delete") return text.remove(arguments.number(0), arguments.number(1));
  if (op == "text.format")
    return text.format(arguments.number(0), arguments.number(1), attributes != nullptr ? *attributes : AnyObject());
  if (op == "text.embed")
    return text.insert_embed(arguments.number(0), arguments.at(1), attributes != nullptr ? *attributes : AnyObject());
  return fail(Errc::bad_input, "unknown step " + op);
}

/// Deletes of lists that may reach beyond the end, as those of texts.
std::uint64_t within(std::uint64_t length, std::uint64_t index, std::uint64_t wanted) {
  return index >= length ? 0 : std::min(wanted, length - index);
}

Result<void> edit_xml(XmlFragment fragment, const std::string& op, const Arguments& arguments) {
  const std::uint64_t index = std::min(arguments.number(0), fragment.length());
  if (op == "xml.element") {
    BOSSEY_TRY(XmlElement element, fragment.insert_element(index, arguments.text(1)));
    return element.set_attribute("k", arguments.at(2));
  }
  if (op == "xml.text") {
    BOSSEY_TRY(XmlText text, fragment.insert_text(index));
    return text.insert(0, arguments.text(1));
  }
  if (op != "xml.delete") return fail(Errc::bad_input, "unknown step " + op);
  return fragment.remove(index, within(fragment.length(), index, arguments.number(1)));
}

SharedKind kind_named(const std::string& name) {
  if (name == "array") return SharedKind::array;
  if (name == "map") return SharedKind::map;
  if (name == "text") return SharedKind::text;
  if (name == "xmltext") return SharedKind::xml_text;
  if (name == "element") return SharedKind::xml_element;
  if (name == "fragment") return SharedKind::xml_fragment;
  return name == "hook" ? SharedKind::xml_hook : SharedKind::untyped;
}

/// A new type, put into any root, and something put into it.
Result<void> edit_type(const Shared& root, const Arguments& arguments) {
  const NewType type{kind_named(arguments.text(1)), arguments.at(2).is_null() ? std::string() : arguments.text(2)};
  const AnyObject* attributes = arguments.object(3);
  Result<Shared> made = fail(Errc::bad_input, "a type in an unknown root");
  if (const auto array = Array::from(root)) made = insert_type(*array, arguments.number(0), type);
  if (const auto xml = XmlFragment::from(root)) made = insert_type(*xml, arguments.number(0), type);
  if (const auto map = Map::from(root)) made = set_type(*map, arguments.text(0), type);
  if (const auto text = Text::from(root))
    made = insert_type(*text, arguments.number(0), type, attributes != nullptr ? *attributes : AnyObject());
  BOSSEY_TRY_VOID(made);
  if (auto map = Map::from(*made)) return map->set("k", Any(1));
  if (auto text = Text::from(*made)) return text->insert(0, "words");
  return {};
}

/// A new subdocument, put into an array or a map.
Result<void> edit_doc(const Shared& root, const Arguments& arguments) {
  Subdocument doc{arguments.text(1), arguments.at(2)};
  if (auto array = Array::from(root)) return array->insert(arguments.number(0), {NewElement(std::move(doc))});
  auto map = Map::from(root);
  return map ? map->set(arguments.text(0), NewElement(std::move(doc)))
             : fail(Errc::bad_input, "a subdocument in an unknown root");
}

Result<void> edit(const Shared& root, const std::string& op, const Arguments& arguments) {
  if (op == "type") return edit_type(root, arguments);
  if (op == "doc") return edit_doc(root, arguments);
  if (op.starts_with("xml.")) {
    const auto fragment = XmlFragment::from(root);
    return fragment ? edit_xml(*fragment, op, arguments) : fail(Errc::bad_input, "an XML step on another root");
  }
  if (op.starts_with("text.")) {
    const auto text = Text::from(root);
    return text ? edit_text(*text, op, arguments) : fail(Errc::bad_input, "a text step on another root");
  }
  if (op.starts_with("array.")) {
    auto array = Array::from(root);
    if (!array) return fail(Errc::bad_input, "an array step on another root");
    if (op == "array.cut")
      return array->remove(std::min(arguments.number(0), array->length()),
                           within(array->length(), arguments.number(0), arguments.number(1)));
    if (op == "array.delete") return array->remove(arguments.number(0), arguments.number(1, 1));
    const AnyArray* elements = arguments.at(1).as_array();
    if (elements == nullptr) return fail(Errc::bad_input, "no list of elements");
    return array->insert(arguments.number(0), {elements->begin(), elements->end()});
  }
  auto map = Map::from(root);
  if (!map) return fail(Errc::bad_input, "a map step on another root");
  return op == "map.set" ? map->set(arguments.text(0), arguments.at(1)) : map->remove(arguments.text(0));
}

}  // namespace

Result<void> apply_step(Doc& doc, const std::vector<Root>& roots, const Any& step) {
  BOSSEY_TRY(const Any plain, untag(step));
  const AnyArray* parts = plain.as_array();
  if (parts == nullptr || parts->size() < 2 || (*parts)[0].as_string() == nullptr ||
      (*parts)[1].as_string() == nullptr) {
    return fail(Errc::bad_input, "a step that is no list of op, root and arguments");
  }
  const std::string& name = *(*parts)[1].as_string();
  const auto root = std::find_if(roots.begin(), roots.end(), [&name](const Root& r) { return r.name == name; });
  if (root == roots.end()) return fail(Errc::bad_input, "a step on an unknown root");
  return edit(open_root(doc, *root), *(*parts)[0].as_string(), Arguments(*parts));
}

Result<AnyObject> report(Doc& doc, const std::vector<Root>& roots, const StateVector* diff_from) {
  AnyObject json;
  AnyObject delta;
  AnyObject string;
  AnyObject tree;
  for (const Root& root : roots) {
    const Shared type = open_root(doc, root);
    json.set(root.name, json_of(type));
    if (root.kind == "text") {
      BOSSEY_TRY(Any pieces, delta_of(*Text::from(type)));
      delta.set(root.name, std::move(pieces));
    }
    if (root.kind == "text" || root.kind == "xml") string.set(root.name, type.to_string());
    BOSSEY_TRY(Any whole, tree_of(type));
    tree.set(root.name, std::move(whole));
  }
  AnyObject reply;
  reply.set("json", std::move(json));
  reply.set("delta", std::move(delta));
  reply.set("string", std::move(string));
  reply.set("tree", std::move(tree));
  reply.set("sv", to_base64(doc.encode_state_vector()));
  reply.set("full1", to_base64(doc.encode_state_as_update({}, UpdateFormat::v1)));
  reply.set("full2", to_base64(doc.encode_state_as_update({}, UpdateFormat::v2)));
  reply.set("snapshot1", to_base64(take_snapshot(doc).encode()));
  if (diff_from) {
    reply.set("diff1", to_base64(doc.encode_state_as_update(*diff_from, UpdateFormat::v1)));
    reply.set("diff2", to_base64(doc.encode_state_as_update(*diff_from, UpdateFormat::v2)));
  }
  reply.set("pending", doc.has_pending());
  return reply;
}

}  // namespace bossey::crdt::line_protocol
