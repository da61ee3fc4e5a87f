#include "document/inline_writer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "document/characters.hpp"
#include "document/sentences.hpp"

namespace bossey::document {

namespace {

/// Output in pieces: plain Markdown, and the edges of strong and em, whose form depends on their neighbours.
struct Piece {
  enum class Kind : std::uint8_t { raw, open_strong, close_strong, open_em, close_em };
  Kind kind = Kind::raw;
  std::string raw;
};

bool is_edge(const Piece& piece) {
  return piece.kind != Piece::Kind::raw;
}

/// First pass: escapes, brackets, links, footnotes, line ends.
class PieceMaker {
 public:
  PieceMaker(const Cells& cells, InlinePlace place, std::vector<const Inline*>& notes)
      : all_(cells), place_(place), notes_(notes), characters_(cells.characters()) {}

  std::vector<Piece> run() {
    for (at_ = 0; at_ < all_.cells.size(); ++at_) step(all_.cells[at_]);
    change_marks(Cell{});
    return std::move(pieces_);
  }

 private:
  void step(const Cell& cell) {
    const SentenceBreak ends = place_ == InlinePlace::lines ? sentence_break(characters_, at_) : SentenceBreak::none;
    if (ends == SentenceBreak::before_char) {
      close_marks_not_on(cell);
      end_line("\n");
    }
    change_marks(cell);
    if (cell.note != nullptr) {
      notes_.push_back(cell.note);
      protect_bang();
      raw("[^" + std::to_string(notes_.size()) + "]");
      after_closing_ = true;
    } else if (cell.c == kHardBreak) {
      place_ == InlinePlace::lines ? end_line("\\\n") : raw("<br>");
    } else if (ends == SentenceBreak::at_space) {
      end_line("\n");
    } else {
      character(cell);
    }
  }

  void raw(std::string_view text) {
    if (pieces_.empty() || is_edge(pieces_.back())) pieces_.emplace_back();
    pieces_.back().raw += text;
    line_start_ = false;
    after_opening_ = false;
    after_closing_ = false;
    lone_opening_ = false;
  }

  void edge(Piece::Kind kind) {
    pieces_.push_back({kind, {}});
    line_start_ = false;
    after_opening_ = false;
    after_closing_ = false;
    lone_opening_ = false;
  }

  void end_line(std::string_view text) {
    raw(text);
    line_start_ = true;
  }

  /// `!` straight before `[` would begin an image.
  void protect_bang() {
    if (pieces_.empty() || is_edge(pieces_.back())) return;
    std::string& last = pieces_.back().raw;
    if (last.ends_with('!')) last.insert(last.size() - 1, 1, '\\');
  }

  void open_square() {
    const bool at_start = line_start_ && place_ == InlinePlace::lines;
    protect_bang();
    raw("[");
    after_opening_ = true;
    lone_opening_ = at_start;
  }

  /// Closes what `cell` does not carry, and whatever lies within that.
  void close_marks_not_on(const Cell& cell) {
    const auto& wanted = all_.brackets[cell.brackets];
    const auto kept = static_cast<std::size_t>(
        std::mismatch(brackets_.begin(), brackets_.end(), wanted.begin(), wanted.end()).first - brackets_.begin());
    const bool brackets_change = kept < brackets_.size() || kept < wanted.size();
    const bool link_changes = brackets_change || now_.link != cell.link;
    const bool strong_changes = link_changes || now_.strong != cell.strong;
    if (now_.em && (strong_changes || !cell.em)) {
      edge(Piece::Kind::close_em);
      now_.em = false;
    }
    if (now_.strong && (link_changes || !cell.strong)) {
      edge(Piece::Kind::close_strong);
      now_.strong = false;
    }
    if (now_.link != 0 && link_changes) {
      raw("](" + destination(all_.links[now_.link]) + ")");
      now_.link = 0;
    }
    for (; brackets_.size() > kept; brackets_.pop_back()) {
      raw("]");
      after_closing_ = true;
    }
  }

  void change_marks(const Cell& cell) {
    close_marks_not_on(cell);
    const auto& wanted = all_.brackets[cell.brackets];
    while (brackets_.size() < wanted.size()) {
      open_square();
      brackets_.push_back(wanted[brackets_.size()]);
    }
    if (cell.link != now_.link) open_square();
    now_.link = cell.link;
    if (cell.strong && !now_.strong) edge(Piece::Kind::open_strong);
    now_.strong = cell.strong;
    if (cell.em && !now_.em) edge(Piece::Kind::open_em);
    now_.em = cell.em;
  }

