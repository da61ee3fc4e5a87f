// UTF-8 measured in UTF-16 code units, as Yjs counts text. Used by the decoder, the contents of items and sorting.
// It knows nothing of languages, normal forms or sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bossey::lib0 {

/// Number of UTF-16 code units of well-formed UTF-8; nullopt if it is not well-formed (surrogates are not).
[[nodiscard]] std::optional<std::uint64_t> checked_utf16_length(std::string_view text);

/// The same for text that is known to be well-formed.
[[nodiscard]] std::uint64_t utf16_length(std::string_view text);

/// A place in UTF-8 given in UTF-16 code units.
struct Utf8Place {
  std::size_t byte;  ///< Of the character at or after the place; of the character it cuts if it cuts one.
  bool splits_pair;  ///< The place is between the two halves of a surrogate pair (4 octets of UTF-8).
};

/// `units` at most the length of the text.
[[nodiscard]] Utf8Place place_of_utf16(std::string_view text, std::uint64_t units);

/// Order of JavaScript's `<` on strings: by UTF-16 code units.
[[nodiscard]] bool utf16_less(std::string_view a, std::string_view b);

/// Lone surrogates, which JSON text can smuggle in as three octets, become U+FFFD.
[[nodiscard]] std::string replace_surrogates(std::string_view text);
[[nodiscard]] bool has_surrogates(std::string_view text);

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  ///< U+FFFD

}  // namespace bossey::lib0
