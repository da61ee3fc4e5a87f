// The JSON object of an event, read member by member: used by event.cpp and by the sources that write events of one
// kind of their own. No rules: what a fact means is the fold's.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"

namespace bossey::group {

/// Reads members of an object; remembers whether one was missing or of a wrong type.
class Fields {
 public:
  explicit Fields(const nlohmann::json& object) : object_(object) {}

  [[nodiscard]] std::string text(const char* key) { return get(key, &nlohmann::json::is_string, std::string()); }
  [[nodiscard]] std::uint64_t number(const char* key) {
    return get(key, &nlohmann::json::is_number_unsigned, std::uint64_t{0});
  }
  [[nodiscard]] bool flag(const char* key) { return get(key, &nlohmann::json::is_boolean, false); }
  [[nodiscard]] std::optional<SectionId> section_if_any(const char* key) {
    if (!object_.contains(key)) return std::nullopt;
    return SectionId{text(key)};
  }
  [[nodiscard]] std::optional<PersonId> person_if_any(const char* key) {
    if (!object_.contains(key)) return std::nullopt;
    return PersonId{number(key)};
  }
  [[nodiscard]] std::optional<std::int64_t> time_if_any(const char* key) {
    if (!object_.contains(key)) return std::nullopt;
    return static_cast<std::int64_t>(number(key));
  }
  [[nodiscard]] const nlohmann::json& list(const char* key) {
    static const nlohmann::json kEmpty = nlohmann::json::array();
    const auto at = object_.find(key);
    if (at != object_.end() && at->is_array()) return *at;
    whole_ = false;
    return kEmpty;
  }
  /// Empty if the object has no such member.
  [[nodiscard]] std::string text_if_any(const char* key) { return object_.contains(key) ? text(key) : std::string(); }
  void broken() { whole_ = false; }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  template <class T>
  T get(const char* key, bool (nlohmann::json::*is)() const noexcept, T otherwise) {
    const auto at = object_.find(key);
    if (at != object_.end() && ((*at).*is)()) return at->get<T>();
    whole_ = false;
    return otherwise;
  }

  const nlohmann::json& object_;
  bool whole_ = true;
};

}  // namespace bossey::group
