#include "export/print_page.hpp"

#include <algorithm>
#include <string_view>

#include "document/html.hpp"

namespace bossey::exporting {

namespace {

using document::escape_html;

// The foot of a page is the <tfoot> of a table that holds everything: browsers repeat it on each page and keep its room
// free, which no fixed element does.
constexpr std::string_view kStyle = R"css(
@page { size: A4; margin: 22mm 20mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; color: #5f5b53 } }
* { box-sizing: border-box }
html { color: #1d1c1a; background: #fff }
body { margin: 0; font: 11pt/1.5 "Source Serif 4", "Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC", Georgia, serif; orphans: 3; widows: 3 }
.page { border-collapse: collapse; inline-size: 100% }
.page > * > tr > td { padding: 0 }
.foot { padding-block-start: 6mm; font: 9pt/1.3 "Inter", "Noto Sans", sans-serif; color: #5f5b53 }
.foot div { border-block-start: .4pt solid #8a857b; padding-block-start: 2mm }
.cover { break-after: page }
.cover h1 { font-size: 26pt; line-height: 1.15; margin: 0 0 4mm }
.cover .by, .cover .to { margin: 0 0 2mm }
.notice { border: .6pt solid #1d1c1a; padding: 3mm 4mm; margin-block: 6mm; font-weight: 600 }
.contents { list-style: none; margin: 6mm 0 0; padding: 0 }
.contents li { display: flex; gap: 3mm; padding-block: .6mm }
.contents li > span:first-child { min-inline-size: 1.7em } .contents .depth-1 { padding-inline-start: 8mm } .contents .depth-2 { padding-inline-start: 16mm }
.contents .depth-3, .contents .depth-4, .contents .depth-5 { padding-inline-start: 24mm }
.contents .status { margin-inline-start: auto; color: #5f5b53; white-space: nowrap }
.section { margin-block: 9mm }
h2, h3, h4, h5, h6 { break-after: avoid; line-height: 1.25; margin: 6mm 0 2mm }
.section > h2 { font-size: 16pt } .section > h3 { font-size: 13.5pt } .section > h4 { font-size: 12pt }
.status-line { font: 9pt/1.4 "Inter", "Noto Sans", sans-serif; color: #5f5b53; margin: 0 0 2mm; break-after: avoid }
.disclaimer { font-style: italic; border-block: .4pt solid #8a857b; padding-block: 2mm; margin: 0 0 3mm; break-inside: avoid; break-after: avoid }
.section.box { border: .6pt solid #8a857b; padding: 1mm 5mm 3mm }
.options { display: grid; grid-auto-rows: 1fr; gap: 5mm; margin-block: 9mm }
.option { border: .8pt solid #1d1c1a; padding: 1mm 5mm 3mm } .option > .section { margin-block: 4mm }
.option > .section > h2, .option > .section > h3, .option > .section > h4 { font-size: 12pt }
p { margin: 0 0 2.5mm } ul, ol { margin: 0 0 2.5mm; padding-inline-start: 7mm } li > p { margin-block-end: 1mm }
blockquote { margin: 0 0 2.5mm; padding-inline-start: 5mm; border-inline-start: 1pt solid #8a857b }
.section table { border-collapse: collapse; inline-size: 100%; margin: 0 0 3mm }
.section th, .section td { border: .4pt solid #8a857b; padding: 1mm 2mm; text-align: start; vertical-align: top }
tr { break-inside: avoid } .page > tbody > tr { break-inside: auto }
[data-align="center"] { text-align: center !important } [data-align="right"] { text-align: right !important } [data-align="left"] { text-align: left !important }
:lang(ar) { line-height: 1.9 }
.bracket-sign { font-weight: 700 }
.footnote-mark { line-height: 0; font-size: .7em } .footnote-mark a { color: inherit; text-decoration: none }
.footnotes { font-size: 9pt; line-height: 1.4; border-block-start: .4pt solid #8a857b; margin-block-start: 4mm; padding-block-start: 2mm; inline-size: 60% }
a { color: inherit }
.checksum { overflow-wrap: anywhere } .foot .checksum { border: 0; padding: 0; font-size: 7pt }
.numbered .section { counter-reset: paragraph; position: relative }
.numbered .section > :is(p, h3, h4, h5, h6):not(.status-line, .disclaimer), .numbered .section :is(li, blockquote) > p, .numbered .section tr { counter-increment: paragraph }
.numbered .section > :is(p, h3, h4, h5, h6):not(.status-line, .disclaimer)::before, .numbered .section :is(li, blockquote) > p::before, .numbered .section tr > :first-child::before { content: counter(paragraph); position: absolute; inset-inline-start: -9mm; inline-size: 7mm; text-align: end; font: 8pt/1.9 "Inter", "Noto Sans", sans-serif; color: #5f5b53 }
@media screen { html { background: #f1efe9 } body { max-inline-size: 50rem; margin: 2rem auto; padding: 3rem; background: #fff } .cover { break-after: auto } .foot { position: sticky; inset-block-end: 0; background: #fff; padding-block: 2mm } }
)css";

std::string element(std::string_view tag, std::string_view attributes, const std::string& text) {
  if (text.empty()) return {};
  std::string out = "<" + std::string(tag);
  if (!attributes.empty()) out += " " + std::string(attributes);
  return out + ">" + escape_html(text) + "</" + std::string(tag) + ">\n";
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

/// Mark and status; the short disclaimer instead of a status that it begins with.
std::string status_words(const SectionView& view, const std::string& short_form) {
  // A line like "Agreed 17 June" says the status again, and so does "Draft, not agreed".
  std::vector<std::string> parts;
  if (!view.status_line.starts_with(view.status) && !short_form.starts_with(view.status)) parts.push_back(view.status);
  parts.push_back(view.status_line);
  parts.push_back(short_form);
  return joined({view.mark, joined(parts, " \xC2\xB7 ")}, " ");
}

std::string contents(const ReportView& view) {
  if (view.sections.size() < 2) return {};
  std::string out = "<ol class=\"contents\">\n";
  for (std::size_t i = 0; i < view.sections.size(); ++i) {
    const SectionView& section = view.sections[i];
    out += "<li class=\"depth-" + std::to_string(std::clamp(section.depth, 0, 5)) + "\"><span>" +
           escape_html(section.number) + "</span><a href=\"#s" + std::to_string(i + 1) + "\" dir=\"auto\">" +
           escape_html(section.section.title) + "</a><span class=\"status\">" +
           escape_html(joined({section.mark, section.status}, " ")) + "</span></li>\n";
  }
  return out + "</ol>\n";
}

std::string cover(const ReportView& view) {
  std::string out = "<header class=\"cover\">\n";
  out += element("p", "class=\"by\"", joined({view.group_name, view.kind}, " \xC2\xB7 "));
  out += element("h1", "dir=\"auto\"", view.title);
  if (!view.addressee.empty()) out += element("p", "class=\"to\"", "To: " + view.addressee);
  out += element("p", "class=\"notice\"", short_disclaimer_of(view));
  std::vector<std::string> facts;
  if (!view.made_at.empty()) facts.push_back("Printed " + view.made_at);
  if (!view.revision.empty()) facts.push_back("Revision " + view.revision);
  out += element("p", "class=\"status-line\"", joined(facts, " \xC2\xB7 "));
  out += element("p", "class=\"status-line checksum\"", version_line(view));
  return out + contents(view) + "</header>\n";
}

std::string heading(const SectionView& view) {
  // An opening is what stands before the first heading: it has none of its own.
  if (view.kind == "opening") return {};
  const std::string tag = "h" + std::to_string(std::clamp(view.depth + 2, 2, 6));
  std::string out = "<" + tag + " dir=\"auto\">";
  if (!view.number.empty()) out += "<bdi>" + escape_html(view.number) + "</bdi> ";
  return out + escape_html(view.section.title) + "</" + tag + ">\n";
}

std::string section(const ReportView& report, std::size_t index, std::size_t& footnotes) {
  const SectionView& view = report.sections[index];
  std::string out =
      "<section class=\"section " + escape_html(view.kind) + "\" id=\"s" + std::to_string(index + 1) + "\">\n";
  out += heading(view);
  const bool full = prints_disclaimer(report, index);
  out += element("p", "class=\"status-line\"", status_words(view, short_disclaimer_of(view)));
  if (full) out += element("p", "class=\"disclaimer\" role=\"note\"", disclaimer_before(view, report.group_name));
  document::HtmlOptions options;
  options.first_footnote = footnotes + 1;
  options.heading_shift = view.depth;
  out += document::html_of(view.section, options);
  footnotes += document::count_footnotes(view.section);
  return out + "</section>\n";
}

/// Whether the section stands in the option that began at `option`: it, and what it holds.
bool stands_in(const ReportView& view, std::size_t option, std::size_t index) {
  return index == option || view.sections[index].depth > view.sections[option].depth;
}

/// Options that follow each other stand in boxes of one size; `index` is moved behind them.
std::string options(const ReportView& view, std::size_t& index, std::size_t& footnotes) {
  const int depth = view.sections[index].depth;
  std::string out = "<div class=\"options\">\n";
  while (index < view.sections.size() && view.sections[index].kind == "alternative" &&
         view.sections[index].depth == depth) {
    const std::size_t option = index;
    out += "<div class=\"option\">\n";
    for (; index < view.sections.size() && stands_in(view, option, index); ++index)
      out += section(view, index, footnotes);
    out += "</div>\n";
  }
  return out + "</div>\n";
}

}  // namespace

std::string print_page(const ReportView& view) {
  std::string out = "<!doctype html>\n<html lang=\"" + escape_html(view.language.empty() ? "en" : view.language) +
                    "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">\n";
  out += element("title", "", view.title.empty() ? view.group_name : view.title);
  out += "<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<table class=\"page\" role=\"presentation\">\n";
  const std::string foot = joined({view.group_name, view.title, short_disclaimer_of(view)}, " \xC2\xB7 ");
  out += "<tfoot><tr><td><div class=\"foot\">" + element("div", "", foot) +
         element("div", "class=\"checksum\"", version_line(view)) + "</div></td></tr></tfoot>\n<tbody><tr><td>\n";
  out += cover(view) + (view.version.empty() ? "<main>\n" : "<main class=\"numbered\">\n");
  std::size_t footnotes = 0;
  for (std::size_t i = 0; i < view.sections.size();)
    out += view.sections[i].kind == "alternative" ? options(view, i, footnotes) : section(view, i++, footnotes);
  return out + "</main>\n</td></tr></tbody>\n</table>\n</body>\n</html>\n";
}

}  // namespace bossey::exporting
