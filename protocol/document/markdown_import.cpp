#include "document/markdown_import.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "document/canonical.hpp"
#include "document/characters.hpp"
#include "document/front_matter.hpp"
#include "document/markdown_footnotes.hpp"
#include "document/markdown_tree.hpp"

namespace bossey::document {

namespace {

constexpr int kDeepestOutlineHeading = 3;  ///< `###`; deeper headings stay in the text.
constexpr std::string_view kUntitled = "Untitled report";
constexpr std::string_view kOpeningTitle = "Opening";

using TreeOwner = std::unique_ptr<cmark_node, decltype(&cmark_node_free)>;

std::size_t line_at(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

/// Quotes within quotes cost cmark memory with each sign, so they are counted before it sees them.
std::size_t leading_quotes(std::string_view line) {
  std::size_t quotes = 0;
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '>') break;
    quotes += c == '>' ? 1 : 0;
  }
  return quotes;
}

Error nested_too_deeply(std::size_t line) {
  return {Errc::bad_input,
          "Line " + std::to_string(line) +
              " is nested more than 100 lists or quotes deep. Take some of them out and import again."};
}

/// The file as UTF-8 without a byte order mark.
Result<std::string_view> checked_text(BytesView markdown) {
  std::string_view text = as_chars(markdown);
  if (text.size() > kMaxImportBytes)
    return fail(Errc::too_large, "The file has " + std::to_string(text.size() >> 20U) +
                                     " MB. At most 4 MB of Markdown can be imported; split the file.");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return fail(Errc::bad_input, "The file is UTF-16. Save it as UTF-8 and import again.");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && octet != '\t' && octet != '\n' && octet != '\r' && octet != '\f') || octet == 0x7F;
  });
  if (control != text.end()) {
    return fail(Errc::bad_input, "The file is not text: there is a control character in line " +
                                     std::to_string(line_at(text, static_cast<std::size_t>(control - text.begin()))) +
                                     ". Import a Markdown file; convert Word or PDF files first.");
  }
  if (const std::size_t bad = first_malformed_utf8(text); bad != std::string_view::npos) {
    return fail(Errc::bad_input, "Line " + std::to_string(line_at(text, bad)) +
                                     " is not UTF-8. Save the file as UTF-8 and import again.");
  }
  if (text.find_first_not_of(" \t\r\n\f") == std::string_view::npos)
    return fail(Errc::bad_input, "The file is empty. Choose a Markdown file with text.");
  std::size_t number = 1;
  for (std::string_view rest = text; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    if (leading_quotes(rest.substr(0, end)) > kMaxImportNesting) return tl::unexpected(nested_too_deeply(number));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return text;
}

TreeOwner parse(const std::string& text) {
  static const bool registered = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return true;
  }();
  (void)registered;
  const std::unique_ptr<cmark_parser, decltype(&cmark_parser_free)> parser(cmark_parser_new(CMARK_OPT_FOOTNOTES),
                                                                           &cmark_parser_free);
  // Not "strikethrough": it writes to a table that all parsers share, and imports may run on several threads.
  for (const char* name : {"table", "tasklist"})
    cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension(name));
  cmark_parser_feed(parser.get(), text.data(), text.size());
  return {cmark_parser_finish(parser.get()), &cmark_node_free};
}

/// Blocks are converted by recursion, so their depth is bounded first.
Result<void> check_nesting(cmark_node* root, int added_lines) {
  const std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)> iter(cmark_iter_new(root), &cmark_iter_free);
  std::size_t depth = 0;
  for (cmark_event_type event = cmark_iter_next(iter.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iter.get())) {
    cmark_node* node = cmark_iter_get_node(iter.get());
    const cmark_node_type type = cmark_node_get_type(node);
    if (type != CMARK_NODE_LIST && type != CMARK_NODE_BLOCK_QUOTE) continue;
    depth = event == CMARK_EVENT_ENTER ? depth + 1 : depth - 1;
    if (depth > kMaxImportNesting)
      return tl::unexpected(
          nested_too_deeply(static_cast<std::size_t>(std::max(1, cmark_node_get_start_line(node) - added_lines))));
  }
  return {};
}

