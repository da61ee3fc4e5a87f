#include "document/sentences.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "document/characters.hpp"

namespace bossey::document {

namespace {

using Text = std::span<const char32_t>;

/// Chinese and Japanese full stops, question and exclamation marks: no space follows them.
bool is_cjk_stop(char32_t c) {
  return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF0E || c == 0xFF61;
}

/// Marks at the end of a sentence that a space follows: Latin, Arabic, Urdu, Indic, Armenian, Ethiopic, Khmer.
bool is_spaced_stop(char32_t c) {
  constexpr std::u32string_view kStops = U".!?\u2026\u061F\u06D4\u0964\u0965\u0589\u1362\u17D4";
  return kStops.find(c) != std::u32string_view::npos;
}

/// What may stand between the stop and the line end: closing quotes and brackets, footnote marks.
bool is_closer(char32_t c) {
  constexpr std::u32string_view kClosers =
      U"\"')]}\u00BB\u203A\u2019\u201D\u300B\u3009\u300D\u300F\u3011\u3015\u301E\u301F\uFF09\uFF3D\uFF5D\uFF63";
  return c == kAtom || kClosers.find(c) != std::u32string_view::npos;
}

bool is_opener(char32_t c) {
  constexpr std::u32string_view kOpeners = U"\"'([{\u00AB\u2039\u2018\u201C\u00BF\u00A1";
  return kOpeners.find(c) != std::u32string_view::npos;
}

/// Letters and digits as the rule counts them for the word before a full stop.
bool is_word_character(char32_t c) {
  return is_ascii_alnum(c) || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c <= 0x1FFF);
}

constexpr std::array<std::u32string_view, 50> kAbbreviations{
    U"Mr", U"Mrs",  U"Ms",  U"Dr",  U"Prof", U"St",  U"Gen",  U"Sen",  U"Rep",  U"Rev",  U"Hon", U"Amb", U"No",
    U"no", U"Nos",  U"nos", U"Nr",  U"Art",  U"art", U"Arts", U"arts", U"Para", U"para", U"Sec", U"sec", U"Ch",
    U"ch", U"chap", U"Fig", U"fig", U"Figs", U"Vol", U"vol",  U"pp",   U"cf",   U"Cf",   U"vs",  U"ca",  U"approx",
    U"al", U"ed",   U"eds", U"Ed",  U"Eds",  U"MM",  U"Mme",  U"Mlle", U"Sr",   U"Sra",  U"viz",
};

/// Whether the full stop at `stop` ends an abbreviation, an initial or a paragraph's own number.
bool belongs_to_word(Text text, std::size_t stop) {
  std::size_t begin = stop;
  while (begin > 0 && is_word_character(text[begin - 1])) --begin;
  const std::size_t length = stop - begin;
  if (length == 0) return false;
  if (begin == 0) return true;
  if (length == 1) return !is_ascii_digit(text[begin]);
  const std::u32string_view word(text.data() + begin, length);
  return std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
}

/// The place of the character before `at`, closers skipped; `at` itself if there is none.
std::size_t before_closers(Text text, std::size_t at) {
  std::size_t i = at;
  while (i > 0 && is_closer(text[i - 1])) --i;
  return i == 0 ? at : i - 1;
}

}  // namespace

bool joins_without_space(Text text, std::size_t at) {
  const std::size_t stop = before_closers(text, at);
  return stop < at && is_cjk_stop(text[stop]);
}

SentenceBreak sentence_break(Text text, std::size_t at) {
  if (at == 0 || at >= text.size()) return SentenceBreak::none;
  if (text[at] != U' ') {
    // A closer or another stop still belongs to the sentence; next to a line end or a space nothing is added.
    const char32_t c = text[at];
    if (is_closer(c) || is_cjk_stop(c) || is_spaced_stop(c) || is_plain_space(c)) return SentenceBreak::none;
    return joins_without_space(text, at) ? SentenceBreak::before_char : SentenceBreak::none;
  }
  const std::size_t stop = before_closers(text, at);
  if (stop == at || !is_spaced_stop(text[stop])) return SentenceBreak::none;
  if (text[stop] == U'.' && belongs_to_word(text, stop)) return SentenceBreak::none;
  std::size_t next = at + 1;
  while (next < text.size() && (is_opener(text[next]) || text[next] == kAtom)) ++next;
  if (next >= text.size() || is_plain_space(text[next]) || is_lower_letter(text[next])) return SentenceBreak::none;
  return SentenceBreak::at_space;
}

}  // namespace bossey::document
