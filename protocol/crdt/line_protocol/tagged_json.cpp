#include "crdt/line_protocol/tagged_json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace bossey::crdt::line_protocol {
namespace {

using lib0::Any;
using lib0::AnyArray;
using lib0::AnyObject;

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Any tagged(std::string_view kind, std::string value) {
  AnyObject object;
  object.set("$t", kind);
  object.set("v", std::move(value));
  return object;
}

/// A result object that starts with one entry.
AnyObject object_with(std::string key, Any value) {
  AnyObject object;
  object.set(std::move(key), std::move(value));
  return object;
}

Result<Any> untag_object(const AnyObject& object) {
  const Any* kind = object.find("$t");
  const Any* value = object.find("v");
  const std::string text = value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
  if (kind != nullptr && kind->as_string() != nullptr) {
    const std::string& name = *kind->as_string();
    if (name == "undefined") return Any();
    if (name == "bigint") {
      std::int64_t number = 0;
      const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
      if (result.ec != std::errc()) return fail(Errc::bad_input, "a bigint beyond 64 bits");
      return Any(lib0::BigInt{number});
    }
    if (name == "num") {
      if (text == "-0") return Any(-0.0);
      if (text == "NaN") return Any(std::numeric_limits<double>::quiet_NaN());
      return Any(text == "-Infinity" ? -std::numeric_limits<double>::infinity()
                                     : std::numeric_limits<double>::infinity());
    }
    if (name == "bytes") {
      BOSSEY_TRY(Bytes octets, from_base64(text));
      return Any(std::move(octets));
    }
  }
  std::vector<AnyObject::Entry> entries;
  for (const auto& [key, element] : object) {
    BOSSEY_TRY(Any plain, untag(element));
    entries.emplace_back(key, std::move(plain));
  }
  return Any(AnyObject::from_entries(std::move(entries)));
}

Result<Any> keyed(const Shared& type) {
  std::vector<AnyObject::Entry> entries;
  for (const auto& [key, element] : type.keyed_elements()) {
    BOSSEY_TRY(Any value, tag(element));
    entries.emplace_back(key, std::move(value));
  }
  return Any(AnyObject::from_entries(std::move(entries)));
}

Result<Any> children(const XmlFragment& fragment) {
  AnyArray trees;
  for (const Element& child : fragment.children()) {
    const auto* type = std::get_if<Shared>(&child);
    if (type == nullptr) return fail(Errc::bad_input, "an XML fragment that holds something else than a type");
    BOSSEY_TRY(Any tree, tree_of(*type));
    trees.push_back(std::move(tree));
  }
  return Any(std::move(trees));
}

Any tagged_subdocument(const Subdocument& doc) {
  AnyObject object = object_with("$t", "doc");
  object.set("guid", doc.guid);
  object.set("opts", tag(doc.options));
  return object;
}

Any json_of_element(const Element& element) {
  if (const auto* value = std::get_if<Any>(&element)) return tag(*value);
  if (const auto* type = std::get_if<Shared>(&element)) return json_of(*type);
  return tagged_subdocument(std::get<Subdocument>(element));
}

}  // namespace

std::string to_base64(BytesView octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, octets.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) bits = bits << 8U | (j < count ? octets[i + j] : 0U);
    for (unsigned j = 0; j < 4; ++j) text += j <= count ? kDigits[bits >> (18 - 6 * j) & 0x3FU] : '=';
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  static const auto kValues = [] {
    std::array<int, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < kDigits.size(); ++i)
      values[static_cast<unsigned char>(kDigits[i])] = static_cast<int>(i);
    return values;
  }();
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  Bytes octets;
  octets.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const int value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return fail(Errc::bad_input, "octets that are not base 64");
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xFF'FFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      octets.push_back(static_cast<std::uint8_t>(bits >> count));
    }
  }
  return octets;
}

