// A JavaScript value as lib0 writes it: the payload of arrays, maps, attributes, embeds and format marks.
// Used by everybody who reads or writes shared types. A plain immutable value: it knows nothing of documents.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"

namespace bossey::lib0 {

struct Undefined {
  friend bool operator==(Undefined, Undefined) = default;
};
struct Null {
  friend bool operator==(Null, Null) = default;
};
/// JavaScript's bigint, as far as lib0 writes it: 64 bits.
struct BigInt {
  std::int64_t value;
  friend bool operator==(BigInt, BigInt) = default;
};

class Any;
class AnyObject;
using AnyArray = std::vector<Any>;

/// One value. Objects, arrays and octets are shared and immutable, so a copy is the same object to `same()`,
/// as in JavaScript. Strings are UTF-8; a lone surrogate that came out of JSON text is kept as its three octets.
class Any {
 public:
  using Storage = std::variant<Undefined, Null, bool, double, BigInt, std::string, std::shared_ptr<const Bytes>,
                               std::shared_ptr<const AnyArray>, std::shared_ptr<const AnyObject>>;

  Any() = default;  ///< undefined
  Any(Undefined value) : storage_(value) {}
  Any(Null value) : storage_(value) {}
  Any(bool value) : storage_(value) {}
  Any(double value) : storage_(value) {}
  Any(int value) : storage_(static_cast<double>(value)) {}
  Any(BigInt value) : storage_(value) {}
  Any(std::string value) : storage_(std::move(value)) {}
  Any(std::string_view value) : storage_(std::string(value)) {}
  Any(const char* value) : storage_(std::string(value)) {}
  Any(Bytes value) : storage_(std::make_shared<const Bytes>(std::move(value))) {}
  Any(AnyArray value);
  Any(AnyObject value);

  [[nodiscard]] bool is_undefined() const { return std::holds_alternative<Undefined>(storage_); }
  [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(storage_); }
  /// The readers give nullptr if the value is of another kind.
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&storage_); }
  [[nodiscard]] const double* as_number() const { return std::get_if<double>(&storage_); }
  [[nodiscard]] const BigInt* as_bigint() const { return std::get_if<BigInt>(&storage_); }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&storage_); }
  [[nodiscard]] const Bytes* as_bytes() const { return pointee<Bytes>(); }
  [[nodiscard]] const AnyArray* as_array() const { return pointee<AnyArray>(); }
  [[nodiscard]] const AnyObject* as_object() const { return pointee<AnyObject>(); }
  [[nodiscard]] const Storage& storage() const { return storage_; }

  /// Deep equality of content; NaN equals NaN, 0 equals -0.
  friend bool operator==(const Any& a, const Any& b);

  /// JavaScript's `===`: objects, arrays and octets are the same only if one is a copy of the other.
  [[nodiscard]] static bool same(const Any& a, const Any& b);

  /// Yjs' comparison of attribute values: `===`, or two objects (or arrays) whose entries are `===`.
  [[nodiscard]] static bool same_attribute(const Any& a, const Any& b);

 private:
  template <class T>
  [[nodiscard]] const T* pointee() const {
    const auto* shared = std::get_if<std::shared_ptr<const T>>(&storage_);
    return shared == nullptr ? nullptr : shared->get();
  }

  Storage storage_;
};

/// Keys in the order JavaScript gives them: array indices ascending, then the others as they were first set.
class AnyObject {
 public:
  using Entry = std::pair<std::string, Any>;

  /// An object of many keys at once, in the order given; a key given twice keeps its first place and its last value.
  [[nodiscard]] static AnyObject from_entries(std::vector<Entry> entries);

  /// Sets or replaces; a replaced key keeps its place. Looks through all keys: for many, use from_entries.
  void set(std::string key, Any value);
  /// Removes the key if it is there.
  void erase(std::string_view key);
  /// nullptr if absent. Valid until the object changes.
  [[nodiscard]] const Any* find(std::string_view key) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

  friend bool operator==(const AnyObject& a, const AnyObject& b);  ///< Deep, and the order of keys counts.

 private:
  std::vector<Entry> entries_;
};

inline Any::Any(AnyArray value) : storage_(std::make_shared<const AnyArray>(std::move(value))) {}
inline Any::Any(AnyObject value) : storage_(std::make_shared<const AnyObject>(std::move(value))) {}

/// JavaScript's String(value): what a template literal or `+` makes of it.
[[nodiscard]] std::string to_js_string(const Any& value);

/// JavaScript's Number to text, e.g. 1e+21, 0.1, -0 as 0.
[[nodiscard]] std::string to_js_string(double number);

}  // namespace bossey::lib0
