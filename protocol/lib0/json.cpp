#include "lib0/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "lib0/limits.hpp"
#include "lib0/utf8.hpp"

namespace bossey::lib0 {
namespace {

void append_code_point(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | code >> 6U);
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | code >> 12U);
    out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | code >> 18U);
    out += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
    out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Any> document() {
    BOSSEY_TRY(Any value, this->value(0));
    skip_space();
    if (at_ != text_.size()) return bad("text after the value");
    return value;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> bad(const char* what) const {
    return fail(Errc::bad_input, std::string("JSON text: ") + what + " at character " + std::to_string(at_));
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }

  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Result<Any> value(int depth) {
    if (depth > limits::kNestingMax)
      return fail(Errc::too_large, "JSON text nested over " + std::to_string(limits::kNestingMax) + " deep");
    skip_space();
    if (take("null")) return Any(Null{});
    if (take("true")) return Any(true);
    if (take("false")) return Any(false);
    switch (peek()) {
      case '"': {
        BOSSEY_TRY(std::string text, string());
        return Any(std::move(text));
      }
      case '[':
        return array(depth);
      case '{':
        return object(depth);
      default:
        return number();
    }
  }

  Result<Any> array(int depth) {
    ++at_;
    AnyArray elements;
    skip_space();
    if (take("]")) return Any(std::move(elements));
    for (;;) {
      BOSSEY_TRY(Any element, value(depth + 1));
      elements.push_back(std::move(element));
      skip_space();
      if (take("]")) return Any(std::move(elements));
      if (!take(",")) return bad("no comma");
    }
  }

  Result<Any> object(int depth) {
    ++at_;
    std::vector<AnyObject::Entry> entries;
    skip_space();
    if (take("}")) return Any(AnyObject::from_entries(std::move(entries)));
    for (;;) {
      skip_space();
      if (peek() != '"') return bad("no key");
      BOSSEY_TRY(std::string key, string());
      skip_space();
      if (!take(":")) return bad("no colon");
      BOSSEY_TRY(Any element, value(depth + 1));
      entries.emplace_back(std::move(key), std::move(element));
      skip_space();
      if (take("}")) return Any(AnyObject::from_entries(std::move(entries)));
      if (!take(",")) return bad("no comma");
    }
  }

  [[nodiscard]] bool digit() const { return peek() >= '0' && peek() <= '9'; }

  Result<Any> number() {
    const std::size_t start = at_;
    take("-");
    if (!digit()) return bad("no value");
    if (!take("0")) {
      while (digit()) ++at_;
    }
    if (take(".")) {
      if (!digit()) return bad("no digit");
      while (digit()) ++at_;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digit()) return bad("no digit");
      while (digit()) ++at_;
    }
    const std::string_view digits = text_.substr(start, at_ - start);
    double number = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (result.ec == std::errc::result_out_of_range) number = out_of_range(digits);
    return Any(number);
  }

  /// from_chars says only that a number is too large or too small.
  static double out_of_range(std::string_view digits) {
    const bool negative = digits.front() == '-';
    const std::size_t e = digits.find_first_of("eE");
    const bool tiny = e != std::string_view::npos ? digits[e + 1] == '-' : digits.find('.') != std::string_view::npos;
    const double magnitude = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return negative ? -magnitude : magnitude;
  }

  Result<std::uint32_t> four_hex() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = peek();
      std::uint32_t nibble = 0;
      if (c >= '0' && c <= '9')
        nibble = static_cast<std::uint32_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        nibble = static_cast<std::uint32_t>(c - 'a') + 10;
      else if (c >= 'A' && c <= 'F')
        nibble = static_cast<std::uint32_t>(c - 'A') + 10;
      else
        return bad("no hexadecimal digit");
      code = code * 16 + nibble;
      ++at_;
    }
    return code;
  }

  Result<void> unicode_escape(std::string& out) {
    BOSSEY_TRY(std::uint32_t code, four_hex());
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const std::size_t second = at_;
      at_ += 2;
      BOSSEY_TRY(const std::uint32_t low, four_hex());
      if (low >= 0xDC00 && low < 0xE000)
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
      else
        at_ = second;
    }
    append_code_point(out, code);
    return {};
  }

  Result<std::string> string() {
    ++at_;
    std::string out;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) return bad("a control character");
      if (c != '\\') {
        out += c;
        continue;
      }
      const char escaped = peek();
      ++at_;
      switch (escaped) {
        case '"':
        case '\\':
        case '/':
          out += escaped;
          break;
        case 'b':
          out += '\b';
          break;
        case 'f':
          out += '\f';
          break;
        case 'n':
          out += '\n';
          break;
        case 'r':
          out += '\r';
          break;
        case 't':
          out += '\t';
          break;
        case 'u':
          BOSSEY_TRY_VOID(unicode_escape(out));
          break;
        default:
          return bad("an unknown escape");
      }
    }
    return bad("a string without end");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void append_u_escape(std::string& out, std::uint32_t unit) {
  std::array<char, 8> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), unit, 16);
  const std::string_view hex(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
  out += "\\u";
  out.append(4 - hex.size(), '0');
  out += hex;
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    switch (text[i]) {
      case '"':
        out += "\\\"";
        continue;
      case '\\':
        out += "\\\\";
        continue;
      case '\b':
        out += "\\b";
        continue;
      case '\f':
        out += "\\f";
        continue;
      case '\n':
        out += "\\n";
        continue;
      case '\r':
        out += "\\r";
        continue;
      case '\t':
        out += "\\t";
        continue;
      default:
        break;
    }
    if (octet < 0x20) {
      append_u_escape(out, octet);
    } else if (octet == 0xED && i + 2 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      const auto third = static_cast<unsigned char>(text[i + 2]);
      append_u_escape(out, 0xD000U | (second & 0x3FU) << 6U | (third & 0x3FU));
      i += 2;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

void append(std::string& out, const Any& value);

void append_object(std::string& out, const AnyObject& object) {
  out += '{';
  bool first = true;
  for (const auto& [key, element] : object) {
    if (element.is_undefined()) continue;
    if (!first) out += ',';
    first = false;
    append_string(out, key);
    out += ':';
    append(out, element);
  }
  out += '}';
}

void append(std::string& out, const Any& value) {
  if (const double* number = value.as_number()) {
    out += std::isfinite(*number) ? to_js_string(*number) : "null";
  } else if (const std::string* text = value.as_string()) {
    append_string(out, *text);
  } else if (const AnyArray* array = value.as_array()) {
    out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ',';
      append(out, (*array)[i]);
    }
    out += ']';
  } else if (const AnyObject* object = value.as_object()) {
    append_object(out, *object);
  } else if (const Bytes* bytes = value.as_bytes()) {
    // A Uint8Array is an object with indices for keys.
    out += '{';
    for (std::size_t i = 0; i < bytes->size(); ++i) {
      out += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":" + std::to_string((*bytes)[i]);
    }
    out += '}';
  } else {
    out += value.is_undefined() ? "null" : to_js_string(value);
  }
}

}  // namespace

Result<Any> parse_json(std::string_view text) {
  return Parser(text).document();
}

std::string to_json(const Any& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace bossey::lib0