Any tag(const Any& value) {
  if (value.is_undefined()) return object_with("$t", "undefined");
  if (const double* number = value.as_number()) {
    if (std::isfinite(*number) && !(*number == 0 && std::signbit(*number))) return value;
    return tagged("num", *number == 0 ? "-0" : lib0::to_js_string(*number));
  }
  if (const lib0::BigInt* number = value.as_bigint()) return tagged("bigint", std::to_string(number->value));
  if (const Bytes* octets = value.as_bytes()) return tagged("bytes", to_base64(*octets));
  if (const AnyArray* array = value.as_array()) {
    AnyArray elements;
    for (const Any& element : *array) elements.push_back(tag(element));
    return elements;
  }
  if (const AnyObject* object = value.as_object()) {
    std::vector<AnyObject::Entry> entries;
    for (const auto& [key, element] : *object) entries.emplace_back(key, tag(element));
    return AnyObject::from_entries(std::move(entries));
  }
  return value;
}

Result<Any> untag(const Any& value) {
  if (const AnyObject* object = value.as_object()) return untag_object(*object);
  const AnyArray* array = value.as_array();
  if (array == nullptr) return value;
  AnyArray elements;
  for (const Any& element : *array) {
    BOSSEY_TRY(Any plain, untag(element));
    elements.push_back(std::move(plain));
  }
  return Any(std::move(elements));
}

Result<Any> tag(const Element& element) {
  if (const auto* value = std::get_if<Any>(&element)) return tag(*value);
  if (const auto* doc = std::get_if<Subdocument>(&element)) return tagged_subdocument(*doc);
  BOSSEY_TRY(const Any tree, tree_of(std::get<Shared>(element)));
  AnyObject object = object_with("$t", "type");
  for (const auto& [key, value] : *tree.as_object()) object.set(key, value);
  return Any(std::move(object));
}

Any json_of(const Shared& type) {
  if (const auto array = Array::from(type)) {
    AnyArray elements;
    for (const Element& element : array->elements()) elements.push_back(json_of_element(element));
    return elements;
  }
  if (Map::from(type)) {
    std::vector<AnyObject::Entry> entries;
    for (const auto& [key, element] : type.keyed_elements()) entries.emplace_back(key, json_of_element(element));
    return AnyObject::from_entries(std::move(entries));
  }
  return type.to_string();
}

Result<Any> delta_of(const Text& text) {
  AnyArray delta;
  for (const DeltaInsert& piece : text.to_delta()) {
    AnyObject object;
    if (const auto* words = std::get_if<std::string>(&piece.insert)) {
      object.set("insert", *words);
    } else if (const auto* embed = std::get_if<Any>(&piece.insert)) {
      object.set("insert", tag(*embed));
    } else {
      BOSSEY_TRY(Any type, tag(Element(std::get<Shared>(piece.insert))));
      object.set("insert", std::move(type));
    }
    if (!piece.attributes.empty()) object.set("attributes", tag(Any(piece.attributes)));
    delta.push_back(std::move(object));
  }
  return Any(std::move(delta));
}

Result<Any> tree_of(const Shared& type) {
  AnyObject tree;
  if (const auto text = Text::from(type)) {
    tree.set("k", type.kind() == SharedKind::xml_text ? "xmltext" : "text");
    BOSSEY_TRY(Any attributes, keyed(type));
    tree.set("attrs", std::move(attributes));
    BOSSEY_TRY(Any delta, delta_of(*text));
    tree.set("delta", std::move(delta));
  } else if (const auto fragment = XmlFragment::from(type)) {
    const auto element = XmlElement::from(type);
    tree.set("k", element ? "element" : "fragment");
    if (element) {
      tree.set("name", element->node_name());
      BOSSEY_TRY(Any attributes, keyed(type));
      tree.set("attrs", std::move(attributes));
    }
    BOSSEY_TRY(Any inside, children(*fragment));
    tree.set("children", std::move(inside));
  } else if (const auto array = Array::from(type)) {
    tree.set("k", "array");
    AnyArray items;
    for (const Element& element : array->elements()) {
      BOSSEY_TRY(Any value, tag(element));
      items.push_back(std::move(value));
    }
    tree.set("items", std::move(items));
  } else if (const auto map = Map::from(type)) {
    const bool hook = type.kind() == SharedKind::xml_hook;
    tree.set("k", hook ? "hook" : "map");
    if (hook) tree.set("name", map->hook_name());
    BOSSEY_TRY(Any entries, keyed(type));
    tree.set("entries", std::move(entries));
  } else {
    return fail(Errc::bad_input, "a type of no known kind");
  }
  return Any(std::move(tree));
}

}  // namespace bossey::crdt::line_protocol
