#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "document/characters.hpp"
#include "document/markdown_tree.hpp"
#include "document/sentences.hpp"

namespace bossey::document {

namespace {

/// A line end of the file, until the words on both sides of it are known.
constexpr char kSoftBreak = '\n';

constexpr std::size_t kMaxCopiedFootnoteBytes = 1U << 20U;

std::string_view text_of(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// Turns line ends of the file into spaces, or into nothing between Chinese or Japanese characters.
void join_soft_breaks(std::vector<Inline>& inlines) {
  std::u32string all;
  for (const Inline& one : inlines) {
    if (one.kind == InlineKind::text)
      all += decode_utf8(one.text);
    else
      all += one.kind == InlineKind::footnote ? kAtom : U'\u2028';
  }
  std::size_t at = 0;
  for (Inline& one : inlines) {
    if (one.kind != InlineKind::text) {
      ++at;
      continue;
    }
    std::string joined;
    for (const char32_t c : decode_utf8(one.text)) {
      if (c != static_cast<char32_t>(kSoftBreak)) {
        append_utf8(joined, c);
      } else {
        const bool between_ideographs =
            at > 0 && at + 1 < all.size() && is_ideographic(all[at - 1]) && is_ideographic(all[at + 1]);
        if (!between_ideographs && !joins_without_space(all, at)) joined += ' ';
      }
      ++at;
    }
    one.text = std::move(joined);
  }
}

}  // namespace

/// Walks the inline tree without recursion: it may be nested as deeply as the file is long.
class MarkdownTree::InlineWalk {
 public:
  InlineWalk(MarkdownTree& tree, cmark_node* block) : tree_(tree), block_(block) {}

  std::vector<Inline> run() {
    const std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)> iter(cmark_iter_new(block_), &cmark_iter_free);
    for (cmark_event_type event = cmark_iter_next(iter.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iter.get())) {
      cmark_node* node = cmark_iter_get_node(iter.get());
      if (node == block_) continue;
      if (event == CMARK_EVENT_ENTER) enter(node);
      if (event == CMARK_EVENT_EXIT) leave(node);
    }
    join_soft_breaks(out_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] int line(cmark_node* node) const {
    return std::max(tree_.line_of(block_), tree_.line_of(node)) + soft_breaks_if_unknown(node);
  }
  [[nodiscard]] int soft_breaks_if_unknown(cmark_node* node) const {
    return cmark_node_get_start_line(node) == 0 ? soft_breaks_ : 0;
  }

  void put(std::string_view text) {
    Marks marks;
    marks.strong = strong_ > 0;
    marks.em = em_ > 0;
    if (!link_.empty()) marks.link = link_;
    if (out_.empty() || out_.back().kind != InlineKind::text || out_.back().marks != marks)
      out_.push_back(text_run({}, marks));
    out_.back().text += text;
  }

  void literal(cmark_node* node) {
    const std::string_view text = text_of(cmark_node_get_literal(node));
    if (text.find_first_of("[]") != std::string_view::npos) tree_.note_brackets(line(node));
    if (text.find("~~") != std::string_view::npos)
      tree_.note(line(node), "Words struck through were kept with their signs, '~~'.");
    put(text);
  }

  void enter(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_TEXT) {
      literal(node);
    } else if (type == CMARK_NODE_SOFTBREAK) {
      put({&kSoftBreak, 1});
      ++soft_breaks_;
    } else if (type == CMARK_NODE_LINEBREAK) {
      out_.push_back(hard_break());
      ++soft_breaks_;
    } else if (type == CMARK_NODE_CODE) {
      tree_.note(line(node), "Code within a line was kept as plain words.");
      put(text_of(cmark_node_get_literal(node)));
    } else if (type == CMARK_NODE_HTML_INLINE) {
      html(node);
    } else if (type == CMARK_NODE_EMPH) {
      ++em_;
    } else if (type == CMARK_NODE_STRONG) {
      ++strong_;
    } else if (type == CMARK_NODE_LINK) {
      const std::string_view url = text_of(cmark_node_get_url(node));
      if (is_allowed_link(url)) link_ = url;
    } else if (type == CMARK_NODE_FOOTNOTE_REFERENCE) {
      footnote_reference(node);
    }
  }

  void leave(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_EMPH) --em_;
    if (type == CMARK_NODE_STRONG) --strong_;
    if (type == CMARK_NODE_LINK) leave_link(node);
    if (type == CMARK_NODE_IMAGE) leave_image(node);
  }

