#include "document/inline_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "document/characters.hpp"
#include "document/sentences.hpp"

namespace bossey::document {

namespace {

/// Stands for a line end until it is known whether it is a space or nothing.
constexpr char kLineEnd = '\n';

bool is_ascii_punctuation(char c) {
  return (c >= 0x21 && c <= 0x2F) || (c >= 0x3A && c <= 0x40) || (c >= 0x5B && c <= 0x60) || (c >= 0x7B && c <= 0x7E);
}

class InlineReader {
 public:
  InlineReader(std::string_view text, std::uint32_t& next_bracket) : text_(text), next_bracket_(next_bracket) {}

  Result<std::vector<Inline>> run() {
    while (at_ < text_.size()) {
      if (!step()) return fail(Errc::bad_input, "unexpected mark");
    }
    if (!open_.empty() || strong_ || em_) return fail(Errc::bad_input, "unclosed mark");
    join_lines();
    return std::move(out_);
  }

 private:
  /// A `[` that is open: a bracket if `]` follows, a link if `](` does.
  struct Open {
    std::size_t first;  ///< Index of the first inline within.
    std::uint32_t number;
  };

  bool step() {
    const char c = text_[at_];
    const std::string_view rest = text_.substr(at_);
    if (c == '\\') return backslash();
    if (c == '*') return asterisks();
    if (c == '[') return opening(rest);
    if (c == ']') return closing();
    if (c == '<') return tag(rest);
    if (rest.starts_with("&#x")) return reference(rest);
    put(c);
    ++at_;
    return true;
  }

  void put(char c) {
    if (out_.empty() || out_.back().kind != InlineKind::text || fresh_) out_.push_back(text_run({}, marks()));
    fresh_ = false;
    out_.back().text += c;
  }

  [[nodiscard]] Marks marks() const {
    Marks marks;
    marks.strong = strong_;
    marks.em = em_;
    return marks;
  }

  bool backslash() {
    if (at_ + 1 >= text_.size()) return false;
    const char next = text_[at_ + 1];
    if (next == '\n') {
      out_.push_back(hard_break());
    } else if (is_ascii_punctuation(next)) {
      put(next);
    } else {
      return false;
    }
    at_ += 2;
    return true;
  }

  bool asterisks() {
    std::size_t count = 0;
    while (at_ + count < text_.size() && text_[at_ + count] == '*') ++count;
    if (count > 3) return false;
    if (count != 1) strong_ = !strong_;
    if (count != 2) em_ = !em_;
    fresh_ = true;
    at_ += count;
    return true;
  }

  bool opening(std::string_view rest) {
    if (rest.starts_with("[^")) {
      std::size_t end = 2;
      while (end < rest.size() && is_ascii_digit(static_cast<unsigned char>(rest[end]))) ++end;
      if (end == 2 || end > 9 || end >= rest.size() || rest[end] != ']') return false;
      out_.push_back(footnote({text_run(std::string(rest.substr(2, end - 2)))}));
      at_ += end + 1;
      return true;
    }
    if (open_.size() > kMaxBracketDepth) return false;
    open_.push_back({out_.size(), next_bracket_++});
    fresh_ = true;
    ++at_;
    return true;
  }

  bool closing() {
    if (open_.empty()) return false;
    const Open open = open_.back();
    open_.pop_back();
    fresh_ = true;
    ++at_;
    std::optional<std::string> href;
    if (at_ < text_.size() && text_[at_] == '(') {
      href = destination();
      if (!href) return false;
    }
    for (std::size_t i = open.first; i < out_.size(); ++i) {
      Marks& marks = out_[i].marks;
      if (out_[i].kind != InlineKind::text) continue;
      if (href) {
        marks.link = *href;
      } else {
        marks.brackets.insert(marks.brackets.begin(), std::to_string(open.number));
      }
    }
    return true;
  }

  std::optional<std::string> destination() {
    std::string href;
    ++at_;
    const bool angled = at_ < text_.size() && text_[at_] == '<';
    if (angled) ++at_;
    const char end = angled ? '>' : ')';
    while (at_ < text_.size() && text_[at_] != end && text_[at_] != '\n') {
      if (angled && text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      href += text_[at_];
      at_ += angled && text_.substr(at_).starts_with("&amp;") ? 5 : 1;
    }
    if (at_ >= text_.size() || text_[at_] != end) return std::nullopt;
    ++at_;
    if (angled && (at_ >= text_.size() || text_[at_++] != ')')) return std::nullopt;
    return href;
  }

  bool tag(std::string_view rest) {
    struct Tag {
      std::string_view text;
      bool InlineReader::*mark;
      bool value;
    };
    static constexpr std::array<Tag, 4> kTags{{{"<strong>", &InlineReader::strong_, true},
                                               {"</strong>", &InlineReader::strong_, false},
                                               {"<em>", &InlineReader::em_, true},
                                               {"</em>", &InlineReader::em_, false}}};
    for (const Tag& known : kTags) {
      if (!rest.starts_with(known.text)) continue;
      this->*known.mark = known.value;
      fresh_ = true;
      at_ += known.text.size();
      return true;
    }
    constexpr std::string_view kBreak = "<br>";
    if (!rest.starts_with(kBreak)) return false;
    out_.push_back(hard_break());
    at_ += kBreak.size();
    return true;
  }

  bool reference(std::string_view rest) {
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos || end > 9) return false;
    char32_t c = 0;
    for (const char digit : rest.substr(3, end - 3)) {
      const bool decimal = digit >= '0' && digit <= '9';
      if (!decimal && !(digit >= 'a' && digit <= 'f')) return false;
      c = c * 16 + static_cast<char32_t>(decimal ? digit - '0' : digit - 'a' + 10);
    }
    if (c < 0x20 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return false;
    std::string octets;
    append_utf8(octets, c);
    for (const char octet : octets) put(octet);
    at_ += end + 1;
    return true;
  }

  /// Line ends become a space, or nothing after a Chinese full stop.
  void join_lines() {
    std::u32string before;
    for (Inline& one : out_) {
      if (one.kind == InlineKind::footnote) before.push_back(kAtom);
      if (one.kind == InlineKind::hard_break) before.push_back(U'\u2028');
      if (one.kind != InlineKind::text) continue;
      std::u32string joined;
      for (const char32_t c : decode_utf8(one.text)) {
        if (c == static_cast<char32_t>(kLineEnd)) {
          if (joins_without_space(before, before.size())) continue;
          joined.push_back(U' ');
        } else {
          joined.push_back(c);
        }
        before.push_back(joined.back());
      }
      one.text = encode_utf8(joined);
    }
  }

  std::string_view text_;
  std::uint32_t& next_bracket_;
  std::vector<Inline> out_;
  std::vector<Open> open_;
  std::size_t at_ = 0;
  bool strong_ = false;
  bool em_ = false;
  bool fresh_ = false;  ///< Marks have changed: the next character begins a run.
};

}  // namespace

Result<std::vector<Inline>> read_inlines(std::string_view markdown, std::uint32_t& next_bracket) {
  return InlineReader(markdown, next_bracket).run();
}

}  // namespace bossey::document