  [[nodiscard]] std::string destination(const std::string& href) const {
    constexpr std::string_view kSafe = "/:._~?#@!$'+,;=%-&";
    const bool simple = std::all_of(href.begin(), href.end(), [&](char c) {
      return is_ascii_alnum(static_cast<unsigned char>(c)) || kSafe.find(c) != std::string_view::npos;
    });
    if (simple && !holds_entity(href)) return href;
    std::string out = "<";
    for (const char c : href) {
      if (c == '\\' || c == '<' || c == '>' || c == '|' || c == '`') out += '\\';
      out += c == '&' ? std::string("&amp;") : std::string(1, c);
    }
    return out + ">";
  }

  [[nodiscard]] static bool holds_entity(std::string_view href) {
    for (std::size_t at = href.find('&'); at != std::string_view::npos; at = href.find('&', at + 1))
      if (href.find(';', at) != std::string_view::npos) return true;
    return false;
  }

  [[nodiscard]] const Cell* text_at(std::size_t i) const {
    if (i >= all_.cells.size() || all_.cells[i].note != nullptr) return nullptr;
    return &all_.cells[i];
  }

  /// `_` within a word of one run does no harm.
  [[nodiscard]] bool underscore_is_safe() const {
    if (at_ == 0) return false;
    const Cell* before = text_at(at_ - 1);
    const Cell* after = text_at(at_ + 1);
    const Cell& here = all_.cells[at_];
    return before != nullptr && after != nullptr && is_ascii_alnum(before->c) && is_ascii_alnum(after->c) &&
           same_marks(*before, here) && same_marks(*after, here);
  }

  [[nodiscard]] bool begins_entity() const {
    std::size_t i = at_ + 1;
    if (i < characters_.size() && characters_[i] == U'#') return true;
    const std::size_t first = i;
    while (i < characters_.size() && is_ascii_alnum(characters_[i]) && i - first < 40) ++i;
    return i > first && i < characters_.size() && characters_[i] == U';';
  }

  /// At the start of a line: "12." and "12)" would begin a list if a space or nothing follows. Remembers where the
  /// mark stands that has to be escaped.
  void look_for_list_number() {
    std::size_t i = at_;
    while (i < characters_.size() && is_ascii_digit(characters_[i]) && i - at_ < 9) ++i;
    if (i == at_ || i >= characters_.size() || (characters_[i] != U'.' && characters_[i] != U')')) return;
    if (i + 1 == characters_.size() || characters_[i + 1] == U' ') escape_at_ = i;
  }

  [[nodiscard]] bool needs_backslash(char32_t c, bool at_line_start) const {
    switch (c) {
      case U'\\':
      case U'*':
      case U'`':
      case U'[':
      case U']':
      case U'<':
      case U'~':
        return true;
      case U'_':
        return !underscore_is_safe();
      case U'&':
        return begins_entity();
      case U'(':
        return after_closing_;
      case U':':
        return after_closing_ || at_line_start;
      case U'^':
        return after_opening_;
      case U'#':
        return at_line_start || place_ == InlinePlace::heading;
      case U'|':
        return at_line_start || place_ == InlinePlace::cell;
      case U'>':
      case U'-':
      case U'+':
      case U'=':
        return at_line_start;
      default:
        return false;
    }
  }

  void character(const Cell& cell) {
    const bool at_line_start = place_ == InlinePlace::lines && line_start_;
    if (at_line_start && is_ascii_digit(cell.c)) look_for_list_number();
    std::string out;
    if (cell.c == 0x338 && follows_angle()) {
      out = "&#x338;";  // U+0338 would melt into the < or > of a tag under NFC.
    } else if ((cell.c == U'x' || cell.c == U'X') && lone_opening_ && bracket_ends_here()) {
      out = cell.c == U'x' ? "&#x78;" : "&#x58;";  // "[x]" at the start of a list item would be a task.
    } else {
      if (at_ == escape_at_ || needs_backslash(cell.c, at_line_start)) out += '\\';
      append_utf8(out, cell.c);
    }
    raw(out);
  }

  [[nodiscard]] bool bracket_ends_here() const {
    return at_ + 1 == all_.cells.size() || all_.cells[at_ + 1].brackets != all_.cells[at_].brackets;
  }

  [[nodiscard]] bool follows_angle() const {
    if (pieces_.empty()) return false;
    if (is_edge(pieces_.back())) return true;
    return pieces_.back().raw.ends_with('>') || pieces_.back().raw.ends_with('<');
  }

