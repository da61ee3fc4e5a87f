#include "consensus/json_lines.hpp"

namespace bossey::consensus {

std::string json_text(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (octet < 0x20) {
      out += "\\u00";
      out += kDigits[octet >> 4];
      out += kDigits[octet & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::optional<Sha256> digest(std::string_view hex) {
  if (hex.size() != 64) return std::nullopt;
  const auto nibble = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  Sha256 out;
  for (std::size_t i = 0; i < 32; ++i) {
    const int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.octets[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

void Lines::add(std::string_view key, const std::string& value) {
  out_ += out_.empty() ? "{\n  " : ",\n  ";
  out_ += json_text(key) + ": " + value;
}

}  // namespace bossey::consensus