bool holds_footnote(const std::vector<Inline>& inlines) {
  return std::any_of(inlines.begin(), inlines.end(),
                     [](const Inline& one) { return one.kind == InlineKind::footnote; });
}

bool holds_marks(const std::vector<Inline>& inlines) {
  return std::any_of(inlines.begin(), inlines.end(),
                     [](const Inline& one) { return one.kind == InlineKind::text && one.marks != Marks{}; });
}

int container_depth(const std::vector<Block>& blocks) {
  int deepest = 0;
  for (const Block& block : blocks) {
    const bool counts = block.kind == BlockKind::bullet_list || block.kind == BlockKind::ordered_list ||
                        block.kind == BlockKind::blockquote;
    deepest = std::max(deepest, (counts ? 1 : 0) + container_depth(block.children));
  }
  return deepest;
}

/// Gathers sections while the blocks of the file go by.
class ReportBuilder {
 public:
  explicit ReportBuilder(MarkdownTree& tree) : tree_(tree) {}

  Result<void> add(cmark_node* node) {
    if (cmark_node_get_type(node) == CMARK_NODE_HEADING &&
        cmark_node_get_heading_level(node) <= kDeepestOutlineHeading) {
      return add_heading(node);
    }
    add_text(node);
    return {};
  }

  /// Before all else.
  void add_front_matter(const FrontMatter& front) {
    tree_.note(1, "The settings at the top of the file were kept as words in the opening.");
    opening(1).section.body.push_back(paragraph(lines_as_inlines(front.words)));
    if (!front.title.empty()) report_.title = front.title;
  }

  void add_unused_footnotes() {
    for (FootnoteDefinition& definition : tree_.footnotes()) {
      if (definition.uses > 0) continue;
      tree_.note(definition.line, "Nothing refers to footnote '" + definition.label +
                                      "'. It was kept at the end of the section it stands in.");
      section_at(definition.line).section.body.push_back(paragraph({footnote(std::move(definition.content))}));
    }
  }

  /// Words that cmark did not give back.
  void add_lost(int line, const std::string& words) {
    tree_.note(line, "A footnote could not be read; its line was kept at the end of the section it stands in.");
    section_at(line).section.body.push_back(paragraph(words));
  }

  ImportedReport finish() {
    if (!titled_ && report_.title.empty()) {
      report_.title = kUntitled;
      tree_.note(1, "There is no heading with one '#', so the report is called 'Untitled report'. Rename it.");
    }
    for (ImportedSection& one : report_.sections) {
      if (container_depth(one.section.body) > kMaxBlockDepth)
        tree_.note(one.line, "Lists and quotes more than 16 deep in this section were kept as paragraphs.");
      one.section = normalize(one.section);
      report_.footnotes += count_footnotes(one.section);
    }
    report_.notes = tree_.take_notes();
    return std::move(report_);
  }

 private:
  Result<void> add_heading(cmark_node* node) {
    const int level = cmark_node_get_heading_level(node);
    const int line = tree_.line_of(node);
    std::vector<Inline> words = tree_.inlines_of(node);
    const bool is_title = level == 1 && !titled_;
    if (holds_marks(words)) tree_.note(line, "Emphasis and links in a heading were kept as plain words.");
    std::string title = title_of(words, line);
    if (is_title) {
      titled_ = true;
      report_.title = title.empty() ? std::string(kUntitled) : title;
      if (holds_footnote(words))
        keep_footnotes(words, line, report_.sections.empty() ? opening(line) : report_.sections.back());
      return {};
    }
    if (level == 1) tree_.note(line, "A further heading with one '#' was taken as a chapter.");
    if (report_.sections.size() >= kMaxSections)
      return fail(Errc::too_large,
                  "The file has more than 2,000 headings of level 1 to 3. Split it, or lower some headings to '####'.");
    while (!levels_.empty() && levels_.back() >= level) levels_.pop_back();
    ImportedSection made;
    made.depth = static_cast<int>(levels_.size());
    made.section.title = std::move(title);
    made.line = line;
    levels_.push_back(level);
    report_.sections.push_back(std::move(made));
    if (holds_footnote(words)) keep_footnotes(words, line, report_.sections.back());
    return {};
  }

