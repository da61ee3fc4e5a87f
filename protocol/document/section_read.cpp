#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "document/content_hash.hpp"
#include "document/section_document.hpp"
#include "document/section_nodes.hpp"

namespace bossey::document {

namespace {

/// Deeper nodes than this are read as words only.
constexpr int kMaxReadDepth = 64;

bool has_words(const std::vector<Inline>& inlines) {
  return std::any_of(inlines.begin(), inlines.end(), [](const Inline& one) {
    return one.kind == InlineKind::footnote || one.text.find_first_not_of(" \n\t") != std::string::npos;
  });
}

bool has_words(const Block& block) {
  return has_words(block.inlines) ||
         std::any_of(block.children.begin(), block.children.end(), [](const Block& child) { return has_words(child); });
}

/// Lists and quotes within one another.
int nesting(const Block& block) {
  int deepest = 0;
  for (const Block& child : block.children) deepest = std::max(deepest, nesting(child));
  const bool counts = block.kind == BlockKind::bullet_list || block.kind == BlockKind::ordered_list ||
                      block.kind == BlockKind::blockquote;
  return deepest + (counts ? 1 : 0);
}

/// Whether the schema allows `child` straight within `parent`.
bool may_hold(BlockKind parent, BlockKind child) {
  switch (parent) {
    case BlockKind::bullet_list:
    case BlockKind::ordered_list:
      return child == BlockKind::list_item;
    case BlockKind::list_item:
    case BlockKind::blockquote:
      return child != BlockKind::list_item && child != BlockKind::table_row && child != BlockKind::table_header &&
             child != BlockKind::table_cell;
    case BlockKind::table:
      return child == BlockKind::table_row;
    case BlockKind::table_row:
      return child == BlockKind::table_header || child == BlockKind::table_cell;
    default:
      return false;
  }
}

/// The words of a node of whatever kind, a line for each text. Without recursion: it may be nested without limit.
void collect_words(const crdt::Shared& node, std::vector<Inline>& out) {
  std::vector<crdt::Shared> open{node};
  while (!open.empty()) {
    const crdt::Shared here = open.back();
    open.pop_back();
    if (const auto text = crdt::Text::from(here)) {
      const std::string words = text->plain();
      if (words.empty()) continue;
      if (!out.empty()) out.push_back(text_run(" "));
      out.push_back(text_run(words));
    } else if (const auto fragment = crdt::XmlFragment::from(here)) {
      const std::vector<crdt::Element> children = fragment->children();
      for (auto child = children.rbegin(); child != children.rend(); ++child)
        if (const auto* shared = std::get_if<crdt::Shared>(&*child)) open.push_back(*shared);
    }
  }
}

std::optional<std::string> text_attribute(const crdt::XmlElement& element, std::string_view name) {
  const auto value = element.attribute(name);
  if (!value || value->as_string() == nullptr) return std::nullopt;
  return *value->as_string();
}

std::optional<std::int64_t> whole_attribute(const crdt::XmlElement& element, std::string_view name) {
  const auto value = element.attribute(name);
  if (!value || value->as_number() == nullptr) return std::nullopt;
  const double number = *value->as_number();
  if (std::trunc(number) != number || std::fabs(number) > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

/// Reads nodes and remembers whether one was outside the schema.
class NodeReader {
 public:
  bool unknown = false;

  void blocks(const crdt::XmlFragment& parent, int depth, std::vector<Block>& out) {
    for (const crdt::Element& child : parent.children()) {
      if (const auto* shared = std::get_if<crdt::Shared>(&child)) {
        block(*shared, depth, out);
      } else {
        unknown = true;
      }
    }
  }

  void block(const crdt::Shared& node, int depth, std::vector<Block>& out) {
    const auto element = crdt::XmlElement::from(node);
    const auto kind = element ? block_kind_from(element->node_name()) : std::nullopt;
    if (!kind || depth > kMaxReadDepth) {
      stray(node, out);
      return;
    }
    Block made;
    made.kind = *kind;
    attributes(*element, made);
    switch (*kind) {
      case BlockKind::paragraph:
      case BlockKind::heading:
      case BlockKind::table_header:
      case BlockKind::table_cell:
        inlines(*element, true, made.inlines);
        break;
      default:
        container(*element, depth, made);
    }
    out.push_back(std::move(made));
  }

  void inlines(const crdt::XmlFragment& parent, bool notes, std::vector<Inline>& out) {
    for (const crdt::Element& child : parent.children()) {
      const auto* shared = std::get_if<crdt::Shared>(&child);
      if (shared == nullptr) {
        unknown = true;
      } else if (const auto text = crdt::XmlText::from(*shared)) {
        runs(*text, out);
      } else {
        atom(*shared, notes, out);
      }
    }
  }

 private:
  /// A node outside the schema. A text without words between blocks does no harm and is passed over.
  void stray(const crdt::Shared& node, std::vector<Block>& out) {
    Block made;
    collect_words(node, made.inlines);
    if (made.inlines.empty() && crdt::XmlText::from(node)) return;
    unknown = true;
    made.unknown = true;
    out.push_back(std::move(made));
  }

  static void attributes(const crdt::XmlElement& element, Block& made) {
    if (made.kind == BlockKind::heading)
      made.level = static_cast<int>(std::clamp<std::int64_t>(whole_attribute(element, "level").value_or(3), 3, 6));
    if (made.kind == BlockKind::ordered_list) made.order = whole_attribute(element, "order").value_or(1);
    if (made.kind == BlockKind::paragraph) {
      made.dir = text_attribute(element, "dir").value_or("");
      made.lang = text_attribute(element, "lang").value_or("");
    }
    const std::string align = text_attribute(element, "align").value_or("");
    for (const Align one : {Align::left, Align::center, Align::right})
      if (align == name_of(one)) made.align = one;
  }

  /// What a page's editor would delete together with its words makes the section unknown; invalid nodes without
  /// words may go.
  void container(const crdt::XmlElement& element, int depth, Block& made) {
    blocks(element, depth + 1, made.children);
    const bool leaf = made.kind == BlockKind::horizontal_rule;
    const bool valid = std::all_of(made.children.begin(), made.children.end(), [&](const Block& child) {
      return !child.unknown && may_hold(made.kind, child.kind);
    });
    if ((!valid || leaf) && has_words(made)) unknown = true;
  }

  void atom(const crdt::Shared& node, bool notes, std::vector<Inline>& out) {
    const auto element = crdt::XmlElement::from(node);
    const std::string name = element ? element->node_name() : std::string();
    if (name == kHardBreakNode && element->length() == 0) {
      out.push_back(hard_break());
    } else if (name == kFootnoteNode && notes) {
      Inline note = footnote({});
      inlines(*element, false, note.content);
      out.push_back(std::move(note));
    } else {
      unknown = true;
      std::vector<Inline> words;
      collect_words(node, words);
      if (!words.empty()) out.push_back(text_run(" "));
      out.insert(out.end(), words.begin(), words.end());
    }
  }

  void runs(const crdt::XmlText& text, std::vector<Inline>& out) {
    for (const crdt::DeltaInsert& op : text.to_delta()) {
      const auto* words = std::get_if<std::string>(&op.insert);
      if (words == nullptr) {
        unknown = true;
        if (const auto* shared = std::get_if<crdt::Shared>(&op.insert)) collect_words(*shared, out);
        continue;
      }
      const MarksRead read = marks_from(op.attributes);
      if (!read.known) unknown = true;
      out.push_back(text_run(*words, read.marks));
    }
  }
};

}  // namespace

MarksRead marks_from(const crdt::Attributes& attributes) {
  MarksRead read;
  for (const auto& [key, value] : attributes) {
    const std::string name = mark_name(key);
    const lib0::AnyObject* attrs = value.as_object();
    const auto attr = [&](std::string_view which) -> const std::string* {
      const lib0::Any* found = attrs == nullptr ? nullptr : attrs->find(which);
      return found == nullptr ? nullptr : found->as_string();
    };
    if (value.is_null() || value.is_undefined()) continue;
    if (name == "strong") {
      read.marks.strong = true;
    } else if (name == "em") {
      read.marks.em = true;
    } else if (name == "link") {
      if (const std::string* href = attr("href")) read.marks.link = *href;
    } else if (name == "bracket") {
      const std::string* id = attr("id");
      read.marks.brackets.push_back(id != nullptr ? *id : key);
    } else {
      read.known = false;
    }
  }
  if (read.marks.brackets.size() > kMaxBracketDepth) read.known = false;
  return read;
}

std::string mark_name(const std::string& key) {
  constexpr std::size_t kSuffix = 10;  // "--" and eight characters of base64.
  if (key.size() < kSuffix) return key;
  const std::string_view suffix = std::string_view(key).substr(key.size() - kSuffix);
  const bool hashed = suffix.starts_with("--") && std::all_of(suffix.begin() + 2, suffix.end(), [](char c) {
                        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
                               c == '/' || c == '=';
                      });
  return hashed ? key.substr(0, key.size() - kSuffix) : key;
}

Block read_block(const crdt::Shared& node, bool& unknown) {
  NodeReader reader;
  std::vector<Block> out;
  reader.block(node, 0, out);
  unknown = reader.unknown;
  return out.empty() ? Block{} : std::move(out.front());
}

std::vector<Inline> read_inline_content(const crdt::XmlFragment& parent, bool& unknown) {
  NodeReader reader;
  std::vector<Inline> out;
  reader.inlines(parent, true, out);
  unknown = reader.unknown;
  return out;
}

Section read_section(crdt::Doc& doc) {
  Section section;
  section.title = doc.text(kTitleRoot).plain();
  NodeReader reader;
  std::vector<Block> body;
  reader.blocks(doc.xml_fragment(kBodyRoot), 0, body);
  for (const Block& block : body) {
    // List items, rows and cells have no place of their own in the body.
    const bool misplaced = !may_hold(BlockKind::blockquote, block.kind);
    if ((misplaced || nesting(block) > kMaxBlockDepth) && has_words(block)) reader.unknown = true;
  }
  section.body = std::move(body);
  section.has_unknown = reader.unknown;
  return section;
}

}  // namespace bossey::document
