#include "document/html.hpp"

#include <algorithm>

#include "document/canonical.hpp"
#include "document/characters.hpp"
#include "document/inline_form.hpp"

namespace bossey::document {

namespace {

constexpr std::string_view kOpenSign = "<span class=\"bracket\"><span class=\"bracket-sign\">[</span>";
constexpr std::string_view kCloseSign = "<span class=\"bracket-sign\">]</span></span>";

/// Writes a section in normal form.
class HtmlWriter {
 public:
  explicit HtmlWriter(const HtmlOptions& options) : options_(options) {}

  std::string body(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) add_block(block);
    return std::move(out_);
  }

  /// The list of the footnotes met so far.
  std::string footnotes() {
    if (notes_.empty()) return {};
    std::string list = "<section class=\"footnotes\"><ol start=\"" + std::to_string(options_.first_footnote) + "\">\n";
    const std::vector<const Inline*> notes = notes_;
    for (std::size_t i = 0; i < notes.size(); ++i) {
      const std::string id = options_.id_prefix + "fn" + std::to_string(options_.first_footnote + i);
      out_.clear();
      add_inlines(notes[i]->content);
      list += "<li id=\"" + escape_html(id) + "\" dir=\"auto\">" + out_ + "</li>\n";
    }
    out_.clear();
    return list + "</ol></section>\n";
  }

 private:
  void element(const std::string& open, std::string_view name, const Block& block) {
    out_ += "<" + open + ">";
    if (!block.children.empty()) out_ += '\n';
    add_inlines(block.inlines);
    for (const Block& child : block.children) add_block(child);
    out_ += "</" + std::string(name) + ">\n";
  }

  void add_block(const Block& block) {
    switch (block.kind) {
      case BlockKind::paragraph: {
        std::string tag = "p dir=\"" + (block.dir.empty() ? std::string("auto") : block.dir) + "\"";
        if (!block.lang.empty()) tag += " lang=\"" + block.lang + "\"";
        element(tag, "p", block);
        break;
      }
      case BlockKind::heading: {
        const std::string name = "h" + std::to_string(std::clamp(block.level + options_.heading_shift, 1, 6));
        element(name + " dir=\"auto\"", name, block);
        break;
      }
      case BlockKind::bullet_list:
        element("ul dir=\"auto\"", "ul", block);
        break;
      case BlockKind::ordered_list:
        element(block.order == 1 ? "ol dir=\"auto\"" : "ol dir=\"auto\" start=\"" + std::to_string(block.order) + "\"",
                "ol", block);
        break;
      case BlockKind::list_item:
        element("li", "li", block);
        break;
      case BlockKind::blockquote:
        element("blockquote dir=\"auto\"", "blockquote", block);
        break;
      case BlockKind::horizontal_rule:
        out_ += "<hr>\n";
        break;
      case BlockKind::table:
        out_ += "<table dir=\"auto\"><tbody>\n";
        for (const Block& row : block.children) add_block(row);
        out_ += "</tbody></table>\n";
        break;
      case BlockKind::table_row:
        element("tr", "tr", block);
        break;
      case BlockKind::table_header:
      case BlockKind::table_cell: {
        const bool header = block.kind == BlockKind::table_header;
        std::string tag = header ? "th dir=\"auto\" scope=\"col\"" : "td dir=\"auto\"";
        if (block.align != Align::none) tag += " data-align=\"" + std::string(name_of(block.align)) + "\"";
        element(tag, header ? "th" : "td", block);
        break;
      }
    }
  }

  /// Marks nest as in canonical text: bracket, link, strong, em.
  void add_inlines(const std::vector<Inline>& inlines) {
    std::uint32_t unused = 1;
    const Cells cells = normal_cells(inlines, unused);
    Cell now;
    std::string text;
    for (const Cell& cell : cells.cells) {
      if (!same_marks(now, cell)) {
        flush(text);
        change(cells, now, cell);
        now = cell;
      }
      if (cell.note != nullptr) {
        flush(text);
        add_note(*cell.note);
      } else if (cell.c == kHardBreak) {
        flush(text);
        out_ += "<br>";
      } else {
        append_utf8(text, cell.c);
      }
    }
    flush(text);
    change(cells, now, Cell{});
  }

  void flush(std::string& text) {
    out_ += escape_html(text);
    text.clear();
  }

  void change(const Cells& cells, const Cell& now, const Cell& next) {
    const auto& open = cells.brackets[now.brackets];
    const auto& wanted = cells.brackets[next.brackets];
    const auto kept = static_cast<std::size_t>(
        std::mismatch(open.begin(), open.end(), wanted.begin(), wanted.end()).first - open.begin());
    const bool brackets = kept < open.size() || kept < wanted.size();
    const bool link = brackets || now.link != next.link;
    const bool strong = link || now.strong != next.strong;
    const bool em = strong || now.em != next.em;
    if (now.em && em) out_ += "</em>";
    if (now.strong && strong) out_ += "</strong>";
    if (now.link != 0 && link) out_ += "</a>";
    for (std::size_t i = open.size(); i > kept; --i) out_ += kCloseSign;
    for (std::size_t i = kept; i < wanted.size(); ++i) out_ += kOpenSign;
    if (next.link != 0 && link)
      out_ += "<a href=\"" + escape_html(cells.links[next.link]) + "\" rel=\"noopener noreferrer\">";
    if (next.strong && strong) out_ += "<strong>";
    if (next.em && em) out_ += "<em>";
  }

  void add_note(const Inline& note) {
    notes_.push_back(&note);
    const std::string number = std::to_string(options_.first_footnote + notes_.size() - 1);
    out_ += "<sup class=\"footnote-mark\"><a href=\"#" + escape_html(options_.id_prefix + "fn" + number) + "\">" +
            number + "</a></sup>";
  }

  const HtmlOptions& options_;
  std::string out_;
  std::vector<const Inline*> notes_;
};

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        const auto octet = static_cast<unsigned char>(c);
        const bool control = (octet < 0x20 && c != '\n' && c != '\t') || octet == 0x7F;
        control ? out += "\xEF\xBF\xBD" : out += c;
    }
  }
  return out;
}

std::string html_of(const Section& section, const HtmlOptions& options) {
  const Section normal = normalize(section);
  HtmlWriter writer(options);
  std::string html = writer.body(normal.body);
  if (options.footnotes_at_end) html += writer.footnotes();
  return html;
}

std::string footnotes_html(const Section& section, const HtmlOptions& options) {
  const Section normal = normalize(section);
  HtmlWriter writer(options);
  static_cast<void>(writer.body(normal.body));
  return writer.footnotes();
}

}  // namespace bossey::document
