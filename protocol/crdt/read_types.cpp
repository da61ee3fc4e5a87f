#include "crdt/read_types.hpp"

#include <algorithm>

#include "crdt/formatting.hpp"
#include "lib0/limits.hpp"
#include "lib0/utf8.hpp"

namespace bossey::crdt {
namespace {

/// One UTF-16 code unit of a text; half a surrogate pair is U+FFFD.
std::string unit_of(std::string_view text, std::uint64_t offset) {
  const lib0::Utf8Place start = lib0::place_of_utf16(text, offset);
  const lib0::Utf8Place end = lib0::place_of_utf16(text.substr(start.byte), start.splits_pair ? 2 : 1);
  if (start.splits_pair || end.splits_pair) return std::string(lib0::kReplacement);
  return std::string(text.substr(start.byte, end.byte));
}
std::string unit_of(const TextRun& text, std::uint64_t offset) {
  const TextRun behind = text.from(static_cast<std::uint32_t>(offset));
  std::string unit;
  TextRun{behind.at, 1, behind.wide}.append_to(unit);
  return unit;
}

std::string ascii_lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// What a template literal makes of an element.
std::string element_to_string(DocState& state, const Item& item, std::uint64_t offset, int depth) {
  if (item.kind() == ContentKind::type) return type_to_string(state, *item.content().type(), depth);
  const Element element = element_at(state, item, offset);
  if (const auto* value = std::get_if<lib0::Any>(&element)) return lib0::to_js_string(*value);
  return "[object Object]";
}

template <class Each>
void each_unit(const SharedType& list, Each&& each) {
  for (const Item* item = list.start; item != nullptr; item = item->right()) {
    if (!item->visible()) continue;
    for (std::uint64_t i = 0; i < item->length(); ++i) each(*item, i);
  }
}

std::string fragment_to_string(DocState& state, const SharedType& fragment, int depth) {
  std::string text;
  each_unit(fragment,
            [&](const Item& item, std::uint64_t offset) { text += element_to_string(state, item, offset, depth); });
  return text;
}

std::string element_to_xml(DocState& state, const SharedType& element, int depth) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const auto& [key, last] : element.map.entries()) {
    if (!last->deleted()) attributes.emplace_back(*key, element_to_string(state, *last, last->length() - 1, depth));
  }
  std::sort(attributes.begin(), attributes.end(),
            [](const auto& a, const auto& b) { return lib0::utf16_less(a.first, b.first); });
  const std::string name = ascii_lower(element.name);
  std::string text = "<" + name;
  for (const auto& [key, value] : attributes) text.append(" ").append(key).append("=\"").append(value).append("\"");
  return text + ">" + fragment_to_string(state, element, depth) + "</" + name + ">";
}

/// The entries of a mark's value as JavaScript's for-in sees them.
std::vector<std::pair<std::string, std::string>> mark_entries(const lib0::Any& value) {
  std::vector<std::pair<std::string, std::string>> entries;
  if (const auto* object = value.as_object()) {
    for (const auto& [key, element] : *object) entries.emplace_back(key, lib0::to_js_string(element));
  } else if (const auto* array = value.as_array()) {
    for (std::size_t i = 0; i < array->size(); ++i)
      entries.emplace_back(std::to_string(i), lib0::to_js_string((*array)[i]));
  } else if (const auto* octets = value.as_bytes()) {
    for (std::size_t i = 0; i < octets->size(); ++i)
      entries.emplace_back(std::to_string(i), std::to_string((*octets)[i]));
  } else if (const auto* text = value.as_string()) {
    const std::uint64_t units = lib0::utf16_length(*text);
    for (std::uint64_t i = 0; i < units; ++i) entries.emplace_back(std::to_string(i), unit_of(*text, i));
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return lib0::utf16_less(a.first, b.first); });
  return entries;
}

std::string xml_piece(const Attributes& attributes, const std::string& inside) {
  std::vector<const lib0::AnyObject::Entry*> nodes;
  for (const auto& entry : attributes) nodes.push_back(&entry);
  std::sort(nodes.begin(), nodes.end(),
            [](const auto* a, const auto* b) { return lib0::utf16_less(a->first, b->first); });
  std::string text;
  for (const auto* node : nodes) {
    text += "<" + node->first;
    for (const auto& [key, value] : mark_entries(node->second))
      text.append(" ").append(key).append("=\"").append(value).append("\"");
    text += ">";
  }
  text += inside;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) text += "</" + (*node)->first + ">";
  return text;
}

/// Calls `text(words, attributes)` and `other(item, attributes)` for the pieces of a text in turn.
template <class OnText, class OnOther>
void each_piece(const SharedType& type, OnText&& on_text, OnOther&& on_other) {
  AttributeMap current;
  std::string words;
  const auto attributes = [&current] {
    std::vector<lib0::AnyObject::Entry> entries(current.entries().begin(), current.entries().end());
    return Attributes::from_entries(std::move(entries));
  };
  const auto flush = [&] {
    if (!words.empty()) on_text(std::exchange(words, {}), attributes());
  };
  for (const Item* item = type.start; item != nullptr; item = item->right()) {
    if (item->deleted()) continue;
    switch (item->kind()) {
      case ContentKind::string:
        item->text().append_to(words);
        break;
      case ContentKind::type:
      case ContentKind::embed:
        flush();
        on_other(*item, attributes());
        break;
      case ContentKind::format:
        flush();
        current.apply(item->content().mark());
        break;
      default:
        break;
    }
  }
  flush();
}

