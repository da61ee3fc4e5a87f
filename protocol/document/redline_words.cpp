#include "document/redline_words.hpp"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <utility>

#include "document/block_pairs.hpp"
#include "document/characters.hpp"
#include "document/diff.hpp"
#include "document/sentences.hpp"

namespace bossey::document {

/// Boundaries of words, by the rules and dictionaries of ICU. Without ICU's data, spaces and signs divide words.
class WordComparison::Finder {
 public:
  Finder() {
    UErrorCode status = U_ZERO_ERROR;
    words_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) words_.reset();
  }

  struct Piece {
    std::size_t begin, end;  ///< Characters.
    bool is_word;
  };

  std::vector<Piece> find(std::u32string_view text) {
    std::vector<Piece> out;
    if (!words_) {
      by_signs(text, out);
      return out;
    }
    icu::UnicodeString units;
    for (const char32_t c : text) units.append(static_cast<UChar32>(c));
    words_->setText(units);
    std::size_t at = 0;
    std::int32_t unit = words_->first();
    for (std::int32_t next = words_->next(); next != icu::BreakIterator::DONE; next = words_->next()) {
      const std::size_t begin = at;
      for (; unit < next && at < text.size(); ++at) unit += text[at] > 0xFFFF ? 2 : 1;
      out.push_back({begin, at, words_->getRuleStatus() >= UBRK_WORD_NONE_LIMIT});
    }
    return out;
  }

 private:
  static void by_signs(std::u32string_view text, std::vector<Piece>& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool word = !is_wide_space(text[i]) && !is_punctuation_or_symbol(text[i]);
      if (word && !is_ideographic(text[i]) && !out.empty() && out.back().is_word && out.back().end == i) {
        ++out.back().end;
      } else {
        out.push_back({i, i + 1, word});
      }
    }
  }

  std::unique_ptr<icu::BreakIterator> words_;
};

WordComparison::WordComparison() : finder_(std::make_unique<Finder>()) {}
WordComparison::~WordComparison() = default;

WordComparison::Side WordComparison::side_of(const std::vector<Inline>& content) {
  Side side{normal_cells(content, unused_), {}};
  const std::vector<Cell>& cells = side.cells.cells;
  const auto edges = [&](std::uint32_t from, std::uint32_t to, std::size_t at) {
    const auto& open = side.cells.brackets[from];
    const auto& next = side.cells.brackets[to];
    const auto kept = static_cast<std::size_t>(std::mismatch(open.begin(), open.end(), next.begin(), next.end()).first -
                                               open.begin());
    for (std::size_t i = open.size(); i > kept; --i) side.tokens.push_back({RunKind::bracket, at, at, false, ']'});
    for (std::size_t i = kept; i < next.size(); ++i) side.tokens.push_back({RunKind::bracket, at, at, false, '['});
  };
  std::uint32_t brackets = 0;
  std::vector<Token> words;
  for (std::size_t i = 0; i < cells.size();) {
    if (cells[i].brackets != brackets) edges(brackets, cells[i].brackets, i);
    brackets = cells[i].brackets;
    if (cells[i].note != nullptr || cells[i].c == kHardBreak) {
      side.tokens.push_back({cells[i].note != nullptr ? RunKind::footnote : RunKind::hard_break, i, i + 1, false, 0});
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < cells.size() && cells[end].note == nullptr && cells[end].c != kHardBreak &&
           cells[end].brackets == brackets)
      ++end;
    add_words(side, i, end, side.tokens);
    i = end;
  }
  edges(brackets, 0, cells.size());
  return side;
}

void WordComparison::add_words(const Side& side, std::size_t begin, std::size_t end, std::vector<Token>& out) {
  std::u32string text;
  for (std::size_t i = begin; i < end; ++i) text.push_back(side.cells.cells[i].c);
  for (const Finder::Piece& piece : finder_->find(text))
    out.push_back({RunKind::text, begin + piece.begin, begin + piece.end, piece.is_word, 0});
}

