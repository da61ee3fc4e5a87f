#include "document/inline_form.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "document/characters.hpp"
#include "document/sentences.hpp"

namespace bossey::document {

namespace {

using BracketSet = std::vector<std::uint32_t>;

/// NFC; spaces and control characters, which have no place in an address, in their percent form.
std::string normal_href(const std::string& href) {
  std::string out;
  for (const char32_t c : to_nfc(decode_utf8(href))) {
    std::string octets;
    append_utf8(octets, c);
    if (is_wide_space(c) || is_control(c)) {
      for (const char octet : octets) out += "%" + to_hex(as_bytes({&octet, 1}));
    } else {
      out += octets;
    }
  }
  return out;
}

/// Turns inlines into cells with the marks as given: brackets are sets of numbers that stand for ids.
class CellMaker {
 public:
  explicit CellMaker(Cells& out) : out_(out) {}

  void add(const std::vector<Inline>& inlines, bool within_footnote) {
    for (const Inline& one : inlines) {
      switch (one.kind) {
        case InlineKind::text:
          add_text(one);
          break;
        case InlineKind::hard_break:
          flush();
          out_.cells.push_back(Cell{.c = kHardBreak});
          break;
        case InlineKind::footnote:
          flush();
          if (within_footnote) {
            // A footnote within a footnote has no form of its own: its words follow in place.
            out_.cells.push_back(Cell{.c = U' '});
            add(one.content, true);
            flush();
          } else {
            out_.cells.push_back(Cell{.c = kAtom, .note = &one});
          }
          break;
      }
    }
  }

  /// Ends the run being gathered. Runs with equal marks are joined first, so that NFC sees them as one text.
  void flush() {
    if (!text_.empty()) {
      for (const char32_t c : to_nfc(text_)) {
        Cell cell = marks_;
        cell.c = c;
        out_.cells.push_back(cell);
      }
    }
    text_.clear();
  }

 private:
  void add_text(const Inline& one) {
    if (one.text.empty()) return;
    const Cell marks = intern(one.marks);
    if (!same_marks(marks, marks_)) flush();
    marks_ = marks;
    for (const char32_t c : decode_utf8(one.text)) {
      text_.push_back(is_plain_space(c) ? U' ' : is_control(c) ? U'\uFFFD' : c);
    }
  }

  Cell intern(const Marks& marks) {
    Cell cell;
    cell.strong = marks.strong;
    cell.em = marks.em;
    if (marks.link && is_allowed_link(*marks.link)) {
      const std::string href = normal_href(*marks.link);
      const auto [it, fresh] = link_index_.try_emplace(href, static_cast<std::uint32_t>(out_.links.size()));
      if (fresh) out_.links.push_back(href);
      cell.link = it->second;
    }
    if (!marks.brackets.empty()) {
      BracketSet set;
      for (const std::string& id : marks.brackets)
        set.push_back(id_index_.try_emplace(id, static_cast<std::uint32_t>(id_index_.size())).first->second);
      std::sort(set.begin(), set.end());
      set.erase(std::unique(set.begin(), set.end()), set.end());
      cell.brackets = intern_set(std::move(set));
    }
    return cell;
  }

  std::uint32_t intern_set(BracketSet set) {
    const auto [it, fresh] = set_index_.try_emplace(std::move(set), static_cast<std::uint32_t>(out_.brackets.size()));
    if (fresh) out_.brackets.push_back(it->first);
    return it->second;
  }

