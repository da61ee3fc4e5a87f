#include "document/block_pairs.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "document/characters.hpp"
#include "document/inline_form.hpp"

namespace bossey::document {

namespace {

constexpr double kLeastSimilarity = 1.0 / 3;
constexpr double kEmptyPairs = 0.01;
/// More pairs than this to be judged: each block looks at its neighbours only.
constexpr std::size_t kMaxJudged = 4096;

void add_words(const std::vector<Inline>& inlines, std::vector<std::uint64_t>& out) {
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) out.push_back(std::hash<std::string>{}(word));
    word.clear();
  };
  for (const Inline& one : inlines) {
    if (one.kind != InlineKind::text) {
      flush();
      add_words(one.content, out);
      continue;
    }
    for (const char32_t c : decode_utf8(one.text)) {
      if (is_ideographic(c)) {
        flush();
        append_utf8(word, c);
        flush();
      } else if (is_wide_space(c) || is_punctuation_or_symbol(c)) {
        flush();
      } else {
        append_utf8(word, c);
      }
    }
  }
  flush();
}

void add_words(const Block& block, std::vector<std::uint64_t>& out) {
  add_words(block.inlines, out);
  for (const Block& child : block.children) add_words(child, out);
}

bool is_line(BlockKind kind) {
  return kind == BlockKind::paragraph || kind == BlockKind::heading;
}

void add_key(const std::vector<Inline>& inlines, std::string& out) {
  std::uint32_t number = 1;
  const Cells cells = normal_cells(inlines, number);
  const Cell* last = nullptr;
  for (const Cell& cell : cells.cells) {
    if (last == nullptr || !same_marks(*last, cell)) {
      out += '\x01';
      if (cell.strong) out += 's';
      if (cell.em) out += 'e';
      out += cells.links[cell.link];
      for (const std::uint32_t bracket : cells.brackets[cell.brackets]) out += '[' + std::to_string(bracket);
      out += '\x02';
    }
    last = &cell;
    append_utf8(out, cell.c);
    if (cell.note != nullptr) {
      out += '\x03';
      add_key(cell.note->content, out);
      out += '\x04';
    }
  }
}

/// Best sum of similarities over pairs in order.
std::vector<std::pair<std::size_t, std::size_t>> best_pairs(const std::vector<BlockWords>& before,
                                                            const std::vector<BlockWords>& after) {
  const std::size_t width = after.size() + 1;
  std::vector<double> best((before.size() + 1) * width, 0.0);
  std::vector<double> alike(before.size() * after.size());
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      const double value = similarity(before[i], after[j]);
      alike[i * after.size() + j] = value;
      const double without = std::max(best[(i + 1) * width + j], best[i * width + j + 1]);
      const double with = value > 0 ? value + best[(i + 1) * width + j + 1] : 0;
      best[i * width + j] = std::max(without, with);
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0, j = 0; i < before.size() && j < after.size();) {
    const double here = best[i * width + j];
    const double value = alike[i * after.size() + j];
    if (value > 0 && here == value + best[(i + 1) * width + j + 1]) {
      pairs.emplace_back(i++, j++);
    } else if (here == best[(i + 1) * width + j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return pairs;
}

std::vector<std::pair<std::size_t, std::size_t>> near_pairs(const std::vector<BlockWords>& before,
                                                            const std::vector<BlockWords>& after) {
  constexpr std::size_t kReach = 8;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::size_t first = 0;
  for (std::size_t j = 0; j < after.size(); ++j) {
    double best = 0;
    std::size_t found = 0;
    for (std::size_t i = first; i < std::min(first + kReach, before.size()); ++i) {
      const double value = similarity(before[i], after[j]);
      if (value > best) {
        best = value;
        found = i;
      }
    }
    if (best <= 0) continue;
    pairs.emplace_back(found, j);
    first = found + 1;
  }
  return pairs;
}

}  // namespace

BlockWords block_words(const Block& block) {
  BlockWords out;
  out.kind = block.kind;
  add_words(block, out.words);
  std::sort(out.words.begin(), out.words.end());
  return out;
}

double similarity(const BlockWords& a, const BlockWords& b) {
  if (!a.pairs || !b.pairs) return 0;
  if (a.kind != b.kind && !(is_line(a.kind) && is_line(b.kind))) return 0;
  if (a.words.empty()) return a.kind == b.kind ? kEmptyPairs : 0;
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.words.size() && j < b.words.size();) {
    if (a.words[i] == b.words[j]) ++common;
    const bool next_a = a.words[i] <= b.words[j];
    const bool next_b = b.words[j] <= a.words[i];
    i += next_a ? 1 : 0;
    j += next_b ? 1 : 0;
  }
  const double value = 2.0 * static_cast<double>(common) / static_cast<double>(a.words.size() + b.words.size());
  return value >= kLeastSimilarity ? value : 0;
}

std::vector<std::pair<std::size_t, std::size_t>> pair_blocks(const std::vector<BlockWords>& before,
                                                             const std::vector<BlockWords>& after) {
  if (before.empty() || after.empty()) return {};
  return before.size() * after.size() <= kMaxJudged ? best_pairs(before, after) : near_pairs(before, after);
}

std::string block_key(const Block& block) {
  const bool line = is_line(block.kind);
  std::string words;
  add_key(block.inlines, words);
  if (line && words.empty() && block.children.empty()) return {};
  std::string key(name_of(block.kind));
  if (block.kind == BlockKind::heading) key += std::to_string(block.level);
  if (block.kind == BlockKind::ordered_list) key += std::to_string(block.order);
  key += std::string(name_of(block.align)) + '\x05' + block.dir + '\x05' + block.lang + '\x05' + words + '\x06';
  for (const Block& child : block.children) key += block_key(child);
  return key + '\x07';
}

}  // namespace bossey::document