std::vector<std::uint32_t> WordComparison::ids_of(const Side& side,
                                                  std::unordered_map<std::string, std::uint32_t>& numbers) const {
  std::vector<std::uint32_t> out;
  out.reserve(side.tokens.size());
  for (const Token& token : side.tokens) {
    std::string key;
    switch (token.kind) {
      case RunKind::text:
        for (std::size_t i = token.begin; i < token.end; ++i) append_utf8(key, side.cells.cells[i].c);
        break;
      case RunKind::bracket:
        key = std::string("\x01") + token.bracket;
        break;
      case RunKind::hard_break:
        key = "\x02";
        break;
      case RunKind::footnote:
        key = "\x03";  // Footnotes are compared in turn, so that a changed one is shown as changed.
        break;
    }
    out.push_back(numbers.try_emplace(key, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  return out;
}

void WordComparison::put(const Side& side, const Token& token, RunOp op, bool format_only,
                         std::vector<RedlineRun>& out) {
  const auto add = [&](RedlineRun run) {
    run.op = op;
    run.format_only = format_only;
    if (run.kind == RunKind::text && !out.empty()) {
      RedlineRun& last = out.back();
      if (last.kind == RunKind::text && last.op == op && last.format_only == format_only && last.strong == run.strong &&
          last.em == run.em && last.link == run.link) {
        last.text += run.text;
        return;
      }
    }
    out.push_back(std::move(run));
  };
  if (token.kind == RunKind::text) {
    for (std::size_t i = token.begin; i < token.end; ++i) {
      const Cell& cell = side.cells.cells[i];
      RedlineRun run;
      append_utf8(run.text, cell.c);
      run.strong = cell.strong;
      run.em = cell.em;
      run.link = side.cells.links[cell.link];
      add(std::move(run));
    }
    return;
  }
  RedlineRun run;
  run.kind = token.kind;
  if (token.kind == RunKind::bracket) run.text = std::string(1, token.bracket);
  if (token.kind == RunKind::footnote) run.note = whole(side.cells.cells[token.begin].note->content, op, false);
  add(std::move(run));
}

bool WordComparison::same_format(const Side& before, const Token& old, const Side& after, const Token& fresh) {
  for (std::size_t i = 0; i < old.end - old.begin; ++i) {
    const Cell& a = before.cells.cells[old.begin + i];
    const Cell& b = after.cells.cells[fresh.begin + i];
    if (a.strong != b.strong || a.em != b.em || before.cells.links[a.link] != after.cells.links[b.link]) return false;
  }
  return true;
}

void WordComparison::put_same(const Side& before, const Token& old, const Side& after, const Token& fresh,
                              std::vector<RedlineRun>& out) {
  if (fresh.kind == RunKind::footnote) {
    RedlineRun run;
    run.kind = RunKind::footnote;
    run.note = compare(before.cells.cells[old.begin].note->content, after.cells.cells[fresh.begin].note->content);
    out.push_back(std::move(run));
  } else if (fresh.kind != RunKind::text || same_format(before, old, after, fresh)) {
    put(after, fresh, RunOp::same, false, out);
  } else {
    put(before, old, RunOp::deleted, true, out);
    put(after, fresh, RunOp::inserted, true, out);
  }
}

std::vector<RedlineRun> WordComparison::compare(const std::vector<Inline>& before, const std::vector<Inline>& after) {
  const Side old = side_of(before);
  const Side fresh = side_of(after);
  std::unordered_map<std::string, std::uint32_t> numbers;
  const std::vector<std::uint32_t> old_ids = ids_of(old, numbers);
  const std::vector<std::uint32_t> new_ids = ids_of(fresh, numbers);
  std::vector<DiffPart> parts = diff(old_ids, new_ids, &bounded_);
  // Lone spaces and signs between two changes belong to the change: whole phrases read better than every other word.
  std::vector<DiffPart> joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const DiffPart& part = parts[i];
    const bool between = part.equal && i > 0 && i + 1 < parts.size();
    const bool trivial = between && part.a_end - part.a_begin <= 2 &&
                         std::all_of(old.tokens.begin() + static_cast<std::ptrdiff_t>(part.a_begin),
                                     old.tokens.begin() + static_cast<std::ptrdiff_t>(part.a_end),
                                     [](const Token& token) { return token.kind == RunKind::text && !token.is_word; });
    if (!joined.empty() && !joined.back().equal && (trivial || !part.equal)) {
      joined.back().a_end = part.a_end;
      joined.back().b_end = part.b_end;
    } else {
      joined.push_back(part);
    }
  }
  std::vector<RedlineRun> out;
  for (const DiffPart& part : joined) {
    if (part.equal) {
      for (std::size_t i = 0; i < part.a_end - part.a_begin; ++i)
        put_same(old, old.tokens[part.a_begin + i], fresh, fresh.tokens[part.b_begin + i], out);
      continue;
    }
    std::size_t deleted = 0;
    std::size_t inserted = 0;
    for (std::size_t i = part.a_begin; i < part.a_end; ++i) {
      put(old, old.tokens[i], RunOp::deleted, false, out);
      deleted += old.tokens[i].is_word ? 1 : 0;
    }
    for (std::size_t i = part.b_begin; i < part.b_end; ++i) {
      put(fresh, fresh.tokens[i], RunOp::inserted, false, out);
      inserted += fresh.tokens[i].is_word ? 1 : 0;
    }
    counts_.deleted += deleted;
    counts_.inserted += inserted;
    counts_.changed += std::max(deleted, inserted);
  }
  return out;
}

std::size_t WordComparison::words_in(const std::vector<Inline>& content) {
  const Side side = side_of(content);
  std::size_t count = 0;
  for (const Token& token : side.tokens) {
    count += token.is_word ? 1 : 0;
    if (token.kind == RunKind::footnote) count += words_in(side.cells.cells[token.begin].note->content);
  }
  return count;
}

std::vector<RedlineRun> WordComparison::whole(const std::vector<Inline>& content, RunOp op, bool counted) {
  const Side side = side_of(content);
  std::vector<RedlineRun> out;
  for (const Token& token : side.tokens) put(side, token, op, false, out);
  if (counted && op != RunOp::same) {
    const std::size_t words = words_in(content);
    (op == RunOp::inserted ? counts_.inserted : counts_.deleted) += words;
    counts_.changed += words;
  }
  return out;
}

}  // namespace bossey::document
