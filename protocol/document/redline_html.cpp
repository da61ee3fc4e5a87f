#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "document/html.hpp"

namespace bossey::document {

namespace {

/// Which of the two texts a rendering shows.
enum class Shows : std::uint8_t { both, before, after };

bool is_shown(RunOp op, Shows shows) {
  return shows == Shows::both || op == RunOp::same || (op == RunOp::deleted) == (shows == Shows::before);
}

std::string run_html(const RedlineRun& run, Shows shows);

std::string runs_html(const std::vector<RedlineRun>& runs, Shows shows) {
  std::string out;
  for (const RedlineRun& run : runs)
    if (is_shown(run.op, shows)) out += run_html(run, shows);
  return out;
}

std::string content_html(const RedlineRun& run, Shows shows) {
  switch (run.kind) {
    case RunKind::bracket:
      return "<span class=\"bracket-sign\">" + run.text + "</span>";
    case RunKind::hard_break:
      // A line end as such cannot be seen struck out.
      return run.op == RunOp::same ? "<br>" : "\xE2\x86\xB5<br>";
    case RunKind::footnote:
      return "<span class=\"footnote-words\"> (" + runs_html(run.note, shows) + ")</span>";
    case RunKind::text:
      break;
  }
  std::string html = escape_html(run.text);
  if (run.em) html = "<em>" + html + "</em>";
  if (run.strong) html = "<strong>" + html + "</strong>";
  if (!run.link.empty())
    html = "<a href=\"" + escape_html(run.link) + "\" rel=\"noopener noreferrer\">" + html + "</a>";
  return html;
}

std::string run_html(const RedlineRun& run, Shows shows) {
  std::string html = content_html(run, shows);
  if (run.op == RunOp::same) return html;
  const std::string tag = run.op == RunOp::inserted ? "ins" : "del";
  // The words of a footnote carry the sign of their change themselves.
  if (run.kind == RunKind::footnote && !run.note.empty()) return html;
  return "<" + tag + (run.format_only ? " class=\"format\">" : ">") + html + "</" + tag + ">";
}

std::string change_class(BlockChange change) {
  switch (change) {
    case BlockChange::same:
      return "";
    case BlockChange::changed:
      return " class=\"changed\"";
    case BlockChange::inserted:
      return " class=\"inserted\"";
    case BlockChange::deleted:
      return " class=\"deleted\"";
    case BlockChange::moved_from:
      return " class=\"moved-from\"";
    case BlockChange::moved_to:
      return " class=\"moved-to\"";
  }
  return "";
}

std::string row_html(const RedlineBlock& block, Shows shows) {
  std::string out = "<tr" + change_class(block.change) + ">";
  for (const RedlineCell& cell : block.cells) {
    const std::string tag = cell.header ? "th" : "td";
    out += "<" + tag + " dir=\"auto\"";
    if (cell.align != Align::none) out += " data-align=\"" + std::string(name_of(cell.align)) + "\"";
    out += ">" + runs_html(cell.runs, shows) + "</" + tag + ">";
  }
  return out + "</tr>\n";
}

std::string leaf_html(const RedlineBlock& block, Shows shows) {
  if (block.kind == BlockKind::table_row) return row_html(block, shows);
  if (block.kind == BlockKind::horizontal_rule) return "<hr" + change_class(block.change) + ">\n";
  const std::string tag = block.kind == BlockKind::heading ? "h" + std::to_string(block.level) : "p";
  std::string out =
      "<" + tag + change_class(block.change) + " dir=\"" + (block.dir.empty() ? "auto" : block.dir) + "\"";
  if (!block.lang.empty()) out += " lang=\"" + escape_html(block.lang) + "\"";
  std::string sign;
  if (block.shape_changed && block.change == BlockChange::changed)
    sign = "<span class=\"shape-changed\" title=\"Its form changed\">\xC2\xB6</span> ";
  return out + ">" + sign + runs_html(block.runs, shows) + "</" + tag + ">\n";
}

std::string open_tag(const Container& container) {
  switch (container.kind) {
    case BlockKind::bullet_list:
      return "<ul dir=\"auto\">\n";
    case BlockKind::ordered_list:
      return container.order == 1 ? "<ol dir=\"auto\">\n"
                                  : "<ol dir=\"auto\" start=\"" + std::to_string(container.order) + "\">\n";
    case BlockKind::list_item:
      return "<li>";
    case BlockKind::table:
      return "<table dir=\"auto\"><tbody>\n";
    default:
      return "<blockquote dir=\"auto\">\n";
  }
}

std::string close_tag(const Container& container) {
  switch (container.kind) {
    case BlockKind::bullet_list:
      return "</ul>\n";
    case BlockKind::ordered_list:
      return "</ol>\n";
    case BlockKind::list_item:
      return "</li>\n";
    case BlockKind::table:
      return "</tbody></table>\n";
    default:
      return "</blockquote>\n";
  }
}

/// Opens and closes containers as the blocks go by.
class ContainerTags {
 public:
  std::string move_to(const std::vector<Container>& wanted) {
    std::string out;
    std::size_t kept = 0;
    while (kept < open_.size() && kept < wanted.size() && open_[kept].key == wanted[kept].key) ++kept;
    for (; open_.size() > kept; open_.pop_back()) out += close_tag(open_.back());
    for (; open_.size() < wanted.size(); open_.push_back(wanted[open_.size()])) out += open_tag(wanted[open_.size()]);
    return out;
  }

