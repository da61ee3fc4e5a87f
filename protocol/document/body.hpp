// The text of a section as a plain value tree: what canonical text, redlines, exports and the importer work on.
// Made by read_section, read_canonical and the importer. Knows no Yjs, no Markdown and no HTML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bossey::document {

/// Marks on a run of text. All strings are UTF-8.
struct Marks {
  bool strong = false;
  bool em = false;
  std::optional<std::string> link;    ///< Address; canonical text keeps http, https and mailto only.
  std::vector<std::string> brackets;  ///< Ids of the bracket marks on this text, outermost first. Ids are never text.

  friend bool operator==(const Marks&, const Marks&) = default;
};

enum class InlineKind : std::uint8_t { text, hard_break, footnote };

/// A run of text, a line break, or a footnote. Only text carries marks: a break, a footnote and a space belong to the
/// marks that the text on both sides of them carries, which is decided when the canonical text is made.
struct Inline {
  InlineKind kind = InlineKind::text;
  std::string text;             ///< Of a text.
  Marks marks;                  ///< Of a text.
  std::vector<Inline> content;  ///< Of a footnote: text and hard breaks, no footnotes.

  friend bool operator==(const Inline&, const Inline&);
};

enum class BlockKind : std::uint8_t {
  paragraph,
  heading,
  bullet_list,
  ordered_list,
  list_item,
  blockquote,
  horizontal_rule,
  table,
  table_row,
  table_header,
  table_cell,
};

/// The node name in the Yjs document and in JSON, as "bullet_list".
[[nodiscard]] std::string_view name_of(BlockKind kind);
[[nodiscard]] std::optional<BlockKind> block_kind_from(std::string_view name);

enum class Align : std::uint8_t { none, left, center, right };

/// The word in the attribute `align`; empty for none.
[[nodiscard]] std::string_view name_of(Align align);

/// Paragraphs, headings and cells hold `inlines`; lists, items, quotes, tables and rows hold `children`.
/// Lists hold items, tables rows, rows cells; items and quotes hold blocks.
struct Block {
  BlockKind kind = BlockKind::paragraph;
  int level = 3;              ///< Of a heading, 3 to 6.
  std::int64_t order = 1;     ///< Of an ordered list: its first number.
  Align align = Align::none;  ///< Of a cell.
  std::string dir{};          ///< Of a paragraph: "ltr", "rtl" or empty.
  std::string lang{};         ///< Of a paragraph: a language tag as "ar", or empty.
  bool unknown = false;       ///< A paragraph with the words of a node outside the schema.
  std::vector<Inline> inlines{};
  std::vector<Block> children{};

  friend bool operator==(const Block&, const Block&);
};

struct Section {
  std::string title;  ///< One line of plain text.
  std::vector<Block> body;
  /// Something outside the schema was found: the section may be read but neither edited in a page nor agreed.
  bool has_unknown = false;

  friend bool operator==(const Section&, const Section&) = default;
};

/// Deeper containers than this become plain paragraphs in canonical text and count as unknown.
inline constexpr int kMaxBlockDepth = 16;
/// More bracket marks than this around one word are left out of canonical text and count as unknown.
inline constexpr std::size_t kMaxBracketDepth = 32;

[[nodiscard]] Inline text_run(std::string text, Marks marks = {});
[[nodiscard]] Inline footnote(std::vector<Inline> content);
[[nodiscard]] Inline hard_break();
[[nodiscard]] Block paragraph(std::vector<Inline> inlines);
[[nodiscard]] Block paragraph(std::string text);

/// http, https and mailto addresses: the only links a section holds.
[[nodiscard]] bool is_allowed_link(std::string_view href);

/// The words without marks, footnotes last: for searching, counting and messages. Blocks end with a line end.
[[nodiscard]] std::string plain_text(const Section& section);
[[nodiscard]] std::string plain_text(const std::vector<Inline>& inlines);

/// Words as a reader counts them: runs of letters and digits; each Chinese or Japanese character counts as one.
[[nodiscard]] std::size_t count_words(const Section& section);

/// The words inside each bracket mark of the section, in reading order. Its size is the number of brackets.
[[nodiscard]] std::vector<std::string> bracketed_words(const Section& section);

[[nodiscard]] std::size_t count_footnotes(const Section& section);

}  // namespace bossey::document
