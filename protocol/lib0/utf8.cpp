#include "lib0/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace bossey::lib0 {
namespace {

using Octet = unsigned char;

/// Octets of the character that starts with `lead`; well-formed text only.
std::size_t character_size(Octet lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

bool is_continuation(Octet octet) {
  return (octet & 0xC0U) == 0x80U;
}

/// Size of the well-formed multi-octet character at the start of `text`, 0 if there is none (Unicode, table 3-7).
std::size_t checked_character_size(const Octet* text, std::size_t left) {
  const Octet lead = text[0];
  if (lead >= 0xC2 && lead <= 0xDF) return left >= 2 && is_continuation(text[1]) ? 2 : 0;
  if ((lead & 0xF0U) == 0xE0U) {
    if (left < 3 || !is_continuation(text[1]) || !is_continuation(text[2])) return 0;
    if (lead == 0xE0 && text[1] < 0xA0) return 0;
    if (lead == 0xED && text[1] > 0x9F) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (left < 4 || !is_continuation(text[1]) || !is_continuation(text[2]) || !is_continuation(text[3])) return 0;
    if (lead == 0xF0 && text[1] < 0x90) return 0;
    if (lead == 0xF4 && text[1] > 0x8F) return 0;
    return 4;
  }
  return 0;
}

/// Whether the next eight octets are ASCII.
bool eight_ascii(const Octet* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return (word & 0x8080808080808080U) == 0;
}

}  // namespace

std::optional<std::uint64_t> checked_utf16_length(std::string_view text) {
  const auto* at = reinterpret_cast<const Octet*>(text.data());
  const Octet* const end = at + text.size();
  std::uint64_t units = 0;
  while (at != end) {
    if (end - at >= 8 && eight_ascii(at)) {
      at += 8;
      units += 8;
    } else if (*at < 0x80) {
      ++at;
      ++units;
    } else {
      const std::size_t size = checked_character_size(at, static_cast<std::size_t>(end - at));
      if (size == 0) return std::nullopt;
      at += size;
      units += size == 4 ? 2 : 1;
    }
  }
  return units;
}

std::uint64_t utf16_length(std::string_view text) {
  const auto* at = reinterpret_cast<const Octet*>(text.data());
  const Octet* const end = at + text.size();
  std::uint64_t units = 0;
  while (at != end) {
    if (end - at >= 8 && eight_ascii(at)) {
      at += 8;
      units += 8;
      continue;
    }
    units += is_continuation(*at) ? 0U : (*at >= 0xF0 ? 2U : 1U);
    ++at;
  }
  return units;
}

Utf8Place place_of_utf16(std::string_view text, std::uint64_t units) {
  const auto* octets = reinterpret_cast<const Octet*>(text.data());
  std::size_t byte = 0;
  while (units > 0 && byte < text.size()) {
    if (units >= 8 && text.size() - byte >= 8 && eight_ascii(octets + byte)) {
      byte += 8;
      units -= 8;
      continue;
    }
    const std::size_t size = character_size(octets[byte]);
    if (size == 4) {
      if (units == 1) return {byte, true};
      --units;
    }
    byte += size;
    --units;
  }
  return {byte, false};
}

bool utf16_less(std::string_view a, std::string_view b) {
  const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at_a == a.end() || at_b == b.end()) return at_a == a.end() && at_b != b.end();
  const auto octet_a = static_cast<Octet>(*at_a);
  const auto octet_b = static_cast<Octet>(*at_b);
  // UTF-8 orders as code points do. UTF-16 differs only in that pairs (lead F0..F4) come before U+E000..U+FFFF.
  const bool pair_a = octet_a >= 0xF0;
  const bool pair_b = octet_b >= 0xF0;
  if (pair_a != pair_b) {
    const Octet other = pair_a ? octet_b : octet_a;
    if (other >= 0xEE) return pair_a;
  }
  return octet_a < octet_b;
}

bool has_surrogates(std::string_view text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (static_cast<Octet>(text[i]) == 0xED && static_cast<Octet>(text[i + 1]) >= 0xA0) return true;
  }
  return false;
}

std::string replace_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (i + 2 < text.size() && static_cast<Octet>(text[i]) == 0xED && static_cast<Octet>(text[i + 1]) >= 0xA0) {
      out += kReplacement;
      i += 3;
    } else {
      out += text[i++];
    }
  }
  return out;
}

}  // namespace bossey::lib0