 private:
  std::vector<Container> open_;
};

bool on_side(BlockChange change, Shows side) {
  switch (change) {
    case BlockChange::same:
    case BlockChange::changed:
      return true;
    case BlockChange::inserted:
    case BlockChange::moved_to:
      return side == Shows::after;
    case BlockChange::deleted:
    case BlockChange::moved_from:
      return side == Shows::before;
  }
  return true;
}

/// One block alone, in its own containers.
std::string side_html(const RedlineBlock& block, Shows side) {
  if (!on_side(block.change, side)) return {};
  ContainerTags tags;
  std::string html = tags.move_to(block.containers);
  html += leaf_html(block, side);
  return html + tags.move_to({});
}

bool title_differs(const Redline& redline) {
  return std::any_of(redline.title.begin(), redline.title.end(),
                     [](const RedlineRun& run) { return run.op != RunOp::same; });
}

}  // namespace

std::string html_of(const Redline& redline) {
  std::string out = "<h2 dir=\"auto\">" + runs_html(redline.title, Shows::both) + "</h2>\n";
  ContainerTags tags;
  for (const RedlineBlock& block : redline.blocks)
    out += tags.move_to(block.containers) + leaf_html(block, Shows::both);
  return out + tags.move_to({});
}

std::vector<SideBySideRow> side_by_side_rows(const Redline& redline) {
  std::vector<SideBySideRow> rows;
  const auto title = [&](Shows side) {
    const std::string words = runs_html(redline.title, side);
    return words.empty() ? std::string() : "<h2 dir=\"auto\">" + words + "</h2>\n";
  };
  rows.push_back(
      {title(Shows::before), title(Shows::after), title_differs(redline) ? BlockChange::changed : BlockChange::same});
  for (const RedlineBlock& block : redline.blocks)
    rows.push_back({side_html(block, Shows::before), side_html(block, Shows::after), block.change});
  return rows;
}

std::string side_by_side_html(const Redline& redline) {
  std::string out =
      "<table class=\"side-by-side\"><thead><tr><th scope=\"col\">Before</th><th "
      "scope=\"col\">After</th></tr></thead><tbody>\n";
  for (const SideBySideRow& row : side_by_side_rows(redline))
    out += "<tr" + change_class(row.change) + "><td>" + row.before + "</td><td>" + row.after + "</td></tr>\n";
  return out + "</tbody></table>\n";
}

}  // namespace bossey::document