  void leave_link(cmark_node* node) {
    const std::string url(text_of(cmark_node_get_url(node)));
    const std::string_view title = text_of(cmark_node_get_title(node));
    link_.clear();
    if (!is_allowed_link(url)) {
      tree_.note(line(node),
                 "A link that is neither http, https nor mailto was kept as words, its address after them.");
      if (!url.empty()) put(" (" + url + ")");
    }
    if (!title.empty()) {
      tree_.note(line(node), "The title of a link now stands after it in parentheses.");
      put(" (" + std::string(title) + ")");
    }
  }

  void leave_image(cmark_node* node) {
    tree_.note(line(node), "An image was replaced by its description and address.");
    const std::string_view title = text_of(cmark_node_get_title(node));
    std::string words = " (" + std::string(text_of(cmark_node_get_url(node)));
    if (!title.empty()) words += ", " + std::string(title);
    put(words + ")");
  }

  void html(cmark_node* node) {
    const std::string_view tag = text_of(cmark_node_get_literal(node));
    if (tag == "<strong>" || tag == "<b>") {
      ++strong_;
    } else if ((tag == "</strong>" || tag == "</b>") && strong_ > 0) {
      --strong_;
    } else if (tag == "<em>" || tag == "<i>") {
      ++em_;
    } else if ((tag == "</em>" || tag == "</i>") && em_ > 0) {
      --em_;
    } else if (tag == "<br>" || tag == "<br/>" || tag == "<br />") {
      out_.push_back(hard_break());
    } else {
      tree_.note(line(node), "HTML was kept as plain words.");
      put(tag);
    }
  }

  void footnote_reference(cmark_node* node) {
    const std::string number(text_of(cmark_node_get_literal(node)));
    const int index = std::atoi(number.c_str());
    if (tree_.use_footnote(index, line(node), out_)) return;
    const bool known = index >= 1 && static_cast<std::size_t>(index) <= tree_.footnotes_.size();
    put("[^" + (known ? tree_.footnotes_[static_cast<std::size_t>(index) - 1].label : number) + "]");
  }

  MarkdownTree& tree_;
  cmark_node* block_;
  std::vector<Inline> out_;
  int strong_ = 0;
  int em_ = 0;
  int soft_breaks_ = 0;
  std::string link_;
};

int MarkdownTree::line_of(cmark_node* node) const {
  return std::max(1, cmark_node_get_start_line(node) - line_offset_);
}

void MarkdownTree::note(int line, std::string message) {
  constexpr std::size_t kMaxNotes = 2000;
  if (notes_.size() >= kMaxNotes) {
    ++notes_left_out_;
    return;
  }
  ImportNote made{line, std::move(message)};
  if (notes_.empty() || notes_.back() != made) notes_.push_back(std::move(made));
}

void MarkdownTree::note_brackets(int line) {
  if (line == last_bracket_line_) return;
  last_bracket_line_ = line;
  note(line,
       "Square brackets stay plain characters here. If they mark text that is not agreed, mark it in the editor.");
}

std::vector<Inline> MarkdownTree::inlines_of(cmark_node* node) {
  return InlineWalk(*this, node).run();
}

bool MarkdownTree::use_footnote(int number, int line, std::vector<Inline>& out) {
  if (number < 1 || static_cast<std::size_t>(number) > footnotes_.size()) return false;
  FootnoteDefinition& definition = footnotes_[static_cast<std::size_t>(number) - 1];
  if (within_footnote_) {
    note(line, "A footnote within a footnote was kept as its mark, '[^" + definition.label + "]'.");
    return false;
  }
  if (definition.uses > 0) {
    if (copied_bytes_ + definition.bytes > kMaxCopiedFootnoteBytes) {
      note(line, "Footnote '" + definition.label + "' is used again; only its mark was kept here.");
      return false;
    }
    copied_bytes_ += definition.bytes;
    note(line,
         "Footnote '" + definition.label + "' is used again; its words were repeated in a footnote of their own.");
  }
  ++definition.uses;
  out.push_back(footnote(definition.content));
  return true;
}

std::vector<Inline> lines_as_inlines(std::string_view text) {
  std::vector<Inline> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (!out.empty()) out.push_back(hard_break());
    out.push_back(text_run(std::string(text.substr(0, end))));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

}  // namespace bossey::document
