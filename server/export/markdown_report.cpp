#include "export/markdown_report.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "document/canonical.hpp"

namespace bossey::exporting {

namespace {

using document::Block;
using document::BlockKind;
using document::Section;

Block quote(std::vector<Block> paragraphs) {
  Block block;
  block.kind = BlockKind::blockquote;
  block.children = std::move(paragraphs);
  return block;
}

Block strong_line(const std::string& text) {
  document::Marks marks;
  marks.strong = true;
  return document::paragraph(std::vector<document::Inline>{document::text_run(text, marks)});
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

void shift_headings(std::vector<Block>& blocks, int by) {
  for (Block& block : blocks) {
    if (block.kind == BlockKind::heading) block.level = std::min(6, block.level + by);
    shift_headings(block.children, by);
  }
}

/// Adds `offset` to the numbers of footnotes. In canonical text an unescaped "[^" is a footnote and nothing else.
std::string renumbered(std::string_view text, std::size_t offset) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      out += text.substr(at, 2);
      at += 2;
    } else if (text.substr(at, 2) == "[^") {
      std::size_t number = 0;
      at += 2;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        number = number * 10 + static_cast<std::size_t>(text[at] - '0');
      out += "[^" + std::to_string(number + offset);
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string section_text(const ReportView& report, std::size_t index, std::size_t& footnotes) {
  const SectionView& view = report.sections[index];
  Section section;
  section.title = joined({view.number, view.section.title}, " ");
  const std::string disclaimer = disclaimer_before(view, report.group_name);
  // A line like "Agreed 17 June" says the status again.
  const bool repeats = view.status_line.starts_with(view.status);
  const std::string status =
      joined({view.mark, repeats ? view.status_line : view.status, repeats ? "" : view.status_line}, " ");
  std::vector<Block> before;
  if (!status.empty()) before.push_back(strong_line(status));
  if (!disclaimer.empty()) before.push_back(document::paragraph(disclaimer));
  if (!before.empty()) section.body.push_back(quote(std::move(before)));
  section.body.insert(section.body.end(), view.section.body.begin(), view.section.body.end());
  shift_headings(section.body, view.depth);
  std::string text = document::write_canonical(section);
  text.insert(0, static_cast<std::size_t>(std::clamp(view.depth + 1, 1, 5)), '#');
  text = renumbered(text, footnotes);
  footnotes += document::count_footnotes(view.section);
  return text;
}

std::string cover_text(const ReportView& view) {
  Section cover;
  cover.title = view.title.empty() ? view.group_name : view.title;
  const auto line = [&cover](const std::string& text) {
    if (!text.empty()) cover.body.push_back(document::paragraph(text));
  };
  line(joined({view.group_name, view.kind}, " \xC2\xB7 "));
  if (!view.addressee.empty()) line("To: " + view.addressee);
  const std::string notice = short_disclaimer_of(view);
  if (!notice.empty()) cover.body.push_back(quote({strong_line(notice)}));
  std::vector<std::string> facts;
  if (!view.made_at.empty()) facts.push_back("Made " + view.made_at);
  if (!view.revision.empty()) facts.push_back("Revision " + view.revision);
  line(joined(facts, " \xC2\xB7 "));
  line(version_line(view));
  return document::write_canonical(cover);
}

}  // namespace

std::string markdown_report(const ReportView& view) {
  std::string out = cover_text(view);
  std::size_t footnotes = 0;
  for (std::size_t i = 0; i < view.sections.size(); ++i) out += "\n" + section_text(view, i, footnotes);
  return out;
}

}  // namespace bossey::exporting
