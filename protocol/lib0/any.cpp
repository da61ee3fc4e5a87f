#include "lib0/any.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>

namespace bossey::lib0 {
namespace {

/// The number if the key is one that JavaScript treats as an array index: canonical decimal below 2^32-1.
std::optional<std::uint32_t> array_index(std::string_view key) {
  if (key.empty() || key.size() > 10 || (key.front() == '0' && key.size() > 1)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : key) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (number >= 0xFFFF'FFFFU) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

bool same_entries(const AnyObject& a, const AnyObject& b) {
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&b](const AnyObject::Entry& entry) {
    const Any* other = b.find(entry.first);
    return other != nullptr && Any::same(entry.second, *other);
  });
}

}  // namespace

AnyObject AnyObject::from_entries(std::vector<Entry> entries) {
  AnyObject object;
  std::unordered_map<std::string, std::size_t> places;
  bool indices = false;
  for (Entry& entry : entries) {
    const auto [place, is_new] = places.try_emplace(entry.first, object.entries_.size());
    if (is_new) {
      indices = indices || array_index(entry.first).has_value();
      object.entries_.push_back(std::move(entry));
    } else {
      object.entries_[place->second].second = std::move(entry.second);
    }
  }
  if (indices) {
    std::stable_sort(object.entries_.begin(), object.entries_.end(), [](const Entry& a, const Entry& b) {
      const auto index_a = array_index(a.first);
      const auto index_b = array_index(b.first);
      return index_a && (!index_b || *index_a < *index_b);
    });
  }
  return object;
}

void AnyObject::set(std::string key, Any value) {
  for (Entry& entry : entries_) {
    if (entry.first == key) {
      entry.second = std::move(value);
      return;
    }
  }
  const auto index = array_index(key);
  if (!index) {
    entries_.emplace_back(std::move(key), std::move(value));
    return;
  }
  const auto place = std::find_if(entries_.begin(), entries_.end(), [&index](const Entry& entry) {
    const auto other = array_index(entry.first);
    return !other || *other > *index;
  });
  entries_.emplace(place, std::move(key), std::move(value));
}

void AnyObject::erase(std::string_view key) {
  std::erase_if(entries_, [key](const Entry& entry) { return entry.first == key; });
}

const Any* AnyObject::find(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.first == key) return &entry.second;
  }
  return nullptr;
}

bool operator==(const AnyObject& a, const AnyObject& b) {
  return a.entries_ == b.entries_;
}

bool operator==(const Any& a, const Any& b) {
  if (a.storage_.index() != b.storage_.index()) return false;
  if (const double* number = a.as_number())
    return *number == *b.as_number() || (std::isnan(*number) && std::isnan(*b.as_number()));
  if (const Bytes* bytes = a.as_bytes()) return *bytes == *b.as_bytes();
  if (const AnyArray* array = a.as_array()) return *array == *b.as_array();
  if (const AnyObject* object = a.as_object()) return *object == *b.as_object();
  return a.storage_ == b.storage_;
}

bool Any::same(const Any& a, const Any& b) {
  return a.storage_ == b.storage_;
}

bool Any::same_attribute(const Any& a, const Any& b) {
  if (same(a, b)) return true;
  if (a.as_object() != nullptr && b.as_object() != nullptr) return same_entries(*a.as_object(), *b.as_object());
  if (a.as_array() != nullptr && b.as_array() != nullptr) {
    return std::equal(a.as_array()->begin(), a.as_array()->end(), b.as_array()->begin(), b.as_array()->end(),
                      Any::same);
  }
  return a.as_bytes() != nullptr && b.as_bytes() != nullptr && *a.as_bytes() == *b.as_bytes();
}

std::string to_js_string(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (number == 0) return "0";
  std::array<char, 32> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(number), std::chars_format::scientific);
  const std::string_view shortest(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
  // "d.ddde+xx": the digits, and where the point stands among them (ECMA-262, Number::toString).
  const std::size_t e = shortest.find('e');
  std::string digits(1, shortest[0]);
  if (e > 2) digits += shortest.substr(2, e - 2);
  const int point = std::stoi(std::string(shortest.substr(e + 1))) + 1;
  const int count = static_cast<int>(digits.size());
  std::string text;
  if (point > 21 || point <= -6) {
    text = digits.substr(0, 1);
    if (count > 1) text += '.' + digits.substr(1);
    text += (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
  } else if (point <= 0) {
    text = "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else if (count <= point) {
    text = digits + std::string(static_cast<std::size_t>(point - count), '0');
  } else {
    text = digits.substr(0, static_cast<std::size_t>(point)) + '.' + digits.substr(static_cast<std::size_t>(point));
  }
  return number < 0 ? '-' + text : text;
}

std::string to_js_string(const Any& value) {
  if (value.is_undefined()) return "undefined";
  if (value.is_null()) return "null";
  if (const bool* flag = value.as_bool()) return *flag ? "true" : "false";
  if (const double* number = value.as_number()) return to_js_string(*number);
  if (const BigInt* number = value.as_bigint()) return std::to_string(number->value);
  if (const std::string* text = value.as_string()) return *text;
  std::string joined;
  if (const Bytes* bytes = value.as_bytes()) {
    for (const std::uint8_t octet : *bytes) joined += (joined.empty() ? "" : ",") + std::to_string(octet);
    return joined;
  }
  if (const AnyArray* array = value.as_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      const Any& element = (*array)[i];
      if (i > 0) joined += ',';
      if (!element.is_undefined() && !element.is_null()) joined += to_js_string(element);
    }
    return joined;
  }
  return "[object Object]";
}

}  // namespace bossey::lib0