  const Cells& all_;
  InlinePlace place_;
  std::vector<const Inline*>& notes_;
  std::u32string characters_;
  std::vector<Piece> pieces_;
  std::size_t at_ = 0;
  std::size_t escape_at_ = static_cast<std::size_t>(-1);
  Cell now_;                             ///< The strong, em and link that are open.
  std::vector<std::uint32_t> brackets_;  ///< The brackets that are open.
  bool line_start_ = true;
  bool after_opening_ = false;  ///< Straight after the `[` of a bracket or link.
  bool after_closing_ = false;  ///< Straight after the `]` of a bracket or footnote mark.
  bool lone_opening_ = false;   ///< After a `[` that begins a line.
};

char32_t first_of(const std::string& text) {
  return decode_utf8(std::string_view(text).substr(0, 4)).front();
}

char32_t last_of(const std::string& text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return decode_utf8(std::string_view(text).substr(at)).front();
}

/// Second pass: each strong and em as asterisks where every Markdown reader sees them so, else as tags.
class EmphasisForm {
 public:
  explicit EmphasisForm(std::vector<Piece>& pieces) : pieces_(pieces) {}

  std::string run() {
    decide();
    std::string out;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      switch (pieces_[i].kind) {
        case Piece::Kind::raw:
          out += pieces_[i].raw;
          break;
        case Piece::Kind::open_strong:
          out += asterisks_[i] ? "**" : "<strong>";
          break;
        case Piece::Kind::close_strong:
          out += asterisks_[i] ? "**" : "</strong>";
          break;
        case Piece::Kind::open_em:
          out += asterisks_[i] ? "*" : "<em>";
          break;
        case Piece::Kind::close_em:
          out += asterisks_[i] ? "*" : "</em>";
          break;
      }
    }
    return out;
  }

 private:
  static constexpr char32_t kEnd = U'\n';
  static constexpr char32_t kEdge = U'*';  ///< Some punctuation: `*` or `<`.

  [[nodiscard]] char32_t before(std::size_t i) const {
    if (i == 0) return kEnd;
    return is_edge(pieces_[i - 1]) ? kEdge : last_of(pieces_[i - 1].raw);
  }
  [[nodiscard]] char32_t after(std::size_t i) const {
    if (i + 1 >= pieces_.size()) return kEnd;
    return is_edge(pieces_[i + 1]) ? kEdge : first_of(pieces_[i + 1].raw);
  }

  /// Whether a delimiter between these two characters can open (mirrored: close) for certain.
  static bool flanks(char32_t outer, char32_t inner) {
    if (is_wide_space(inner)) return false;
    return !is_punctuation_or_symbol(inner) || is_wide_space(outer) || is_punctuation(outer);
  }

  void decide() {
    asterisks_.assign(pieces_.size(), false);
    std::size_t strong = 0;
    std::size_t em = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (pieces_[i].kind == Piece::Kind::open_strong) strong = i;
      if (pieces_[i].kind == Piece::Kind::open_em) em = i;
      if (pieces_[i].kind == Piece::Kind::close_strong) decide_strong(strong, i);
      if (pieces_[i].kind == Piece::Kind::close_em) decide_em(em, i);
    }
  }

  void decide_em(std::size_t open, std::size_t close) {
    // An em that shares both edges with a strong is written with it; one that touches another edge gets tags.
    const bool touches =
        (open > 0 && is_edge(pieces_[open - 1])) || (close + 1 < pieces_.size() && touching(close + 1));
    if (touches) return;
    if (flanks(before(open), after(open)) && flanks(after(close), before(close)))
      asterisks_[open] = asterisks_[close] = true;
  }

  [[nodiscard]] bool touching(std::size_t i) const { return pieces_[i].kind == Piece::Kind::close_strong; }

  void decide_strong(std::size_t open, std::size_t close) {
    if (open > 0 && is_edge(pieces_[open - 1])) return;
    const bool whole_em = pieces_[open + 1].kind == Piece::Kind::open_em &&
                          pieces_[close - 1].kind == Piece::Kind::close_em && em_spans(open + 1, close - 1);
    const std::size_t inner_open = whole_em ? open + 1 : open;
    const std::size_t inner_close = whole_em ? close - 1 : close;
    if (!flanks(before(open), after(inner_open)) || !flanks(after(close), before(inner_close))) return;
    asterisks_[open] = asterisks_[close] = true;
    if (whole_em) asterisks_[inner_open] = asterisks_[inner_close] = true;
  }

  /// Whether the em opened at `open` is closed at `close` and not before.
  [[nodiscard]] bool em_spans(std::size_t open, std::size_t close) const {
    for (std::size_t i = open + 1; i < close; ++i)
      if (pieces_[i].kind == Piece::Kind::close_em) return false;
    return true;
  }

  std::vector<Piece>& pieces_;
  std::vector<bool> asterisks_;
};

}  // namespace

std::string write_inlines(const Cells& cells, InlinePlace place, std::vector<const Inline*>& notes) {
  std::vector<Piece> pieces = PieceMaker(cells, place, notes).run();
  return EmphasisForm(pieces).run();
}

}  // namespace bossey::document
