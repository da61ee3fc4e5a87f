#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "document/canonical.hpp"
#include "document/characters.hpp"
#include "document/inline_reader.hpp"

namespace bossey::document {

namespace {

using Lines = std::vector<std::string_view>;

Lines split_lines(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

struct Marker {
  BlockKind kind = BlockKind::bullet_list;
  char sign = '-';  ///< `-`, `*`, `.` or `)`.
  std::int64_t number = 1;
  std::size_t width = 1;
};

std::optional<Marker> marker_of(std::string_view line) {
  Marker marker;
  if (line.empty()) return std::nullopt;
  if (line.front() == '-' || line.front() == '*') {
    marker.sign = line.front();
  } else {
    std::size_t digits = 0;
    std::int64_t number = 0;
    while (digits < line.size() && digits < 9 && line[digits] >= '0' && line[digits] <= '9')
      number = number * 10 + (line[digits++] - '0');
    if (digits == 0 || digits >= line.size() || (line[digits] != '.' && line[digits] != ')')) return std::nullopt;
    marker = {BlockKind::ordered_list, line[digits], number, digits + 1};
  }
  if (line.size() > marker.width && line[marker.width] != ' ') return std::nullopt;
  return marker;
}

/// Reads blocks, line by line; containers are read from their lines with the prefix taken off.
class BlockReader {
 public:
  Result<Section> read(std::string_view bytes) {
    Lines lines = split_lines(bytes);
    Section section;
    if (lines.empty() || !lines.front().starts_with('#')) return fail(Errc::bad_input, "no title in the first line");
    BOSSEY_TRY(auto title, inline_content(lines.front().substr(std::min<std::size_t>(2, lines.front().size()))));
    section.title = plain_text(title);
    lines.erase(lines.begin());
    BOSSEY_TRY_VOID(blocks(lines, 0, section.body));
    BOSSEY_TRY_VOID(place_notes(section.body));
    if (!notes_.empty()) return fail(Errc::bad_input, "a footnote that nothing refers to");
    return section;
  }

 private:
  Result<std::vector<Inline>> inline_content(std::string_view text) { return read_inlines(text, next_bracket_); }

  Result<void> blocks(const Lines& lines, int depth, std::vector<Block>& out) {
    if (depth > kMaxBlockDepth) return fail(Errc::bad_input, "nested too deeply");
    for (std::size_t at = 0; at < lines.size();) {
      const std::string_view line = lines[at];
      if (line.empty()) {
        ++at;
      } else if (line.starts_with("#")) {
        BOSSEY_TRY_VOID(heading(line, out));
        ++at;
      } else if (line == "---") {
        out.push_back(Block{.kind = BlockKind::horizontal_rule});
        ++at;
      } else if (line == ">" || line.starts_with("> ")) {
        BOSSEY_TRY_VOID(quote(lines, at, depth, out));
      } else if (const auto marker = marker_of(line)) {
        BOSSEY_TRY_VOID(list(lines, at, *marker, depth, out));
      } else if (line.starts_with("| ")) {
        BOSSEY_TRY_VOID(table(lines, at, out));
      } else if (line.starts_with("<div ")) {
        BOSSEY_TRY_VOID(directed(lines, at, depth, out));
      } else if (depth == 0 && is_note(line)) {
        BOSSEY_TRY_VOID(note(lines, at));
      } else {
        BOSSEY_TRY_VOID(words(lines, at, out));
      }
    }
    return {};
  }

  /// "[^12]:" at the start of a line.
  static bool is_note(std::string_view line) {
    if (!line.starts_with("[^")) return false;
    const std::size_t end = line.find_first_not_of("0123456789", 2);
    return end != std::string_view::npos && end > 2 && line.substr(end, 2) == "]:";
  }

  Result<void> heading(std::string_view line, std::vector<Block>& out) {
    const std::size_t level = line.find_first_not_of('#');
    if (level == std::string_view::npos || line[level] != ' ') return fail(Errc::bad_input, "not a heading");
    Block block{.kind = BlockKind::heading};
    block.level = static_cast<int>(std::min<std::size_t>(level, 7));
    BOSSEY_TRY(block.inlines, inline_content(line.substr(level + 1)));
    out.push_back(std::move(block));
    return {};
  }

  static std::string joined(const Lines& lines) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) text += '\n';
      text += lines[i];
    }
    return text;
  }

  Result<void> words(const Lines& lines, std::size_t& at, std::vector<Block>& out) {
    Lines taken;
    while (at < lines.size() && !lines[at].empty()) taken.push_back(lines[at++]);
    BOSSEY_TRY(auto inlines, inline_content(joined(taken)));
    out.push_back(paragraph(std::move(inlines)));
    return {};
  }

  Result<void> quote(const Lines& lines, std::size_t& at, int depth, std::vector<Block>& out) {
    Lines inner;
    for (; at < lines.size() && (lines[at] == ">" || lines[at].starts_with("> ")); ++at)
      inner.push_back(lines[at].substr(std::min<std::size_t>(2, lines[at].size())));
    Block block{.kind = BlockKind::blockquote};
    BOSSEY_TRY_VOID(blocks(inner, depth + 1, block.children));
    out.push_back(std::move(block));
    return {};
  }

