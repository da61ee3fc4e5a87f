// Characters as canonical text, redlines and HTML need them: UTF-8 both ways, NFC, and fixed classes of characters.
// The classes are tables of our own: they must not change with a library (docs/formats/canonical.md).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bossey::document {

/// Code points; each malformed sequence becomes U+FFFD.
[[nodiscard]] std::u32string decode_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t c);
[[nodiscard]] std::string encode_utf8(std::u32string_view text);
/// Offset of the first octet that is not well-formed UTF-8; npos if all is.
[[nodiscard]] std::size_t first_malformed_utf8(std::string_view text);

/// Normalization form C.
[[nodiscard]] std::u32string to_nfc(std::u32string_view text);

/// For comparing labels as cmark does. Not for anything that is kept.
[[nodiscard]] std::string case_fold(std::string_view text);

/// Space, tab, line ends of every kind: what becomes one space. A no-break space is text.
[[nodiscard]] bool is_plain_space(char32_t c);
/// Any character that has width and no ink, no-break space included.
[[nodiscard]] bool is_wide_space(char32_t c);
/// C0 and DEL, other than spaces.
[[nodiscard]] bool is_control(char32_t c);
/// Punctuation for certain: emphasis rules of every Markdown reader treat it so.
[[nodiscard]] bool is_punctuation(char32_t c);
/// Punctuation, or a symbol that some Markdown readers treat as punctuation.
[[nodiscard]] bool is_punctuation_or_symbol(char32_t c);
/// A small letter of Latin, Greek or Cyrillic.
[[nodiscard]] bool is_lower_letter(char32_t c);
/// Han, kana, and the like: written without spaces between words.
[[nodiscard]] bool is_ideographic(char32_t c);
[[nodiscard]] constexpr bool is_ascii_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
[[nodiscard]] constexpr bool is_ascii_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
[[nodiscard]] constexpr bool is_ascii_alnum(char32_t c) {
  return is_ascii_digit(c) || is_ascii_letter(c);
}

}  // namespace bossey::document
