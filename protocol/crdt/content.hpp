// What an item holds: one of the ten kinds of content of the wire, or nothing (GC, Skip). Owned by items and by structs
// of updates; knows how to split and join itself, but nothing of clocks, documents or encodings.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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

/// A mark that starts (or, with null, ends) at its place in a text.
struct FormatMark {
  std::string key;
  lib0::Any value;
};

/// 16 octets: texts of up to 8 octets are kept inside, everything else on the heap. Moves, does not copy.
class Content {
 public:
  /// gc, deleted or skip: what has a length only.
  Content() : kind_(0), capacity_(0) {}
  explicit Content(ContentKind bare) : kind_(static_cast<std::uint32_t>(bare) & 0x1FU), capacity_(0) {}
  static Content text(std::string_view utf8);
  static Content list(ContentKind any_or_json, lib0::AnyArray elements);
  static Content binary(Bytes octets);
  static Content embed(lib0::Any value);
  static Content format(FormatMark mark);
  static Content type(std::unique_ptr<SharedType> type);
  static Content subdocument(Subdocument doc);

  Content(Content&& other) noexcept
      : payload_(other.payload_), size_(other.size_), kind_(other.kind_), capacity_(other.capacity_) {
    other.forget();
  }
  Content& operator=(Content&& other) noexcept;
  ~Content() {
    if (kind() != ContentKind::gc) destroy();
  }

  [[nodiscard]] ContentKind kind() const { return static_cast<ContentKind>(kind_); }
  /// Whether it counts for the length of its parent: all but gc, skip, deleted and format.
  [[nodiscard]] bool countable() const {
    constexpr unsigned kCountable = 1U << 2U | 1U << 3U | 1U << 4U | 1U << 5U | 1U << 7U | 1U << 8U | 1U << 9U;
    return (kCountable >> kind_ & 1U) != 0;
  }

  /// The readers are for their own kind only.
  [[nodiscard]] std::string_view text() const { return {capacity_ == 0 ? payload_.inside : payload_.outside, size_}; }
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

  /// Whether `append` is possible: both of the same kind of string, any, json, deleted or gc.
  [[nodiscard]] bool can_append(const Content& right) const;
  /// Takes the content of its right neighbour.
  void append(Content&& right);
  /// Makes room for text that will be appended.
  void reserve_text(std::size_t octets);

 private:
  union Payload {
    char inside[8];
    char* outside;
    lib0::AnyArray* elements;
    Bytes* octets;
    lib0::Any* embed;
    FormatMark* mark;
    SharedType* type;
    Subdocument* subdocument;
  };

  void destroy();
  void forget() {
    kind_ = static_cast<std::uint32_t>(ContentKind::gc) & 0x1FU;
    capacity_ = 0;
    size_ = 0;
  }
  void append_text(std::string_view utf8);
  void shorten_text(std::size_t octets);

  Payload payload_{};
  std::uint32_t size_ = 0;       // octets of the text
  std::uint32_t kind_ : 5;       // ContentKind
  std::uint32_t capacity_ : 27;  // of the text, in units of 8 octets; 0: inside
};

static_assert(sizeof(Content) == 16);

}  // namespace bossey::crdt