std::string xml_text_to_string(DocState& state, const SharedType& type, int depth) {
  std::string text;
  each_piece(
      type, [&](const std::string& words, const Attributes& attributes) { text += xml_piece(attributes, words); },
      [&](const Item& item, const Attributes& attributes) {
        text += xml_piece(attributes, element_to_string(state, item, 0, depth));
      });
  return text;
}

lib0::Any element_to_json(DocState& state, const Item& item, std::uint64_t offset, int depth) {
  if (item.kind() == ContentKind::type) return type_to_json(state, *item.content().type(), depth);
  const Element element = element_at(state, item, offset);
  if (const auto* value = std::get_if<lib0::Any>(&element)) return *value;
  return lib0::Null{};
}

}  // namespace

Element element_at(DocState& state, const Item& item, std::uint64_t offset) {
  switch (item.kind()) {
    case ContentKind::json:
    case ContentKind::any:
      return item.content().elements()[offset];
    case ContentKind::string:
      return lib0::Any(unit_of(item.text(), offset));
    case ContentKind::binary:
      return lib0::Any(item.content().octets());
    case ContentKind::embed:
      return item.content().embed();
    case ContentKind::type:
      return state.handle(item.content().type());
    case ContentKind::doc:
      return item.content().subdocument();
    default:
      return lib0::Any();
  }
}

std::vector<Element> list_elements(DocState& state, const SharedType& list) {
  std::vector<Element> elements;
  each_unit(list, [&](const Item& item, std::uint64_t offset) { elements.push_back(element_at(state, item, offset)); });
  return elements;
}

std::optional<Element> map_value(DocState& state, const Item* last) {
  if (last == nullptr || last->deleted()) return std::nullopt;
  return element_at(state, *last, last->length() - 1);
}

Attributes plain_attributes(const SharedType& type) {
  std::vector<lib0::AnyObject::Entry> entries;
  for (const auto& [key, last] : type.map.entries()) {
    if (last->deleted()) continue;
    switch (last->kind()) {
      case ContentKind::type:
      case ContentKind::doc:
        break;
      case ContentKind::json:
      case ContentKind::any:
        entries.emplace_back(*key, last->content().elements().back());
        break;
      case ContentKind::binary:
        entries.emplace_back(*key, last->content().octets());
        break;
      case ContentKind::embed:
        entries.emplace_back(*key, last->content().embed());
        break;
      case ContentKind::string:
        entries.emplace_back(*key, unit_of(last->text(), last->length() - 1));
        break;
      default:
        entries.emplace_back(*key, lib0::Any());
        break;
    }
  }
  return Attributes::from_entries(std::move(entries));
}

std::string plain_text(const SharedType& text) {
  std::string words;
  for (const Item* item = text.start; item != nullptr; item = item->right()) {
    if (!item->deleted() && item->kind() == ContentKind::string) item->text().append_to(words);
  }
  return words;
}

std::vector<DeltaInsert> text_delta(DocState& state, const SharedType& text) {
  std::vector<DeltaInsert> delta;
  each_piece(
      text,
      [&delta](std::string words, Attributes attributes) {
        delta.push_back({std::move(words), std::move(attributes)});
      },
      [&](const Item& item, Attributes attributes) {
        if (item.kind() == ContentKind::type)
          delta.push_back({state.handle(item.content().type()), std::move(attributes)});
        else
          delta.push_back({item.content().embed(), std::move(attributes)});
      });
  return delta;
}

std::string type_to_string(DocState& state, const SharedType& type, int depth) {
  if (depth > limits::kTypeDepthMax) return {};
  switch (type.kind) {
    case SharedKind::text:
      return plain_text(type);
    case SharedKind::xml_text:
      return xml_text_to_string(state, type, depth + 1);
    case SharedKind::xml_fragment:
      return fragment_to_string(state, type, depth + 1);
    case SharedKind::xml_element:
      return element_to_xml(state, type, depth + 1);
    default:
      return "[object Object]";
  }
}

lib0::Any type_to_json(DocState& state, const SharedType& type, int depth) {
  if (depth > limits::kTypeDepthMax) return lib0::Null{};
  if (type.kind == SharedKind::array) {
    lib0::AnyArray elements;
    each_unit(type, [&](const Item& item, std::uint64_t offset) {
      elements.push_back(element_to_json(state, item, offset, depth + 1));
    });
    return elements;
  }
  if (type.kind == SharedKind::map || type.kind == SharedKind::xml_hook) {
    std::vector<lib0::AnyObject::Entry> entries;
    for (const auto& [key, last] : type.map.entries()) {
      if (!last->deleted()) entries.emplace_back(*key, element_to_json(state, *last, last->length() - 1, depth + 1));
    }
    return lib0::AnyObject::from_entries(std::move(entries));
  }
  if (type.kind == SharedKind::untyped) return {};
  return type_to_string(state, type, depth);
}

}  // namespace bossey::crdt
