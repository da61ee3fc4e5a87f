#include "api/fields.hpp"

#include <algorithm>
#include <utility>

#include "group/commands.hpp"

namespace bossey::api {

namespace {

/// Depth of brackets outside of strings. Parsing is not recursive, but writing and destroying may be.
std::size_t depth_of(std::string_view json) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

tl::unexpected<Error> bad_field(const char* name, std::string_view problem) {
  return fail(Errc::bad_input, "The field '" + std::string(name) + "' " + std::string(problem) + ".");
}

bool has_control_characters(std::string_view text, bool lines) {
  return std::any_of(text.begin(), text.end(), [lines](char c) {
    if (lines && (c == '\n' || c == '\r' || c == '\t')) return false;
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

}  // namespace

std::optional<Sha256> sha256_from_hex(std::string_view hex) {
  Sha256 digest;
  if (hex.size() != 2 * digest.octets.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.octets.size(); ++i) {
    const auto high = hex_digit(hex[2 * i]);
    const auto low = hex_digit(hex[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    digest.octets[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return digest;
}

Result<Fields> Fields::parse(std::string_view body) {
  if (depth_of(body) > kJsonDepth_max) return fail(Errc::bad_input, "The JSON is nested too deeply.");
  auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object()) return fail(Errc::bad_input, "Send one JSON object in UTF-8 as the body.");
  return Fields(std::move(parsed));
}

const nlohmann::json* Fields::find(const char* name) const {
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

Result<std::optional<std::string>> Fields::optional_text(const char* name, TextBounds bounds) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return bad_field(name, "must be a text");
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() < bounds.min_bytes) return bad_field(name, "is empty or too short");
  if (text.size() > bounds.max_bytes) {
    return fail(Errc::too_large, "The field '" + std::string(name) + "' is longer than " +
                                     std::to_string(bounds.max_bytes) + " bytes. Shorten it.");
  }
  if (has_control_characters(text, bounds.lines)) return bad_field(name, "holds control characters");
  return text;
}

Result<std::string> Fields::text(const char* name, TextBounds bounds) const {
  BOSSEY_TRY(auto text, optional_text(name, bounds));
  if (!text) return bad_field(name, "is missing");
  return *std::move(text);
}

Result<std::string> Fields::raw_text(const char* name, std::size_t max_bytes) const {
  const auto* value = find(name);
  if (value == nullptr || !value->is_string()) return bad_field(name, "must be a text");
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() > max_bytes) {
    return fail(Errc::too_large, "The field '" + std::string(name) + "' is larger than " +
                                     std::to_string(max_bytes >> 20) + " MB. Split it.");
  }
  return text;
}

Result<std::optional<std::uint64_t>> Fields::optional_number(const char* name, std::uint64_t max) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > max) {
    return bad_field(name, "must be a whole number from 0 to " + std::to_string(max));
  }
  return value->get<std::uint64_t>();
}

Result<std::uint64_t> Fields::number(const char* name, std::uint64_t max) const {
  BOSSEY_TRY(const auto number, optional_number(name, max));
  if (!number) return bad_field(name, "is missing");
  return *number;
}

Result<bool> Fields::flag(const char* name) const {
  const auto* value = find(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) return bad_field(name, "must be true or false");
  return value->get<bool>();
}

Result<std::optional<Sha256>> Fields::optional_sha256(const char* name) const {
  BOSSEY_TRY(const auto text, optional_text(name, {}));
  if (!text) return std::nullopt;
  const auto digest = sha256_from_hex(*text);
  if (!digest) return bad_field(name, "must be 64 hexadecimal characters");
  return digest;
}

Result<std::optional<SectionId>> Fields::optional_section(const char* name) const {
  BOSSEY_TRY(auto text, optional_text(name, {.min_bytes = 1, .max_bytes = 64}));
  if (!text) return std::nullopt;
  return SectionId{*std::move(text)};
}

Result<SectionId> Fields::section(const char* name) const {
  BOSSEY_TRY(auto section, optional_section(name));
  if (!section) return bad_field(name, "is missing");
  return *std::move(section);
}

Result<std::vector<Fields>> Fields::objects(const char* name, std::size_t max) const {
  std::vector<Fields> out;
  const nlohmann::json* list = find(name);
  if (list == nullptr) return out;
  if (!list->is_array()) return bad_field(name, "must be a list of objects");
  if (list->size() > max) return bad_field(name, "is too long");
  for (const nlohmann::json& object : *list) {
    if (!object.is_object()) return bad_field(name, "must be a list of objects");
    out.push_back(Fields(object));
  }
  return out;
}

Result<std::vector<std::uint64_t>> Fields::numbers(const char* name, std::size_t max) const {
  std::vector<std::uint64_t> out;
  const nlohmann::json* list = find(name);
  if (list == nullptr) return out;
  if (!list->is_array()) return bad_field(name, "must be a list of numbers");
  if (list->size() > max) return bad_field(name, "is too long");
  for (const nlohmann::json& number : *list) {
    if (!number.is_number_unsigned()) return bad_field(name, "must be a list of numbers");
    out.push_back(number.get<std::uint64_t>());
  }
  return out;
}

Result<std::string> Fields::key() const {
  return text("key", {.min_bytes = group::kKeyMin_bytes, .max_bytes = group::kKeyMax_bytes});
}

}  // namespace bossey::api
