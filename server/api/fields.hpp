// The JSON object of a request's body, read field by field into typed values. Every reader checks type and bounds and
// says in words which field is wrong. Used by the routes; no JSON goes further inside than these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"

namespace bossey::api {

inline constexpr std::size_t kJsonDepth_max = 16;

/// Bounds of one line of text: octets of UTF-8, no control characters. `lines` allows line ends and tabs.
struct TextBounds {
  std::size_t min_bytes = 1;
  std::size_t max_bytes = 1'000;
  bool lines = false;
};

class Fields {
 public:
  /// Parses a body that must be one JSON object in UTF-8. Error: bad_input.
  [[nodiscard]] static Result<Fields> parse(std::string_view body);
  Fields() : object_(nlohmann::json::object()) {}

  /// Error of all: bad_input, naming the field.
  [[nodiscard]] Result<std::string> text(const char* name, TextBounds bounds) const;
  /// Nothing when the field is absent or null.
  [[nodiscard]] Result<std::optional<std::string>> optional_text(const char* name, TextBounds bounds) const;
  /// Any text, control characters included, for a reader that looks at them itself.
  [[nodiscard]] Result<std::string> raw_text(const char* name, std::size_t max_bytes) const;
  [[nodiscard]] Result<std::uint64_t> number(const char* name, std::uint64_t max) const;
  [[nodiscard]] Result<std::optional<std::uint64_t>> optional_number(const char* name, std::uint64_t max) const;
  /// False when absent or null.
  [[nodiscard]] Result<bool> flag(const char* name) const;
  [[nodiscard]] Result<std::optional<Sha256>> optional_sha256(const char* name) const;
  [[nodiscard]] Result<SectionId> section(const char* name) const;
  [[nodiscard]] Result<std::optional<SectionId>> optional_section(const char* name) const;
  /// The objects of a list, none when it is absent; at most `max`.
  [[nodiscard]] Result<std::vector<Fields>> objects(const char* name, std::size_t max) const;
  /// Whole numbers from 0, none when it is absent; at most `max`.
  [[nodiscard]] Result<std::vector<std::uint64_t>> numbers(const char* name, std::size_t max) const;
  /// The idempotency key of a command: 8 to 64 characters.
  [[nodiscard]] Result<std::string> key() const;
  /// All fields, for a reader that checks each itself.
  [[nodiscard]] const nlohmann::json& all() const { return object_; }

 private:
  explicit Fields(nlohmann::json object) : object_(std::move(object)) {}
  /// Null when absent or null.
  [[nodiscard]] const nlohmann::json* find(const char* name) const;

  nlohmann::json object_;
};

/// 64 hexadecimal characters; nothing for anything else.
[[nodiscard]] std::optional<Sha256> sha256_from_hex(std::string_view hex);

}  // namespace bossey::api
