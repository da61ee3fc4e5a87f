#include "document/content_hash.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "lib0/utf8.hpp"

namespace bossey::document {

namespace {

constexpr int kMaxDepth = 100;
constexpr double kMaxSafeInteger = 9007199254740991.0;

/// Writes the grammar of docs/formats/content-hash.md, rule by rule.
class Serializer {
 public:
  void string(std::string_view text) {
    const std::string whole = lib0::replace_surrogates(text);
    out_ += std::to_string(lib0::utf16_length(whole)) + ":" + whole;
  }

  void nodes(const crdt::XmlFragment& parent, int depth) {
    for (const crdt::Element& child : parent.children()) {
      const auto* shared = std::get_if<crdt::Shared>(&child);
      if (shared == nullptr) {
        out_ += '?';
      } else {
        node(*shared, depth);
      }
    }
  }

  std::string take() { return std::move(out_); }
  void raw(std::string_view text) { out_ += text; }

 private:
  void node(const crdt::Shared& shared, int depth) {
    if (const auto text = crdt::XmlText::from(shared)) {
      out_ += "t(";
      pieces(*text);
      out_ += ')';
    } else if (const auto element = crdt::XmlElement::from(shared)) {
      out_ += "e(";
      string(element->node_name());
      entries(element->attributes(), 0);
      if (depth >= kMaxDepth) {
        out_ += '?';
      } else {
        nodes(*element, depth + 1);
      }
      out_ += ')';
    } else {
      out_ += '?';
    }
  }

  void pieces(const crdt::XmlText& text) {
    std::string words;
    std::string marks;
    const auto flush = [&] {
      if (!words.empty()) {
        out_ += 's';
        string(words);
        out_ += marks;
      }
      words.clear();
    };
    for (const crdt::DeltaInsert& op : text.to_delta()) {
      std::string own = std::exchange(out_, {});
      entries(op.attributes, 0);
      std::string op_marks = std::exchange(out_, std::move(own));
      if (const auto* insert = std::get_if<std::string>(&op.insert)) {
        if (insert->empty()) continue;
        if (op_marks != marks) flush();
        marks = std::move(op_marks);
        words += *insert;
        continue;
      }
      flush();
      if (const auto* embed = std::get_if<lib0::Any>(&op.insert)) {
        out_ += 'v';
        value(*embed, 0);
        out_ += op_marks;
      } else {
        out_ += 'y';
      }
    }
    flush();
  }

  void entries(const lib0::AnyObject& object, int depth) {
    std::vector<const lib0::AnyObject::Entry*> sorted;
    for (const auto& entry : object)
      if (!entry.second.is_undefined()) sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* a, const auto* b) { return lib0::utf16_less(a->first, b->first); });
    out_ += '{';
    for (const auto* entry : sorted) {
      string(entry->first);
      value(entry->second, depth);
    }
    out_ += '}';
  }

  void number(double value) {
    if (std::trunc(value) == value && std::fabs(value) <= kMaxSafeInteger) {
      out_ += "i" + std::to_string(static_cast<std::int64_t>(value)) + ";";
      return;
    }
    // All NaN are one to JavaScript.
    const auto bits = std::isnan(value) ? std::uint64_t{0x7FF8000000000000} : std::bit_cast<std::uint64_t>(value);
    Bytes octets;
    for (int shift = 56; shift >= 0; shift -= 8) octets.push_back(static_cast<std::uint8_t>(bits >> shift));
    out_ += "d" + to_hex(octets);
  }

  void value(const lib0::Any& any, int depth) {
    if (const bool* flag = any.as_bool()) {
      out_ += *flag ? 'T' : 'f';
    } else if (const double* real = any.as_number()) {
      number(*real);
    } else if (const lib0::BigInt* big = any.as_bigint()) {
      out_ += "i" + std::to_string(big->value) + ";";
    } else if (const std::string* text = any.as_string()) {
      out_ += 's';
      string(*text);
    } else if (const Bytes* octets = any.as_bytes()) {
      out_ += "x" + to_hex(*octets) + ";";
    } else if (any.as_array() == nullptr && any.as_object() == nullptr) {
      out_ += 'n';
    } else if (depth >= kMaxDepth) {
      out_ += '?';
    } else if (const lib0::AnyArray* array = any.as_array()) {
      out_ += '[';
      for (const lib0::Any& one : *array) value(one, depth + 1);
      out_ += ']';
    } else {
      entries(*any.as_object(), depth + 1);
    }
  }

  std::string out_;
};

}  // namespace

std::string serialize_content(crdt::Doc& doc) {
  Serializer serializer;
  serializer.raw("bossey-content-1;");
  serializer.string(doc.text(kTitleRoot).plain());
  serializer.nodes(doc.xml_fragment(kBodyRoot), 1);
  return serializer.take();
}

Sha256 content_hash(crdt::Doc& doc) {
  return sha256(serialize_content(doc));
}

}  // namespace bossey::document
