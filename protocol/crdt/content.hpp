// What a struct holds: one of the ten kinds of content of the wire, or nothing (GC, Skip). Owned by structs of updates
// and, all but words, by documents; knows how to split and join itself, but nothing of clocks, documents or encodings.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "crdt/types.hpp"
#include "lib0/any.hpp"

namespace bossey::crdt {

/// The numbers are those of the wire (low five bits of a struct's info octet).
enum class ContentKind : std::uint8_t {
  gc = 0,
  deleted = 1,
  json = 2,
  binary = 3,
  string = 4,
  embed = 5,
  format = 6,
  type = 7,
  any = 8,
  doc = 9,
  skip = 10,
};

/// Whether it counts for the length of its parent: all but gc, skip, deleted and format.
[[nodiscard]] constexpr bool is_countable(ContentKind kind) {
  constexpr unsigned kCountable = 1U << 2U | 1U << 3U | 1U << 4U | 1U << 5U | 1U << 7U | 1U << 8U | 1U << 9U;
  return (kCountable >> static_cast<unsigned>(kind) & 1U) != 0;
}

/// A mark that starts (or, with null, ends) at its place in a text.
struct FormatMark {
  std::string key;
  lib0::Any value;
};

/// 16 octets. Moves, does not copy.
class Content {
 public:
  /// gc, deleted or skip: what has a length only.
  Content() = default;
  explicit Content(ContentKind bare) : kind_(bare) {}
  /// Does not own the words: they must outlive it.
  static Content text(std::string_view utf8);
  static Content list(ContentKind any_or_json, lib0::AnyArray elements);
  static Content binary(Bytes octets);
  static Content embed(lib0::Any value);
  static Content format(FormatMark mark);
  static Content type(std::unique_ptr<SharedType> type);
  static Content subdocument(Subdocument doc);

  Content(Content&& other) noexcept
      : payload_(other.payload_), size_(other.size_), kind_(other.kind_), owns_words_(other.owns_words_) {
    other.kind_ = ContentKind::gc;
  }
  Content& operator=(Content&& other) noexcept {
    if (this == &other) return *this;
    if (owns()) destroy();
    payload_ = other.payload_;
    size_ = other.size_;
    kind_ = std::exchange(other.kind_, ContentKind::gc);
    owns_words_ = other.owns_words_;
    return *this;
  }
  ~Content() {
    if (owns()) destroy();
  }

  [[nodiscard]] ContentKind kind() const { return kind_; }

  /// The readers are for their own kind only.
  [[nodiscard]] std::string_view text() const { return {payload_.words, size_}; }
  [[nodiscard]] const lib0::AnyArray& elements() const { return *payload_.elements; }
  [[nodiscard]] const Bytes& octets() const { return *payload_.octets; }
  [[nodiscard]] const lib0::Any& embed() const { return *payload_.embed; }
  [[nodiscard]] const FormatMark& mark() const { return *payload_.mark; }
  [[nodiscard]] SharedType* type() const { return payload_.type; }
  [[nodiscard]] const Subdocument& subdocument() const { return *payload_.subdocument; }

  /// Units of the content itself; 0 for what has a length only.
  [[nodiscard]] std::uint64_t length() const;

  /// Keeps the first `units` units and returns the others. A surrogate pair that is cut becomes two U+FFFD.
  /// Only for string, any, json and what has a length only.
  Content split(std::uint64_t units);
  /// Takes the elements of its right neighbour. Only for any and json.
  void append(Content&& right);

 private:
  union Payload {
    const char* words;
    lib0::AnyArray* elements;
    Bytes* octets;
    lib0::Any* embed;
    FormatMark* mark;
    SharedType* type;
    Subdocument* subdocument;
  };

  [[nodiscard]] bool owns() const { return kind_ == ContentKind::string ? owns_words_ : kind_ > ContentKind::deleted; }
  static Content own_text(const std::string& utf8);
  void destroy();

  Payload payload_{};
  std::uint32_t size_ = 0;  // octets of the words
  ContentKind kind_ = ContentKind::gc;
  bool owns_words_ = false;
};

static_assert(sizeof(Content) == 16);

}  // namespace bossey::crdt