  /// Titles are one line of plain text.
  std::string title_of(const std::vector<Inline>& words, int line) {
    std::string title = plain_text(words);
    if (title.find_first_not_of(" \n") == std::string::npos) tree_.note(line, "This heading has no words.");
    return title;
  }

  void keep_footnotes(const std::vector<Inline>& words, int line, ImportedSection& section) {
    tree_.note(line, "The footnote of a heading now stands in the first paragraph under it.");
    std::vector<Inline> notes;
    std::copy_if(words.begin(), words.end(), std::back_inserter(notes),
                 [](const Inline& one) { return one.kind == InlineKind::footnote; });
    section.section.body.push_back(paragraph(std::move(notes)));
  }

  void add_text(cmark_node* node) {
    ImportedSection& section = report_.sections.empty() ? opening(tree_.line_of(node)) : report_.sections.back();
    tree_.add_block(node, section.section.body);
  }

  /// Text before the first section.
  ImportedSection& opening(int line) {
    if (report_.sections.empty()) {
      ImportedSection made;
      made.kind = SectionKind::opening;
      made.section.title = kOpeningTitle;
      made.line = line;
      report_.sections.push_back(std::move(made));
    }
    return report_.sections.front();
  }

  ImportedSection& section_at(int line) {
    if (report_.sections.empty()) return opening(line);
    auto after = std::find_if(report_.sections.begin(), report_.sections.end(),
                              [line](const ImportedSection& one) { return one.line > line; });
    return after == report_.sections.begin() ? *after : *std::prev(after);
  }

  MarkdownTree& tree_;
  ImportedReport report_;
  std::vector<int> levels_;
  bool titled_ = false;
};

void report_lost_footnotes(const PreparedMarkdown& prepared, std::string_view text, MarkdownTree& tree,
                           ReportBuilder& builder) {
  std::unordered_set<int> kept;
  for (const FootnoteDefinition& definition : tree.footnotes()) kept.insert(definition.line);
  for (const auto& definition : prepared.definitions) {
    if (!kept.contains(definition.line)) {
      builder.add_lost(definition.line, lines_from(text, definition.line));
    } else if (definition.repeated) {
      tree.note(definition.line, "There are two footnotes '" + definition.given +
                                     "'. The marks refer to the first; this one is called '" + definition.label + "'.");
    }
  }
}

}  // namespace

Result<ImportedReport> import_markdown(BytesView markdown) {
  BOSSEY_TRY(const std::string_view whole, checked_text(markdown));
  const FrontMatter front = take_front_matter(whole);
  const std::string& text = front.rest;
  const PreparedMarkdown prepared = prepare_footnotes(text);
  const TreeOwner root = parse(prepared.text);
  if (!root) return fail(Errc::bad_input, "The file could not be read as Markdown.");
  BOSSEY_TRY_VOID(check_nesting(root.get(), prepared.added_lines));
  MarkdownTree tree(prepared.added_lines);
  std::unordered_map<int, std::string> labels;
  for (const auto& definition : prepared.definitions) labels[definition.line] = definition.label;
  tree.take_footnotes(root.get(), labels);
  ReportBuilder builder(tree);
  if (!front.words.empty()) builder.add_front_matter(front);
  cmark_node* node = cmark_node_first_child(root.get());
  if (prepared.added_lines > 0 && node != nullptr) node = cmark_node_next(node);
  for (; node != nullptr; node = cmark_node_next(node)) {
    if (cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION) continue;
    BOSSEY_TRY_VOID(builder.add(node));
  }
  builder.add_unused_footnotes();
  report_lost_footnotes(prepared, text, tree, builder);
  return builder.finish();
}

}  // namespace bossey::document