  Result<void> list(const Lines& lines, std::size_t& at, const Marker& first, int depth, std::vector<Block>& out) {
    Block block{.kind = first.kind};
    block.order = first.number;
    while (at < lines.size()) {
      const auto marker = marker_of(lines[at]);
      if (!marker || marker->kind != first.kind || marker->sign != first.sign) break;
      const std::size_t width = marker->width + 1;
      Lines inner{lines[at].substr(std::min(width, lines[at].size()))};
      ++at;
      while (at < lines.size()) {
        // A blank line belongs to the item if an indented line follows it.
        std::size_t next = at;
        if (lines[next].empty()) ++next;
        if (next >= lines.size() || !is_indented(lines[next], width)) break;
        if (next > at) inner.emplace_back();
        inner.push_back(lines[next].substr(width));
        at = next + 1;
      }
      Block item{.kind = BlockKind::list_item};
      BOSSEY_TRY_VOID(blocks(inner, depth + 1, item.children));
      block.children.push_back(std::move(item));
      if (at + 1 < lines.size() && lines[at].empty() && marker_of(lines[at + 1])) ++at;
    }
    out.push_back(std::move(block));
    return {};
  }

  static bool is_indented(std::string_view line, std::size_t width) {
    return line.size() > width && line.find_first_not_of(' ') >= width;
  }

  Result<void> table(const Lines& lines, std::size_t& at, std::vector<Block>& out) {
    Block block{.kind = BlockKind::table};
    std::vector<Align> aligns;
    for (std::size_t row = 0; at < lines.size() && lines[at].starts_with("| "); ++at, ++row) {
      const std::vector<std::string_view> texts = cells_of(lines[at]);
      if (row == 1) {
        for (const std::string_view text : texts)
          aligns.push_back(text == ":--"   ? Align::left
                           : text == ":-:" ? Align::center
                           : text == "--:" ? Align::right
                                           : Align::none);
        continue;
      }
      Block made_row{.kind = BlockKind::table_row};
      for (const std::string_view text : texts) {
        Block cell{.kind = row == 0 ? BlockKind::table_header : BlockKind::table_cell};
        BOSSEY_TRY(cell.inlines, inline_content(text));
        made_row.children.push_back(std::move(cell));
      }
      block.children.push_back(std::move(made_row));
    }
    for (Block& row : block.children)
      for (std::size_t i = 0; i < row.children.size() && i < aligns.size(); ++i) row.children[i].align = aligns[i];
    out.push_back(std::move(block));
    return {};
  }

  static std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> out;
    std::size_t begin = 1;
    for (std::size_t i = 1; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == '|') {
        std::string_view cell = line.substr(begin, i - begin);
        if (cell.starts_with(' ')) cell.remove_prefix(1);
        if (cell.ends_with(' ')) cell.remove_suffix(1);
        out.push_back(cell);
        begin = i + 1;
      }
    }
    return out;
  }

  static std::string attribute(std::string_view tag, std::string_view name) {
    const std::string key = " " + std::string(name) + "=\"";
    const std::size_t at = tag.find(key);
    if (at == std::string_view::npos) return {};
    const std::size_t begin = at + key.size();
    const std::size_t end = tag.find('"', begin);
    return end == std::string_view::npos ? std::string() : std::string(tag.substr(begin, end - begin));
  }

  Result<void> directed(const Lines& lines, std::size_t& at, int depth, std::vector<Block>& out) {
    const std::string_view tag = lines[at++];
    Lines inner;
    while (at < lines.size() && lines[at] != "</div>") inner.push_back(lines[at++]);
    if (at++ >= lines.size()) return fail(Errc::bad_input, "no </div>");
    std::vector<Block> made;
    BOSSEY_TRY_VOID(blocks(inner, depth + 1, made));
    for (Block& block : made) {
      block.dir = attribute(tag, "dir");
      block.lang = attribute(tag, "lang");
      out.push_back(std::move(block));
    }
    return {};
  }

  Result<void> note(const Lines& lines, std::size_t& at) {
    const std::size_t close = lines[at].find("]:");
    const std::string number(lines[at].substr(2, close - 2));
    Lines inner{lines[at].substr(std::min(close + 3, lines[at].size()))};
    for (++at; at < lines.size() && is_indented(lines[at], 4); ++at) inner.push_back(lines[at].substr(4));
    BOSSEY_TRY(auto content, inline_content(joined(inner)));
    if (!notes_.emplace(number, std::move(content)).second) return fail(Errc::bad_input, "a footnote given twice");
    return {};
  }

  /// Puts the content of each footnote where its number stands.
  Result<void> place_notes(std::vector<Block>& blocks) {
    for (Block& block : blocks) {
      for (Inline& one : block.inlines) {
        if (one.kind != InlineKind::footnote) continue;
        const auto found = notes_.find(one.content.front().text);
        if (found == notes_.end()) return fail(Errc::bad_input, "a footnote number without a footnote");
        one.content = std::move(found->second);
        notes_.erase(found);
      }
      BOSSEY_TRY_VOID(place_notes(block.children));
    }
    return {};
  }

  std::uint32_t next_bracket_ = 1;
  std::map<std::string, std::vector<Inline>> notes_;
};

std::size_t first_different_line(std::string_view a, std::string_view b) {
  const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  (void)other;
  return 1 + static_cast<std::size_t>(std::count(a.begin(), end, '\n'));
}

}  // namespace

Result<Section> read_canonical(std::string_view bytes) {
  if (bytes.size() > kMaxCanonicalBytes)
    return fail(Errc::too_large, "a canonical text of " + std::to_string(bytes.size()) + " bytes");
  if (first_malformed_utf8(bytes) != std::string_view::npos)
    return fail(Errc::bad_input, "not a canonical text: not UTF-8");
  auto parsed = BlockReader().read(bytes);
  if (!parsed) return fail(Errc::bad_input, "not a canonical text: " + parsed.error().detail);
  Section section = normalize(*parsed);
  const std::string again = write_canonical(section);
  if (again != bytes) {
    return fail(Errc::bad_input, "not a canonical text: line " + std::to_string(first_different_line(bytes, again)) +
                                     " is not written as the server writes it");
  }
  return section;
}

}  // namespace bossey::document
