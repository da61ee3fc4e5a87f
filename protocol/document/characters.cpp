#include "document/characters.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

namespace bossey::document {

namespace {

constexpr char32_t kReplacement = U'\uFFFD';

using Range = std::pair<char32_t, char32_t>;

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, char32_t c) {
  const auto* after = std::upper_bound(ranges.begin(), ranges.end(), c,
                                       [](char32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->second;
}

constexpr std::array<Range, 58> kPunctuation{{
    {0x21, 0x2F},     {0x3A, 0x40},     {0x5B, 0x60},     {0x7B, 0x7E},       {0xA1, 0xA1},     {0xA7, 0xA7},
    {0xAB, 0xAB},     {0xB6, 0xB7},     {0xBB, 0xBB},     {0xBF, 0xBF},       {0x37E, 0x37E},   {0x387, 0x387},
    {0x55A, 0x55F},   {0x589, 0x58A},   {0x5BE, 0x5BE},   {0x5C0, 0x5C0},     {0x5C3, 0x5C3},   {0x5C6, 0x5C6},
    {0x5F3, 0x5F4},   {0x60C, 0x60D},   {0x61B, 0x61B},   {0x61E, 0x61F},     {0x66A, 0x66D},   {0x6D4, 0x6D4},
    {0x964, 0x965},   {0x970, 0x970},   {0x104A, 0x104F}, {0x1361, 0x1368},   {0x17D4, 0x17D6}, {0x17D8, 0x17DA},
    {0x2010, 0x2027}, {0x2030, 0x2043}, {0x2045, 0x2051}, {0x2053, 0x205E},   {0x3001, 0x3003}, {0x3008, 0x3011},
    {0x3014, 0x301F}, {0x3030, 0x3030}, {0x303D, 0x303D}, {0x30A0, 0x30A0},   {0x30FB, 0x30FB}, {0xFE10, 0xFE19},
    {0xFE30, 0xFE52}, {0xFE54, 0xFE61}, {0xFE63, 0xFE63}, {0xFE68, 0xFE68},   {0xFE6A, 0xFE6B}, {0xFF01, 0xFF03},
    {0xFF05, 0xFF0A}, {0xFF0C, 0xFF0F}, {0xFF1A, 0xFF1B}, {0xFF1F, 0xFF20},   {0xFF3B, 0xFF3D}, {0xFF3F, 0xFF3F},
    {0xFF5B, 0xFF5B}, {0xFF5D, 0xFF5D}, {0xFF5F, 0xFF65}, {0x10100, 0x10102},
}};

constexpr std::array<Range, 20> kSymbols{{
    {0xA2, 0xA6},     {0xA8, 0xA9},     {0xAC, 0xAC},     {0xAE, 0xB1},     {0xB4, 0xB4},
    {0xB8, 0xB8},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2C2, 0x2C5},   {0x606, 0x608},
    {0x2044, 0x2044}, {0x2052, 0x2052}, {0x20A0, 0x20CF}, {0x2100, 0x2BFF}, {0x3004, 0x3004},
    {0x3012, 0x3013}, {0x3020, 0x3020}, {0x309B, 0x309C}, {0xFF04, 0xFF04}, {0x1F000, 0x1FAFF},
}};

constexpr std::array<Range, 12> kIdeographic{{
    {0x2E80, 0x2FDF},
    {0x3005, 0x3007},
    {0x3021, 0x3029},
    {0x3031, 0x3035},
    {0x3041, 0x3096},
    {0x309D, 0x309F},
    {0x30A1, 0x30FA},
    {0x30FC, 0x30FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF},
    {0x20000, 0x3FFFD},
}};

/// Reads one code point at `at`. On malformed input gives U+FFFD and the length of the longest valid beginning, at
/// least 1 (the practice of the Unicode standard, table 3-8).
struct Decoded {
  char32_t c;
  std::size_t length;
  bool ok;
};

Decoded decode_one(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {kReplacement, 1, false};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t c = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i >= text.size()) return {kReplacement, i, false};
    const unsigned next = byte(at + i);
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (i == 1) {
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    }
    if (next < low || next > high) return {kReplacement, i, false};
    c = (c << 6U) | (next & 0x3FU);
  }
  return {c, length, true};
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded one = decode_one(text, at);
    out.push_back(one.c);
    at += one.length;
  }
  return out;
}

std::size_t first_malformed_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded one = decode_one(text, at);
    if (!one.ok) return at;
    at += one.length;
  }
  return std::string_view::npos;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

std::string encode_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

namespace {

/// nullopt if the library refuses.
std::optional<std::string> map_utf8(const std::string& utf8, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()), static_cast<utf8proc_ssize_t>(utf8.size()),
                   &mapped, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(mapped, &std::free);
  if (length < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
}

}  // namespace

std::string case_fold(std::string_view text) {
  return map_utf8(std::string(text), UTF8PROC_CASEFOLD).value_or(std::string(text));
}

std::u32string to_nfc(std::u32string_view text) {
  // Below U+0300 nothing composes or decomposes under NFC.
  if (std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x300; })) return std::u32string(text);
  // Stable: characters of later versions of Unicode are not composed with.
  const auto composed = map_utf8(encode_utf8(text), UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  return composed ? decode_utf8(*composed) : std::u32string(text);
}

bool is_plain_space(char32_t c) {
  return c == U' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_wide_space(char32_t c) {
  return is_plain_space(c) || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_control(char32_t c) {
  return (c < 0x20 || c == 0x7F) && !is_plain_space(c);
}

bool is_punctuation(char32_t c) {
  return in(kPunctuation, c);
}

bool is_punctuation_or_symbol(char32_t c) {
  return in(kPunctuation, c) || in(kSymbols, c);
}

bool is_lower_letter(char32_t c) {
  if (c >= U'a' && c <= U'z') return true;
  if (c >= 0xDF && c <= 0xFF) return c != 0xF7;
  if (c >= 0x100 && c <= 0x137) return c % 2 == 1;
  if (c >= 0x138 && c <= 0x148) return c % 2 == 0;
  if (c >= 0x149 && c <= 0x177) return c % 2 == 1;
  if (c >= 0x178 && c <= 0x17E) return c % 2 == 0;
  return (c >= 0x3AC && c <= 0x3CE) || (c >= 0x430 && c <= 0x45F);
}

bool is_ideographic(char32_t c) {
  return in(kIdeographic, c);
}

}  // namespace bossey::document