  Cells& out_;
  Cell marks_;
  std::u32string text_;
  std::map<std::string, std::uint32_t> link_index_;
  std::map<std::string, std::uint32_t> id_index_;
  std::map<BracketSet, std::uint32_t> set_index_;
};

/// Runs of spaces as one; none at the ends or beside a hard break; no hard breaks at the ends.
void tidy_spaces(std::vector<Cell>& cells) {
  std::vector<Cell> kept;
  kept.reserve(cells.size());
  for (const Cell& cell : cells) {
    const bool at_edge = kept.empty() || kept.back().c == kHardBreak;
    if (cell.c == U' ' && (at_edge || kept.back().c == U' ')) continue;
    if (cell.c == kHardBreak) {
      if (!kept.empty() && kept.back().c == U' ') kept.pop_back();
      if (kept.empty()) continue;
    }
    kept.push_back(cell);
  }
  while (!kept.empty() && (kept.back().c == U' ' || kept.back().c == kHardBreak)) kept.pop_back();
  cells = std::move(kept);
}

bool carries_no_marks_of_its_own(const Cell& cell) {
  return cell.c == U' ' || cell.c == kHardBreak || cell.note != nullptr;
}

/// Spaces, breaks and footnotes take the marks that the text on both sides of them carries.
void settle_neutral_cells(Cells& all) {
  std::map<BracketSet, std::uint32_t> index;
  for (std::uint32_t i = 0; i < all.brackets.size(); ++i) index.try_emplace(all.brackets[i], i);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> common;
  const auto intersect = [&](std::uint32_t a, std::uint32_t b) {
    if (a == b) return a;
    const auto [it, fresh] = common.try_emplace({a, b}, 0);
    if (fresh) {
      BracketSet both;
      std::set_intersection(all.brackets[a].begin(), all.brackets[a].end(), all.brackets[b].begin(),
                            all.brackets[b].end(), std::back_inserter(both));
      const auto [found, added] = index.try_emplace(both, static_cast<std::uint32_t>(all.brackets.size()));
      if (added) all.brackets.push_back(std::move(both));
      it->second = found->second;
    }
    return it->second;
  };
  std::vector<Cell>& cells = all.cells;
  for (std::size_t i = 0; i < cells.size();) {
    if (!carries_no_marks_of_its_own(cells[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < cells.size() && carries_no_marks_of_its_own(cells[end])) ++end;
    Cell both;
    if (i > 0 && end < cells.size()) {
      const Cell& left = cells[i - 1];
      const Cell& right = cells[end];
      both.strong = left.strong && right.strong;
      both.em = left.em && right.em;
      both.link = left.link == right.link ? left.link : 0;
      both.brackets = intersect(left.brackets, right.brackets);
    }
    for (; i < end; ++i) {
      const Cell old = cells[i];
      cells[i] = both;
      cells[i].c = old.c;
      cells[i].note = old.note;
    }
  }
}

/// Makes brackets nest: where two overlap, the later one is split. Walks the runs of equal bracket sets with a stack
/// of open brackets; those that open at one place are nested by where they end, the farthest outermost.
class BracketNester {
 public:
  BracketNester(Cells& all, std::uint32_t& next) : all_(all), next_(next) {}

  void run() {
    if (all_.brackets.size() == 1) return;
    find_runs();
    std::vector<BracketSet> nested{{}};
    std::map<BracketSet, std::uint32_t> index{{{}, 0}};
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      step(i);
      BracketSet numbers;
      for (const Open& open : stack_) numbers.push_back(open.number);
      const auto [it, fresh] = index.try_emplace(numbers, static_cast<std::uint32_t>(nested.size()));
      if (fresh) nested.push_back(numbers);
      for (std::size_t at = runs_[i].begin; at < runs_[i].end; ++at) all_.cells[at].brackets = it->second;
    }
    all_.brackets = std::move(nested);
  }

 private:
  struct Run {
    std::size_t begin, end;
    std::uint32_t set;
  };
  struct Open {
    std::uint32_t id;
    std::size_t last;  ///< Last run of its stretch.
    std::uint32_t number;
  };

  void find_runs() {
    for (std::size_t i = 0; i < all_.cells.size(); ++i) {
      const std::uint32_t set = all_.cells[i].brackets;
      if (runs_.empty() || runs_.back().set != set) runs_.push_back({i, i, set});
      runs_.back().end = i + 1;
    }
  }

  [[nodiscard]] bool holds(std::size_t run, std::uint32_t id) const {
    const BracketSet& set = all_.brackets[runs_[run].set];
    return std::binary_search(set.begin(), set.end(), id);
  }

  /// The end of the stretch of `id` that `run` is in.
  std::size_t last_run_of(std::size_t run, std::uint32_t id) {
    const auto known = stretch_end_.find(id);
    if (known != stretch_end_.end() && known->second >= run) return known->second;
    std::size_t last = run;
    while (last + 1 < runs_.size() && holds(last + 1, id)) ++last;
    stretch_end_[id] = last;
    return last;
  }

  void step(std::size_t run) {
    const auto gone =
        std::find_if(stack_.begin(), stack_.end(), [&](const Open& open) { return !holds(run, open.id); });
    stack_.erase(gone, stack_.end());
    std::vector<Open> fresh;
    for (const std::uint32_t id : all_.brackets[runs_[run].set]) {
      if (std::any_of(stack_.begin(), stack_.end(), [&](const Open& open) { return open.id == id; })) continue;
      fresh.push_back({id, last_run_of(run, id), 0});
    }
    std::stable_sort(fresh.begin(), fresh.end(), [](const Open& a, const Open& b) { return a.last > b.last; });
    for (Open& open : fresh) {
      if (stack_.size() >= kMaxBracketDepth) break;
      open.number = next_++;
      stack_.push_back(open);
    }
  }

  Cells& all_;
  std::uint32_t& next_;
  std::vector<Run> runs_;
  std::vector<Open> stack_;
  std::map<std::uint32_t, std::size_t> stretch_end_;
};

Cells cells_of(const std::vector<Inline>& inlines, bool within_footnote, std::uint32_t& next_bracket) {
  Cells all;
  CellMaker maker(all);
  maker.add(inlines, within_footnote);
  maker.flush();
  tidy_spaces(all.cells);
  settle_neutral_cells(all);
  BracketNester(all, next_bracket).run();
  settle_neutral_cells(all);  // A bracket that was split before a space begins after it.
  return all;
}

}  // namespace

std::u32string Cells::characters() const {
  std::u32string out;
  out.reserve(cells.size());
  for (const Cell& cell : cells) out.push_back(cell.c);
  return out;
}

Marks Cells::marks_of(const Cell& cell) const {
  Marks marks;
  marks.strong = cell.strong;
  marks.em = cell.em;
  if (cell.link != 0) marks.link = links[cell.link];
  for (const std::uint32_t number : brackets[cell.brackets]) marks.brackets.push_back(std::to_string(number));
  return marks;
}

Cells normal_cells(const std::vector<Inline>& inlines, std::uint32_t& next_bracket) {
  return cells_of(inlines, false, next_bracket);
}

std::string normal_line(std::string_view text) {
  std::uint32_t unused = 1;
  return encode_utf8(normal_cells({text_run(std::string(text))}, unused).characters());
}

std::vector<Inline> to_inlines(const Cells& cells, std::uint32_t& next_bracket) {
  std::vector<Inline> out;
  const Cell* run = nullptr;
  for (const Cell& cell : cells.cells) {
    if (cell.note != nullptr) {
      out.push_back(footnote(to_inlines(cells_of(cell.note->content, true, next_bracket), next_bracket)));
      run = nullptr;
    } else if (cell.c == kHardBreak) {
      out.push_back(hard_break());
      run = nullptr;
    } else {
      if (run == nullptr || !same_marks(*run, cell)) out.push_back(text_run({}, cells.marks_of(cell)));
      run = &cell;
      append_utf8(out.back().text, cell.c);
    }
  }
  return out;
}

}  // namespace bossey::document
